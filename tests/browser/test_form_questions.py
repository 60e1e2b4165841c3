"""Every kind of question on the phone, from the workbook to the reviewer's page; and another version of it in the middle of the visit."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from backend.demo.desk import Desk
from tests.browser.canteen import ask_of, publish, publish_newer
from tests.browser.conftest import PASSWORD
from tests.browser.enrolling import WITHIN_MS, enrol_phone, unlock_phone
from tests.browser.hand import draw, step, tick
from tests.browser.rare import MEMBER, UNTOUCHED
from tests.browser.test_revoked import HAND, OPEN, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.visiting import (
    PLACE,
    answer_section,
    arrive,
    introduce,
    photos_of,
    read_out,
    sign_all,
    submit,
    turn_to,
)
from tests.browser.walking import too_wide, violations
from tests.registry.canteen import CODE

KEPT = """select s.id, s.body, c.version from submissions s join checklists c on c.id = (s.body ->> 'checklist_id')::uuid
    where s.task_id = %s"""


@pytest.fixture
def at_the_canteen(instance, desk, a_page, watch) -> tuple[Page, str]:  # noqa: F811
    """A phone whose visit is by the canteen's checklist, come to its questions; and the task."""
    watch.expected = {401}  # a fresh page has no nonce yet and learns one so
    publish(desk)
    (task, person), *_ = rows(instance, OPEN)
    ask_of(instance, task, CODE)
    page = a_page(geolocation=PLACE, **HAND)
    enrol_phone(page, desk.code_for(person))
    page.goto(f"/field/#/visit/{task}")
    arrive(page)
    introduce(page)
    return page, str(task)


def question(page: Page, name: str) -> Locator:
    """A question by what it asks."""
    return page.locator(".question", has_text=name).first


def choose_and_be_corrected(page: Page) -> None:
    """A filter follows another answer; a number beyond its bounds is told in the workbook's words."""
    expect(page.get_by_text("一年级")).to_have_count(0)
    page.get_by_label("小学").check()
    expect(page.get_by_label("七年级")).to_have_count(0)
    page.get_by_label("二年级").check()
    page.get_by_label("用餐人数").fill("9000")
    expect(page.get_by_text("须在 1 至 5000 之间")).to_be_visible()
    page.get_by_label("用餐人数").fill("300")
    expect(page.get_by_text("须在 1 至 5000 之间")).to_have_count(0)
    page.get_by_label("最近消毒日期").fill("2026-01-02")


def keep_samples(page: Page) -> None:
    """Two rows, one of them wrong at first, a third taken away again; what they come to is calculated."""
    for at, (dish, grams) in enumerate((("红烧肉", "100"), ("青菜", "127.5"), ("米饭", "200"))):
        page.get_by_role("button", name="添加留样").click()
        page.get_by_label("菜名").nth(at).fill(dish)
        page.get_by_label("克数").nth(at).fill(grams)
    expect(page.get_by_text("每样不少于 125 克")).to_have_count(1)
    page.get_by_label("克数").first.fill("130")
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="删除“留样 3”").click()
    expect(page.get_by_text("共留样 257.5 克。")).to_be_visible()


