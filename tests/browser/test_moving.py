"""A draft moves between two phones of one inspector in browsers: whole, once, and the old phone says where it is."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.enrolling import WITHIN_MS, enrol_phone
from tests.browser.test_revoked import HAND, OPEN, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.walking import too_wide, violations

REMARK = "后厨地面积水"
PLACE = {"longitude": 107.0, "latitude": 33.07, "accuracy": 8}


@pytest.fixture
def phones(instance, desk, a_page, watch) -> tuple[str, Callable[..., Page]]:  # noqa: F811
    """A task, and a maker of phones of its leader, with little room where it is said."""
    watch.expected = {401, 404, 409}  # a fresh page has no nonce yet; a draft that is taken cannot be parked again
    (task, person), *_ = rows(instance, OPEN)

    def a_phone(room: int | None = None) -> Page:
        page = a_page(geolocation=PLACE, **HAND)
        if room:
            allow(page, instance, room)
        enrol_phone(page, desk.code_for(person))
        return page

    return str(task), a_phone


def allow(page: Page, instance, room: int) -> None:
    """Let the browser keep so many bytes for us."""
    limit = {"origin": instance.url, "quotaSize": room}
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", limit)


def begin(page: Page, task: str) -> None:
    """A draft with an answer, a remark and a photo."""
    page.goto(f"/field/#/visit/{task}")
    page.locator(".steps button").nth(2).click()
    card = page.locator("article.item").first
    card.locator("label[data-value=no]").click()
    card.locator("textarea").fill(REMARK)
    picture = draw_photo("m", utc_now(), 107.0, 33.07, 1)
    card.locator("input[type=file]").first.set_input_files(
        {"name": "m.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    expect(card.locator(".thumb")).to_have_count(1, timeout=WITHIN_MS)


def test_a_draft_moves_whole_to_another_phone_and_the_old_one_says_where_it_is(phones):
    task, a_phone = phones
    old, new = a_phone(), a_phone()
    begin(old, task)
    old.goto("/field/#/me")
    old.locator("#moving").get_by_role("button", name="转出").click()
    expect(old.get_by_text("等待另一台手机取走")).to_be_visible(timeout=WITHIN_MS)
    assert (violations(old), too_wide(old)) == ([], [])
    old.goto(f"/field/#/visit/{task}")
    expect(old.get_by_text("草稿已转出")).to_be_visible(timeout=WITHIN_MS)
    new.goto("/field/#/me")
    new.locator("#moving").get_by_role("button", name="取到本机").click()
    expect(new.locator("#moving").get_by_role("button", name="转出")).to_be_visible(timeout=WITHIN_MS)
    new.goto(f"/field/#/visit/{task}")
    card = new.locator("article.item").first
    expect(card.locator("textarea")).to_have_value(REMARK, timeout=WITHIN_MS)
    expect(card.locator(".thumb img")).to_have_count(1)
    old.get_by_role("button", name="取回本机").click()
    expect(old.get_by_text("草稿在另一台手机上")).to_be_visible(timeout=WITHIN_MS)
