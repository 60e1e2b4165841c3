"""The board, the ledger's own check, and deliveries that failed for good."""

import uuid

import pytest
from sqlalchemy import text

from backend import ledger
from backend.accounts.rules import Role
from backend.ledger import Delivery
from tests.faces.desks import Desk
from tests.makers import a_unit


@pytest.fixture
def unit(session):
    return a_unit(session)


def test_a_dead_letter_is_shown_and_tried_again_only_once(app, session, unit):
    event = ledger.record(session, "plan.published", uuid.uuid4())
    session.commit()
    session.add(Delivery(event_id=event, reaction="disclosure.publish_plan", state="dead", attempts=8, error="no term"))
    session.commit()
    desk, reviewer = (
        Desk(app, session, unit, role, name=role.value) for role in (Role.COUNTY_SUPERVISOR, Role.REVIEWER)
    )
    again = f"/console/dead-letters/{event}/disclosure.publish_plan"
    assert "no term" in desk.see("/console/dead-letters").text
    assert "/console/dead-letters" in desk.see("/console/").text
    assert (reviewer.buttons("/console/dead-letters"), desk.buttons("/console/dead-letters")) == ([], [again])
    assert desk.press(again).status_code == 303
    assert desk.press(again).status_code == 404
    assert desk.json("/console/dead-letters")["letters"] == []


def test_the_ledger_is_verified_by_a_button_and_an_altered_chain_is_named(app, session, unit):
    auditor = Desk(app, session, unit, Role.AUDITOR)
    assert "notice-ok" in auditor.press("/console/ledger/verify").text
    [event] = auditor.json(f"/console/ledger?subject={auditor.person_id}")["events"]
    assert event["name"] == "person.signed_in"
    session.execute(text("update chain_heads set hash = 'x' where chain = :chain"), {"chain": event["chain"]})
    verdict = auditor.press("/console/ledger/verify").text
    assert "notice-error" in verdict
    assert event["chain"] in verdict


def test_the_sample_is_marked_as_invented_and_nothing_else_is(app, session, unit):
    desk = Desk(app, session, unit, Role.AUDITOR)
    assert "sample-banner" not in desk.see("/").text + desk.see("/console/").text
    session.execute(text("update people set sample = true"))
    assert all("sample-banner" in desk.see(path).text for path in ("/", "/console/", "/lots"))
