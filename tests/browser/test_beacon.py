"""A lot whose seed comes from every source at once: dice, a beacon of one's own, and a number that a witness kept at home."""

import hashlib
import secrets
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.holding import (
    bundle_of,
    draw,
    frozen_round,
    lot_names,
    press,
    script_says,
    seated,
    throw,
)

TOO_EARLY, NOT_THE_ROUND = 409, 422


@pytest.fixture
def own_chain(instance):
    """A chain of one's own in place of the public beacon, as on an isolated network; gone afterwards."""
    made = instance.fieldlot("beacon", "new", "--period", "3")
    assert made.returncode == 0, made.stderr
    yield
    (instance.data / "beacon.json").unlink()


def hand_in(witness: Page, round_page: str, digest: str) -> None:
    """The witness offers the hash of a number and keeps the number."""
    witness.goto(round_page)
    witness.get_by_text("加入我自己的随机数").click()
    witness.fill("#digest", digest)
    witness.get_by_role("button", name="提交", exact=True).click()
    expect(witness.get_by_text(digest[:16])).to_be_visible()


def signed_round(instance, number: str) -> str:
    """The beacon's signature of a round, once its time has come."""
    ends = time.monotonic() + 60
    while (signed := instance.fieldlot("beacon", "sign", number)).returncode:
        assert time.monotonic() < ends, signed.stderr
        time.sleep(1)
    return signed.stdout.strip()


def take_beacon(operator: Page, signature: str) -> None:
    """Paste a signature on the projector's page."""
    operator.fill("#signature", signature)
    press(operator.get_by_role("button", name="取信标的这一期"))


@pytest.mark.long
def test_a_beacon_typed_in_and_a_witness_s_number_make_the_seed(
    own_chain, instance, signed_in, a_page, watch, tmp_path
):
    watch.expected |= {TOO_EARLY, NOT_THE_ROUND}
    desks = seated(signed_in, "planner", "operator", "witness", "witness2")
    round_page, kept = frozen_round(desks["planner"], "信标抽签", 24), secrets.token_hex(32)
    hand_in(desks["witness"], round_page, hashlib.sha256(bytes.fromhex(kept)).hexdigest())
    operator = desks["operator"]
    operator.goto(round_page)
    operator.check("[name=drand]")
    press(operator.get_by_role("button", name="承诺名单"))
    operator.get_by_role("link", name="打开大屏页面").click()
    operator.wait_for_url("**/projector")
    stage, number = operator.url, operator.locator("[data-beacon-round]").get_attribute("data-beacon-round")
    take_beacon(operator, "ab" * 48)
    expect(operator.get_by_text("秒后")).to_be_visible()
    operator.goto(stage)
    throw(desks, round_page)
    desks["witness"].goto(round_page)
    desks["witness"].fill("#nonce", kept)
    press(desks["witness"].get_by_role("button", name="公布我保存的随机数"))
    operator.goto(stage)
    take_beacon(operator, signed_round(instance, number))
    draw(operator, "抽取主体")
    told = script_says(bundle_of(a_page(), lot_names(desks["planner"], round_page)[0], tmp_path))
    assert told[-1] == "PASS"