def give_pictures(page: Page) -> None:
    """The menu is asked for only where lunch is served; the cook signs; the phone tells where the door is."""
    expect(page.get_by_text("当日菜单")).to_have_count(0)
    tick(page.get_by_label("午餐"))
    (photo,) = photos_of(1)
    question(page, "当日菜单").locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(question(page, "当日菜单").locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    question(page, "厨师签名").get_by_role("button").first.click()
    draw(page)
    expect(question(page, "厨师签名").locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    page.get_by_role("button", name="记录当前位置").click()
    expect(page.get_by_text("33.07")).to_be_visible()


def go_on_with_the_newer_version(page: Page) -> None:
    """The phone hears of it, tells what is new, changed and gone, and leads there; answers are still given."""
    page.reload()
    unlock_phone(page)
    told = page.locator(".notice", has_text="检查表已更换为第 2 版")
    expect(told).to_be_visible(timeout=WITHIN_MS)
    assert [" ".join(line.split()) for line in told.locator("li").all_inner_texts()] == [
        "有改动 第 1 项 后厨地面墙面整洁", "新增 第 2 项 戴手套", "不再检查 最近消毒日期",
    ]  # fmt: skip
    assert violations(page) == []
    told.get_by_role("button", name="戴手套").click()
    gloves = page.locator("article.item", has_text="戴手套")
    expect(gloves).to_have_attribute("data-value", "")
    gloves.locator("label[data-value=na]").click()
    for name in ("后厨地面墙面整洁", "冷藏合格"):
        expect(page.locator("article.item", has_text=name)).to_have_attribute("data-value", "yes")
    page.get_by_role("button", name="已核对").click()
    expect(told).to_have_count(0)


def test_every_kind_of_question_is_filled_and_a_newer_version_takes_the_answers_over(instance, desk, at_the_canteen):  # noqa: F811
    page, task = at_the_canteen
    answer_section(page, iter(()))
    turn_to(page, 1)
    choose_and_be_corrected(page)
    keep_samples(page)
    give_pictures(page)
    assert violations(page) + too_wide(page) == []
    publish_newer(desk)
    go_on_with_the_newer_version(page)
    read_out(page)
    sign_all(page)
    submit(page)
    expect(page.get_by_text("已送达，服务器已签收")).to_be_visible(timeout=3 * WITHIN_MS)
    ((id_, body, version),) = rows(instance, KEPT, task)
    given = body["form_answers"]
    assert (version, given["stage"], given["grade"], given["meals"], given["pupils"]) == (
        "2",
        "primary",
        "two",
        ["lunch"],
        300,
    )
    assert given["dishes"] == [{"dish": "红烧肉", "grams": 130}, {"dish": "青菜", "grams": 127.5}]
    assert {given["menu"], given["cook"]} <= {photo["id"] for photo in body["photos"]}
    assert "disinfected" not in given
    reviewer = Desk(instance.url, "reviewer", PASSWORD)
    told = reviewer.caller.ask("GET", f"/console/submissions/{id_}", headers={"Accept": "text/html"}).text
    for words in ("二年级", "青菜", "257.5", "午餐", "33.07"):
        assert words in told


@pytest.fixture
def two_at_the_canteen(instance, desk, a_page, watch) -> Iterator[tuple[Page, Page]]:  # noqa: F811
    """The leader's phone and a member's, both at the questions of one visit; what they share stays with the last task."""
    watch.expected = {401}
    publish(desk)
    (task, person), *_ = rows(instance, UNTOUCHED)
    ((member,),) = rows(instance, MEMBER, task)
    ask_of(instance, task)
    pages = [a_page(geolocation=PLACE, **HAND) for _ in range(2)]
    for page, whose in zip(pages, (person, member), strict=True):
        enrol_phone(page, desk.code_for(whose))
        page.goto(f"/field/#/visit/{task}")
        step(page, "检查")
        turn_to(page, 1)
    yield pages[0], pages[1]
    ask_of(instance, task, "restaurant")


def test_what_a_colleague_answers_comes_to_the_leader_who_decides_where_they_differ(two_at_the_canteen):
    leader, member = two_at_the_canteen
    leader.get_by_label("用餐人数").fill("300")
    member.get_by_label("用餐人数").fill("310")
    tick(member.get_by_label("午餐"))
    (photo,) = photos_of(1)
    question(member, "当日菜单").locator("input[type=file]").set_input_files(photo)  # type: ignore[arg-type]
    expect(question(member, "当日菜单").locator(".thumb img")).to_be_visible(timeout=WITHIN_MS)
    for page in (member, leader):
        page.evaluate("dispatchEvent(new Event('online'))")  # shared at once
    expect(leader.get_by_label("午餐")).to_be_checked(timeout=2 * WITHIN_MS)
    expect(question(leader, "当日菜单").locator(".thumb")).to_have_count(1)
    told = leader.locator(".team-choice", has_text="用餐人数")
    told.get_by_role("button", name="310").click()
    expect(told).to_have_count(0)
    expect(leader.get_by_label("用餐人数")).to_have_value("310")
