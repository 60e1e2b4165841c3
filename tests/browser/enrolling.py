"""A phone that goes to work: enrolled with a code and a PIN; and unlocked again after its page was loaded anew."""

from playwright.sync_api import Page, expect

PIN = "482913"
WITHIN_MS = 20_000


def enrol_phone(page: Page, code: str, pin: str = PIN) -> None:
    """Enrol this page's phone and wait for its tasks; a PIN is chosen where the form asks for one."""
    page.goto(f"/field/#enrol={code}")
    page.locator("#code").wait_for(timeout=WITHIN_MS)
    if page.locator("#pin").count():
        page.fill("#pin", pin)
        page.fill("#pin-again", pin)
    page.get_by_role("button", name="入网").click()
    expect(page.locator("a.stop").first).to_be_visible(timeout=WITHIN_MS)


def unlock_phone(page: Page, pin: str = PIN) -> None:
    """Give the PIN where the phone asks for it, as it does whenever its page was loaded anew."""
    page.locator("#app > :not(.empty)").first.wait_for(timeout=WITHIN_MS)
    if page.locator("#unlock-pin").count():
        page.fill("#unlock-pin", pin)
        page.locator("#unlock").click()
        expect(page.locator("#unlock-pin")).to_have_count(0, timeout=WITHIN_MS)
