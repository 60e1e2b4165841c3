"""A whole visit without a network on a browser that is killed twice, then sent by two tabs whose answers get lost: it arrives once."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.enrolling import WITHIN_MS, enrol_phone, unlock_phone
from tests.browser.hand import step
from tests.browser.network import WRITES, Network
from tests.browser.test_pin import browser_of, kill, kill_at_once
from tests.browser.test_revoked import HAND, OPEN, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.visiting import (
    PLACE,
    answer_all,
    answer_section,
    arrive,
    give,
    introduce,
    photos_of,
    read_out,
    sign_all,
    submit,
    turn_to,
    wanting_photos,
)

COUNTS = """select (select count(*) from arrivals where task_id = t.id), (select count(*) from submissions where task_id = t.id),
    (select count(*) from receipts r join submissions s on s.id = r.submission_id where s.task_id = t.id),
    (select count(*) from submission_photos p join submissions s on s.id = p.submission_id where s.task_id = t.id),
    (select count(*) from evidence e join submissions s using (device_id) where s.task_id = t.id) from tasks t where t.id = %s"""
HASHES = """select e.sha256 from evidence e join submissions s using (device_id)
    where s.task_id = %s and e.purpose is null order by 1"""
Start = Callable[[], Page]


@pytest.fixture
def profile(tmp_path) -> Iterator[Path]:
    """What a phone's browser keeps; nobody works on it afterwards."""
    yield tmp_path / "profile"
    kill(tmp_path / "profile")


@pytest.fixture
def start(network, playwright, watch, profile) -> Start:
    """Opens the phone's browser on its profile, as often as one likes, with as much network as there is."""
    watch.expected = {401}  # a fresh page has no nonce yet and learns one so

    def open_browser() -> Page:
        context = playwright.chromium.launch_persistent_context(
            str(profile), executable_path=CHROMIUM, args=QUIET, base_url=network.url, locale="zh-CN",
            geolocation=PLACE, reduced_motion="reduce", **HAND)  # fmt: skip
        context.set_offline(not network.up)
        watch.over(context)
        return context.pages[0]

    return open_browser


@pytest.fixture
def in_the_mountains(instance, desk, start, network) -> tuple[Page, str]:  # noqa: F811
    """The phone with its day's tasks, installed, and from now on without a network; and the task."""
    (task, person), *_ = rows(instance, OPEN)
    page = start()
    enrol_phone(page, desk.code_for(person))
    page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WITHIN_MS)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    network.up = False
    network.asked.clear()
    page.goto(f"/field/#/visit/{task}")
    return page, str(task)


def begin(page: Page, photos: list, profile: Path) -> None:
    """Arrive, show cards, answer a section; the browser is killed in the moment in which it keeps two more photos."""
    arrive(page)
    introduce(page)
    turn_to(page, 0)
    answer_section(page, iter(photos))
    turn_to(page, 1)
    cards, browser = wanting_photos(page), browser_of(profile)
    for card, photo in zip(cards, photos[2:4], strict=True):
        give(card, photo)
    kill_at_once(browser)


def reopened(start: Start, task: str) -> Page:
    """A browser opened anew asks for the PIN and for nothing else."""
    page = start()
    page.goto(f"/field/#/visit/{task}")
    expect(page.locator("#unlock-pin")).to_be_visible(timeout=WITHIN_MS)
    unlock_phone(page)
    return page


def find_all(page: Page) -> None:
    """Arrival, cards and answers are there, and every photo that was kept is there whole."""
    step(page, "到场")
    expect(page.get_by_text("已于 ")).to_be_visible(timeout=WITHIN_MS)
    step(page, "亮证")
    for box in ("#cards-shown", "#rights-told"):
        expect(page.locator(box)).to_be_checked()
    step(page, "检查")
    turn_to(page, 0)
    expect(page.locator("article.item[data-value=yes] .thumb img")).to_have_count(2, timeout=WITHIN_MS)
    for section in (0, 1):
        turn_to(page, section)
        for image in page.locator(".thumb img").all():
            expect(image).to_have_js_property("naturalWidth", 320, timeout=WITHIN_MS)


def finish(page: Page, photos: list) -> int:
    """What is left of the record, up to its sealing; how many signatures it has."""
    answer_all(page, iter(photos))
    read_out(page)
    signed = sign_all(page)
    submit(page)
    expect(page.get_by_text("已封存，等待发送")).to_be_visible(timeout=WITHIN_MS)
    return signed


def reconnect(page: Page, other: Page, network: Network) -> None:
    """The network comes back to both tabs at once, and loses the first answer to everything that they send."""
    assert not [name for name in network.asked if "/v1/" in name]
    network.up = network.forgets = True
    page.context.set_offline(False)
    for tab in (page, other):
        tab.evaluate("dispatchEvent(new Event('online'))")
    for tab in (page, other):
        expect(tab.get_by_text("已送达，服务器已签收")).to_be_visible(timeout=3 * WITHIN_MS)
    assert set(network.lost) == set(WRITES)


def verify_receipt(page: Page) -> None:
    """On the phone, and as anybody may at the public page."""
    expect(page.get_by_text("签名有效，与本次检查一致")).to_be_visible(timeout=WITHIN_MS)
    page.goto(page.get_by_role("link", name="打开核验页").get_attribute("href"))
    expect(page.locator("main [role=status]")).to_contain_text("回执真实有效")


def test_a_visit_made_offline_survives_two_kills_two_tabs_and_lost_answers_and_arrives_once(
    instance, start, network, profile, in_the_mountains
):
    page, task = in_the_mountains
    photos = photos_of(6)
    begin(page, photos, profile)
    page = reopened(start, task)
    find_all(page)
    signed = finish(page, photos)
    kill(profile)
    page = reopened(start, task)
    expect(page.get_by_text("已封存，等待发送")).to_be_visible(timeout=WITHIN_MS)
    evidence = len(photos) + signed
    expect(page.get_by_text(f"{evidence + 2} 项未发送")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"/field/#/visit/{task}")
    reconnect(page, other, network)
    assert rows(instance, COUNTS, task) == [(1, 1, 1, evidence, evidence)]
    taken = sorted(sha256(photo["buffer"]).hexdigest() for photo in photos)
    assert [digest for (digest,) in rows(instance, HASHES, task)] == taken
    verify_receipt(page)
