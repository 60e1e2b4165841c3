"""Both lots held through the pages alone: each person sees only their own button, and only when it is time."""

from datetime import timedelta

import pytest

from backend.accounts.models import Unit
from backend.accounts.rules import Role
from backend.times import local_today
from tests.faces.desks import Desk
from tests.makers import DICE, a_scored_district
from tests.standing import standing


@pytest.fixture(scope="module")
def ground(services):
    with standing(lambda session: a_scored_district(session).id) as ground:
        yield ground


@pytest.fixture
def desks(app, session, ground):
    unit = session.get_one(Unit, ground[1])
    roles = {"planner": Role.PLAN_MANAGER, "supervisor": Role.COUNTY_SUPERVISOR, "operator": Role.DRAW_OPERATOR,
             "one": Role.WITNESS, "two": Role.WITNESS}  # fmt: skip
    return {name: Desk(app, session, unit, role, name=name) for name, role in roles.items()}


def a_round(desks) -> str:
    """A plan drafted, approved, and a round of it. Returns the round's page."""
    plan = desks["planner"].press("/console/plans", year="2026", title="餐饮检查").location
    assert desks["supervisor"].buttons(plan) == []
    desks["planner"].press(f"{plan}/file")
    assert desks["planner"].buttons(plan) == []
    assert desks["supervisor"].buttons(plan) == [f"{plan}/publish"]
    desks["supervisor"].press(f"{plan}/publish")
    starts = local_today() + timedelta(days=1)
    form = {"title": "第一批", "item": "610701000101", "n": "6", "reserve": "2", "starts": starts, "food": "1",
            "ends": starts + timedelta(days=14)}  # fmt: skip
    return desks["planner"].press(f"{plan}/rounds", **form).location


def roll(desks, page: str) -> str:
    """Enter dice and have them witnessed. Returns the lot's address."""
    operator = desks["operator"]
    [enter] = operator.buttons(page)
    operator.press(enter, dice=DICE)
    lot = enter.removesuffix("/dice")
    assert operator.buttons(page) == []
    for witness in (desks["one"], desks["two"]):
        assert witness.buttons(page) == [f"{lot}/witness"]
        witness.press(f"{lot}/witness")
        assert witness.buttons(page) == []
    return lot


def test_a_round_goes_from_plan_to_tasks_one_button_at_a_time(desks, drain):
    page, operator = a_round(desks), desks["operator"]
    for step in ("freeze", "commit"):
        assert operator.buttons(page) == [f"{page}/{step}"]
        assert operator.press(f"{page}/{step}").location == page
    lot = roll(desks, page)
    assert operator.buttons(page) == [f"{lot}/draw"]
    operator.press(f"{lot}/draw")
    assert 'http-equiv="refresh"' in operator.see(page).text
    drain()
    assert operator.buttons(page) == [f"{page}/commit-teams"]
    operator.press(f"{page}/commit-teams")
    lot = roll(desks, page)
    assert operator.buttons(page) == [f"{lot}/match"]
    operator.press(f"{lot}/match")
    drain()
    told = operator.json(page)
    assert (told["round"]["state"], len(told["tasks"]), operator.buttons(page)) == ("matched", 6, [])


def test_a_step_out_of_turn_is_explained_and_changes_nothing(desks):
    page, operator = a_round(desks), desks["operator"]
    refused = operator.press(f"{page}/commit")
    assert refused.status_code == 409
    assert "状态不允许" in refused.text
    assert operator.json(page)["round"]["state"] == "draft"


@pytest.mark.parametrize("dice", ["", "7" * 20, "1" * 19, "zwanzig"])
def test_dice_that_cannot_be_are_refused_in_words(desks, dice):
    page, operator = a_round(desks), desks["operator"]
    for step in ("freeze", "commit"):
        operator.press(f"{page}/{step}")
    [enter] = operator.buttons(page)
    refused = operator.press(enter, dice=dice)
    assert refused.status_code == 422
    assert "20 digits of 1–6" in refused.text


@pytest.mark.parametrize(
    "wrong",
    [{"n": "sechs"}, {"n": "²"}, {"n": "0"}, {"n": "1", "min_A": "2"}, {"starts": "31.12.2026"}, {"year": "26"}],
)
def test_a_form_filled_wrongly_names_the_field(desks, wrong):
    if "year" in wrong:
        answer = desks["planner"].press("/console/plans", title="x", **wrong)
    else:
        plan = desks["planner"].press("/console/plans", year="2026", title="餐饮检查").location
        desks["planner"].press(f"{plan}/file")
        desks["supervisor"].press(f"{plan}/publish")
        form = {"title": "", "item": "610701000101", "n": "6", "starts": "2026-12-01", "ends": "2026-12-20"}
        answer = desks["planner"].press(f"{plan}/rounds", **{**form, **wrong})
    assert answer.status_code == 422
    assert f"<strong>{next(iter(wrong))}</strong>" in answer.text
