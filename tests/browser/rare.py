"""Screens that a working day seldom shows: officers who differ, another phone, a refused record, a full phone, a new version."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.hand import tick
from tests.browser.network import Network, build_app
from tests.browser.test_moving import allow
from tests.browser.test_revoked import DEVICE, OPEN, rows
from tests.browser.touring import WITHIN_MS, Tour, step

MEMBER = """select i.person_id from task_officers o join inspectors i on i.id = o.inspector_id
    where o.task_id = %s and not o.leader"""
UNTOUCHED = OPEN.replace("order by t.id", "order by t.id desc")
"""A task that no other part shares answers about"""
SHARED = UNTOUCHED.replace("limit 1", "limit 1 offset 1")
"""Both officers' answers stay with it, and would come into whatever is begun there afterwards"""
FORGET = [
    f"delete from {table} where {key} = %s returning 1"
    for table, key in (("device_tokens", "device_id"), ("device_nonces", "device_id"), ("devices", "id"))
]
MB = 2**20


def two_officers(tour: Tour) -> None:
    """Two officers who answered one item differently: the leader decides, the member hands over."""
    task, person = tour.one(SHARED)
    ((member,),) = rows(tour.instance, MEMBER, task)
    with tour.album.phone() as leading, tour.album.phone() as helping:
        for page, whose, value in ((helping, str(member), "no"), (leading, person, "yes")):
            tour.enrol(page, whose)
            page.goto(f"/field/#/visit/{task}")
            step(page, 2)
            page.locator("article.item").first.locator(f"label[data-value={value}]").click()
            page.evaluate("dispatchEvent(new Event('online'))")  # shared at once
        expect(leading.locator(".team-choice").first).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(leading, "team-differ")
        step(helping, 5)
        expect(helping.locator("main .notice").first).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(helping, "team-member")


def nobody_met(tour: Tour, page: Page, task: str) -> None:
    """The shortest visit: nobody there, a photo of the site, the officers confirm by name."""
    page.goto(f"/field/#/visit/{task}")
    page.fill("#reason", "…")
    tour.album.button(page, "arrive.check_in").click()
    expect(page.locator("#cards-shown")).to_be_visible(timeout=WITHIN_MS)
    step(page, 3)
    page.select_option("#result", "R04")
    give(page, draw_photo(task, utc_now(), 107.0, 33.07, 1))
    expect(page.locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    step(page, 5)
    signers = page.locator(".signer")
    expect(signers.first).to_be_visible(timeout=WITHIN_MS)
    for at in range(signers.count()):
        tick(signers.nth(at).get_by_role("checkbox"))
    tour.album.button(page, "sign.submit").click()


def give(page: Page, picture: bytes) -> None:
    """Hand a photo to the first camera in sight."""
    photo = {"name": "site.jpg", "mimeType": "image/jpeg", "buffer": picture}
    page.locator(".shutter input[type=file]").first.set_input_files(photo)  # type: ignore[arg-type]


def three_phones(tour: Tour) -> None:
    """Three phones of one leader: one submits, one looks on, one comes too late and is refused."""
    task, person = tour.one(UNTOUCHED)
    with tour.album.phone() as first, tour.album.phone() as late, tour.album.phone() as other:
        for page in (late, first):
            tour.enrol(page, person)
        late.context.set_offline(True)
        for page in (first, late):
            nobody_met(tour, page, task)
        expect(first.get_by_text(tour.album.say("receipt.holds"))).to_be_visible(timeout=WITHIN_MS)
        tour.enrol(other, person)
        other.goto(f"/field/#/visit/{task}")
        expect(other.get_by_text(tour.album.say("receipt.other_phone"), exact=True)).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(other, "other-phone")
        late.context.set_offline(False)
        expect(late.get_by_text(tour.album.say("receipt.refused"))).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(late, "refused")
        late.goto("/field/#/sending")
        expect(late.locator("article.card").first).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(late, "sending-refused")
        late.goto(f"/field/#/visit/{task}")
        tour.album.button(late, "receipt.put_aside").click()
        expect(late.get_by_text(tour.album.say("sync.all_sent")).first).to_be_visible(timeout=WITHIN_MS)


def little_room(tour: Tour) -> None:
    """A photo that does not fit; then the phone is locked with unsent work."""
    task, person = tour.one(OPEN)
    with tour.album.phone() as page:
        allow(page, tour.instance, 24 * MB)
        tour.enrol(page, person)
        page.context.set_offline(True)
        page.goto(f"/field/#/visit/{task}")
        step(page, 2)
        give(page, draw_photo("n", utc_now(), 107.0, 33.07, 2) + bytes(30 * MB))
        expect(page.locator(".photos .notice").first).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "storage-full")
        step(page, 0)
        page.fill("#reason", "…")
        tour.album.button(page, "arrive.check_in").click()
        page.goto("/field/#/me")
        tour.album.button(page, "pin.lock_now").click()
        expect(page.locator("#unlock-pin")).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "lock-unsent")


def stranger_here(tour: Tour) -> None:
    """A phone that the server no longer knows, as after an old backup came back."""
    _, person = tour.one(OPEN)
    with tour.album.phone() as page:
        tour.enrol(page, person)
        ((device,),) = rows(tour.instance, DEVICE, person)
        for deed in FORGET:
            rows(tour.instance, deed, device)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.get_by_text(tour.album.say("unknown.title"))).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "unknown")


def newer_version(tour: Tour) -> None:
    """The next version of the app waits for consent."""
    _, person = tour.one(OPEN)
    with (
        Network(tour.instance.url) as network,
        tempfile.TemporaryDirectory() as folder,
        tour.album.phone(base_url=network.url) as page,
    ):
        tour.enrol(page, person)
        page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WITHIN_MS)
        network.build = build_app("9.9.9", Path(folder) / "dist")
        page.evaluate("navigator.serviceWorker.getRegistration().then(known => known.update()).then(() => true)")
        expect(page.get_by_text(tour.album.say("update.title"))).to_be_visible(timeout=WITHIN_MS)
        tour.album.see(page, "update")


RARE = (three_phones, two_officers, little_room, stranger_here, newer_version)
