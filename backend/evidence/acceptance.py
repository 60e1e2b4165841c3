"""``fieldlot acceptance``: are the lots uniform? Many draws and matchings under fixed seeds, and broken samplers that must fail (DRAWS §8)."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.stats import chi2

from backend.draws import matching, rules
from backend.draws.matching import AnonymousTour, Candidate
from backend.draws.primitives import Stream, joined_hash, joined_hex

POOL, DRAWN = 12, 4
SMALLEST_P = 1e-6
IDS = [f"e{n:02d}" for n in range(POOL)]
SUBSETS = list(combinations(IDS, DRAWN))
Sampler = Callable[[int], tuple[str, ...]]

INSPECTORS = (
    Candidate("a", "g", (), ("t1",)), Candidate("b", "g"), Candidate("c", "g"), Candidate("d", "g", ("food",)),
    Candidate("e", "g", ("food",)), Candidate("f", "g"),
)  # fmt: skip
TOURS = (AnonymousTour("t1", "g", ("food",)), AnonymousTour("t2", "g", (), (), (("b", "c"),)))
"""A small group whose admissible arrangements can be written down: a recusal, a qualification, an avoided pair, two who rest"""


@dataclass(frozen=True)
class Trial:
    """One trial of uniformity: what was counted, over how many draws, and the chance of such a spread or a wider one."""

    sampler: str
    counted: str
    draws: int
    statistic: float
    degrees: int

    @property
    def p(self) -> float:
        """The upper tail of chi squared."""
        return float(chi2.sf(self.statistic, self.degrees))

    @property
    def passed(self) -> bool:
        """Is the spread such as chance makes it?"""
        return self.p > SMALLEST_P


def our_draw(number: int) -> tuple[str, ...]:
    """The product's draw of 4 from 12 with a seed of this number."""
    pool = [(id_, "A") for id_ in IDS]
    return tuple(sorted(rules.draw(joined_hex("acceptance", str(number)), pool, {"A": DRAWN}, 0).drawn["A"]))


def short_ticket(number: int) -> tuple[str, ...]:
    """Broken: tickets of eight bits, ties by id."""
    seed = joined_hex("acceptance", str(number))
    tickets = sorted((joined_hash("hashdraw-1/ticket", seed, id_)[0], id_) for id_ in IDS)
    return tuple(sorted(id_ for _, id_ in tickets[:DRAWN]))


def naive_shuffle(number: int) -> tuple[str, ...]:
    """Broken: every place changes with any place, which makes some orders likelier."""
    stream, out = Stream("naive", str(number)), list(IDS)
    for at in range(POOL):
        other = stream.below(POOL)
        out[at], out[other] = out[other], out[at]
    return tuple(sorted(out[:DRAWN]))


def thousand_seeds(number: int) -> tuple[str, ...]:
    """Broken: the seed has only a thousand values."""
    return our_draw(number % 1000)


BROKEN: dict[str, Sampler] = {
    "8-bit ticket": short_ticket, "naive shuffle": naive_shuffle, "thousand seeds": thousand_seeds,
}  # fmt: skip


def our_matching(number: int) -> tuple[str, ...]:
    """The product's match of the small group: members of t1, then of t2."""
    teams = matching.match(joined_hex("acceptance", str(number)), INSPECTORS, TOURS, 2).teams
    return (*teams["t1"], *teams["t2"])


def admissible() -> list[tuple[str, ...]]:
    """Every arrangement of the small group that the constraints allow."""
    by_id = {i.id: i for i in INSPECTORS}
    pairs = list(combinations(sorted(by_id), 2))
    return [
        (*first, *second)
        for first in pairs
        for second in pairs
        if not set(first) & set(second)
        and all(
            matching.blocks(tour, [by_id[id_] for id_ in team]) is None
            for tour, team in zip(TOURS, (first, second), strict=True)
        )
    ]


def trials_of_draws(name: str, sampler: Sampler, draws: int) -> list[Trial]:
    """Subset, inclusion and joint-inclusion trials of one sampler."""
    drawn = Counter(map(sampler, range(draws)))
    pairs = list(combinations(IDS, 2))
    shapes = {
        "subset": np.eye(len(SUBSETS)),
        "inclusion": _holds(SUBSETS, [(id_,) for id_ in IDS]),
        "joint inclusion": _holds(SUBSETS, pairs),
    }
    return [_trial(name, counted, SUBSETS, shape, drawn, draws) for counted, shape in shapes.items()]


def trial_of_matchings(draws: int) -> Trial:
    """Are all admissible arrangements equally likely, and no other ever made?"""
    space = admissible()
    return _trial(
        "our matching", "arrangement", space, np.eye(len(space)), Counter(map(our_matching, range(draws))), draws
    )


def _holds(space: Iterable[tuple[str, ...]], parts: Sequence[tuple[str, ...]]) -> np.ndarray:
    return np.array([[float(set(part) <= set(outcome)) for part in parts] for outcome in space])


def _trial(
    name: str, counted: str, space: Sequence[tuple[str, ...]], shape: np.ndarray, drawn: Counter[tuple[str, ...]],
    draws: int,
) -> Trial:  # fmt: skip
    """Chi squared of linear counts of a uniform choice from ``space``: (O − E)ᵀ Σ⁺ (O − E), as many degrees as Σ has rank."""
    if stray := set(drawn) - set(space):
        raise AssertionError(f"{name} made {sorted(stray)[:3]}, which is not admissible")
    counts = np.array([drawn[outcome] for outcome in space], dtype=float)
    centred = shape - shape.mean(axis=0)
    spread = draws * centred.T @ centred / len(space)
    apart = counts @ centred
    statistic = apart @ np.linalg.pinv(spread, rcond=1e-9, hermitian=True) @ apart
    return Trial(name, counted, draws, float(statistic), int(np.linalg.matrix_rank(centred)))


def acceptance(draws: int) -> tuple[list[Trial], dict[str, list[Trial]]]:
    """The trials of what we use, which must pass; and by name those of broken samplers, each of which must fail somewhere."""
    ours = [*trials_of_draws("our draw", our_draw, draws), trial_of_matchings(draws)]
    return ours, {name: trials_of_draws(name, sampler, draws) for name, sampler in BROKEN.items()}


def accepted(ours: Sequence[Trial], broken: dict[str, list[Trial]]) -> bool:
    """Does ours pass everything, and nothing broken?"""
    return all(trial.passed for trial in ours) and all(any(not t.passed for t in trials) for trials in broken.values())


def table(ours: Sequence[Trial], broken: dict[str, list[Trial]]) -> str:
    """The outcome as Markdown."""
    head = "| sampler | counted | draws | chi² | degrees | p | |\n|---|---|---|---|---|---|---|\n"
    return head + "".join(_line(trial) for trial in (*ours, *(t for trials in broken.values() for t in trials)))


def _line(trial: Trial) -> str:
    verdict = "passes" if trial.passed else "fails"
    return (
        f"| {trial.sampler} | {trial.counted} | {trial.draws:,} | {trial.statistic:,.1f} | {trial.degrees} | {trial.p:.3g} | "
        f"{verdict} |\n"
    )
