"""Asks VROOM for the order of stops, in a process of its own that is killed at its deadline."""

import io
import json
import math
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geo.faults import SolverFailed, SolverTooSlow
from geo.plans import Workday
from geo.travel import Ints

COMMAND = [sys.executable, "-P", str(Path(__file__).with_name("solver_child.py"))]
THREADS = 2
START_S = 5
"""Loading the solver takes a moment that is not counted as work"""


@dataclass(frozen=True, eq=False)
class Question:
    """What one group asks: ``seconds`` (n+1, n+1), from row to column, with the depot in row 0; ``service_s`` (n,) of
    the sites; and ``choices`` of stops allowed per day tour, from the evenest on."""

    seconds: Ints
    service_s: tuple[int, ...]
    choices: tuple[tuple[int, ...], ...]
    workday: Workday


@dataclass(frozen=True)
class Answer:
    """The rows (1 … n) of the sites on each tour that is used, in their order; who is left out stands in none."""

    effort: int
    routes: tuple[tuple[int, ...], ...]

    @property
    def served(self) -> int:
        """How many sites are visited."""
        return sum(map(len, self.routes))


def solve(question: Question, *, effort: int, deadline_s: float) -> list[Answer]:
    """All answers found within ``deadline_s`` wall-clock seconds: quick ones (effort 0) for one choice after the other
    until all sites are served, then one of the ``effort`` (1 … 5) asked for. After the deadline the process is dead.

    The same question and effort give the same answers. Raises SolverTooSlow when there is not even one, SolverFailed
    when it broke.
    """
    asked = _packed(question, effort, deadline_s)
    try:
        done = subprocess.run(COMMAND, input=asked, capture_output=True, timeout=max(deadline_s, 0.01))
    except subprocess.TimeoutExpired as late:
        found = _answers(late.stdout or b"")
    else:
        if done.returncode != 0:
            raise SolverFailed(why=_last_line(done.stderr) or f"exit {done.returncode}")
        found = _answers(done.stdout)
    if not found:
        raise SolverTooSlow(seconds=round(deadline_s, 1), sites=len(question.service_s))
    return found


def _answers(written: bytes) -> list[Answer]:
    """The whole lines; a kill may leave a half one behind."""
    whole = written[: written.rfind(b"\n") + 1].splitlines()
    told = [json.loads(line) for line in whole]
    return [Answer(one["effort"], tuple(tuple(route) for route in one["routes"])) for one in told]


def _packed(question: Question, effort: int, deadline_s: float) -> bytes:
    packed = io.BytesIO()
    np.savez(
        packed,
        # The solver reads rows; an array laid out by columns would reach it turned over, every way backwards.
        seconds=np.ascontiguousarray(question.seconds, dtype=np.uint32),
        service_s=np.array(question.service_s),
        choices=np.array(question.choices),
        windows=np.array(question.workday.windows),
        leave_s=question.workday.leave_s,
        back_s=question.workday.back_s,
        effort=effort,
        threads=THREADS,
        cpu_s=math.ceil((deadline_s + START_S) * THREADS),
    )
    return packed.getvalue()


def _last_line(text: bytes) -> str:
    lines = text.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""
