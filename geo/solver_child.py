"""The process in which VROOM runs: a question on standard input, an answer on standard output, and no way to overstay.

It is a script of its own, run by solver.py, because VROOM's time limit is soft: a budget of one second may take
thirteen. Only a process can be stopped for certain.
"""

import io
import json
import resource
import sys
from typing import Any

import numpy as np
import vroom

DEPOT = 0


def main() -> None:
    """Read the question (an .npz), solve it, write the stops of each vehicle as JSON."""
    asked = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    # Should the parent die, nobody is left to stop this process: the kernel does.
    seconds = int(asked["cpu_s"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    question = vroom.Input()
    question.set_durations_matrix("car", asked["seconds"])
    question.add_vehicle(vehicles(asked))
    question.add_job(jobs(asked))
    solution = question.solve(int(asked["effort"]), nb_threads=int(asked["threads"]))
    json.dump(stops_of(solution), sys.stdout)


def vehicles(asked: Any) -> list[vroom.Vehicle]:
    """One vehicle per day tour, with its own limit of stops."""
    day = (int(asked["leave_s"]), int(asked["back_s"]))
    return [
        vroom.Vehicle(i + 1, start=DEPOT, end=DEPOT, time_window=day, max_tasks=int(limit))
        for i, limit in enumerate(asked["limits"])
    ]


def jobs(asked: Any) -> list[vroom.Job]:
    """One job per site. A visit must *end* inside its window, so the windows for its start are shorter."""
    windows = asked["windows"].tolist()
    found = []
    for i, service in enumerate(asked["service_s"].tolist(), start=1):
        starts = [(first, last - service) for first, last in windows if last - service >= first]
        found.append(vroom.Job(i, location=i, default_service=service, time_windows=starts))
    return found


def stops_of(solution: Any) -> list[list[int]]:
    """The rows of the sites on each tour, in order, tours by their vehicle."""
    routes = solution.routes
    visits = routes[routes["type"] == "job"]
    return [group["id"].astype(int).tolist() for _, group in visits.groupby("vehicle_id", sort=True)]


if __name__ == "__main__":
    main()
