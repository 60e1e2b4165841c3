"""Logs of phones: kept for a month, and nothing in them that could name a person."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from structlog.testing import capture_logs

from backend.inspections.aside.device_log import NUMBERS, WORDS, allowed
from backend.inspections.aside.expiry import LOGS_KEPT, expire_aside
from backend.inspections.aside.models import DeviceLogEntry
from backend.times import utc_now

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).isoformat()


def an_entry(**fields) -> dict:
    return {"at": AT, "level": "error", "event": "send_failed", "fields": fields}


def test_entries_are_kept_and_stand_in_the_servers_log(session, phone):
    with capture_logs() as logs:
        answer = phone.post("/v1/device-log", json={"entries": [an_entry(code="photos-missing", retries=3)]})
    assert (answer.status_code, answer.get_json()) == (200, {"kept": 1, "fields_left_out": 0})
    kept = session.scalars(select(DeviceLogEntry)).one()
    assert (kept.event, kept.fields) == ("send_failed", {"code": "photos-missing", "retries": 3})
    (told,) = [line for line in logs if line["event"] == "phone_noticed"]
    assert (told["phone_event"], told["phone_code"], told["phone_retries"]) == ("send_failed", "photos-missing", 3)


@pytest.mark.parametrize("fields", [{"name": "张三"}, {"code": "张三"}, {"reason": "He was not in"}, {"lon": 107.1},
                                    {"status": "200"}, {"count": True}, {"code": {"a": 1}}])  # fmt: skip
def test_what_could_name_a_person_is_left_out(session, phone, fields):
    answer = phone.post("/v1/device-log", json={"entries": [an_entry(**fields)]})
    assert answer.get_json() == {"kept": 1, "fields_left_out": 1}
    assert session.scalars(select(DeviceLogEntry)).one().fields == {}


@given(st.dictionaries(st.sampled_from(sorted(WORDS | NUMBERS)) | st.text(), st.text() | st.integers() | st.booleans()))
def test_no_word_that_is_kept_has_a_space_or_a_chinese_character(fields):
    for name, value in allowed(fields).items():
        assert name in WORDS | NUMBERS
        assert isinstance(value, int) or (value.isascii() and " " not in value)


def test_sentences_are_no_events_and_two_hundred_entries_are_the_most(phone):
    sentence = {**an_entry(), "event": "Photo of Mr Zhang failed"}
    assert phone.post("/v1/device-log", json={"entries": [sentence]}).status_code == 422
    assert phone.post("/v1/device-log", json={"entries": [an_entry()] * 201}).status_code == 422


def test_logs_are_forgotten_after_a_month(session, phone):
    phone.post("/v1/device-log", json={"entries": [an_entry()]})
    assert expire_aside(session, utc_now() + LOGS_KEPT - timedelta(hours=1))["device_log"] == 0
    assert expire_aside(session, utc_now() + LOGS_KEPT + timedelta(hours=1))["device_log"] == 1
