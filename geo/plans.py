"""What is asked of the tours and what comes back: anonymous sites in, day tours out. No names, no teams' members.

All times are whole seconds after local midnight, durations whole seconds, lengths whole metres, places EPSG:4326.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from geo.faults import BadProblem
from geo.sphere import must_be_place
from geo.travel import Point, Provenance

HOUR = 3600
Window = tuple[int, int]

Reason = Literal["no_road", "visit_too_long", "out_of_reach", "no_room"]
"""Why a site stands in no tour: no road leads there; its visit fits no window; there and back takes more than a day
even alone; the tours are full"""


@dataclass(frozen=True)
class Site:
    """A place to visit, by an id that says nothing of whose it is."""

    id: str
    lon: float
    lat: float
    service_s: int
    group: str


@dataclass(frozen=True)
class Depot:
    """Where a group's teams leave from and return to, and how many teams there are."""

    group: str
    lon: float
    lat: float
    teams: int


@dataclass(frozen=True)
class Workday:
    """When a day's tour may run. A visit lies wholly inside one of the ``windows`` (by default 9–12 and 14–17:30).

    Nobody leaves before ``leave_s``, and everybody is back ``limit_s`` after it (by default 8:00 and 18:00).
    """

    windows: tuple[Window, ...] = ((9 * HOUR, 12 * HOUR), (14 * HOUR, 17 * HOUR + HOUR // 2))
    leave_s: int = 8 * HOUR
    limit_s: int = 10 * HOUR

    @property
    def back_s(self) -> int:
        """The latest return."""
        return self.leave_s + self.limit_s

    def start_of(self, arrive_s: int, service_s: int) -> int | None:
        """The earliest start of a visit for who arrives then, or None when no window is left for it."""
        starts = (max(arrive_s, first) for first, last in self.windows if max(arrive_s, first) + service_s <= last)
        return next(starts, None)


@dataclass(frozen=True)
class Problem:
    """Sites to be toured in ``days`` days. Each group has one depot; teams of one group never serve another's sites."""

    sites: tuple[Site, ...]
    depots: tuple[Depot, ...]
    days: int
    workday: Workday = Workday()

    def sites_of(self, group: str) -> list[Site]:
        """A group's sites by id: the order of their rows in the group's matrix, whatever order they came in."""
        return sorted((site for site in self.sites if site.group == group), key=lambda site: site.id)

    def points_of(self, depot: Depot) -> list[Point]:
        """The points of a group's matrix: the depot first, then the sites by id."""
        return [(depot.lon, depot.lat), *((site.lon, site.lat) for site in self.sites_of(depot.group))]


@dataclass(frozen=True)
class Stop:
    """One visit: ``start_s`` is later than ``arrive_s`` where the team waits for a window to open."""

    site: str
    arrive_s: int
    start_s: int
    depart_s: int


@dataclass(frozen=True)
class Tour:
    """One day of one team-to-be. ``bundle`` (1 … teams) gathers the day tours that one team takes; ``day`` is 0 … days-1."""

    group: str
    bundle: int
    day: int
    leave_s: int
    back_s: int
    travel_s: int
    travel_m: int
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Unassigned:
    """A site that no tour could take; reported, never dropped."""

    site: str
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """All tours, what they leave out, and where the travel times come from.

    ``effort`` (0 … 5) is how hard the solver really searched: less than asked for when it was stopped.
    """

    tours: tuple[Tour, ...]
    unassigned: tuple[Unassigned, ...]
    provenance: Provenance
    effort: int

    @property
    def travel_s(self) -> int:
        """Travel of all tours."""
        return sum(tour.travel_s for tour in self.tours)


def must_make_sense(problem: Problem) -> None:
    """Raise BadProblem (or NotAPlace) unless the problem can be read in one way only."""
    for depot in problem.depots:
        for lon, lat in problem.points_of(depot):
            must_be_place(lon, lat)
    _refuse_twice([site.id for site in problem.sites], "地点编号", "Site ids")
    _refuse_twice([depot.group for depot in problem.depots], "分组", "Groups of depots")
    homeless = sorted({site.group for site in problem.sites} - {depot.group for depot in problem.depots})
    if homeless:
        _refuse(f"分组 {homeless[0]} 没有出发点。", f"Group {homeless[0]} has no depot.")
    if problem.days < 1 or any(depot.teams < 1 for depot in problem.depots):
        _refuse("天数和队数至少为 1。", "Days and teams must be at least 1.")
    if any(site.service_s < 1 for site in problem.sites):
        _refuse("每次检查的时长须大于 0 秒。", "Every visit must take longer than 0 s.")
    _refuse_odd_day(problem.workday)


def _refuse_odd_day(workday: Workday) -> None:
    times = [time for window in workday.windows for time in window]
    in_order = all(one < other for one, other in pairwise(times))
    in_day = workday.leave_s >= 0 and workday.limit_s > 0 and workday.back_s <= 24 * HOUR
    if not (times and in_order and times[0] >= 0 and in_day):
        _refuse(
            "工作时段须按先后排列、互不重叠，且全部在当日之内。",
            "The windows must follow each other without overlap, and the whole day must fit into 24 hours.",
        )


def _refuse_twice(names: list[str], zh: str, en: str) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        _refuse(f"{zh}重复：{twice[0]}。", f"{en} must differ, but {twice[0]} stands there twice.")


def _refuse(zh: str, en: str) -> None:
    raise BadProblem(why_zh=zh, why_en=en)
