"""The screens of a checklist's further questions: open, filled with faults, and another version in the middle of the visit."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.canteen import ask_of, publish, publish_newer
from tests.browser.enrolling import unlock_phone
from tests.browser.hand import tick
from tests.browser.rare import UNTOUCHED
from tests.browser.touring import WITHIN_MS, Tour, step
from tests.browser.visiting import photos_of

UNASKED = UNTOUCHED.replace("limit 1", "limit 1 offset 2")
"""A task that no other part works on"""


def further_questions(tour: Tour) -> None:
    """All kinds of questions, some of them answered wrongly; then the newer version."""
    task, person = tour.one(UNASKED)
    code = f"canteen-{tour.album.language}"
    publish(tour.desk, code)
    ask_of(tour.instance, task, code)
    with tour.album.phone() as page:
        tour.enrol(page, person)
        page.goto(f"/field/#/visit/{task}")
        step(page, 2)
        for at in range(2):
            page.locator("article.item").nth(at).locator("label[data-value=yes]").click()
        page.locator("nav.chips .chip").nth(1).click()
        tour.album.see(page, "questions")
        fill(page)
        tour.album.see(page, "questions-filled")
        publish_newer(tour.desk, code)
        page.reload()
        unlock_phone(page)
        page.locator("nav.chips .chip").first.click()
        expect(page.locator("main .notice li")).to_have_count(3, timeout=WITHIN_MS)
        tour.album.see(page, "checklist-changed")
    ask_of(tour.instance, task, "restaurant")


def at(page: Page, path: str) -> Locator:
    """A question by its path."""
    return page.locator(f".question[data-path='{path}']")


def fill(page: Page) -> None:
    """Answers of all kinds; the number and the first row's weight are beyond their bounds."""
    tick(at(page, "stage").get_by_role("radio").first)
    tick(at(page, "meals").get_by_role("checkbox").nth(1))
    at(page, "pupils").locator("input").fill("9000")
    page.locator(".repeat > button").click()
    at(page, "dishes/0/dish").locator("input").fill("红烧肉")
    at(page, "dishes/0/grams").locator("input").fill("100")
    (photo,) = photos_of(1)
    at(page, "menu").locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(at(page, "menu").locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    at(page, "door").get_by_role("button").first.click()
