"""A new version of the app comes while a visit is under way: it asks first, waits as long as one likes, and loses nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.enrolling import WITHIN_MS, enrol_phone, unlock_phone
from tests.browser.hand import step
from tests.browser.network import Network, build_app
from tests.browser.test_revoked import HAND, OPEN, desk, rows  # noqa: F401 - desk is a fixture
from tests.browser.visiting import (
    PLACE,
    answer_all,
    answer_section,
    arrive,
    introduce,
    photos_of,
    read_out,
    sign_all,
    submit,
    turn_to,
)

NEXT = "9.9.9"
SENT = """select s.body ->> 'app_version', count(*) from submissions s join submission_photos p on p.submission_id = s.id
    join evidence e on e.id = p.evidence_id where s.task_id = %s and e.purpose is null group by 1"""
LOOK = "navigator.serviceWorker.getRegistration().then(known => known.update()).then(() => true)"
CACHES = "caches.keys().then(names => names.filter(name => name.startsWith('fieldlot-')))"


@pytest.fixture(scope="module")
def build(tmp_path_factory) -> Path:
    """The app as it is here, built under another version."""
    return build_app(NEXT, tmp_path_factory.mktemp("next") / "dist")


@pytest.fixture
def under_way(instance, desk, a_page, network, watch) -> tuple[Page, str]:  # noqa: F811
    """A phone in the middle of a visit, with two photos; and the task."""
    watch.expected = {401}  # a fresh page has no nonce yet and learns one so
    (task, person), *_ = rows(instance, OPEN)
    page = a_page(base_url=network.url, geolocation=PLACE, **HAND)
    enrol_phone(page, desk.code_for(person))
    page.wait_for_function("navigator.serviceWorker.controller !== null", timeout=WITHIN_MS)
    page.goto(f"/field/#/visit/{task}")
    arrive(page)
    introduce(page)
    answer_section(page, iter(photos_of(2)))
    return page, str(task)


def go_offline(page: Page, network: Network) -> None:
    """Nothing passes any more."""
    page.context.set_offline(True)
    network.up = False


def come_back(page: Page, network: Network) -> None:
    """Everything passes again."""
    network.up = True
    page.context.set_offline(False)


def agree(page: Page) -> None:
    """Consent: the page is loaded anew, by the version that was fetched before."""
    with page.expect_navigation(timeout=WITHIN_MS):
        page.get_by_role("button", name="现在更新").click()
    unlock_phone(page)
    expect(page.get_by_text("新版本已就绪")).to_have_count(0)


def find_draft(page: Page, photos: int) -> None:
    """The check-in, cards, answers and photos of the draft, as they were before."""
    step(page, "到场")
    expect(page.get_by_text("已于 ")).to_be_visible(timeout=WITHIN_MS)
    step(page, "检查")
    turn_to(page, 0)
    expect(page.locator("article.item[data-value=yes] .thumb img")).to_have_count(photos, timeout=WITHIN_MS)
    for image in page.locator(".thumb img").all():
        expect(image).to_have_js_property("naturalWidth", 320, timeout=WITHIN_MS)


def test_an_update_in_the_middle_of_a_visit_asks_first_and_the_visit_goes_out(instance, network, build, under_way):
    page, task = under_way
    page.evaluate("window.before = true")
    before: list[str] = page.evaluate(CACHES)
    network.build = build
    page.evaluate(LOOK)  # as the browser does by itself once a day
    expect(page.get_by_text("新版本已就绪")).to_be_visible(timeout=WITHIN_MS)
    go_offline(page, network)
    turn_to(page, 1)
    answer_section(page, iter(photos_of(3)[2:]))  # who does not agree yet goes on with the version they have
    assert page.evaluate("window.before") is True
    agree(page)
    assert page.evaluate("window.before") is None
    (now,) = page.evaluate(CACHES)
    assert [now] != before
    find_draft(page, 2)
    answer_all(page, iter(photos_of(3)))
    read_out(page)
    sign_all(page)
    come_back(page, network)
    submit(page)
    expect(page.get_by_text("已送达，服务器已签收")).to_be_visible(timeout=2 * WITHIN_MS)
    assert rows(instance, SENT, task) == [(NEXT, 3)]
