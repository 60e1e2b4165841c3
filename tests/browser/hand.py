"""What a hand does on the phone: go to a step, tick a box, draw a signature."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.enrolling import WITHIN_MS


def step(page: Page, name: str) -> None:
    """Go to a step of the visit by its name."""
    page.locator(".step-bar").get_by_role("button", name=name, exact=True).click()


def sign(page: Page, signer: Locator) -> None:
    """Sign on the sheet."""
    signer.get_by_role("button").first.click()
    draw(page)
    expect(signer.locator("img.signature")).to_be_visible()


def draw(page: Page) -> None:
    """Draw a stroke on the sheet that is open, and close it."""
    done = page.get_by_role("button", name="完成签字")
    page.wait_for_function("document.querySelector('.sign-field canvas')?.width > 300")  # the pad is loaded
    box = page.locator(".sign-field canvas").bounding_box()
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for at in range(8):
        page.mouse.move(box["x"] + 60 + 20 * at, box["y"] + 60 + 25 * (at % 3))
    page.mouse.up()
    done.click()
    expect(page.locator(".sign-field")).to_have_count(0)  # the sheet of the next one is another


def tick(box: Locator) -> None:
    """Tick, and wait until the phone has kept it."""
    box.click()
    expect(box).to_be_checked(timeout=WITHIN_MS)
