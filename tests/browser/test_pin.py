"""The PIN in a browser: killed in the middle of a draft, the phone holds nothing that can be read, and loses nothing."""

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.enrolling import PIN, WITHIN_MS, enrol_phone, unlock_phone
from tests.browser.test_revoked import HAND, OPEN, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.walking import too_wide, violations

REMARK = "冷藏柜内有过期奶油两盒"
PHOTO = draw_photo("a", utc_now(), 107.0, 33.07, 1)
NAME = "select p.name from people p where p.id = %s"
Open = Callable[[], Page]


@pytest.fixture
def phone(instance, playwright, watch, tmp_path) -> Iterator[tuple[Open, Path]]:
    """Opens the phone's browser, as often as one likes, on one profile; and the profile's folder."""
    opened = []
    watch.expected = {401}  # a fresh page has no nonce yet and learns one so

    def start() -> Page:
        place = {"longitude": 107.0, "latitude": 33.07, "accuracy": 8}
        opened.append(playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"), executable_path=CHROMIUM, args=QUIET, base_url=instance.url, locale="zh-CN",
            geolocation=place, reduced_motion="reduce", **HAND))  # fmt: skip
        watch.over(opened[-1])
        return opened[-1].pages[0]

    yield start, tmp_path / "profile"
    kill(tmp_path / "profile")


def kill(profile: Path) -> None:
    """``kill -9`` of every process of the browser that works on this profile."""
    kill_at_once(browser_of(profile))


def browser_of(profile: Path) -> set[psutil.Process]:
    """The processes of the browser that works on this profile; finding them takes a second."""
    ours = [p for p in psutil.process_iter() if f"--user-data-dir={profile}" in " ".join(_line(p))]
    return {p for one in ours for p in (one, *one.children(recursive=True))}


def kill_at_once(browser: set[psutil.Process]) -> None:
    """``kill -9``."""
    for process in browser:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    psutil.wait_procs(list(browser), 10)


def _line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def lies_open(profile: Path, *secrets: str | bytes) -> list[str]:
    """Where in the profile's files one of these can be read, in any way that a browser writes texts."""
    forms = [form for one in secrets for form in ([one] if isinstance(one, bytes) else _written(one))]
    files = [file for file in profile.rglob("*") if file.is_file() and not file.is_symlink()]
    return [f"{file.name}: {form!r}" for file in files for form in forms if form in file.read_bytes()]


def _written(text: str) -> list[bytes]:
    return [text.encode("utf-8"), text.encode("utf-16-le"), "".join(f"\\u{ord(c):04x}" for c in text).encode()]


def item(page: Page, remark: str) -> None:
    """Answer an item with a remark and a photo."""
    page.locator(".steps button").nth(2).click()
    card = page.locator("article.item").first
    card.locator("label[data-value=no]").click()
    card.locator("textarea").fill(remark)
    photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": PHOTO}
    card.locator("input[type=file]").first.set_input_files(photo)
    expect(card.locator(".thumb")).to_have_count(1, timeout=WITHIN_MS)


def test_a_killed_phone_holds_nothing_that_can_be_read_and_its_draft_is_there_after_the_pin(instance, desk, phone):  # noqa: F811
    start, profile = phone
    (task, person), *_ = rows(instance, OPEN)
    [(name,)] = rows(instance, NAME, person)
    page = start()
    enrol_phone(page, desk.code_for(person))
    page.goto(f"/field/#/visit/{task}")
    item(page, REMARK)
    page.wait_for_timeout(300)  # the last letter is being written
    kill(profile)
    assert lies_open(profile, str(task)) != []  # what is indexed lies open: the looking works
    assert lies_open(profile, REMARK, name, PIN, PHOTO[40:140], "item_code") == []
    page = start()
    page.goto(f"/field/#/visit/{task}")
    page.fill("#unlock-pin", "730518")
    page.locator("#unlock").click()
    expect(page.get_by_text("PIN 不正确")).to_be_visible(timeout=WITHIN_MS)
    assert violations(page) + too_wide(page) == []
    unlock_phone(page)
    page.locator(".steps button").nth(2).click()
    card = page.locator("article.item").first
    expect(card.locator("textarea")).to_have_value(REMARK, timeout=WITHIN_MS)
    expect(card.locator(".thumb img")).to_have_js_property("naturalWidth", 320, timeout=WITHIN_MS)


