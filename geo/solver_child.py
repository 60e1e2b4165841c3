"""The process in which VROOM runs: a question on standard input, an answer on standard output, and no way to overstay.

It is a script of its own, run by solver.py, because VROOM's time limit is soft: a budget of one second may take
thirteen. Only a process can be stopped for certain.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import vroom

DEPOT = 0


def main() -> None:
    """Read the question (an .npz); write each answer as soon as it is found, one line of JSON each."""
    asked = dict(np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False))
    # Should the parent die, nobody is left to stop this process: the kernel does.
    seconds = int(asked["cpu_s"])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for answer in answers(asked):
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def answers(asked: Any) -> Iterator[dict[str, Any]]:
    """Quick answers for one choice of limits after the other until nobody is left out, then a thorough one.

    The thorough search keeps to the limits of the best quick answer.
    """
    sites, effort = len(asked["service_s"]), int(asked["effort"])
    served: list[int] = []
    for limits in asked["choices"]:
        routes = solved(asked, limits, 0)
        served.append(sum(map(len, routes)))
        yield {"effort": 0, "routes": routes}
        if served[-1] == sites:
            break
    best = served.index(max(served))
    if effort > 0:
        routes = solved(asked, asked["choices"][best], effort)
        yield {"effort": effort, "routes": routes}


def solved(asked: Any, limits: Any, effort: int) -> list[list[int]]:
    """One search of VROOM: the rows of the sites on each tour."""
    question = vroom.Input()
    question.set_durations_matrix("car", asked["seconds"])
    question.add_vehicle(vehicles(asked, limits))
    question.add_job(jobs(asked))
    return stops_of(question.solve(effort, nb_threads=int(asked["threads"])))


def vehicles(asked: Any, limits: Any) -> list[vroom.Vehicle]:
    """One vehicle per day tour, with its own limit of stops."""
    day = (int(asked["leave_s"]), int(asked["back_s"]))
    return [
        vroom.Vehicle(i + 1, start=DEPOT, end=DEPOT, time_window=day, max_tasks=int(limit))
        for i, limit in enumerate(limits)
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
