"""The ceremony of both lots, one step a button; every step is a record anyone can see."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_freeze_pool, can_hold_draw, can_see_draws, can_witness
from backend.console import console
from backend.console.forms import text
from backend.draws import lots, plans, queries
from backend.tours import commands as tours
from backend.tours.queries import tasks, tours_of, unplanned
from backend.web import allows, page


@console.get("/rounds")
@allows(can_see_draws)
def rounds() -> ResponseReturnValue:
    """All rounds within reach"""
    return page("console/rounds.html", rounds=queries.rounds(g.session, actor=g.actor))


@console.get("/rounds/<uuid:round_id>")
@allows(can_see_draws)
def round_page(round_id: UUID) -> ResponseReturnValue:
    """A round: where its ceremony stands, its tours, its tasks"""
    return page(
        "console/round.html",
        round=queries.seen_round(g.session, g.actor, round_id),
        tours=tours_of(g.session, round_id),
        unplanned=unplanned(g.session, round_id),
        tasks=tasks(g.session, round_id=round_id),
    )


@console.post("/rounds/<uuid:round_id>/freeze")
@allows(can_freeze_pool)
def freeze_pool(round_id: UUID) -> ResponseReturnValue:
    """Fix who may be drawn"""
    plans.freeze_pool(g.session, actor=g.actor, round_id=round_id, acceptance=text("acceptance") or None)
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
    return _back(lots.enter_dice(g.session, actor=g.actor, lot_id=lot_id, dice=text("dice")).round_id)


@console.post("/lots/<uuid:lot_id>/witness")
@allows(can_witness)
def witness_dice(lot_id: UUID) -> ResponseReturnValue:
    """Sign the dice as a witness"""
    return _back(lots.witness_dice(g.session, actor=g.actor, lot_id=lot_id).round_id)


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


def _back(round_id: UUID) -> ResponseReturnValue:
    return redirect(f"/console/rounds/{round_id}", 303)
