"""How a round is held in the console by its buttons: seats for people, a drafted round, dice, witnesses, the draw."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import Locator, Page, Response, expect

from backend.public import verify_draw
from backend.times import local_today

DICE = "6 1 3 2 5 4 4 1 6 2 3 5 1 1 6 4 2 3 5 6"
WEIGHTS = {"A": "2", "B": "3", "C": "4", "D": "6"}
"""A round steep enough to need an approver's word is not what four people can hold alone"""
WITHIN_MS = 120_000
SCRIPT = Path(verify_draw.__file__)
Desks = dict[str, Page]


def seated(signed_in: Callable[[str], Page], *names: str) -> Desks:
    """People at the console, each in a browser of their own."""
    return {name: signed_in(name) for name in names}


def press(button: Locator) -> None:
    """Click a form's button, and wait until the deed is done and the page it leads to is there: what is read next is new."""
    with button.page.expect_navigation(timeout=WITHIN_MS), button.page.expect_response(_deed, timeout=WITHIN_MS):
        button.click(timeout=WITHIN_MS)


def _deed(answer: Response) -> bool:
    return answer.request.method == "POST"


def frozen_round(planner: Page, title: str, count: int) -> str:
    """A round that the planner drafts in a published plan and freezes; its page."""
    planner.goto("/console/plans")
    planner.locator("tr", has_text="已公布").locator("a").first.click()
    planner.fill("#title", title)
    planner.fill("#n", str(count))
    planner.fill("#ends", (local_today() + timedelta(days=20)).isoformat())
    planner.select_option("#item", label=planner.locator("#item option", has_text="餐饮服务").first.inner_text())
    planner.get_by_text("权重、候补与范围").click()
    for grade, weight in WEIGHTS.items():
        planner.fill(f"#weight_{grade}", weight)
        planner.fill(f"#min_{grade}", "2")
    press(planner.get_by_role("button", name="建立任务"))
    press(planner.get_by_role("button", name="冻结名单"))
    expect(planner.get_by_text("名单已冻结")).to_be_visible(timeout=20_000)
    return planner.url


def commit(operator: Page, round_page: str, label: str) -> str:
    """Commit with what is ticked already; ends on the projector's page, and tells it."""
    operator.goto(round_page)
    press(operator.get_by_role("button", name=label))
    operator.get_by_role("link", name="打开大屏页面").click()
    operator.wait_for_url("**/projector")
    return operator.url


def throw(desks: Desks, round_page: str) -> None:
    """Dice on the projector's page, two witnesses from their own desks."""
    desks["operator"].fill("#dice", DICE)
    press(desks["operator"].get_by_role("button", name="录入骰子数"))
    for name in ("witness", "witness2"):
        desks[name].goto(round_page)
        press(desks[name].get_by_role("button", name="我见证了以上数字"))


def draw(operator: Page, label: str) -> None:
    """The draw, before the audience."""
    press(operator.get_by_role("button", name=label))
    expect(operator.locator("main.stage")).to_have_attribute("data-state", "drawn", timeout=WITHIN_MS)
    assert operator.locator(".ticket").count() > 0


def hold(desks: Desks, round_page: str, commit_label: str, draw_label: str) -> None:
    """One lot from its commit to its draw."""
    commit(desks["operator"], round_page, commit_label)
    throw(desks, round_page)
    draw(desks["operator"], draw_label)


def hold_entities(desks: Desks, round_page: str) -> None:
    """The first lot."""
    hold(desks, round_page, "承诺名单", "抽取主体")


def hold_teams(desks: Desks, round_page: str) -> None:
    """The second lot."""
    hold(desks, round_page, "承诺人员", "匹配检查组")


def changes_of(page: Page, round_page: str, link: str) -> None:
    """The page of a lot's picks or teams, reached from the round's."""
    page.goto(round_page)
    page.get_by_role("link", name=link, exact=True).last.click()
    page.wait_for_url("**/changes")


def lot_names(page: Page, round_page: str) -> list[str]:
    """The names of a round's lots as its records card lists them."""
    page.goto(round_page)
    return page.locator('a.mono[href^="/lots/"]').all_inner_texts()


def bundle_of(page: Page, name: str, folder: Path) -> Path:
    """A lot's bundle, as anybody downloads it."""
    bundle = folder / f"{name}.json"
    bundle.write_bytes(page.request.get(f"/lots/{name}/bundle.json").body())
    return bundle


def script_says(bundle: Path) -> list[str]:
    """What the script that strangers run says of a bundle, isolated."""
    ran = subprocess.run([sys.executable, "-I", "-S", str(SCRIPT), str(bundle)], capture_output=True, text=True)
    return ran.stdout.splitlines()
