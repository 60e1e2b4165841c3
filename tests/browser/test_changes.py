"""What may still change after a draw, as the console's people click it, and what the public page then tells of it."""

import json

from playwright.sync_api import Page, expect

from tests.browser.holding import (
    bundle_of,
    changes_of,
    frozen_round,
    hold_entities,
    hold_teams,
    lot_names,
    press,
    script_says,
    seated,
)

REASON = "第三个骰子落地后被碰动"


def record(page: Page, kind: str) -> Page:
    """Open a lot's public page at its record of one kind."""
    return page.locator("ol.timeline li", has=page.locator("strong", has_text=kind))


def test_a_void_lot_stays_in_public_with_its_reason_and_the_second_attempt_counts(signed_in, a_page, tmp_path):
    desks = seated(signed_in, "planner", "operator", "witness", "witness2", "county")
    round_page = frozen_round(desks["planner"], "作废再抽", 24)
    hold_entities(desks, round_page)
    changes_of(desks["operator"], round_page, "抽中名单与候补")
    desks["operator"].fill("#reason", REASON)
    press(desks["operator"].get_by_role("button", name="提交申请"))
    expect(desks["operator"].get_by_text(REASON)).to_be_visible()
    expect(desks["operator"].get_by_role("button", name="签字作废")).to_have_count(0)
    changes_of(desks["county"], round_page, "抽中名单与候补")
    expect(desks["county"].get_by_text(REASON)).to_be_visible()
    press(desks["county"].get_by_role("button", name="签字作废"))
    hold_entities(desks, round_page)
    first, second = lot_names(desks["planner"], round_page)
    assert (first[-3:], second[-3:]) == ("-e1", "-e2")
    public = a_page()
    public.goto(f"/lots/{first}")
    expect(record(public, "作废")).to_contain_text(REASON)
    expect(record(public, "结果")).to_be_visible()
    bundle = bundle_of(public, second, tmp_path)
    assert script_says(bundle)[-1] == "PASS"
    told = [entry["record"] for entry in json.loads(bundle.read_text())["entries"]]
    assert [(record["lot"], record["attempt"]) for record in told if record["type"] == "commit"] == [
        (first, 1),
        (second, 2),
    ]


def skip_the_first(operator: Page, round_page: str) -> None:
    """The first drawn entity proves to have moved out."""
    changes_of(operator, round_page, "抽中名单与候补")
    row = operator.locator("tbody tr", has_text="抽中").first
    row.locator("summary").click()
    row.locator("select[name=reason]").select_option(label="已迁出")
    press(row.get_by_role("button", name="跳过，由候补递补"))
    expect(operator.locator("tbody tr", has_text="已跳过")).to_have_count(1)


def officers(page: Page) -> set[str]:
    """Who stands in the table of teams, leaders without their badge."""
    names = page.locator("tbody tr td:nth-child(2)").all_inner_texts()
    return {name.removesuffix("组长").strip() for name in names}


def replace_the_first(operator: Page, round_page: str) -> str:
    """An officer falls ill; tells who came instead."""
    changes_of(operator, round_page, "检查组与换人")
    before = officers(operator)
    row = operator.locator("tbody tr", has=operator.locator("summary")).first
    row.locator("summary").click()
    row.locator("select[name=reason]").select_option(label="生病")
    press(row.get_by_role("button", name="抽签换人"))
    [joined] = officers(operator) - before
    return joined


def test_a_skip_and_a_replacement_are_seen_by_everybody_and_both_bundles_still_pass(signed_in, a_page, tmp_path):
    desks = seated(signed_in, "planner", "operator", "witness", "witness2")
    round_page = frozen_round(desks["planner"], "跳过与换人", 24)
    hold_entities(desks, round_page)
    hold_teams(desks, round_page)
    skip_the_first(desks["operator"], round_page)
    joined = replace_the_first(desks["operator"], round_page)
    desks["planner"].goto(round_page)
    expect(desks["planner"].locator(".cards").get_by_text(joined).first).to_be_visible()
    public = a_page()
    for name, kind in zip(lot_names(desks["planner"], round_page), ("跳过", "替换"), strict=True):
        public.goto(f"/lots/{name}")
        expect(record(public, kind)).to_be_visible()
        assert joined not in public.content()
        assert script_says(bundle_of(public, name, tmp_path))[-1] == "PASS"
