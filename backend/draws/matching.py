"""Which team takes which tour: rejection sampling, exactly uniform over the admissible arrangements (DRAWS §3)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from backend.draws.primitives import Stream, joined_hex

LARGEST_GROUP = 20
LIMIT = 1 << 17
"""Attempts a group is given; thousands more than 20 tours need, and seconds when nothing fits"""


@dataclass(frozen=True)
class Candidate:
    """An inspector as the lot sees one: an alias, a group, qualifications, and the tours they are recused from."""

    id: str
    group: str
    quals: tuple[str, ...] = ()
    recuse: tuple[str, ...] = ()


@dataclass(frozen=True)
class AnonymousTour:
    """A tour to be given to a team: its group, needed qualifications, stops (aliases), and pairs to avoid."""

    id: str
    group: str
    need: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    avoid: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Matched:
    """Teams by tour (each sorted), and the accepted attempt of each group, counted from 0."""

    teams: dict[str, list[str]]
    tries: dict[str, int]


class NoMatch(Exception):
    """No admissible arrangement within the limit: which group, and which constraint blocked most often."""

    def __init__(self, group: str, constraint: str) -> None:
        super().__init__(f"group {group}: {constraint}")
        self.group, self.constraint = group, constraint


def match(
    seed: str,
    inspectors: Sequence[Candidate],
    tours: Sequence[AnonymousTour],
    size: int,
    limit: int = LIMIT,
) -> Matched:
    """Give every tour a team of ``size``. Raises NoMatch."""
    teams: dict[str, list[str]] = {}
    tries: dict[str, int] = {}
    for group in sorted({tour.group for tour in tours}, key=str.encode):
        own = _Group(
            seed,
            group,
            sorted((i for i in inspectors if i.group == group), key=lambda i: i.id.encode()),
            sorted((t for t in tours if t.group == group), key=lambda t: t.id.encode()),
            size,
        )
        given, tries[group] = own.arrange(limit)
        teams |= given
    return Matched(teams, tries)


@dataclass
class _Group:
    seed: str
    name: str
    inspectors: list[Candidate]
    tours: list[AnonymousTour]
    size: int
    blocked: Counter[str] = field(default_factory=Counter)

    def arrange(self, limit: int) -> tuple[dict[str, list[str]], int]:
        if len(self.inspectors) < self.size * len(self.tours):
            raise NoMatch(self.name, "size")
        for attempt in range(limit):
            if (teams := self._try(attempt)) is not None:
                return teams, attempt
        raise NoMatch(self.name, self.blocked.most_common(1)[0][0])

    def _try(self, attempt: int) -> dict[str, list[str]] | None:
        stream = Stream("hashdraw-1/match", self.seed, self.name, str(attempt))
        order = stream.shuffle(self.inspectors)
        teams = {}
        for at, tour in enumerate(self.tours):
            team = order[at * self.size : (at + 1) * self.size]
            if (constraint := blocks(tour, team)) is not None:
                self.blocked[constraint] += 1
                return None
            teams[tour.id] = sorted((member.id for member in team), key=str.encode)
        return teams


def blocks(tour: AnonymousTour, team: Sequence[Candidate]) -> str | None:
    """The constraint that keeps this team from the tour: recusal, avoided pair, or a missing qualification."""
    ids = {member.id for member in team}
    if any(tour.id in member.recuse for member in team):
        return "recusal"
    if any(a in ids and b in ids for a, b in tour.avoid):
        return "avoided pair"
    held = {qual for member in team for qual in member.quals}
    return None if held.issuperset(tour.need) else "qualification"


def replacements(
    tour: AnonymousTour,
    leaver: str,
    inspectors: Sequence[Candidate],
    teams: Mapping[str, list[str]],
) -> list[str]:
    """The group's resting inspectors, in id order, with whom the team stays admissible."""
    busy = {id_ for team in teams.values() for id_ in team}
    by_id = {i.id: i for i in inspectors}
    staying = [by_id[id_] for id_ in teams[tour.id] if id_ != leaver]
    resting = [i for i in inspectors if i.group == tour.group and i.id not in busy]
    fit = [i.id for i in resting if blocks(tour, [*staying, i]) is None]
    return sorted(fit, key=str.encode)


def replace(seed: str, tour: str, leaver: str, candidates: Sequence[str]) -> str:
    """The one who takes the leaver's place, by lot. ``candidates`` as ``replacements`` lists them, not empty."""
    return candidates[Stream("hashdraw-1/replace", seed, tour, leaver).below(len(candidates))]


def leader(seed: str, tour: str, team: Sequence[str]) -> str:
    """The first member by H("hashdraw-1/leader", seed, tour, id)."""
    return min(team, key=lambda id_: joined_hex("hashdraw-1/leader", seed, tour, id_))
