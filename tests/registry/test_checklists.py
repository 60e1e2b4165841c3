"""Checklists: versions that never change, the one valid on the day, the 38 restaurant checks as a workbook."""

from datetime import date, timedelta

import pytest
from pyxform.xls2xform import convert
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from backend.accounts.rules import Role
from backend.problems import NotFound
from backend.registry import checklists
from backend.registry.checklist_restaurant import restaurant_checklist, ship_restaurant_checklist
from backend.registry.checklists import ChecklistInUse, ChecklistNotTaken
from backend.registry.forms.model import check_answers
from backend.registry.models import Checklist
from backend.times import local_today
from media.canonical import canonical_hash
from tests.faces.visits import a_visit
from tests.makers import a_scored_district, a_unit, an_actor
from tests.registry.forms import SETTINGS, a_workbook

QUESTION = [{"type": "text", "name": "q", "label": "题"}]
TOMORROW = local_today() + timedelta(days=1)


@pytest.fixture
def actor(session):
    return an_actor(session, a_unit(session), Role.UNIT_ADMINISTRATOR)


def publish(session, actor, survey=QUESTION, **settings):
    data = a_workbook(survey, settings={**SETTINGS, **settings})
    return checklists.publish_checklist(session, file="tried.xlsx", data=data, actor=actor)


def test_the_same_workbook_again_changes_nothing(session, actor):
    first, new = publish(session, actor)
    again, newer = publish(session, actor)
    assert (new, newer, again.id) == (True, False, first.id)
    assert first.sha256 == canonical_hash(first.body)


@pytest.mark.parametrize(
    ("survey", "settings"),
    [
        ([{**QUESTION[0], "label": "另一题"}], {}),
        (QUESTION, {"version": "2"}),
        (QUESTION, {"version": "2", "valid_from": str(local_today() - timedelta(days=1))}),
    ],
    ids=["other content under a known version", "two versions from one day", "a new version in the past"],
)
def test_a_version_that_clashes_is_refused(session, actor, survey, settings):
    publish(session, actor)
    with pytest.raises(ChecklistNotTaken):
        publish(session, actor, survey, **settings)


def test_the_version_valid_on_the_day_judges(session, actor):
    first, _ = publish(session, actor)
    second, _ = publish(session, actor, version="2", valid_from=str(TOMORROW))
    assert checklists.version_on(session, "tried", local_today()).id == first.id
    assert checklists.version_on(session, "tried", TOMORROW).id == second.id
    with pytest.raises(NotFound):
        checklists.version_on(session, "tried", date(2025, 12, 31))


def test_a_version_ends_where_its_workbook_says_so(session, actor):
    publish(session, actor, valid_to=str(TOMORROW))
    with pytest.raises(NotFound):
        checklists.version_on(session, "tried", TOMORROW + timedelta(days=1))


@pytest.mark.parametrize("change", ["body = '{}'", "version = '9'", "sha256 = ''", "valid_from = '2020-01-01'"])
def test_the_database_refuses_to_change_a_version(session, actor, change):
    publish(session, actor)
    with pytest.raises(DBAPIError, match="never changed"):
        session.execute(text(f"update checklists set {change}"))


def test_an_unused_version_can_be_withdrawn(session, actor):
    kept, _ = publish(session, actor)
    checklists.withdraw_checklist(session, checklist_id=kept.id, actor=actor)
    assert checklists.checklists(session, on=local_today()) == []


def test_a_version_that_visits_use_stays(session, drain):
    unit = a_scored_district(session)
    task = a_visit(session, unit, drain).task
    with pytest.raises(ChecklistInUse):
        checklists.withdraw_checklist(session, checklist_id=task.checklist_id, actor=an_actor(session, unit))
    assert session.get(Checklist, task.checklist_id) is not None


def test_the_restaurant_checks_ship_as_a_workbook_in_both_languages(session):
    kept = ship_restaurant_checklist(session)
    assert ship_restaurant_checklist(session).id == kept.id
    items = kept.body["items"]
    assert (len(items), sum(item["key"] for item in items)) == (38, 17)
    assert [item["no"] for item in items] == list(range(1, 39))
    assert sum(item["photo"] == "ALWAYS" for item in items) == 20
    assert all(item["text"]["zh"] != item["text"]["en"] for item in items)
    name, workbook = checklists.checklist_workbook(session, kept.id)
    assert name == "restaurant-1.xlsx"
    assert "item_38" in convert(xlsform=workbook).xform


def test_the_restaurant_checks_ask_for_every_item_and_for_readings_only_where_they_apply():
    form = restaurant_checklist()[1].body["form"]
    open_items = check_answers(form, {}, today="2026-11-23")
    assert [fault.path for fault in open_items] == [f"item_{no}" for no in range(1, 39)]
    answers = {f"item_{no}": "na" for no in range(1, 39)} | {"core_temperature": 900}
    assert check_answers(form, answers, today="2026-11-23") == []
    answers["item_17"] = "yes"
    assert [(f.path, f.code) for f in check_answers(form, answers, today="2026-11-23")] == [
        ("core_temperature", "constraint")
    ]
