"""People at the console as tests play them: signed in by the form, pressing the buttons that a page shows."""

import re

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.commands import enter_person, enter_unit
from backend.accounts.models import Level, Unit
from backend.accounts.rules import Role
from tests.makers import PASSWORD

HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"')


class Desk:
    """Somebody signed in at the console of a unit, with these roles."""

    def __init__(self, app: Flask, session: Session, unit: Unit, *roles: Role, name: str = "desk") -> None:
        person = enter_person(session, unit=unit, name=name, username=name, password=PASSWORD, roles=roles)
        session.flush()
        self.person_id = person.id
        self.client = app.test_client()
        answer = self.client.post("/console/sign-in", data={"username": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        self.csrf = CSRF.search(self.see("/console/").text)[1]

    def see(self, path: str, language: str = "zh") -> TestResponse:
        """A page as a browser gets it."""
        return self.client.get(path, headers={**HTML, "Accept-Language": language})

    def json(self, path: str):
        """The same page as a script gets it."""
        return self.client.get(path, headers=JSON).get_json()

    def buttons(self, path: str) -> list[str]:
        """Where the forms of a page lead."""
        return [action for action in FORM.findall(self.see(path).text) if action != "/console/sign-out"]

    def press(self, path: str, **form: object) -> TestResponse:
        """Send a form with the session's token."""
        return self.client.post(path, data={"csrf": self.csrf, **form}, headers=HTML)


def every_role() -> list[Role]:
    """All the roles that see the console."""
    return [role for role in Role if role not in (Role.INSPECTOR, Role.EXPERT, Role.ENTITY_OWNER)]


def a_unit_elsewhere(session: Session) -> Unit:
    """A bureau of another county."""
    return enter_unit(session, code="YX", name="洋县市场监管局", level=Level.COUNTY, district="610723", department="SAMR",
                      parent=None, lon=107.5, lat=33.2)  # fmt: skip
