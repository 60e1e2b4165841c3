"""What walks through the phone's screens have at hand: an album, the instance it is about, codes for phones; steps."""

from playwright.sync_api import Page, expect

from backend.demo.desk import Desk
from tests.browser.album import Album
from tests.browser.conftest import PASSWORD
from tests.browser.enrolling import PIN
from tests.browser.instance import Instance
from tests.browser.test_revoked import rows

WITHIN_MS = 30_000


class Tour:
    """An album, the instance it is about, and the administrator who shows codes to phones."""

    def __init__(self, album: Album, instance: Instance) -> None:
        self.album, self.instance = album, instance
        self.desk = Desk(instance.url, "admin", PASSWORD)

    def one(self, question: str) -> tuple[str, str]:
        """The first task of this kind, and its leader."""
        (task, person), *_ = rows(self.instance, question)
        return str(task), str(person)

    def code(self, person: str) -> str:
        """A fresh code for this person's phone."""
        return self.desk.code_for(person)

    def enrol(self, page: Page, person: str, name: str | None = None) -> None:
        """Enrol a phone and wait for its day; the form is seen under ``name``."""
        page.goto(f"/field/#enrol={self.code(person)}")
        page.fill("#pin", PIN)
        page.fill("#pin-again", PIN)
        if name:
            self.album.see(page, name)
        page.locator("form button[type=submit]").click()
        expect(page.locator("a.stop").first).to_be_visible(timeout=WITHIN_MS)


def step(page: Page, at: int) -> None:
    """Go to a step of the visit, counted from 0."""
    page.locator(".steps button").nth(at).click()
