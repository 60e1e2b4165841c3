"""Browsers that cannot run the app, WeChat, and a phone whose storage is full: each is told plainly, and loses nothing."""

from playwright.sync_api import expect

from backend.sample.photos import draw_photo
from backend.times import utc_now
from tests.browser.enrolling import WITHIN_MS, unlock_phone
from tests.browser.test_moving import allow, begin, phones  # noqa: F401 - a fixture
from tests.browser.test_revoked import HAND, desk  # noqa: F401 - a fixture

WECHAT = "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/111.0 Mobile Safari/537.36 MicroMessenger/8.0.40"
MB = 2**20
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"


def test_a_browser_that_lacks_what_the_app_needs_shows_a_plain_page(a_page):
    page = a_page(**HAND)
    page.add_init_script("delete window.CompressionStream")
    page.goto("/field/")
    expect(page.get_by_text("此浏览器不支持现场检查")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#lacks")).to_contain_text("CompressionStream")
    expect(page.locator("#code")).to_have_count(0)


def test_within_wechat_the_app_says_that_it_works_online_only_and_keeps_no_copy_of_itself(a_page):
    page = a_page(**{**HAND, "user_agent": WECHAT})
    page.goto("/field/")
    expect(page.get_by_text("微信中只能联网使用")).to_be_visible(timeout=WITHIN_MS)
    assert page.evaluate(WORKERS) == 0
    page.context.set_offline(True)
    expect(page.get_by_text("已断网：微信不能可靠保存")).to_be_visible(timeout=WITHIN_MS)


def test_a_photo_that_does_not_fit_waits_for_room_and_answers_are_kept_meanwhile(instance, phones):  # noqa: F811
    task, a_phone = phones
    page = a_phone(room=24 * MB)
    begin(page, task)
    card = page.locator("article.item").nth(1)
    large = draw_photo("n", utc_now(), 107.0, 33.07, 2) + bytes(30 * MB)
    card.locator("input[type=file]").first.set_input_files({"name": "n.jpg", "mimeType": "image/jpeg", "buffer": large})
    expect(card.get_by_text("再保存 1 张照片")).to_be_visible(timeout=WITHIN_MS)
    card.locator("label[data-value=no]").click()
    allow(page, instance, 500 * MB)
    card.get_by_text("再保存 1 张照片").click()
    expect(card.locator(".thumb")).to_have_count(1, timeout=WITHIN_MS)
    page.reload()
    unlock_phone(page)
    kept = page.locator("article.item").nth(1)
    expect(kept.locator("label[data-value=no] input")).to_be_checked(timeout=WITHIN_MS)
    expect(kept.locator(".thumb")).to_have_count(1)


def test_a_phone_whose_data_was_cleared_says_so_when_it_is_opened(phones):  # noqa: F811
    page = phones[1]()
    wiped = """async () => { const all = await indexedDB.databases();
      await Promise.all(all.map(one => new Promise(done => {
        const gone = indexedDB.deleteDatabase(one.name); gone.onsuccess = gone.onblocked = done; }))); }"""
    page.evaluate(wiped)
    page.reload()
    expect(page.get_by_text("本机数据已被浏览器清除")).to_be_visible(timeout=WITHIN_MS)
    expect(page.locator("#code")).to_be_visible()
