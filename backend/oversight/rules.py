"""How strict inspectors are, measured by what the second lot might have given: the matching replayed under other seeds (DRAWS §7).

For the agency's own eyes, and never a term of an entity's score.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.draws.matching import AnonymousTour, Candidate, NoMatch, match
from backend.draws.primitives import joined_hex

REPLAYS = 999
FEWEST_VISITS = 30
"""Of an inspector, below which nothing is said"""
FALSE_DISCOVERIES = 0.05
"""Share of those named who may be named by chance (Benjamini–Hochberg)"""


@dataclass(frozen=True)
class Period:
    """One teams lot with what its visits found: by tour, how many visits and how many problems beyond what classes expect."""

    seed: str
    size: int
    candidates: Sequence[Candidate]
    tours: Sequence[AnonymousTour]
    people: Mapping[str, UUID]
    """Inspector by alias"""
    teams: Mapping[str, Sequence[str]]
    """Aliases by tour, as the lot gave them"""
    visits: Mapping[str, int]
    surplus: Mapping[str, float]


@dataclass(frozen=True)
class Strictness:
    """One inspector: visits made, problems beyond expectation for each visit, the same where the lot had fallen otherwise."""

    inspector: UUID
    visits: int
    surplus: float
    usual: float
    p: float
    stands_out: bool


def strictness(periods: Sequence[Period], replays: int = REPLAYS, fewest: int = FEWEST_VISITS) -> list[Strictness]:
    """Everybody with enough visits, the most surprising first; ``stands_out`` after Benjamini–Hochberg."""
    visits, surplus = _told(periods, [period.teams for period in periods])
    seen = {who: surplus[who] / visits[who] for who in visits if visits[who] >= fewest}
    others: dict[UUID, list[float]] = defaultdict(list)
    for teams in _replays(periods, replays):
        made, found = _told(periods, teams)
        for who in seen.keys() & made.keys():
            others[who].append(found[who] / made[who])
    ranked = sorted(
        (_compared(who, visits[who], rate, others[who]) for who, rate in seen.items()),
        key=lambda one: (one.p, str(one.inspector)),
    )
    named = max((at for at, one in enumerate(ranked, 1) if one.p <= FALSE_DISCOVERIES * at / len(ranked)), default=0)
    return [Strictness(**{**one.__dict__, "stands_out": at <= named}) for at, one in enumerate(ranked, 1)]


def _told(
    periods: Sequence[Period], teams: Sequence[Mapping[str, Sequence[str]]]
) -> tuple[dict[UUID, int], dict[UUID, float]]:
    """Visits and surplus by inspector, had these been the teams."""
    visits: dict[UUID, int] = defaultdict(int)
    surplus: dict[UUID, float] = defaultdict(float)
    for period, given in zip(periods, teams, strict=True):
        for tour, made in period.visits.items():
            for member in given.get(tour, ()):
                visits[period.people[member]] += made
                surplus[period.people[member]] += period.surplus[tour]
    return visits, surplus


def _replays(periods: Sequence[Period], replays: int) -> Iterator[list[Mapping[str, Sequence[str]]]]:
    for number in range(replays):
        yield [_replayed(period, number) for period in periods]


def _replayed(period: Period, number: int) -> Mapping[str, Sequence[str]]:
    """The teams under another seed; the lot's own where no arrangement is found, which says nothing either way."""
    seed = joined_hex("strictness", period.seed, str(number))
    try:
        return match(seed, period.candidates, period.tours, period.size).teams
    except NoMatch:
        return period.teams


def _compared(who: UUID, visits: int, rate: float, others: Sequence[float]) -> Strictness:
    """Two-sided: how many replays lie as far from their own mean as what really was."""
    usual = sum(others) / len(others) if others else rate
    as_far = sum(abs(other - usual) >= abs(rate - usual) for other in others)
    return Strictness(who, visits, rate, usual, (1 + as_far) / (1 + len(others)), False)
