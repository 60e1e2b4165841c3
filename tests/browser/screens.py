"""Walks through every screen of the phone for its pictures: ``python -m tests.browser.screens FOLDER``."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.album import Album, a_camera
from tests.browser.hand import tick
from tests.browser.instance import Instance, an_instance
from tests.browser.questioning import further_questions
from tests.browser.rare import RARE
from tests.browser.test_elsewhere import WECHAT
from tests.browser.test_revoked import DEVICE, OPEN, rows
from tests.browser.touring import WITHIN_MS, Tour, step

RETURNED = """select t.id, i.person_id from tasks t join task_officers o on o.task_id = t.id and o.leader
    join inspectors i on i.id = o.inspector_id where t.state = 'returned' order by t.id limit 1"""


def first_opening(tour: Tour) -> None:
    """Before anything is known: an old browser, WeChat, enrolling."""
    album = tour.album
    with album.phone() as page:
        page.add_init_script("delete window.CompressionStream")
        page.goto("/field/")
        expect(page.locator("#lacks")).to_be_visible(timeout=WITHIN_MS)
        album.see(page, "unsupported")
    with album.phone(user_agent=WECHAT) as page:
        page.goto("/field/")
        expect(page.locator("#code")).to_be_visible(timeout=WITHIN_MS)
        album.see(page, "wechat")


def working_day(tour: Tour) -> None:
    """One visit from its start to its receipt, and everything around it."""
    task, person = tour.one(OPEN)
    with tour.album.phone() as page:
        tour.enrol(page, person, "enrol")
        the_day(tour.album, page)
        page.goto(f"/field/#/visit/{task}")
        for part in (arriving, cards, checking, finding, reading, signing, sending, around):
            part(tour.album, page)
        forgotten(tour, page, person)


def the_day(album: Album, page: Page) -> None:
    """Today, and the map of its tour."""
    album.see(page, "today")
    page.goto("/field/#/map")
    expect(page.locator(".map-row").first).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "map")
    album.button(page, "map.navigate").click()
    album.see(page, "map-navigate")


def arriving(album: Album, page: Page) -> None:
    """Step 1, with the scanner and recording."""
    expect(page.locator("#scanned")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#reason")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "arrive")
    album.button(page, "scan.start").click()
    expect(page.locator("dialog video")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "scan")
    page.keyboard.press("Escape")
    album.button(page, "record.audio").click()
    expect(album.button(page, "record.stop")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "recording")
    album.button(page, "record.stop").click()
    page.fill("#reason", "…")
    album.button(page, "arrive.check_in").click()
    step(page, 0)
    expect(page.locator("#scanned")).to_have_count(0)
    album.see(page, "arrived")


def cards(album: Album, page: Page) -> None:
    """Step 2: cards and rights; recusal asked for, and not."""
    step(page, 1)
    tick(page.locator("#cards-shown"))
    tick(page.locator("#rights-told"))
    page.get_by_text(album.say("recusal.yes"), exact=True).click()
    expect(page.locator("#recusal-ground")).to_be_visible()
    album.see(page, "cards-recusal")
    page.get_by_text(album.say("recusal.no"), exact=True).click()
    album.see(page, "cards")


def checking(album: Album, page: Page) -> None:
    """Step 3: an item with a remark and a photo; the camera."""
    step(page, 2)
    cards = page.locator("article.item")
    cards.first.locator("label[data-value=no]").click()
    cards.first.locator("textarea").fill(album.say("check.remark_hint"))
    cards.nth(1).locator("label[data-value=yes]").click()
    for at, name in enumerate(("a", "b")):
        picture = draw_photo(name, utc_now(), 107.0, 33.07, at)
        photo = {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": picture}
        cards.nth(at).locator("input[type=file]").first.set_input_files(photo)
        expect(cards.nth(at).locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "check")


def finding(album: Album, page: Page) -> None:
    """Step 4: what is missing; a stated result; the camera within the app."""
    step(page, 3)
    album.see(page, "finding-incomplete")
    page.select_option("#result", "R06")
    camera = page.locator("button.shutter").last
    camera.click()
    expect(page.locator("button.release")).to_be_enabled(timeout=WITHIN_MS)
    album.see(page, "camera")
    page.locator("button.release").click()
    expect(page.locator(".finder-foot p")).to_contain_text("1", timeout=WITHIN_MS)
    album.button(page, "camera.done").click()
    album.see(page, "finding")


def reading(album: Album, page: Page) -> None:
    """Step 5."""
    step(page, 4)
    tick(page.locator("#read-back"))
    album.see(page, "read")


def signing(album: Album, page: Page) -> None:
    """Step 6: a refusal, the sheet to sign on, everybody's signature."""
    step(page, 5)
    tick(page.get_by_label(album.say("sign.refused")))
    page.fill("#refusal", "…")
    page.fill("#witness", "李见证")
    signers = page.locator(".signer")
    signers.first.get_by_role("button").first.click()
    page.wait_for_function("document.querySelector('.sign-field canvas')?.width > 300")
    album.see(page, "sign-sheet")
    page.keyboard.press("Escape")
    for at in range(signers.count()):
        tick(signers.nth(at).get_by_role("checkbox"))
    expect(album.button(page, "sign.submit")).to_be_enabled(timeout=WITHIN_MS)
    album.see(page, "sign")


