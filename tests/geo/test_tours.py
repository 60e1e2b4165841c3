"""Tours: checked, even, repeatable, honest about what they leave out, and never later than their deadline."""

import time
from dataclasses import replace

import numpy as np
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.check import violations
from geo.crow import CrowFlight
from geo.faults import BadProblem, SolverFailed, SolverTooSlow
from geo.plans import Depot, Problem, Site, Workday
from geo.roads import Roads
from geo.solver import Question, solve
from geo.tours import even_limits, matrices_of, plan_tours
from tests.geo.towns import a_problem, place, write_town

CROW = CrowFlight()


def reasons(plan):
    return {left.site: left.reason for left in plan.unassigned}


def with_site(problem: Problem, **changes) -> Problem:
    return replace(problem, sites=(replace(problem.sites[0], **changes), *problem.sites[1:]))


def test_a_plan_on_roads_passes_the_check_and_leaves_nobody_out(tmp_path):
    roads, problem = Roads.load(write_town(tmp_path / "town.osm.pbf")), a_problem(16, teams=2)
    plan = plan_tours(problem, roads)
    assert violations(problem, matrices_of(problem, roads), plan) == []
    assert plan.unassigned == ()
    assert plan.provenance.quality == "road"


@settings(max_examples=3, deadline=None)
@given(seed=st.integers(0, 10**6), sites=st.integers(1, 14))
def test_any_plan_by_the_crow_passes_the_check_and_says_degraded(seed, sites):
    problem = a_problem(sites, seed=seed)
    plan = plan_tours(problem, CROW, effort=1)
    assert violations(problem, matrices_of(problem, CROW), plan) == []
    assert plan.provenance.quality == "degraded"


def test_no_visit_runs_into_lunch():
    plan = plan_tours(a_problem(), CROW)
    for stop in (stop for tour in plan.tours for stop in tour.stops):
        assert stop.depart_s <= 12 * 3600 or stop.start_s >= 14 * 3600


def test_the_same_sites_give_the_same_plan_in_any_order():
    problem = a_problem(14)
    turned = replace(problem, sites=problem.sites[::-1])
    assert plan_tours(problem, CROW) == plan_tours(turned, CROW)


def test_ways_that_differ_by_direction_are_driven_the_right_way_round():
    """One ring, quick one way and slow the other: the solver must read rows as from and columns as to."""
    size = 7
    seconds = np.array([[(b - a) % size * 60 for b in range(size)] for a in range(size)])
    question = Question(np.asfortranarray(seconds), (60,) * 6, ((6,),), Workday())
    for answer in solve(question, effort=3, deadline_s=20):
        assert answer.routes == ((1, 2, 3, 4, 5, 6),)


def test_work_is_spread_evenly_over_teams():
    problem = a_problem(40, teams=4, days=2)
    plan = plan_tours(problem, CROW)
    stops = [sum(len(t.stops) for t in plan.tours if t.bundle == b) for b in (1, 2, 3, 4)]
    assert sum(stops) == 40
    assert max(stops) <= 12


@given(st.integers(0, 500), st.integers(1, 60))
def test_the_limits_always_hold_all_sites(sites, tours):
    limits = even_limits(sites, tours, 0)
    assert len(limits) == tours
    assert sum(limits) >= sites
    assert max(limits) - min(limits) <= 1


def test_groups_keep_to_their_own_depots():
    first, second = a_problem(6), a_problem(6, seed=2)
    others = tuple(replace(site, id=f"x{site.id}", group="h") for site in second.sites)
    depots = (*first.depots, Depot("h", *place(7, 7), teams=1))
    plan = plan_tours(Problem(first.sites + others, depots, 2), CROW)
    for tour in plan.tours:
        assert all((stop.site[0] == "x") == (tour.group == "h") for stop in tour.stops)


def test_what_cannot_be_visited_is_reported_with_its_reason(tmp_path):
    roads = Roads.load(write_town(tmp_path / "town.osm.pbf"))
    problem = a_problem(3)
    assert reasons(plan_tours(with_site(problem, lon=108.5), roads)) == {"s000": "no_road"}
    assert reasons(plan_tours(with_site(problem, lon=112.0), CROW)) == {"s000": "out_of_reach"}
    assert reasons(plan_tours(with_site(problem, service_s=14401), CROW)) == {"s000": "visit_too_long"}
    full = a_problem(30, days=1)
    left = reasons(plan_tours(full, CROW))
    assert set(left.values()) == {"no_room"}


def test_nothing_to_visit_is_an_empty_plan():
    problem = replace(a_problem(1), sites=())
    assert plan_tours(problem, CROW).tours == ()


def test_a_visit_may_fill_a_window_to_the_second():
    problem = with_site(a_problem(1, days=1), service_s=3 * 3600 + 1800)
    (tour,) = plan_tours(problem, CROW).tours
    assert (tour.stops[0].start_s, tour.stops[0].depart_s) == (14 * 3600, 17 * 3600 + 1800)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"days": 0}, "at least 1"),
        ({"depots": ()}, "no depot"),
        ({"workday": Workday(windows=((50_000, 60_000), (30_000, 40_000)))}, "overlap"),
        ({"workday": Workday(limit_s=90_000)}, "24 hours"),
    ],
)
def test_a_problem_without_sense_is_refused(changes, told):
    with pytest.raises(BadProblem, match=told) as refused:
        plan_tours(replace(a_problem(), **changes), CROW)
    assert refused.value.told("zh")["detail"] != refused.value.told("en")["detail"]


def test_one_id_for_two_sites_is_refused():
    site = Site("s", *place(1, 1), service_s=600, group="g")
    with pytest.raises(BadProblem, match="twice"):
        plan_tours(replace(a_problem(), sites=(site, site)), CROW)


def test_a_solver_that_overstays_is_dead_at_its_deadline():
    problem, began = a_problem(900, teams=20, days=10), time.monotonic()
    with pytest.raises(SolverTooSlow):
        plan_tours(problem, CROW, deadline_s=0.8)
    assert time.monotonic() - began < 5
    assert not [child for child in psutil.Process().children() if "solver_child" in str(child.cmdline())]


@pytest.mark.long
def test_a_search_that_is_cut_short_leaves_the_quick_plan_and_says_so():
    problem = a_problem(400, teams=10, days=10)
    plan = plan_tours(problem, CROW, effort=5, deadline_s=9)
    assert plan.unassigned == ()
    assert plan.effort == 0


def test_a_solver_that_breaks_tells_its_last_word():
    with pytest.raises(SolverFailed):
        solve(Question(np.zeros((2, 3)), (60,), ((1,),), Workday()), effort=0, deadline_s=20)
