"""The first opening of every face: each shows something real, in both languages, without an error."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.enrolling import enrol_phone
from tests.browser.test_revoked import HAND

DESKS = {
    "county": "抽查任务", "planner": "抽查任务", "operator": "抽查任务", "witness": "抽查任务", "auditor": "抽查任务",
    "city": "抽查任务", "reviewer": "待审核", "publicity": "待审核", "credit": "工作总览", "model": "工作总览",
    "admin": "工作总览", "inspector1": "手机端", "expert": "另行通知", "owner": "公示网站",
}  # fmt: skip


@pytest.mark.parametrize("username", DESKS)
def test_everyone_who_signs_in_sees_something_of_their_own(signed_in, username):
    page = signed_in(username)
    expect(page.locator("main")).to_contain_text(DESKS[username])


def test_an_administrator_finds_who_was_drawn_first_and_their_phone_shows_the_visits(signed_in, a_page, watch):
    watch.expected = {401}  # a fresh page has no nonce yet and learns one so
    admin = signed_in("admin")
    admin.goto("/console/people")
    drawn = admin.locator("tbody tr").first
    expect(drawn.locator(".badge-info")).to_contain_text("待检查")
    drawn.get_by_role("button", name="出示入网码").click()
    link = admin.locator("dd.mono a").get_attribute("href")
    phone = a_page(**HAND)
    enrol_phone(phone, link.partition("#enrol=")[2])
    expect(phone.locator("a.stop").first).to_be_visible()


def test_the_public_site_shows_the_sample_round_and_its_result(page):
    page.goto("/")
    expect(page.locator("main")).to_contain_text("抽查结果")
    page.get_by_role("link", name=re.compile("抽查结果$|抽查结果 ")).first.click()
    expect(page.locator("article h1")).to_contain_text("抽查结果")


def test_english_is_one_click_away_and_stays(page):
    page.goto("/")
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto("/lots")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_public_site_works_without_javascript(a_page):
    page = a_page(java_script_enabled=False)
    page.goto("/")
    page.fill("input[name=q]", "城固县")
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("抽查结果")


def test_the_phone_app_asks_for_its_code(a_page):
    page = a_page(viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.goto("/field/")
    expect(page.locator("body")).to_contain_text("入网")