def sending(album: Album, page: Page) -> None:
    """Sealed without a network, what waits, and the receipt."""
    page.context.set_offline(True)
    album.button(page, "sign.submit").click()
    expect(page.get_by_text(album.say("receipt.sealed"))).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "sealed")
    address = page.url
    page.goto("/field/#/sending")
    expect(page.locator("article.card").first).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "sending")
    page.context.set_offline(False)
    page.goto(address)
    expect(page.get_by_text(album.say("receipt.holds"))).to_be_visible(timeout=2 * WITHIN_MS)
    album.see(page, "receipt")
    page.goto("/field/#/sending")
    expect(page.get_by_text(album.say("sync.all_sent")).first).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "all-sent")


def around(album: Album, page: Page) -> None:
    """The day without a network, this phone's own page, the lock."""
    page.context.set_offline(True)
    page.goto("/field/#/")
    expect(page.locator("p.offline")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "today-offline")
    page.context.set_offline(False)
    page.goto("/field/#/me")
    expect(page.locator("dl.kv dd").first).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "me")
    album.button(page, "pin.lock_now").click()
    expect(page.locator("#unlock-pin")).to_be_visible(timeout=WITHIN_MS)
    album.see(page, "lock")


def forgotten(tour: Tour, page: Page, person: str) -> None:
    """A PIN that nobody remembers."""
    tour.album.button(page, "lock.forgotten").click()
    page.fill("#code", tour.code(person))
    page.fill("#pin", "123456")
    tour.album.see(page, "forgotten")


def returned(tour: Tour) -> None:
    """A record that came back, and its correction."""
    task, person = tour.one(RETURNED)
    with tour.album.phone() as page:
        tour.enrol(page, person)
        page.goto(f"/field/#/visit/{task}")
        expect(tour.album.button(page, "returned.start")).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "returned")
        tour.album.button(page, "returned.start").click()
        expect(page.locator(".steps")).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "correcting")


def leaving(tour: Tour) -> None:
    """A draft on its way to another phone; then the phone is revoked, hands over and is empty."""
    task, person = tour.one(OPEN)
    with tour.album.phone() as page:
        tour.enrol(page, person)
        page.goto(f"/field/#/visit/{task}")
        checking(Album(tour.album.browser, tour.album.url, tour.album.language, schemes=()), page)
        page.goto("/field/#/me")
        page.locator("#moving").get_by_role("button", name=tour.album.say("move.away")).first.click()
        expect(page.get_by_text(tour.album.say("move.waits"))).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "moving")
        page.goto(f"/field/#/visit/{task}")
        expect(page.locator("main.screen .notice").first).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "moved")
        revoked(tour, page, person)


def revoked(tour: Tour, page: Page, person: str) -> None:
    """Revoked with a photo that cannot be handed over at once."""
    page.route("**/quarantine/photo/*", lambda route: route.abort())
    tour.desk.press(f"/console/devices/{rows(tour.instance, DEVICE, person)[0][0]}/revoke")
    page.goto("/field/#/")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("progress.leaving")).to_be_visible(timeout=WITHIN_MS)
    tour.album.see(page, "revoked")
    page.unroute("**/quarantine/photo/*")
    tour.album.button(page, "revoked.now").click()
    expect(page.get_by_text(tour.album.say("revoked.emptied_title"))).to_be_visible(timeout=2 * WITHIN_MS)
    tour.album.see(page, "emptied")


PARTS: tuple[Callable[[Tour], None], ...] = (first_opening, working_day, returned, leaving, *RARE, further_questions)


def walk(album: Album, instance: Instance) -> Album:
    """Every screen, in the album's language."""
    tour = Tour(album, instance)
    for part in PARTS:
        part(tour)
    return album


def _take(instance: Instance, folder: Path) -> list[str]:
    faults = []
    with sync_playwright() as playwright, a_camera(playwright) as browser:
        for language in ("zh", "en"):
            album = walk(Album(browser, instance.url, language, folder), instance)
            print(f"{language}: {len(album.seen)} screens")
            faults += album.faults
    return faults


def main() -> int:
    """Take all pictures; 1 when something is wrong with a screen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    with an_instance() as instance:
        faults = _take(instance, folder)
    print("\n".join(faults) or f"no faults; the pictures are in {folder}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
