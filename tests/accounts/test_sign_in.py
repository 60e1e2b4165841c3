"""Signing in at the console: by name and password, limited, protected against forged forms."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts import commands, queries
from backend.accounts.rules import Role
from tests.makers import PASSWORD, a_unit, an_actor


@pytest.fixture
def person(session: Session):
    actor = an_actor(session, a_unit(session), Role.AUDITOR)
    return session.get(commands.Person, actor.person_id)


def sign_in(client: FlaskClient, username: str, password: str, **more):
    return client.post("/console/sign-in", data={"username": username, "password": password}, **more)


def test_the_right_password_opens_the_console(client, person):
    answer = sign_in(client, person.username, PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console/")
    cookie = client.get_cookie("fieldlot")
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD.upper()])
def test_a_wrong_password_is_refused_without_telling_what_was_wrong(client, person, password):
    known = sign_in(client, person.username, password).get_json()
    unknown = sign_in(client, "nobody", password).get_json()
    assert known["code"] == unknown["code"] == "wrong-sign-in"


def test_guessing_is_limited_and_another_place_can_still_sign_in(client, person):
    codes = [sign_in(client, person.username, "wrong").status_code for _ in range(12)]
    assert codes[:10] == [401] * 10
    assert codes[10:] == [429] * 2
    there = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert sign_in(client, person.username, PASSWORD, **there).status_code == 303


def test_a_form_from_another_site_is_refused(client, person):
    answer = sign_in(client, person.username, PASSWORD, headers={"Origin": "https://elsewhere.example"})
    assert answer.get_json()["code"] == "cross-site"


def test_signing_out_needs_the_sessions_token_and_ends_it(client, person, session):
    sign_in(client, person.username, PASSWORD)
    secret = client.get_cookie("fieldlot").value
    assert client.post("/console/sign-out").get_json()["code"] == "cross-site"
    _, csrf = queries.actor_of_session(session, secret)
    assert client.post("/console/sign-out", data={"csrf": csrf}).status_code == 303
    assert queries.actor_of_session(session, secret) is None


def test_nobody_is_sent_off_the_console_after_signing_in(client, person):
    answer = client.post(
        "/console/sign-in", data={"username": person.username, "password": PASSWORD, "next": "//evil.example/"}
    )
    assert answer.headers["Location"] == "/console/"