def test_tabs_are_unlocked_and_locked_together_and_a_forgotten_pin_is_chosen_anew(instance, desk, phone):  # noqa: F811
    start, _ = phone
    (task, person), *_ = rows(instance, OPEN)
    page = start()
    with page.expect_response("**/field/v1/key-share"):
        enrol_phone(page, desk.code_for(person))
    page.goto(f"/field/#/visit/{task}")
    item(page, REMARK)
    other = page.context.new_page()
    other.goto("/field/#/me")
    other.get_by_role("button", name="立即锁定").click()
    for tab in (page, other):
        expect(tab.locator("#unlock-pin")).to_be_visible(timeout=WITHIN_MS)
    code = desk.code_for(person)
    page.get_by_role("button", name="忘记 PIN").click()
    page.fill("#code", code)
    page.fill("#pin", "123456")
    expect(page.get_by_text("太简单")).to_be_visible()
    page.fill("#pin", "730518")
    page.fill("#pin-again", "730518")
    page.get_by_role("button", name="重设 PIN").click()
    expect(other.locator("#unlock-pin")).to_have_count(0, timeout=WITHIN_MS)
    page.goto(f"/field/#/visit/{task}")
    page.locator(".steps button").nth(2).click()
    expect(page.locator("article.item textarea").first).to_have_value(REMARK, timeout=WITHIN_MS)
    other.close()
    page.reload()
    unlock_phone(page, "730518")
    expect(page.locator("article.item textarea").first).to_have_value(REMARK, timeout=WITHIN_MS)


AWAY = """state => {
  Object.defineProperty(document, "visibilityState", {value: state, configurable: true});
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_the_phone_locks_in_the_background_but_not_while_a_photo_is_taken(instance, desk, a_page, watch):  # noqa: F811
    watch.expected = {401}
    (task, person), *_ = rows(instance, OPEN)
    page = a_page(geolocation={"longitude": 107.0, "latitude": 33.07, "accuracy": 8}, **HAND)
    page.clock.install()
    enrol_phone(page, desk.code_for(person))
    page.goto(f"/field/#/visit/{task}")
    item(page, REMARK)
    with page.expect_file_chooser() as chooser:
        page.locator("article.item .shutter", has=page.locator("input")).first.click()
    page.evaluate(AWAY, "hidden")
    page.clock.fast_forward("20:00")
    page.evaluate(AWAY, "visible")
    later = draw_photo("b", utc_now(), 107.0, 33.07, 2)
    chooser.value.set_files({"name": "b.jpg", "mimeType": "image/jpeg", "buffer": later})
    expect(page.locator("article.item .thumb")).to_have_count(2, timeout=WITHIN_MS)
    page.evaluate(AWAY, "hidden")
    page.clock.fast_forward("04:30")
    expect(page.locator("#unlock-pin")).to_have_count(0)
    page.clock.fast_forward("00:31")
    expect(page.locator("#unlock-pin")).to_be_visible(timeout=WITHIN_MS)
    page.evaluate(AWAY, "visible")
    unlock_phone(page)
    page.locator(".steps button").nth(2).click()
    expect(page.locator("article.item .thumb")).to_have_count(2, timeout=WITHIN_MS)


ARRIVED = "select count(*) from arrivals where task_id = %s"


def test_unsent_work_is_counted_on_the_locked_phone_and_sent_once_it_is_open(instance, desk, a_page, watch):  # noqa: F811
    watch.expected = {401}
    (task, person), *_ = rows(instance, OPEN)
    page = a_page(geolocation={"longitude": 107.0, "latitude": 33.07, "accuracy": 8}, **HAND)
    enrol_phone(page, desk.code_for(person))
    page.context.set_offline(True)
    page.goto(f"/field/#/visit/{task}")
    page.locator("#reason").fill("登记位置有误")
    page.get_by_role("button", name="签到", exact=True).click()
    page.goto("/field/#/me")
    page.get_by_role("button", name="立即锁定").click()
    expect(page.get_by_text("1 项未发送")).to_be_visible(timeout=WITHIN_MS)
    page.context.set_offline(False)
    page.wait_for_timeout(1_500)
    assert rows(instance, ARRIVED, task) == [(0,)]
    unlock_phone(page)
    expect(page.get_by_text("全部已送达")).to_be_visible(timeout=WITHIN_MS)
    assert rows(instance, ARRIVED, task) == [(1,)]
