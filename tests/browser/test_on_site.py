"""The steps on site in a browser with a camera: a foreign code explained, a photo within the app, signatures that follow the record."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.enrolling import enrol_phone
from tests.browser.hand import sign, step, tick
from tests.browser.test_revoked import HAND, OPEN, WITHIN_MS, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.walking import violations

FOREIGN = "91350100M000100Y43"
SIGNED = """select e.purpose, count(*) from evidence e join submission_photos p on p.evidence_id = e.id
    join submissions s on s.id = p.submission_id where s.task_id = %s group by 1 order by 1 nulls last"""
BODY = "select body from submissions where task_id = %s"
ARRIVED = "select scanned, reason from arrivals where task_id = %s"


def film_of(text: str, path: Path) -> Path:
    """What a camera sees that looks at a licence's code: a film of one picture (Motion JPEG)."""
    code, picture = io.BytesIO(), io.BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=9, border=4)
    table = Image.new("RGB", (640, 480), "#cdbfa8")
    table.paste(Image.open(code).convert("RGB"), (150, 70))
    table.save(picture, "JPEG", quality=92)
    path.write_bytes(picture.getvalue() * 3)
    return path


@pytest.fixture
def page(instance, desk, playwright, watch, tmp_path) -> Iterator[tuple[Page, str]]:  # noqa: F811
    """A phone of a team's leader at a task, its camera on the licence of another entity; and the task."""
    film = film_of(f"https://example.org/q?c={FOREIGN}", tmp_path / "licence.mjpeg")
    fake = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *fake])
    place = {"longitude": 107.0, "latitude": 33.07, "accuracy": 8}
    context = browser.new_context(base_url=instance.url, locale="zh-CN", geolocation=place, **HAND)
    watch.over(context)
    (task, person), *_ = rows(instance, OPEN)
    page = context.new_page()
    enrol_phone(page, desk.code_for(person))
    page.goto(f"/field/#/visit/{task}")
    yield page, str(task)
    browser.close()


def arrive_with_a_foreign_code(page: Page) -> None:
    page.get_by_role("button", name="扫码").click()
    expect(page.get_by_text("不是该户的信用代码")).to_be_visible(timeout=WITHIN_MS)
    check_in = page.get_by_role("button", name="签到")
    expect(check_in).to_be_disabled()
    page.fill("#reason", "店招已换，核对执照原件为同一户")
    check_in.click()


def find_no_cooperation(page: Page) -> None:
    """Cards, rights, the question of recusal; a photo of the site taken within the app."""
    tick(page.locator("#cards-shown"))
    tick(page.locator("#rights-told"))
    page.get_by_text("不申请", exact=True).click()
    step(page, "结论")
    page.select_option("#result", "R06")
    page.get_by_role("button", name="水印拍").click()
    page.get_by_role("button", name="拍照", exact=True).click()
    expect(page.get_by_text("已保存 1 张")).to_be_visible(timeout=WITHIN_MS)
    assert violations(page) == []
    page.get_by_role("button", name="完成").click()


def test_a_visit_is_signed_as_it_stands_and_signed_anew_when_it_changes(instance, page):
    page, task = page
    arrive_with_a_foreign_code(page)
    find_no_cooperation(page)
    step(page, "宣读")
    tick(page.locator("#read-back"))
    step(page, "签字")
    tick(page.get_by_label("当事人拒绝或不能签字"))
    page.fill("#refusal", "负责人当场离开")
    page.fill("#witness", "李见证")
    expect(page.get_by_label("李见证 以姓名确认")).to_be_visible()
    signers = page.locator(".signer")
    for at in range(signers.count()):
        sign(page, signers.nth(at))
    step(page, "宣读")
    page.fill("#comment", "负责人电话称次日整改")
    step(page, "签字")
    expect(page.get_by_text("签字后记录有改动").first).to_be_visible()
    expect(page.get_by_role("button", name="还不能提交")).to_be_disabled()
    sign(page, signers.first)
    expect(signers.first.get_by_label("以姓名确认")).to_have_count(0)  # the new signature stands
    for at in range(1, signers.count()):
        tick(signers.nth(at).get_by_label("以姓名确认"))
    page.get_by_role("button", name="提交检查记录").click()
    expect(page.get_by_text("已送达，服务器已签收")).to_be_visible(timeout=WITHIN_MS)
    assert rows(instance, SIGNED, task) == [("signature", 1), (None, 1)]
    assert rows(instance, ARRIVED, task) == [(f"https://example.org/q?c={FOREIGN}", "店招已换，核对执照原件为同一户")]
    ((body,),) = rows(instance, BODY, task)
    assert all(body[name] for name in ("cards_shown_at", "rights_told_at", "read_back_at"))
    assert body["refusal"]["witness_sha256"]
