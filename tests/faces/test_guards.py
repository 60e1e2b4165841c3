"""Nobody enters without a role, no form counts without the session's token, and refusals can be read."""

import uuid

import pytest

from backend.accounts.commands import enter_person
from backend.accounts.rules import Role, anyone, signed_in
from backend.web import SAFE, keeper_of
from tests.faces.desks import HTML, JSON, Desk
from tests.makers import PASSWORD, a_unit


def routes(app, method: str) -> list[str]:
    """Addresses of the console's guarded routes for a method, with ids that nothing has."""
    fill = {"uuid": str(uuid.UUID(int=0)), "default": "x"}
    found = []
    for rule in app.url_map.iter_rules():
        keeper = keeper_of(app, rule, method)
        if rule.rule.startswith("/console") and method in rule.methods and keeper not in (anyone, signed_in):
            values = {name: fill["uuid" if name.endswith("_id") else "default"] for name in rule.arguments}
            found.append(app.url_map.bind("localhost").build(rule.endpoint, values))
    return found


@pytest.fixture
def unit(session):
    return a_unit(session)


def test_every_form_is_refused_without_a_role_or_without_the_token(app, session, unit):
    desk = Desk(app, session, unit, Role.MODEL_MANAGER)
    forms = routes(app, "POST")
    assert len(forms) >= 15
    for path in forms:
        assert desk.client.post(path, headers=JSON).get_json()["code"] == "cross-site", path
        refused = desk.press(path)
        assert (refused.status_code, "没有权限" in refused.text) == (403, True), path


def test_every_page_is_closed_to_those_whose_work_is_elsewhere(app, session, unit):
    client = app.test_client()
    for path in routes(app, "GET"):
        answer = client.get(path, headers=HTML)
        assert answer.status_code == 303, path
        assert answer.location == f"/console/sign-in?next={path}"
        assert client.get(path, headers=JSON).get_json()["code"] == "not-signed-in"


def test_an_inspector_who_signs_in_is_told_that_the_console_is_not_theirs(app, session, unit):
    enter_person(session, unit=unit, name="i", username="i", password=PASSWORD, roles=(Role.INSPECTOR,))
    client = app.test_client()
    client.post("/console/sign-in", data={"username": "i", "password": PASSWORD})
    for path in routes(app, "GET"):
        answer = client.get(path, headers=HTML)
        assert (answer.status_code, "没有权限" in answer.text) == (403, True), path


def test_a_wrong_password_is_explained_beside_the_form(client, session, unit):
    Desk(client.application, session, unit, Role.AUDITOR, name="auditor")
    answer = client.post("/console/sign-in", data={"username": "auditor", "password": "x"}, headers=HTML)
    assert answer.status_code == 401
    assert 'role="alert"' in answer.text
    assert 'value="auditor"' in answer.text


def test_a_problem_is_a_readable_page_for_people_and_json_for_programs(client):
    page = client.get("/notices/none", headers=HTML)
    assert (page.status_code, "没有找到" in page.text) == (404, True)
    told = client.get("/notices/none", headers=JSON)
    assert (told.mimetype, told.get_json()["en"]["title"]) == ("application/problem+json", "Not found")


def test_methods_that_read_change_nothing(app):
    changing = [rule for rule in app.url_map.iter_rules() if (rule.methods or set()) - SAFE]
    assert all("GET" not in rule.methods for rule in changing)
