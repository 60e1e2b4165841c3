"""Draws replayed many times on pools whose truth is known: what the estimates of DRAWS §7 say, and how often they are right."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from backend.draws.estimates import Visits, estimate
from backend.draws.rules import Stratum, allocate
from backend.evidence.card import CLASSES

SHARE = 0.1
"""Of each quarter's pool that is drawn"""
FEWEST = 2
"""Visits in a stratum at least: a variance needs two"""


@dataclass(frozen=True)
class Pool:
    """A quarter: members and problems by class, as all its visits together found them."""

    quarter: str
    members: dict[str, int]
    problems: dict[str, int]

    @property
    def rate(self) -> float:
        """The true share of problems."""
        return sum(self.problems.values()) / sum(self.members.values())


@dataclass(frozen=True)
class Replays:
    """What one set of weights came to over all quarters."""

    weights: dict[str, int]
    lift: tuple[float, float, float]
    """Found rate over the truth: middle, and where 95 of 100 whole periods lie"""
    design_effect: float
    smallest_chance: float
    bias: float
    """Mean of the estimate less the truth"""
    coverage: float
    """Share of replays whose interval holds the truth"""
    replays: int


def replay(pools: Sequence[Pool], weights: dict[str, int], each: int, rng: np.random.Generator) -> Replays:
    """Draw ``each`` times from every pool. What a uniform draw without replacement finds in a stratum is hypergeometric."""
    quarters = [_quarter(pool, weights, each, rng) for pool in pools]
    visits = sum(q.visits for q in quarters)
    truth = sum(q.visits * pool.rate for q, pool in zip(quarters, pools, strict=True)) / visits
    lifts = np.sum([q.found for q in quarters], axis=0) / visits / truth
    low, high = np.quantile(lifts, (0.025, 0.975))
    return Replays(
        weights, (float(lifts.mean()), float(low), float(high)), float(np.mean([q.design_effect for q in quarters])),
        min(q.smallest_chance for q in quarters), float(np.mean([q.errors.mean() for q in quarters])),
        float(np.mean([q.held.mean() for q in quarters])), each * len(pools),
    )  # fmt: skip


@dataclass(frozen=True)
class _Quarter:
    visits: int
    found: np.ndarray
    errors: np.ndarray
    held: np.ndarray
    design_effect: float
    smallest_chance: float


def _quarter(pool: Pool, weights: dict[str, int], each: int, rng: np.random.Generator) -> _Quarter:
    names = [name for name in CLASSES if pool.members[name]]
    strata = {name: Stratum(pool.members[name], weights[name], FEWEST) for name in names}
    drawn = allocate("evidence", strata, round(SHARE * sum(pool.members.values())))
    found = np.stack(
        [rng.hypergeometric(pool.problems[n], pool.members[n] - pool.problems[n], drawn[n], size=each) for n in names],
        axis=1,
    )
    outcomes, back = np.unique(found, axis=0, return_inverse=True)
    told = [estimate(_visits(pool, names, drawn, outcome)) for outcome in outcomes.tolist()]
    errors = np.array([t.rate.value - pool.rate for t in told])[back]
    held = np.array([t.rate.low <= pool.rate <= t.rate.high for t in told])[back]
    return _Quarter(
        sum(drawn.values()), found.sum(axis=1), errors, held, told[0].design_effect, told[0].smallest_chance
    )


def _visits(pool: Pool, names: list[str], drawn: dict[str, int], outcome: list[int]) -> list[Visits]:
    return [
        Visits(name, pool.members[name], drawn[name], drawn[name], problems)
        for name, problems in zip(names, outcome, strict=True)
    ]
