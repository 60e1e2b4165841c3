"""A submission's answers meet the form of its checklist: what is relevant is asked, the rest neither missed nor counted."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from backend.accounts.rules import Role
from backend.inspections import forms
from backend.inspections.commands import faults_of
from backend.registry.checklists import publish_checklist
from backend.registry.forms.compile import compile_workbook
from backend.times import local_today
from tests.makers import a_unit, an_actor
from tests.registry.forms import SETTINGS, a_workbook

SURVEY = [
    {"type": "begin_group", "name": "A", "label": "甲"},
    {"type": "select_one judgement", "name": "fries", "label": "煎炸油", "item_no": 1, "key_item": "*", "photo_rule": "ON_FAIL",
     "relevant": "${frying} = 'yes'"},
    {"type": "select_one judgement", "name": "clean", "label": "清洁", "item_no": 2},
    {"type": "end_group"},
    {"type": "select_one judgement", "name": "frying", "label": "有煎炸吗", "required": "yes"},
    {"type": "decimal", "name": "heat", "label": "油温", "constraint": ". < 250", "constraint_message": "油温过高"},
    {"type": "image", "name": "plan", "label": "平面图"},
]  # fmt: skip
CHECKLIST = compile_workbook("tried.xlsx", a_workbook(SURVEY)).body


def a_body(items: dict[int, str], further: dict, **more) -> dict:
    answers = [{"item": no, "value": value, "remark": ""} for no, value in items.items()]
    return {
        "answers": answers, "form_answers": further, "photos": [], "signatures": [{"role": "entity", "name": "甲"}],
        "started_at": datetime(2026, 11, 23, 2, tzinfo=UTC), "clock_offset_ms": 0, **more,
    }  # fmt: skip


def places(body: dict) -> list[tuple]:
    return [(fault["item"], fault.get("path"), fault["code"]) for fault in faults_of(forms.judged(CHECKLIST, body))]


def test_an_item_that_is_not_relevant_is_neither_missed_nor_counted():
    body = a_body({1: "no", 2: "yes"}, {"frying": "no"})
    assert places(body) == []
    form = forms.filled(CHECKLIST, body)
    assert [item.no for item in forms.judged_by(CHECKLIST, form).items] == [2]
    assert [answer["item"] for answer in forms.asked_answers(CHECKLIST, form, body)] == [2]


def test_a_relevant_item_is_asked_for_with_its_photo():
    assert places(a_body({2: "yes"}, {"frying": "yes"})) == [(1, None, "missing")]
    assert places(a_body({1: "no", 2: "yes"}, {"frying": "yes"})) == [(1, None, "photo")]


@pytest.mark.parametrize(
    ("further", "fault"),
    [
        ({}, (None, "frying", "required")),
        ({"frying": "no", "heat": 300}, (None, "heat", "constraint")),
        ({"frying": "no", "heat": "hot"}, (None, "heat", "type")),
        ({"frying": "perhaps"}, (None, "frying", "choice")),
        ({"frying": "no", "guessed": 1}, (None, "guessed", "unknown")),
        ({"frying": "no", "plan": str(uuid4())}, (None, "plan", "photo")),
    ],
)
def test_what_the_form_refuses_is_told_by_its_place(further, fault):
    assert places(a_body({2: "yes"}, further)) == [fault]


def test_the_workbooks_own_words_come_with_the_fault():
    (fault,) = faults_of(forms.judged(CHECKLIST, a_body({2: "yes"}, {"frying": "no", "heat": 300})))
    assert fault["message"]["zh"] == "油温过高"


def test_a_picture_of_this_submission_is_taken():
    photo = {"id": uuid4(), "item": None, "sha256": "ab" * 32}
    assert places(a_body({2: "yes"}, {"frying": "no", "plan": str(photo["id"])}, photos=[photo])) == []


def test_nothing_is_required_where_the_visit_could_not_take_place():
    body = a_body({}, {}, result_code="R04", photos=[{"id": uuid4(), "item": None, "sha256": "ab" * 32}])
    assert places(body) == []


def test_the_day_of_the_visit_is_local_and_by_the_servers_clock():
    late = datetime(2026, 11, 23, 15, 59, tzinfo=UTC)
    assert forms.day_of_visit({"started_at": late, "clock_offset_ms": 0}) == date(2026, 11, 23)
    assert forms.day_of_visit({"started_at": late, "clock_offset_ms": -60_000}) == date(2026, 11, 24)


def test_the_version_valid_on_the_day_of_the_visit_judges_and_another_is_refused(session):
    actor = an_actor(session, a_unit(session), Role.UNIT_ADMINISTRATOR)
    tomorrow = local_today() + timedelta(days=1)
    old, new = (
        publish_checklist(session, file="t.xlsx", data=a_workbook(SURVEY, settings={**SETTINGS, **given}), actor=actor)[
            0
        ]
        for given in ({}, {"version": "2", "valid_from": str(tomorrow)})
    )
    started = datetime.now(UTC) + timedelta(days=1)
    body = {"started_at": started, "clock_offset_ms": 0, "checklist_id": old.id}
    task = SimpleNamespace(checklist=old)
    with pytest.raises(forms.ChecklistChanged) as refused:
        forms.judging_checklist(session, task, body)
    assert refused.value.facts["checklist_id"] == str(new.id)
    assert forms.judging_checklist(session, task, {**body, "checklist_id": new.id}).id == new.id
    assert forms.judging_checklist(session, task, {**body, "started_at": datetime.now(UTC)}).id == old.id
