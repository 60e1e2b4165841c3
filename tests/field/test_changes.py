"""Pulling changes: what is new comes once its writer has committed, late writers included; nothing of others ever."""

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import create_engine, text

from backend.config import settings
from backend.inspections import pulls
from backend.registry.checklist_restaurant import restaurant_checklist
from backend.registry.checklists import keep_checklist
from backend.registry.forms.compile import Compiled
from backend.registry.models import Entity
from backend.times import local, local_today, utc_now
from tests.makers import an_actor


def changes(phone, since: str | None = None) -> dict:
    return phone.get("/v1/changes", query_string={"since": since} if since else {}).get_json()


@pytest.fixture
def foreign(services):
    """Makes connections beside the test's own; closed, and their transactions rolled back, at its end."""
    engine = create_engine(settings().database_url)
    yield engine.connect
    engine.dispose()


def test_the_first_pull_is_whole_and_names_what_is_visible(phone, task):
    first = changes(phone)
    assert first["fresh"]
    assert [t["id"] for t in first["tasks"]] == first["visible"]
    assert str(task.id) in first["visible"]


def test_a_correction_of_the_entity_comes_with_the_next_pull(session, phone, task):
    token = changes(phone)["token"]
    session.get(Entity, task.entity_id).name = "改名饭店"
    session.commit()
    later = changes(phone, token)
    assert not later["fresh"]
    assert "改名饭店" in [t["entity"]["name"] for t in later["tasks"] if t["id"] == str(task.id)]


def test_a_task_called_off_is_visible_no_longer(session, phone, task):
    token = changes(phone)["token"]
    task.state = "cancelled"
    session.commit()
    assert str(task.id) not in changes(phone, token)["visible"]


def test_a_new_version_of_the_checklist_comes_with_the_next_pull(session, phone, task):
    pulled = changes(phone)
    assert checklist_of(pulled, task) == str(task.checklist_id)
    newer, _ = keep_checklist(session, a_version("2", local_today()), b"", today=local_today())
    keep_checklist(session, a_version("3", task.day + timedelta(days=30)), b"", today=local_today())
    session.commit()
    assert checklist_of(changes(phone, pulled["token"]), task) == str(newer.id)


def test_who_arrived_before_a_version_began_fills_the_one_of_that_day(session, phone, task):
    yesterday = local(utc_now()) - timedelta(days=1)
    arrival = {"id": str(uuid.uuid4()), "at": yesterday.isoformat(), "clock_offset_ms": 0, "lon": None, "lat": None,
               "accuracy": None, "scanned": None, "reason": "无信号"}  # fmt: skip
    assert phone.post(f"/v1/tasks/{task.id}/check-in", json=arrival).status_code in (200, 201)
    keep_checklist(session, a_version("2", local_today()), b"", today=local_today())
    session.commit()
    assert checklist_of(changes(phone), task) == str(task.checklist_id)


def a_version(version: str, day: date) -> Compiled:
    return replace(restaurant_checklist()[1], version=version, valid_from=day, sha256=version * 64)


def checklist_of(pulled: dict, task) -> str:
    return next(told["checklist"]["id"] for told in pulled["tasks"] if told["id"] == str(task.id))


def test_a_token_never_passes_a_writer_that_has_not_committed_yet(session, foreign, unit):
    """The writer began before the pull and commits after it: the token must still lie at or before it."""
    actor = an_actor(session, unit)
    with foreign() as early:
        writer = early.execute(text("select pg_current_xact_id()::text::bigint")).scalar_one()
        _, xid, _ = pulls._read(pulls.pull(session, actor, None).token)
        assert xid <= writer


def test_a_token_of_another_epoch_asks_for_everything(phone, task):
    epoch, xid, at = pulls._read(changes(phone)["token"])
    other = pulls._token(pulls._Horizon("restored-" + epoch, xid, xid, at))
    assert changes(phone, other)["fresh"]
    ahead = pulls._token(pulls._Horizon(epoch, xid + 10**9, xid, at))
    assert changes(phone, ahead)["fresh"]


@pytest.mark.parametrize("token", ["nonsense", "bnVsbA", "W10", "WzEsMiwzXQ", "é"])
def test_a_token_that_is_none_is_refused_by_name(phone, token):
    answer = phone.get("/v1/changes", query_string={"since": token})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "bad-pull-token")
