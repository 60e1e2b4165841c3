"""Anonymous tours: lays sites into balanced day tours over real travel times, by VROOM; every plan is checked.

The function knows places and durations and nothing else, so nobody can plan a tour for a known team (DRAWS §2).
The same problem gives the same plan, in whatever order its sites come, unless the deadline cuts the search short.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from geo.check import must_be_sound
from geo.plans import Depot, Plan, Problem, Reason, Site, Stop, Tour, Unassigned, must_make_sense
from geo.solver import Answer, Question, solve
from geo.travel import UNREACHABLE, Ints, Matrix, Provenance, TravelTimes

EFFORT = 3
"""VROOM's exploration level, 0 … 5"""
DEADLINE_S = 60.0
LEAST_SHARE_S = 10.0
"""A small group needs this much too: starting the solver alone takes seconds on a busy machine"""
USUAL_STOPS = 4
"""Work is not spread thinner than this many stops a tour: driving out for one visit serves no balance"""
SLACKS = (1, 2, 4, 8)
"""How many stops beyond an even share a tour may take, tried in this order until no site is left over"""


def plan_tours(problem: Problem, travel: TravelTimes, *, effort: int = EFFORT, deadline_s: float = DEADLINE_S) -> Plan:
    """Lay all sites into tours: at most ``teams`` × ``days`` per group, evenly filled, each inside the working day.

    A quick search comes first and finds how evenly the work can be spread; ``effort`` (0 … 5) then improves on it. Groups
    share ``deadline_s`` by size; a search that overruns is killed and the quick answer stands.
    Raises BadProblem, NotAPlace, the travel times' own faults, SolverTooSlow (not even a quick answer), SolverFailed,
    PlanUnsound.
    """
    must_make_sense(problem)
    matrices = matrices_of(problem, travel)
    ends = time.monotonic() + deadline_s
    waiting = len(problem.sites)
    parts: list[Plan] = []
    for depot in problem.depots:
        size = len(problem.sites_of(depot.group))
        if size:
            left_s = ends - time.monotonic()
            share = min(left_s, max(left_s * size / waiting, LEAST_SHARE_S))
            parts.append(_group_plan(problem, depot, matrices[depot.group], effort, share))
            waiting -= size
    plan = _together(parts, matrices, effort)
    must_be_sound(problem, matrices, plan)
    return plan


def matrices_of(problem: Problem, travel: TravelTimes) -> dict[str, Matrix]:
    """Each group's travel, rows as ``Problem.points_of`` orders them."""
    return {depot.group: travel.matrix(problem.points_of(depot)) for depot in problem.depots}


def _together(parts: Sequence[Plan], matrices: Mapping[str, Matrix], effort: int) -> Plan:
    nowhere = Provenance("none", "none", "degraded")
    return Plan(
        tuple(tour for part in parts for tour in part.tours),
        tuple(left for part in parts for left in part.unassigned),
        next((matrix.provenance for matrix in matrices.values()), nowhere),
        min((part.effort for part in parts), default=effort),
    )


def _group_plan(problem: Problem, depot: Depot, matrix: Matrix, effort: int, share_s: float) -> Plan:
    """One group's tours, and a reason for each site that stands in none."""
    sites = problem.sites_of(depot.group)
    alone = [_hopeless(problem, matrix, row, site) for row, site in enumerate(sites, start=1)]
    rows = [row for row, reason in enumerate(alone, start=1) if reason is None]
    found = _search(problem, depot, matrix, rows, effort, share_s) if rows else None
    routes = found.routes if found else ()
    days = [_timetable(problem, depot, matrix, sites, route) for route in routes]
    toured = {row for route in routes for row in route}
    left = tuple(
        Unassigned(site.id, alone[row - 1] or "no_room") for row, site in enumerate(sites, start=1) if row not in toured
    )
    tours = _bundled(days, depot.teams, problem.days)
    return Plan(tuple(tours), left, matrix.provenance, found.effort if found else effort)


