"""Notices that the privacy filter held back: nobody sees them until a publicity officer releases them with a reason."""

from datetime import date

import pytest
from sqlalchemy import select

from backend.accounts.rules import Role
from backend.disclosure.commands import publish_notice, release_notice
from backend.disclosure.models import Notice, NoticeState
from backend.disclosure.queries import held_notices, notices
from backend.ledger import events_of
from backend.problems import BadInput, NotAllowed
from backend.registry.calendar import seed_calendar
from tests.faces.desks import Desk, a_unit_elsewhere
from tests.makers import a_unit, an_actor

WORDS = {"remark": "联系电话 13812345678"}


@pytest.fixture
def unit(session):
    seed_calendar(session, 2026, 2027)
    return a_unit(session)


@pytest.fixture
def held(session, unit) -> Notice:
    return publish_notice(session, number="P-1", kind="plan", subject="1", title="计划", body=WORDS, words="计划",
                          occurred_on=date(2026, 11, 20), unit=unit, district=unit.district)  # fmt: skip


def test_a_held_notice_is_not_public_and_says_what_was_found(session, unit, held):
    officer = an_actor(session, unit, Role.PUBLICITY_OFFICER)
    assert notices(session) == []
    assert [(n.number, n.found) for n in held_notices(session, officer)] == [("P-1", ["mobile"])]


def test_a_release_needs_a_reason_and_an_officer_of_the_unit_and_is_recorded(session, unit, held):
    officer = an_actor(session, unit, Role.PUBLICITY_OFFICER)
    stranger = an_actor(session, a_unit_elsewhere(session), Role.PUBLICITY_OFFICER)
    with pytest.raises(NotAllowed):
        release_notice(session, actor=stranger, notice_id=held.id, reason="这是服务热线")
    with pytest.raises(BadInput):
        release_notice(session, actor=officer, notice_id=held.id, reason=" ")
    assert held_notices(session, stranger) == []
    for _ in range(2):
        release_notice(session, actor=officer, notice_id=held.id, reason="这是服务热线，不是个人号码")
    assert session.scalars(select(Notice.state)).all() == [NoticeState.PUBLISHED]
    session.commit()
    assert [event["name"] for event in events_of(session, str(held.id))] == ["notice.published", "notice.held"]


def test_the_console_shows_what_is_held_and_releases_it(app, session, unit, held):
    officer = Desk(app, session, unit, Role.PUBLICITY_OFFICER)
    assert "/console/notices" in officer.see("/console/").text
    [release] = officer.buttons("/console/notices")
    assert officer.press(release, reason="").status_code == 422
    assert officer.press(release, reason="服务热线，不是个人号码").status_code == 303
    assert "notice-ok" in officer.see("/console/notices").text
    assert officer.client.get("/notices/P-1", headers={"Accept": "application/json"}).status_code == 200
