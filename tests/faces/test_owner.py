"""An entity's owner: their own file and nobody else's, and an objection that somebody answers within the term of law."""

import pytest
from sqlalchemy import select

from backend.accounts.rules import Role
from backend.disclosure.models import Objection
from backend.registry.models import Entity
from tests.faces.desks import Desk, a_unit_elsewhere
from tests.makers import a_scored_district

WORDS = "我单位的许可证已于上月换发，档案中仍是旧证。"


@pytest.fixture
def unit(session):
    return a_scored_district(session, count=3, officers=2)


@pytest.fixture
def theirs(session, unit):
    """The first entity is the owner's; the second is not."""
    return session.scalars(select(Entity.id).order_by(Entity.uscc)).all()[:2]


@pytest.fixture
def owner(app, session, unit, theirs):
    admin = Desk(app, session, unit, Role.UNIT_ADMINISTRATOR, name="admin")
    desk = Desk(app, session, unit, Role.ENTITY_OWNER, name="owner")
    assert admin.press(f"/console/entities/{theirs[0]}/owner", username="owner").status_code == 303
    return desk


@pytest.fixture
def credit(app, session, unit):
    return Desk(app, session, unit, Role.CREDIT_OFFICER, name="credit")


def test_an_owner_is_led_to_their_own_file_with_its_class_and_reasons(owner, theirs):
    assert "/console/mine" in owner.see("/console/").text
    assert owner.see("/console/mine").location.endswith(str(theirs[0]))
    shown = owner.json(f"/console/mine/{theirs[0]}")
    assert shown["scores"][0]["reasons"]
    for language in ("zh", "en"):
        assert "第1饭店" in owner.see(f"/console/mine/{theirs[0]}", language).text


def test_an_owner_sees_nobody_elses_file_and_no_desk_of_the_office(owner, theirs):
    assert owner.see(f"/console/mine/{theirs[1]}").status_code == 404
    assert owner.press(f"/console/mine/{theirs[1]}/objections", about="class", words=WORDS).status_code == 404
    for path in (f"/console/entities/{theirs[0]}", "/console/registry", "/console/objections", "/console/people"):
        assert owner.see(path).status_code == 403, path


def test_an_objection_is_filed_answered_once_and_its_answer_is_read(owner, credit, theirs, session):
    path = f"/console/mine/{theirs[0]}"
    assert owner.press(f"{path}/objections", about="class", words=WORDS).status_code == 303
    [waiting] = credit.json("/console/objections")["objections"]
    assert (waiting["words"], waiting["state"]) == (WORDS, "received")
    objection = session.scalars(select(Objection)).one()
    assert objection.due_on > objection.filed_at.date()
    answer = {"state": "corrected", "answer": "已按新证更正档案，信用类别重新计算。"}
    assert credit.press(f"/console/objections/{objection.id}", **answer).status_code == 303
    assert credit.press(f"/console/objections/{objection.id}", **answer).status_code == 409
    assert answer["answer"] in owner.see(path).text


def test_an_objection_can_be_taken_back_until_it_is_answered(owner, credit, theirs):
    path = f"/console/mine/{theirs[0]}"
    owner.press(f"{path}/objections", about="record", words=WORDS)
    [withdraw] = [button for button in owner.buttons(path) if button.endswith("/withdraw")]
    assert owner.press(withdraw).status_code == 303
    assert owner.press(withdraw).status_code == 409
    assert credit.json("/console/objections")["objections"][0]["state"] == "withdrawn"


def test_an_objection_without_words_or_to_nothing_is_refused(owner, theirs, session):
    path = f"/console/mine/{theirs[0]}/objections"
    assert owner.press(path, about="class", words="短").status_code == 422
    assert owner.press(path, about="no such notice", words=WORDS).status_code == 404
    assert session.scalars(select(Objection)).all() == []


def test_officers_of_another_county_neither_see_nor_answer_it(app, session, owner, theirs):
    owner.press(f"/console/mine/{theirs[0]}/objections", about="class", words=WORDS)
    elsewhere = a_unit_elsewhere(session)
    stranger = Desk(app, session, elsewhere, Role.CREDIT_OFFICER, name="stranger")
    assert stranger.json("/console/objections")["objections"] == []
    objection = session.scalars(select(Objection)).one()
    refused = stranger.press(f"/console/objections/{objection.id}", state="upheld", answer=WORDS)
    assert refused.status_code == 403
    other = Desk(app, session, elsewhere, Role.UNIT_ADMINISTRATOR, name="other admin")
    assert other.press(f"/console/entities/{theirs[0]}/owner", username="owner").status_code == 404


def test_an_account_without_a_business_is_told_whom_to_ask(app, session, unit):
    desk = Desk(app, session, unit, Role.ENTITY_OWNER, name="new")
    assert "属地监管所" in desk.see("/console/mine").text
