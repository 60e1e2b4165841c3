"""The independent checker: recomputes a plan from the problem and the matrices, trusting nothing the planner wrote.

It shares no code with the planner beyond the words for what is asked and answered; every plan passes it before
anyone sees it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from geo.faults import PlanUnsound
from geo.plans import Plan, Problem, Stop, Tour, Workday
from geo.travel import UNREACHABLE, Matrix


@dataclass(frozen=True)
class Violation:
    """One thing that is wrong: ``what`` in one constant phrase, ``where`` in the plan's own labels."""

    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.what} ({self.where})"


def violations(problem: Problem, matrices: Mapping[str, Matrix], plan: Plan) -> list[Violation]:
    """Everything wrong with a plan; an empty list means that it is sound.

    ``matrices`` holds each group's travel, rows as ``Problem.points_of`` orders them.
    """
    found = [*_of_sites(problem, plan), *_of_slots(problem, plan)]
    for tour in plan.tours:
        where = f"{tour.group}/{tour.bundle}/{tour.day}"
        found += [Violation(what, where) for what in _of_tour(problem, matrices, tour)]
    if any(plan.provenance != matrix.provenance for matrix in matrices.values()):
        found.append(Violation("other travel times than the plan says", plan.provenance.engine))
    return found


def must_be_sound(problem: Problem, matrices: Mapping[str, Matrix], plan: Plan) -> None:
    """Raise PlanUnsound if anything is wrong."""
    found = violations(problem, matrices, plan)
    if found:
        raise PlanUnsound(count=len(found), first=str(found[0]))


def _of_sites(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """Each site stands exactly once: in a tour, or among those reported as left out."""
    toured = Counter(stop.site for tour in plan.tours for stop in tour.stops)
    told = Counter(left.site for left in plan.unassigned)
    known = {site.id for site in problem.sites}
    for site in sorted(known | set(toured) | set(told)):
        if site not in known:
            yield Violation("site that nobody asked for", site)
        elif toured[site] + told[site] == 0:
            yield Violation("site lost", site)
        elif toured[site] + told[site] > 1:
            yield Violation("site more than once", site)


def _of_slots(problem: Problem, plan: Plan) -> Iterator[Violation]:
    """No team has two tours on one day, and there are no more teams and days than there are."""
    teams = {depot.group: depot.teams for depot in problem.depots}
    slots = Counter((tour.group, tour.bundle, tour.day) for tour in plan.tours)
    for (group, bundle, day), times in slots.items():
        where = f"{group}/{bundle}/{day}"
        if times > 1:
            yield Violation("two tours of one team on one day", where)
        if not (1 <= bundle <= teams.get(group, 0) and 0 <= day < problem.days):
            yield Violation("no such team or day", where)


def _of_tour(problem: Problem, matrices: Mapping[str, Matrix], tour: Tour) -> Iterator[str]:
    sites = {site.id: site for site in problem.sites if site.group == tour.group}
    if not tour.stops:
        yield "tour without stops"
    elif any(stop.site not in sites for stop in tour.stops):
        yield "site of another group"
    else:
        service = [sites[stop.site].service_s for stop in tour.stops]
        yield from _of_day(problem.workday, tour)
        yield from _of_visits(problem.workday, tour, service)
        yield from _of_travel(sorted(sites), matrices[tour.group], tour)


def _of_day(workday: Workday, tour: Tour) -> Iterator[str]:
    if tour.leave_s < workday.leave_s:
        yield "leaves too early"
    if tour.back_s > workday.leave_s + workday.limit_s:
        yield "back too late"


def _of_visits(workday: Workday, tour: Tour, service: list[int]) -> Iterator[str]:
    for stop, takes in zip(tour.stops, service, strict=True):
        if stop.start_s < stop.arrive_s:
            yield "visit before arrival"
        if stop.depart_s - stop.start_s != takes:
            yield "visit of another length"
        if not _in_window(workday, stop):
            yield "visit outside the windows"


def _in_window(workday: Workday, stop: Stop) -> bool:
    return any(first <= stop.start_s and stop.depart_s <= last for first, last in workday.windows)


def _of_travel(order: list[str], matrix: Matrix, tour: Tour) -> Iterator[str]:
    rows = [0, *(order.index(stop.site) + 1 for stop in tour.stops), 0]
    legs = list(pairwise(rows))
    takes = [int(matrix.seconds[leg]) for leg in legs]
    leaves = [tour.leave_s, *(stop.depart_s for stop in tour.stops)]
    arrives = [*(stop.arrive_s for stop in tour.stops), tour.back_s]
    if any(left + took != there for left, took, there in zip(leaves, takes, arrives, strict=True)):
        yield "arrival that the travel times do not give"
    if max(takes) >= UNREACHABLE:
        yield "leg without a way"
    if tour.travel_s != sum(takes):
        yield "wrong sum of travel time"
    if tour.travel_m != sum(int(matrix.metres[leg]) for leg in legs):
        yield "wrong sum of length"
