"""The checker: every way of spoiling a sound plan is found."""

from dataclasses import replace

import pytest

from geo.check import must_be_sound, violations
from geo.crow import CrowFlight
from geo.faults import PlanUnsound
from geo.plans import Plan, Unassigned, Workday
from geo.tours import matrices_of, plan_tours
from tests.geo.towns import a_problem

PROBLEM = a_problem(8)
CROW = CrowFlight()


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_tours(PROBLEM, CROW, effort=1)


def found(plan: Plan, problem=PROBLEM) -> set[str]:
    return {wrong.what for wrong in violations(problem, matrices_of(PROBLEM, CROW), plan)}


def with_tour(plan: Plan, **changes) -> Plan:
    return replace(plan, tours=(replace(plan.tours[0], **changes), *plan.tours[1:]))


def with_stop(plan: Plan, **changes) -> Plan:
    first, *others = plan.tours[0].stops
    return with_tour(plan, stops=(replace(first, **changes), *others))


def test_a_sound_plan_has_nothing_wrong(plan):
    assert found(plan) == set()


def test_every_site_must_be_accounted_for_once(plan):
    assert "site lost" in found(replace(plan, tours=plan.tours[1:]))
    twice = replace(plan, unassigned=(Unassigned(plan.tours[0].stops[0].site, "no_room"),))
    assert found(twice) == {"site more than once"}
    assert "site that nobody asked for" in found(with_stop(plan, site="ghost"))


def test_the_arithmetic_must_be_right(plan):
    stop = plan.tours[0].stops[0]
    assert "arrival that the travel times do not give" in found(with_stop(plan, arrive_s=stop.arrive_s - 1))
    assert "visit of another length" in found(with_stop(plan, depart_s=stop.depart_s - 1))
    assert "visit before arrival" in found(with_stop(plan, start_s=stop.arrive_s - 1))
    assert found(with_tour(plan, travel_s=plan.tours[0].travel_s - 1)) == {"wrong sum of travel time"}
    assert found(with_tour(plan, travel_m=0)) == {"wrong sum of length"}


def test_the_day_must_be_kept(plan):
    def day(**changes):
        return replace(PROBLEM, workday=replace(Workday(), **changes))

    assert "back too late" in found(plan, day(limit_s=3600))
    assert "leaves too early" in found(plan, day(leave_s=9 * 3600 + 1))
    assert "visit outside the windows" in found(plan, day(windows=((0, 100),)))


def test_a_team_is_in_one_place_at_a_time(plan):
    first = plan.tours[0]
    assert "two tours of one team on one day" in found(replace(plan, tours=(*plan.tours, first)))
    assert found(with_tour(plan, bundle=2)) == {"no such team or day"}
    assert found(with_tour(plan, day=7)) == {"no such team or day"}


def test_a_plan_may_not_claim_better_travel_times_than_it_had(plan):
    boast = replace(plan, provenance=replace(plan.provenance, quality="road"))
    assert found(boast) == {"other travel times than the plan says"}


def test_an_unsound_plan_is_not_handed_out(plan):
    with pytest.raises(PlanUnsound, match="1 faults"):
        must_be_sound(PROBLEM, matrices_of(PROBLEM, CROW), with_tour(plan, travel_m=0))
