"""A desk at the console as the demo plays it: signs in, presses the buttons that a person would press."""

import re
from typing import Any

from backend.demo.http import Caller

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class Desk:
    """Somebody signed in at the console."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.caller = Caller(url)
        self.username = username
        form = {"username": username, "password": password}
        self.caller.ask("POST", "/console/sign-in", data=form, allow_redirects=False)
        page = self.caller.ask("GET", "/console/", headers={"Accept": "text/html"})
        self.csrf = CSRF.findall(page.text)[0]

    def people_named(self, name: str) -> list[dict[str, Any]]:
        """Everybody of exactly this name, those with visits to do before their namesakes."""
        return [person for person in self.see(f"/console/people?q={name}")["people"] if person["name"] == name]

    def code_for(self, person: str) -> str:
        """An enrolment code for this person's phone."""
        return str(self.press_for(f"/console/people/{person}/enrolment")["code"])

    def see(self, path: str) -> Any:
        """A page as JSON."""
        return self.caller.json("GET", path)

    def press(self, path: str, **form: Any) -> str:
        """Send a form. Returns where it led, as a path."""
        response = self.caller.ask("POST", path, data={"csrf": self.csrf, **form}, allow_redirects=False)
        return response.headers.get("Location", "")

    def press_for(self, path: str, **form: Any) -> Any:
        """Send a form whose answer is a page; the page as JSON."""
        return self.caller.json("POST", path, data={"csrf": self.csrf, **form})
