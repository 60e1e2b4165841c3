"""``fieldlot evidence FILE``: what aiming visits by class gains and costs, and whether the city's rate stays honest (DRAWS §7)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from backend.evidence.card import CLASSES, fit
from backend.evidence.replays import Pool, Replays, replay
from backend.evidence.visits import Visit, visits

WEIGHTS = ((1, 1, 1, 1), (2, 3, 4, 6), (1, 2, 4, 8), (1, 3, 9, 27))
FEWEST_TO_FIT = 2000
"""Visits that must be over before a card is fitted on them"""
SEED = 20261123


def study(file: Path, replays: int) -> tuple[list[Pool], list[Replays]]:
    """The pools of a file's quarters, and each weighting replayed at least ``replays`` times over them."""
    pools = list(pools_of(visits(file)))
    each, rng = -(-replays // len(pools)), np.random.default_rng(SEED)
    return pools, [replay(pools, dict(zip(CLASSES, weights, strict=True)), each, rng) for weights in WEIGHTS]


def pools_of(told: Sequence[Visit]) -> Iterator[Pool]:
    """Each quarter classed by a card that was fitted on the quarters before it."""
    quarters = sorted({visit.quarter for visit in told})
    for quarter in quarters:
        past = [visit for visit in told if visit.quarter < quarter]
        if len(past) < FEWEST_TO_FIT:
            continue
        pool = [visit for visit in told if visit.quarter == quarter]
        classes = fit(past).classes(pool)
        members = Counter(classes)
        problems = Counter(name for name, visit in zip(classes, pool, strict=True) if visit.problem)
        yield Pool(quarter, {n: members[n] for n in CLASSES}, {n: problems[n] for n in CLASSES})


def table(pools: Sequence[Pool], outcomes: Sequence[Replays]) -> str:
    """The outcome as Markdown."""
    visits_made = sum(sum(pool.members.values()) for pool in pools)
    truth = sum(sum(pool.problems.values()) for pool in pools) / visits_made
    rates = [
        f"{name} {sum(p.problems[name] for p in pools) / max(1, sum(p.members[name] for p in pools)):.3f}"
        for name in CLASSES
    ]
    head = (
        f"{len(pools)} quarters ({pools[0].quarter} – {pools[-1].quarter}), {visits_made} inspections, "
        f"problems in {truth:.4f} of them; by class {', '.join(rates)}.\n\n"
        "| A : B : C : D | lift (95 %) | design effect | smallest π | bias, points | coverage of the 95 % interval | replays |\n"
        "|---|---|---|---|---|---|---|\n"
    )
    return head + "\n".join(_line(outcome) for outcome in outcomes) + "\n"


def _line(outcome: Replays) -> str:
    middle, low, high = outcome.lift
    return (
        f"| {' : '.join(map(str, outcome.weights.values()))} | {middle:.3f} [{low:.3f}, {high:.3f}] | "
        f"{outcome.design_effect:.3f} | {outcome.smallest_chance:.4f} | {100 * outcome.bias:+.4f} | "
        f"{100 * outcome.coverage:.2f} % | {outcome.replays:,} |"
    )
