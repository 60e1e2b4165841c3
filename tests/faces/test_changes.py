"""The ceremony's other pages: chosen sources, the projector, skips and replacements, a void lot by two people, codes for the visited."""

import re
from hashlib import sha256

import pytest

from backend.accounts.models import Unit
from backend.accounts.rules import Role
from tests.faces.desks import Desk
from tests.makers import DICE, Ceremony, a_scored_district
from tests.standing import standing

NONCE = "5a" * 32


@pytest.fixture(scope="module")
def ground(services):
    with standing(lambda session: a_scored_district(session).id) as ground:
        yield ground


@pytest.fixture
def unit(session, ground):
    return session.get_one(Unit, ground[1])


@pytest.fixture
def desks(app, session, unit):
    roles = {"operator": Role.DRAW_OPERATOR, "supervisor": Role.COUNTY_SUPERVISOR, "witness": Role.WITNESS,
             "witness2": Role.WITNESS, "auditor": Role.AUDITOR}  # fmt: skip
    return {name: Desk(app, session, unit, role, name=name) for name, role in roles.items()}


@pytest.fixture
def page(session, unit, desks):
    """A frozen round's page."""
    page = f"/console/rounds/{Ceremony(session, unit).a_round().id}"
    session.commit()
    desks["operator"].press(f"{page}/freeze")
    return page


def lot_of(desk: Desk, page: str) -> str:
    return f"/console/lots/{desk.json(page)['round']['lots'][-1]['id']}"


def hold(desks, page: str, deed: str = "draw") -> str:
    """Dice, two witnesses, the draw. Returns the lot's address."""
    lot = lot_of(desks["operator"], page)
    desks["operator"].press(f"{lot}/dice", dice=DICE)
    for name in ("witness", "witness2"):
        desks[name].press(f"{lot}/witness")
    assert desks["operator"].press(f"{lot}/{deed}").status_code == 303
    return lot


def test_a_witness_number_that_was_kept_comes_in_after_the_commit(desks, page):
    witness, operator = desks["witness"], desks["operator"]
    offer = f"{page}/nonces/entities"
    assert offer in witness.buttons(page)
    assert witness.press(offer, nonce="too short").status_code == 422
    witness.press(offer, digest=sha256(bytes.fromhex(NONCE)).hexdigest())
    operator.press(f"{page}/commit", chosen="1")
    lot = lot_of(operator, page)
    assert operator.buttons(page) == []
    assert witness.press(f"{lot}/nonce", nonce="00" * 32).status_code == 422
    witness.press(f"{lot}/nonce", nonce=NONCE)
    assert operator.buttons(page) == [f"{lot}/draw"]


def test_a_lot_with_a_lead_waits_and_too_few_sources_are_refused(desks, page):
    operator = desks["operator"]
    refused = operator.press(f"{page}/commit", chosen="1")
    assert (refused.status_code, "种子来源不足" in refused.text) == (422, True)
    operator.press(f"{page}/commit", chosen="1", dice="1", drand="1", lead="3600")
    lot = lot_of(operator, page)
    early = operator.press(f"{lot}/dice", dice=DICE)
    assert (early.status_code, "尚未到时间" in early.text) == (409, True)
    assert "公共信标" in operator.see(page).text


def test_the_projector_shows_dice_and_tickets_and_nobodys_name(desks, page):
    operator = desks["operator"]
    operator.press(f"{page}/commit")
    stage = f"{lot_of(operator, page)}/projector"
    assert operator.buttons(stage) == [stage.replace("projector", "dice")]
    assert 'http-equiv="refresh"' in desks["witness"].see(stage).text
    assert operator.press(stage.replace("projector", "dice"), dice=DICE, back="projector").location == stage
    for name in ("witness", "witness2"):
        desks[name].press(stage.replace("projector", "witness"))
    operator.press(stage.replace("projector", "draw"))
    shown = operator.see(stage).text
    names = [pick["entity"] for pick in operator.json(stage.replace("projector", "changes"))["picks"]]
    assert len(re.findall('class="ticket"', shown)) == 6
    assert [name for name in names if name in shown] == []


def test_a_lot_is_void_by_two_people_and_begins_anew(desks, page):
    operator, supervisor = desks["operator"], desks["supervisor"]
    operator.press(f"{page}/commit")
    lot = hold(desks, page)
    assert supervisor.press(f"{lot}/void/confirm").status_code == 409
    operator.press(f"{lot}/void", reason="骰子滚落")
    assert f"{lot}/void/confirm" not in operator.buttons(f"{lot}/changes")
    assert f"{lot}/void/confirm" in supervisor.buttons(f"{lot}/changes")
    supervisor.press(f"{lot}/void/confirm")
    assert "骰子滚落" in operator.see(page).text
    assert operator.buttons(page) == [f"{page}/commit"]
    assert "void" in operator.json(f"{lot}/changes")["lot"]["state"]


def test_a_skip_a_replacement_and_a_code_are_a_form_each(desks, page, drain):
    operator = desks["operator"]
    operator.press(f"{page}/commit")
    first = hold(desks, page)
    drain()
    operator.press(f"{page}/commit-teams")
    second = hold(desks, page, "match")
    drain()
    pick = next(p for p in operator.json(f"{first}/changes")["picks"] if p["state"] == "drawn")
    code = f"{first}/salts/{pick['entity_id']}"
    assert (code in operator.see(f"{first}/changes").text, "<svg" in operator.see(code).text) == (True, True)
    operator.press(f"{first}/skip/{pick['entity_id']}", reason="MOVED_OUT")
    assert {p["entity_id"]: p["state"] for p in operator.json(f"{first}/changes")["picks"]}[
        pick["entity_id"]
    ] == "skipped"
    member = next(m for m in operator.json(f"{second}/changes")["matches"] if m["could_replace"])
    leave = f"{second}/replace/{member['tour']}/{member['inspector_id']}"
    assert leave in operator.buttons(f"{second}/changes")
    assert operator.press(leave, reason="SICK").status_code == 303
    now = {m["inspector_id"] for m in operator.json(f"{second}/changes")["matches"]}
    assert member["inspector_id"] not in now
    assert desks["supervisor"].press(f"{page}/close").status_code == 422
    assert desks["supervisor"].press(f"{page}/close", reason="年底任务调整").status_code == 303
    assert operator.json(page)["round"]["state"] == "done"


def test_witnesses_from_outside_see_neither_who_was_drawn_nor_who_visits(desks, page, drain):
    desks["operator"].press(f"{page}/commit")
    lot = hold(desks, page)
    drain()
    known, seen = desks["operator"].json(page), desks["witness"].json(page)
    assert (len(known["tours"]) > 0, seen["tours"], seen["tasks"], seen["unplanned"]) == (True, [], [], {})
    names = [stop["entity"] for tour in known["tours"] for stop in tour["stops"]]
    shown = desks["witness"].see(page).text
    assert [name for name in names if name in shown] == []
    assert f"{lot}/changes" not in shown
    pick = desks["operator"].json(f"{lot}/changes")["picks"][0]
    for closed in (f"{lot}/changes", f"{lot}/salts/{pick['entity_id']}"):
        assert desks["witness"].see(closed).status_code == 403


def test_only_an_auditor_opens_the_key_of_the_aliases(desks, page):
    desks["operator"].press(f"{page}/commit")
    lot = lot_of(desks["operator"], page)
    assert desks["operator"].press(f"{lot}/key").status_code == 403
    assert re.search("[0-9a-f]{64}", desks["auditor"].press(f"{lot}/key").text)
