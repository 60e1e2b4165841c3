"""Logs tell what failed and where, and never what somebody typed."""

import io
import json
import logging

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from backend.logs import Discreet, places
from tests.makers import a_unit

SECRETS = ("王小明", "13800138000", "wang.xiaoming")


@pytest.fixture
def failure(session) -> Exception:
    """A name that is taken, as the database complains of it."""
    unit = a_unit(session)
    new = text(
        "insert into people (id, unit_id, name, username, active, sample) values (gen_random_uuid(), :unit, :name, :user, true, false)"
    )
    values = {"unit": unit.id, "name": SECRETS[0], "user": SECRETS[2]}
    session.execute(new, values)
    with pytest.raises(IntegrityError) as refused:
        session.execute(new, values)
    assert SECRETS[2] in str(refused.value)
    return refused.value


def wrapped(failure: Exception) -> RuntimeError:
    try:
        raise RuntimeError(f"no message for {SECRETS[1]}") from failure
    except RuntimeError as error:
        return error


def test_an_error_is_told_by_its_kinds_and_places_without_its_message(failure):
    error = wrapped(failure)
    told = places((type(error), error, error.__traceback__))
    assert [line for line in told.splitlines() if not line.startswith(" ")] == [
        "RuntimeError", "IntegrityError", "UniqueViolation 23505 people_username_key",
    ]  # fmt: skip
    assert "tests/ground/test_logs.py" in told
    assert not any(secret in told for secret in SECRETS)


def test_our_own_lines_and_those_of_libraries_keep_to_it(failure):
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(Discreet("%(message)s"))
    library = logging.Logger("a library")
    library.addHandler(handler)
    library.error("it broke", exc_info=wrapped(failure))
    renderer = structlog.processors.ExceptionRenderer(places)
    ours = renderer(None, "error", {"event": "it_broke", "exc_info": wrapped(failure)})
    for told in (written.getvalue(), json.dumps(ours, ensure_ascii=False)):
        assert "UniqueViolation" in told
        assert not any(secret in told for secret in SECRETS)
