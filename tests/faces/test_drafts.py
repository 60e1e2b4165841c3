"""A drafted round in the console: its preview, how many are needed, a changed aim; a plan's numbers, and what the public reads of both."""

import pytest

from backend.accounts.rules import Role
from tests.faces.desks import Desk
from tests.makers import Ceremony, a_scored_district

AIM = {"reserve": "2", **{f"weight_{name}": "1" for name in "ABCD"}}


@pytest.fixture
def unit(session):
    return a_scored_district(session)


@pytest.fixture
def draft(session, unit):
    """A drafted round."""
    round_ = Ceremony(session, unit).a_round()
    session.commit()
    return round_


@pytest.fixture
def planner(app, session, unit):
    return Desk(app, session, unit, Role.PLAN_MANAGER, name="planner")


def test_a_draft_shows_what_it_would_mean_and_how_many_are_needed(planner, draft):
    page = f"/console/rounds/{draft.id}"
    assert "冻结前预览" in planner.see(page).text
    needed = planner.json(f"{page}?rate=50&width=13")["preview"]["needed"]
    assert 40 < needed < 60
    assert f"抽 {needed} 户" in planner.see(f"{page}?rate=50&width=13").text
    assert "即使全部抽取也达不到" in planner.see(f"{page}?rate=50&width=1").text
    assert "Before freezing" in planner.see(page, "en").text
    assert planner.client.get(f"{page}?rate=200").status_code == 422


def test_a_planner_changes_the_aim_and_an_operator_may_not(app, session, unit, planner, draft):
    revise = f"/console/rounds/{draft.id}/revise"
    assert planner.press(revise, n="9", **AIM).status_code == 303
    assert planner.json(f"/console/rounds/{draft.id}")["round"]["n"] == 9
    operator = Desk(app, session, unit, Role.DRAW_OPERATOR, name="operator")
    assert operator.press(revise, n="9", **AIM).status_code == 403
    assert revise not in operator.buttons(f"/console/rounds/{draft.id}")


def test_a_plan_s_numbers_are_its_own_and_bad_ones_are_refused(planner):
    assert planner.press("/console/plans", title="计划", year="2026", rounds="0").status_code == 422
    made = planner.press("/console/plans", title="计划", year="2026", new_for_days="90", rounds="4").location
    told = planner.json(made)["plan"]["terms"]
    assert told == {"new_for_days": 90, "usual_cap": 1, "rounds": 4}


def test_the_public_reads_a_round_s_plan_what_was_kept_out_and_what_was_accepted(session, unit, client):
    ceremony = Ceremony(session, unit)
    ceremony.draw(ceremony.a_round())
    second = ceremony.a_round()
    ceremony.draw(second)
    second.accepted = {"by": "county_supervisor@HT", "reason": "小样本演练"}
    session.commit()
    text = client.get(f"/rounds/{second.code}", headers={"Accept": "text/html"}).text
    for words in ("本年度已检查", "新设立 180 天内不抽", "小样本演练", "餐饮检查计划"):
        assert words in text
