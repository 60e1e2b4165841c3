"""A reviewer confirms what came from a phone; without anybody retyping anything the public reads of it."""

import re
import time

from playwright.sync_api import Page, expect

WAITING = "/console/submissions?state=under_review"


def open_one(page: Page) -> str:
    """Open the first submission that waits; the name of its entity."""
    page.goto(WAITING)
    row = page.locator("tbody tr a").first
    name = row.inner_text()
    row.click()
    expect(page.locator("h1")).to_contain_text(name)
    return name


def await_notice(page: Page, name: str) -> None:
    """Search the public site until the worker has published what was confirmed."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        page.goto("/notices")
        page.fill("input[name=q]", name)
        page.locator("main form button").first.click()
        found = page.get_by_role("link", name=re.compile(re.escape(name)))
        if found.count():
            return found.first.click()
        time.sleep(1)
    raise AssertionError(f"no notice of {name} after a minute")


def test_who_returns_nothing_said_is_told_what_to_write(signed_in, watch):
    watch.expected.add(422)
    desk = signed_in("reviewer")
    open_one(desk)
    address = desk.url
    desk.get_by_role("button", name="退回").click()
    expect(desk.locator("main")).to_contain_text("退回时必须写明需要补正的内容")
    desk.goto(WAITING)
    assert desk.locator(f"tbody a[href$='{address.rsplit('/', 1)[1]}']").count() == 1


def test_a_confirmed_submission_is_soon_on_the_public_site(signed_in, a_page):
    desk = signed_in("reviewer")
    name = open_one(desk)
    desk.get_by_role("button", name="确认").click()
    expect(desk.locator("main")).to_contain_text("已")
    public = a_page(java_script_enabled=False)
    await_notice(public, name)
    expect(public.locator("article h1")).to_contain_text(name)
    expect(public.locator("article")).not_to_contain_text("None")


def test_paper_shows_the_record_without_the_menus(signed_in):
    desk = signed_in("reviewer")
    desk.goto("/console/submissions?state=approved")
    desk.locator("tbody tr a").first.click()
    desk.emulate_media(media="print")
    expect(desk.locator(".sidenav")).to_be_hidden()
    expect(desk.locator(".topbar")).to_be_hidden()
    expect(desk.locator("h1")).to_be_visible()
    assert len(desk.pdf(format="A4")) > 10_000
