"""The ceremony of both lots, one step a button; every step is a record anyone can see."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_freeze_pool, can_hold_draw, can_see_draws, can_witness
from backend.console import console
from backend.console.forms import text
from backend.draws import lots, queries, sources
from backend.draws import rounds as pools
from backend.draws.queries import LotView, RoundView
from backend.tours import commands as tours
from backend.tours.queries import tasks, tours_of, unplanned
from backend.web import allows, page

STEPS = ("freeze", "commit", "dice", "draw", "tours", "commit_teams", "dice_teams", "match")
"""The ceremony of both lots (DRAWS §1–3), in its order"""
NEXT = {"draft": "freeze", "frozen": "commit", "committed": "dice", "drawn": "tours", "toured": "commit_teams",
        "teams_committed": "dice_teams"}  # fmt: skip
AFTER_DICE = {"committed": "draw", "teams_committed": "match"}
WITNESSES = 2


@console.get("/rounds")
@allows(can_see_draws)
def rounds() -> ResponseReturnValue:
    """All rounds within reach"""
    return page("console/rounds.html", rounds=queries.rounds(g.session, actor=g.actor))


@console.get("/rounds/<uuid:round_id>")
@allows(can_see_draws)
def round_page(round_id: UUID) -> ResponseReturnValue:
    """A round: where its ceremony stands, its tours, its tasks"""
    found = queries.seen_round(g.session, g.actor, round_id)
    return page(
        "console/round.html",
        round=found,
        lot=current_lot(found),
        step=STEPS.index(step_of(found)) if step_of(found) else len(STEPS),
        steps=STEPS,
        tours=tours_of(g.session, round_id),
        unplanned=unplanned(g.session, round_id),
        tasks=tasks(g.session, round_id=round_id),
    )


@console.post("/rounds/<uuid:round_id>/freeze")
@allows(can_freeze_pool)
def freeze_pool(round_id: UUID) -> ResponseReturnValue:
    """Fix who may be drawn"""
    pools.freeze_pool(g.session, actor=g.actor, round_id=round_id, acceptance=text("acceptance") or None)
    return _back(round_id)


@console.post("/rounds/<uuid:round_id>/commit")
@allows(can_hold_draw)
def commit_entities(round_id: UUID) -> ResponseReturnValue:
    """Commit the first lot"""
    lots.commit_entities(g.session, actor=g.actor, round_id=round_id)
    return _back(round_id)


@console.post("/rounds/<uuid:round_id>/commit-teams")
@allows(can_hold_draw)
def commit_teams(round_id: UUID) -> ResponseReturnValue:
    """Hand the tours to the second lot and commit it"""
    tours.commit_teams(g.session, actor=g.actor, round_id=round_id)
    return _back(round_id)


@console.post("/lots/<uuid:lot_id>/dice")
@allows(can_hold_draw)
def enter_dice(lot_id: UUID) -> ResponseReturnValue:
    """Write down the dice"""
    return _back(sources.enter_dice(g.session, actor=g.actor, lot_id=lot_id, dice=text("dice")).round_id)


@console.post("/lots/<uuid:lot_id>/witness")
@allows(can_witness)
def witness_dice(lot_id: UUID) -> ResponseReturnValue:
    """Sign the dice as a witness"""
    return _back(sources.witness_dice(g.session, actor=g.actor, lot_id=lot_id).round_id)


@console.post("/lots/<uuid:lot_id>/draw")
@allows(can_hold_draw)
def hold_draw(lot_id: UUID) -> ResponseReturnValue:
    """Hold the draw of entities"""
    return _back(lots.hold_draw(g.session, actor=g.actor, lot_id=lot_id).round_id)


@console.post("/lots/<uuid:lot_id>/match")
@allows(can_hold_draw)
def match_teams(lot_id: UUID) -> ResponseReturnValue:
    """Hold the draw of teams"""
    return _back(lots.match_teams(g.session, actor=g.actor, lot_id=lot_id).round_id)


def current_lot(found: RoundView) -> LotView | None:
    """The lot whose dice are awaited or stand, if the ceremony is there."""
    kind = {"committed": "entities", "teams_committed": "teams"}.get(found.state)
    lots = [lot for lot in found.lots if lot.kind == kind and lot.state != "void"]
    return lots[-1] if lots else None


def step_of(found: RoundView) -> str | None:
    """The step that comes now, or None when all are taken."""
    lot = current_lot(found)
    if lot and lot.state == "dice_entered" and len(lot.witnesses) >= WITNESSES:
        return AFTER_DICE[found.state]
    return NEXT.get(found.state)


def _back(round_id: UUID) -> ResponseReturnValue:
    return redirect(f"/console/rounds/{round_id}", 303)
