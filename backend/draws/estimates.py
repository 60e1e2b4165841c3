"""Honest numbers from aimed draws: the city's rate from stratified visits, its interval, lift and price (DRAWS §7).

Only visits of the lots enter here; complaints, rechecks and scheduled full coverage never do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, exp, sqrt

Z95 = 1.959963984540054
SMALLEST_PUBLIC_CELL = 5


class NothingVisited(ValueError):
    """No stratum has a completed visit in scope, so nothing can be said."""


@dataclass(frozen=True)
class Visits:
    """One stratum: its members, how many were drawn and in scope, visits completed, and problems found."""

    name: str
    members: int
    drawn: int
    completed: int
    problems: int

    def __post_init__(self) -> None:
        """Raises ValueError for counts that cannot be."""
        if not 0 <= self.problems <= self.completed <= self.drawn <= self.members:
            raise ValueError(f"stratum {self.name}: 0 ≤ problems ≤ completed ≤ drawn ≤ members does not hold")

    @property
    def rate(self) -> float:
        """p_h, the share of completed visits that found a problem."""
        return self.problems / self.completed


@dataclass(frozen=True)
class Interval:
    """An estimate with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate:
    """What aimed visits say of the whole city."""

    rate: Interval
    """P, the city's rate"""
    found: float
    """Found among visited: never to be shown as the city's rate"""
    lift: Interval | None
    """Found rate over P; absent where nothing was found"""
    design_effect: float
    smallest_chance: float
    """The smallest n_h / N_h"""
    bounds: tuple[float, float]
    """P with every missing outcome 0, and every one 1"""
    merged: tuple[str, ...]
    """Strata that had no completed visit, merged with a neighbour: the page says so"""


def merged(strata: Sequence[Visits]) -> tuple[list[Visits], tuple[str, ...]]:
    """Strata without a completed visit joined with their neighbour (the next, else the one before). Raises NothingVisited.

    ``strata`` stand in order of class; empty ones are left out.
    """
    out: list[Visits] = []
    names: list[str] = []
    waiting: Visits | None = None
    for stratum in (s for s in strata if s.members):
        if not stratum.completed:
            names.append(stratum.name)
        joined = _joined(waiting, stratum) if waiting else stratum
        waiting = None if joined.completed else joined
        if joined.completed:
            out.append(joined)
    if not out:
        raise NothingVisited
    if waiting:
        out[-1] = _joined(out[-1], waiting)
    return out, tuple(names)


def _joined(a: Visits, b: Visits) -> Visits:
    return Visits(
        f"{a.name}+{b.name}", a.members + b.members, a.drawn + b.drawn, a.completed + b.completed,
        a.problems + b.problems,
    )  # fmt: skip


def estimate(strata: Sequence[Visits]) -> Estimate:
    """The city's rate and what goes with it, from strata in order of class. Raises NothingVisited."""
    used, names = merged(strata)
    total = sum(s.members for s in used)
    weights = [s.members / total for s in used]
    rate = sum(w * s.rate for w, s in zip(weights, used, strict=True))
    spread = [_variance(used, at) for at in range(len(used))]
    visits = sum(s.completed for s in used)
    found = sum(s.problems for s in used) / visits
    return Estimate(
        rate=_wilson(rate, sum(w * w * v for w, v in zip(weights, spread, strict=True)), visits),
        found=found,
        lift=_lift(used, weights, spread, found, rate) if rate else None,
        design_effect=visits * sum(w * w / s.completed for w, s in zip(weights, used, strict=True)),
        smallest_chance=min(s.drawn / s.members for s in strata if s.members),
        bounds=_bounds(used, weights),
        merged=names,
    )


def _variance(strata: Sequence[Visits], at: int) -> float:
    """The variance of p_h, without replacement. Where p_h tells nothing of it, p is pooled with the neighbour."""
    own = strata[at]
    p = own.rate
    if (own.completed == 1 or p in (0, 1)) and len(strata) > 1:
        other = strata[at + 1] if at + 1 < len(strata) else strata[at - 1]
        p = (own.problems + other.problems) / (own.completed + other.completed)
    unseen = max(0.0, 1 - own.completed / own.members)
    return unseen * p * (1 - p) / max(own.completed - 1, 1)


def _wilson(rate: float, variance: float, visits: int) -> Interval:
    """Wilson's interval with the effective number of visits; the plain number where the variance says nothing."""
    n = rate * (1 - rate) / variance if variance and 0 < rate < 1 else visits
    middle = (rate + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * sqrt(rate * (1 - rate) / n + Z95**2 / (4 * n * n))
    return Interval(rate, max(0.0, middle - half), min(1.0, middle + half))


def _lift(
    strata: Sequence[Visits], weights: Sequence[float], spread: Sequence[float], found: float, rate: float
) -> Interval:
    """Found rate over P. Both are sums over the same p_h, so their ratio's spread is taken together (delta method)."""
    visits = sum(s.completed for s in strata)
    pulls = [s.completed / visits / found - w / rate for s, w in zip(strata, weights, strict=True)]
    width = exp(Z95 * sqrt(sum(pull**2 * v for pull, v in zip(pulls, spread, strict=True))))
    return Interval(found / rate, found / rate / width, found / rate * width)


def _bounds(strata: Sequence[Visits], weights: Sequence[float]) -> tuple[float, float]:
    def bound(worst: int) -> float:
        return sum(
            w * (s.problems + worst * (s.drawn - s.completed)) / s.drawn for w, s in zip(weights, strata, strict=True)
        )

    return bound(0), bound(1)


def class_rates_may_be_public(strata: Sequence[Visits]) -> bool:
    """May the rates of single classes be shown in public? Only where every cell holds at least five."""
    cells = [cell for s in strata for cell in (s.problems, s.completed - s.problems)]
    return min(cells, default=0) >= SMALLEST_PUBLIC_CELL


def trend(strata: Sequence[Visits]) -> tuple[float, float] | None:
    """Cochran–Armitage's test whether rates rise from class to class: (z, two-sided p); None where it says nothing."""
    used = [(step, s) for step, s in enumerate(strata) if s.completed]
    visits, problems = sum(s.completed for _, s in used), sum(s.problems for _, s in used)
    if not 0 < problems < visits:
        return None
    p = problems / visits
    mean = sum(step * s.completed for step, s in used) / visits
    spread = p * (1 - p) * sum(s.completed * (step - mean) ** 2 for step, s in used)
    if not spread:
        return None
    z = sum((step - mean) * s.problems for step, s in used) / sqrt(spread)
    return z, erfc(abs(z) / sqrt(2))
