"""Whoever oversees asks for a comparison of officers; a job makes it; the page tells it, and only of the own reach."""

import re
from dataclasses import asdict

import pytest

from backend.accounts.rules import Role
from backend.inspections.reviews import confirm_result
from backend.oversight.comparing import ask_comparison, comparison
from backend.oversight.rules import strictness
from backend.oversight.strictness import periods
from backend.problems import NotAllowed
from backend.registry.models import Inspector
from backend.times import utc_now
from tests.faces.desks import Desk
from tests.faces.visits import a_visit
from tests.makers import a_scored_district, an_actor
from tests.oversight.test_strictness import PEOPLE, some_periods

ROW = re.compile("<tr>.*?</tr>", re.DOTALL)

pytestmark = pytest.mark.usefixtures("redis")


@pytest.fixture
def overseer(session):
    """A county's supervisor, and the county."""
    unit = a_scored_district(session, officers=len(PEOPLE))
    return unit, an_actor(session, unit, Role.COUNTY_SUPERVISOR, name="overseer")


def test_nobody_is_compared_before_somebody_asks(session, overseer):
    assert comparison(session, overseer[1]) is None


def test_those_who_draw_or_inspect_may_not_compare(session, overseer):
    for role in (Role.INSPECTOR, Role.DRAW_OPERATOR, Role.PLAN_MANAGER):
        with pytest.raises(NotAllowed):
            ask_comparison(session, actor=an_actor(session, overseer[0], role))


def test_asking_twice_while_it_is_made_asks_once(session, overseer):
    first = ask_comparison(session, actor=overseer[1])
    assert ask_comparison(session, actor=overseer[1]).id == first.id


def test_the_worker_makes_the_comparison_from_confirmed_visits(session, overseer, drain):
    unit, county = overseer
    visited = a_visit(session, unit, drain)
    confirm_result(session, actor=an_actor(session, unit, Role.REVIEWER), submission_id=visited.submission_id)
    ask_comparison(session, actor=county)
    drain()
    told = comparison(session, county)
    assert (told.lots, told.visits, told.officers) == (1, 1, [])


def test_visits_of_another_county_do_not_enter(session, overseer, drain):
    unit, _ = overseer
    visited = a_visit(session, unit, drain)
    confirm_result(session, actor=an_actor(session, unit, Role.REVIEWER), submission_id=visited.submission_id)
    assert periods(session, "610799") == []
    assert len(periods(session, unit.district)) == 1


@pytest.fixture
def told_of_a_strict_officer(session, overseer):
    """A report as the job leaves it, of a year in which one of twelve officers is strict; tells that officer's name."""
    officers = session.query(Inspector).order_by(Inspector.card_no).all()
    ids = {strict: officer.id for strict, officer in zip(PEOPLE.values(), officers, strict=True)}
    report = ask_comparison(session, actor=overseer[1])
    told = strictness(some_periods(40, {"i03": 0.35}), replays=399)
    report.rows = [{**asdict(one), "inspector": str(ids[one.inspector])} for one in told]
    report.lots, report.visits, report.done_at = 40, 1200, utc_now()
    session.commit()
    return officers[3].person.name


def test_the_page_names_who_stands_out_in_both_languages(app, session, overseer, told_of_a_strict_officer):
    desk = Desk(app, session, overseer[0], Role.COUNTY_SUPERVISOR)
    for language, mark in (("zh", "明显偏多"), ("en", "clearly more")):
        first, *_ = [row for row in ROW.findall(desk.see("/console/strictness", language).text) if mark in row]
        assert told_of_a_strict_officer in first


def test_the_page_is_closed_to_those_who_draw_and_offers_its_button_to_those_who_oversee(app, session, overseer):
    assert Desk(app, session, overseer[0], Role.DRAW_OPERATOR).see("/console/strictness").status_code == 403
    desk = Desk(app, session, overseer[0], Role.COUNTY_SUPERVISOR, name="county")
    assert desk.buttons("/console/strictness") == ["/console/strictness"]
    assert desk.press("/console/strictness").status_code == 303
    assert "正在重放抽签" in desk.see("/console/strictness").text
    assert desk.buttons("/console/strictness") == []