def _hopeless(problem: Problem, matrix: Matrix, row: int, site: Site) -> Reason | None:
    """Why a site could not be visited even by a tour of its own."""
    there, home = int(matrix.seconds[0, row]), int(matrix.seconds[row, 0])
    workday = problem.workday
    if max(there, home) >= UNREACHABLE:
        return "no_road"
    if workday.start_of(0, site.service_s) is None:
        return "visit_too_long"
    start = workday.start_of(workday.leave_s + there, site.service_s)
    if start is None or start + site.service_s + home > workday.back_s:
        return "out_of_reach"
    return None


def _search(problem: Problem, depot: Depot, matrix: Matrix, rows: list[int], effort: int, share_s: float) -> Answer:
    """The best answer over the hopeful rows: most sites served, then least travel. Its rows are the matrix's."""
    kept = [0, *rows]
    seconds = matrix.seconds[kept][:, kept]
    sites = problem.sites_of(depot.group)
    service = tuple(sites[row - 1].service_s for row in rows)
    choices = tuple(even_limits(len(rows), depot.teams * problem.days, slack) for slack in SLACKS)
    question = Question(seconds, service, choices, problem.workday)
    found = solve(question, effort=effort, deadline_s=share_s)
    best = min(found, key=lambda answer: (-answer.served, _travel_s(seconds, answer)))
    return Answer(best.effort, tuple(tuple(rows[i - 1] for i in route) for route in best.routes))


def _travel_s(seconds: Ints, answer: Answer) -> int:
    ways = [(0, *route, 0) for route in answer.routes]
    return sum(int(seconds[leg]) for way in ways for leg in pairwise(way))


def even_limits(sites: int, tours: int, slack: int) -> tuple[int, ...]:
    """Stops allowed per tour: an even share, the remainder to the first ones, plus slack; never below USUAL_STOPS."""
    each, more = divmod(sites, tours)
    return tuple(max(each + (i < more), USUAL_STOPS) + slack for i in range(tours))


def _timetable(problem: Problem, depot: Depot, matrix: Matrix, sites: list[Site], route: Sequence[int]) -> Tour:
    """When a tour is where: leaving so that nobody waits at the first door, then each visit as early as it may be."""
    workday = problem.workday
    first = workday.start_of(workday.leave_s + int(matrix.seconds[0, route[0]]), sites[route[0] - 1].service_s)
    clock = leave = (first or 0) - int(matrix.seconds[0, route[0]])
    stops, here = [], 0
    for row in route:
        site = sites[row - 1]
        arrive = clock + int(matrix.seconds[here, row])
        start = workday.start_of(arrive, site.service_s) or 0
        stops.append(Stop(site.id, arrive, start, start + site.service_s))
        clock, here = start + site.service_s, row
    legs = list(zip([0, *route], [*route, 0], strict=True))
    travel_s, travel_m = (sum(int(part[leg]) for leg in legs) for part in (matrix.seconds, matrix.metres))
    back = clock + int(matrix.seconds[here, 0])
    return Tour(depot.group, 0, 0, leave, back, travel_s, travel_m, tuple(stops))


def _bundled(tours: list[Tour], teams: int, days: int) -> list[Tour]:
    """Gather day tours into bundles of at most ``days``, the longest day to whoever has least so far."""
    bundles: list[list[Tour]] = [[] for _ in range(teams)]
    for tour in sorted(tours, key=lambda tour: (tour.leave_s - tour.back_s, tour.stops[0].site)):
        open_ones = [bundle for bundle in bundles if len(bundle) < days]
        min(open_ones, key=_hours).append(tour)
    return [
        replace(tour, bundle=number, day=day)
        for number, bundle in enumerate(bundles, start=1)
        for day, tour in enumerate(bundle)
    ]


def _hours(bundle: list[Tour]) -> int:
    return sum(tour.back_s - tour.leave_s for tour in bundle)
