"""A round held through the console by four people, each in a browser of their own; both lots checked by both verifiers."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.holding import WITHIN_MS, bundle_of, frozen_round, hold_entities, hold_teams, script_says, seated
from tests.verifier.great import great_bundle

PEOPLE = ("planner", "operator", "witness", "witness2")


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


def test_four_people_hold_both_lots_and_two_verifiers_agree(signed_in, a_page, tmp_path):
    desks = seated(signed_in, *PEOPLE)
    round_page = frozen_round(desks["planner"], "四人抽签", 30)
    hold_entities(desks, round_page)
    hold_teams(desks, round_page)
    public = a_page()
    public.goto("/lots")
    names = [cell.inner_text() for cell in public.locator("tbody tr td.mono").all()[:2]]
    assert {name.split("-")[1] for name in names} == {"e1", "t1"}
    for name in names:
        bundle = bundle_of(public, name, tmp_path)
        assert script_says(bundle)[-1] == "PASS"
        public.goto(f"/verify?lot={name}")
        public.get_by_role("button", name=name).click()
        expect(public.locator("#verdict")).to_have_attribute("data-verdict", "pass", timeout=WITHIN_MS)
        assert checked_in_browser(public, bundle) == "pass"
        assert (script_says(spoilt(bundle))[-1], checked_in_browser(public, spoilt(bundle))) == ("FAIL", "fail")


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
