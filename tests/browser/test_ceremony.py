"""A round held through the console by four people, each in a browser of their own; both lots checked by both verifiers."""

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from backend.public import verify_draw
from backend.times import local_today
from tests.verifier.great import great_bundle

PEOPLE = ("planner", "operator", "witness", "witness2")
DICE = "6 1 3 2 5 4 4 1 6 2 3 5 1 1 6 4 2 3 5 6"
WEIGHTS = {"A": "2", "B": "3", "C": "4", "D": "6"}
"""A round steep enough to need an approver's word is not what four people can hold alone"""
WITHIN_MS = 120_000
SCRIPT = Path(verify_draw.__file__)


@pytest.fixture
def desks(signed_in) -> dict[str, Page]:
    """Four people, signed in."""
    return {name: signed_in(name) for name in PEOPLE}


@pytest.fixture
def round_page(desks) -> str:
    """A round that the planner drafted in a published plan and froze."""
    page = desks["planner"]
    page.goto("/console/plans")
    page.locator("tr", has_text="已公布").locator("a").first.click()
    page.fill("#title", "四人抽签")
    page.fill("#n", "30")
    page.fill("#ends", (local_today() + timedelta(days=20)).isoformat())
    page.select_option("#item", label=page.locator("#item option", has_text="餐饮服务").first.inner_text())
    page.get_by_text("权重、候补与范围").click()
    for grade, weight in WEIGHTS.items():
        page.fill(f"#weight_{grade}", weight)
        page.fill(f"#min_{grade}", "2")
    page.get_by_role("button", name="建立任务").click()
    page.get_by_role("button", name="冻结名单").click()
    expect(page.get_by_text("名单已冻结")).to_be_visible(timeout=WITHIN_MS)
    return page.url


def hold(desks: dict[str, Page], round_page: str, commit: str, draw: str) -> None:
    """Commit, dice on the projector's page, two witnesses from theirs, the draw."""
    operator = desks["operator"]
    operator.goto(round_page)
    operator.get_by_role("button", name=commit).click(timeout=WITHIN_MS)
    operator.get_by_role("link", name="打开大屏页面").click()
    operator.fill("#dice", DICE)
    operator.get_by_role("button", name="录入骰子数").click()
    for name in ("witness", "witness2"):
        desks[name].goto(round_page)
        desks[name].get_by_role("button", name="我见证了以上数字").click()
    operator.get_by_role("button", name=draw).click(timeout=WITHIN_MS)
    expect(operator.locator("main.stage")).to_have_attribute("data-state", "drawn", timeout=WITHIN_MS)
    assert operator.locator(".ticket").count() > 0


def checked_by_script(bundle: Path) -> str:
    """The last word of the script that strangers run, isolated."""
    ran = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(bundle)], capture_output=True, text=True)
    return ran.stdout.splitlines()[-1]


def checked_in_browser(page: Page, bundle: Path) -> str | None:
    """The verdict on a file that somebody chooses."""
    # The verdict on an earlier file must not be taken for this one's.
    page.evaluate("document.querySelector('#verdict')?.removeAttribute('data-verdict')")
    page.set_input_files("#bundle", bundle)
    expect(page.locator("#verdict[data-verdict]")).to_be_visible(timeout=WITHIN_MS)
    return page.locator("#verdict").get_attribute("data-verdict")


def spoilt(bundle: Path) -> Path:
    """The bundle with one digit of its last head's root changed."""
    told = json.loads(bundle.read_text())
    root = told["heads"][1]["root"]
    told["heads"][1]["root"] = ("0" if root[0] != "0" else "1") + root[1:]
    changed = bundle.with_suffix(".spoilt.json")
    changed.write_text(json.dumps(told))
    return changed


def test_four_people_hold_both_lots_and_two_verifiers_agree(desks, round_page, a_page, tmp_path):
    hold(desks, round_page, "承诺名单", "抽取主体")
    hold(desks, round_page, "承诺人员", "匹配检查组")
    public = a_page()
    public.goto("/lots")
    names = [cell.inner_text() for cell in public.locator("tbody tr td.mono").all()[:2]]
    assert {name.split("-")[1] for name in names} == {"e1", "t1"}
    for name in names:
        bundle = tmp_path / f"{name}.json"
        bundle.write_bytes(public.request.get(f"/lots/{name}/bundle.json").body())
        assert checked_by_script(bundle) == "PASS"
        public.goto(f"/verify?lot={name}")
        public.get_by_role("button", name=name).click()
        expect(public.locator("#verdict")).to_have_attribute("data-verdict", "pass", timeout=WITHIN_MS)
        assert checked_in_browser(public, bundle) == "pass"
        assert (checked_by_script(spoilt(bundle)), checked_in_browser(public, spoilt(bundle))) == ("FAIL", "fail")


KEPT = Path(__file__).parents[1] / "verifier" / "bundles"


def test_the_saved_page_checks_a_saved_bundle_without_a_network(a_page, tmp_path):
    page = a_page()
    saved = tmp_path / "verify.html"
    saved.write_bytes(page.request.get("/verify/page.html").body())
    page.context.set_offline(True)
    page.goto(saved.as_uri())
    for kind in ("entities", "teams"):
        assert checked_in_browser(page, KEPT / f"{kind}.json") == "pass"
        assert page.locator("#checks li[data-state=fail]").count() == 0
    text = tmp_path / "no.json"
    text.write_text("{")
    assert checked_in_browser(page, text) == "unread"


LONGEST_PAUSE = """() => { window.pause = 0; let last = performance.now();
  setInterval(() => { const now = performance.now(); window.pause = Math.max(window.pause, now - last); last = now; }, 20); }"""


@pytest.mark.long
def test_a_city_of_400_000_is_checked_without_freezing_the_page(a_page, tmp_path):
    bundle = tmp_path / "great.json"
    bundle.write_text(json.dumps(great_bundle(400_000, 18_396)))
    page = a_page()
    page.goto("/verify")
    page.evaluate(LONGEST_PAUSE)
    page.set_input_files("#bundle", bundle)
    expect(page.locator("#verdict[data-verdict]")).to_have_attribute("data-verdict", "pass", timeout=WITHIN_MS)
    assert page.evaluate("window.pause") < 1500
