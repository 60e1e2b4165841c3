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

CHILD = Path(__file__).with_name("solver_child.py")
THREADS = 2
START_S = 5
"""Loading the solver takes a moment that is not counted as work"""


@dataclass(frozen=True, eq=False)
class Question:
    """What one group asks: ``seconds`` (n+1, n+1) with the depot in row 0, ``service_s`` (n,) of the sites, and a
    limit of stops for each day tour."""

    seconds: Ints
    service_s: tuple[int, ...]
    limits: tuple[int, ...]
    workday: Workday


def solve(question: Question, *, effort: int, deadline_s: float) -> list[list[int]]:
    """The rows (1 … n) of the sites on each tour that is used, in their order; sites that are left out stand in none.

    The same question and effort (0 … 5) give the same answer. Raises SolverTooSlow when there is none after
    ``deadline_s`` wall-clock seconds (the process is dead then), SolverFailed when it broke.
    """
    command = [sys.executable, "-P", str(CHILD)]
    asked = _packed(question, effort, deadline_s)
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=max(deadline_s, 0.01))
    except subprocess.TimeoutExpired:
        raise SolverTooSlow(seconds=round(deadline_s, 1), sites=len(question.service_s)) from None
    if done.returncode != 0:
        raise SolverFailed(why=_last_line(done.stderr) or f"exit {done.returncode}")
    return [[int(row) for row in tour] for tour in json.loads(done.stdout)]


def _packed(question: Question, effort: int, deadline_s: float) -> bytes:
    packed = io.BytesIO()
    np.savez(
        packed,
        # The solver reads rows; an array laid out by columns would reach it turned over, every way backwards.
        seconds=np.ascontiguousarray(question.seconds, dtype=np.uint32),
        service_s=np.array(question.service_s),
        limits=np.array(question.limits),
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
