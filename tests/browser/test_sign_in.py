"""Signing in: the wrong password and too many tries are told in words; nobody enters without; what is missing has a page."""

from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD
from tests.browser.walking import violations


def try_to_enter(page, username: str, password: str) -> None:
    page.fill("#username", username)
    page.fill("#password", password)
    page.locator("form button.button-primary").click()


def test_a_wrong_password_is_told_and_what_was_typed_stays(page, watch):
    watch.expected = {401}
    page.goto("/console/sign-in")
    try_to_enter(page, "county", "not-the-password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#username")).to_have_value("county")
    assert violations(page) == []
    try_to_enter(page, "county", PASSWORD)
    page.wait_for_url("**/console/")


def test_too_many_tries_are_told_how_long_to_wait(page, watch):
    watch.expected = {401, 429}
    page.goto("/console/sign-in")
    for _ in range(11):
        try_to_enter(page, "nobody-of-that-name", "guess")
        page.wait_for_load_state()
    expect(page.get_by_role("alert")).to_contain_text("秒")
    assert violations(page) == []


def test_whoever_is_not_signed_in_signs_in_and_comes_where_they_wanted(page, watch):
    watch.expected = {401}
    page.goto("/console/plans")
    expect(page.locator("#username")).to_be_visible()
    try_to_enter(page, "planner", PASSWORD)
    page.wait_for_url("**/console/plans")


def test_signing_out_closes_the_console(signed_in, watch):
    watch.expected = {401}
    page = signed_in("county")
    page.locator("header form button").click()
    page.goto("/console/plans")
    expect(page.locator("#username")).to_be_visible()


def test_what_is_missing_and_what_is_forbidden_have_readable_pages(page, signed_in, watch):
    watch.expected = {403, 404}
    inspector = signed_in("inspector1")
    for visitor, path in ((page, "/no/such/page"), (page, "/notices/0"), (inspector, "/console/people")):
        assert visitor.goto(path).status in (403, 404)
        expect(visitor.locator("h1")).to_be_visible()
        expect(visitor.locator("body")).not_to_contain_text("Traceback")
        assert violations(visitor) == []
