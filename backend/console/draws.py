"""The ceremony of both lots, one step a button; every step is a record anyone can see."""

from typing import Any
from uuid import UUID

from flask import g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from backend.accounts.rules import can_freeze_pool, can_hold_draw, can_see_drawn, can_see_draws
from backend.console import console
from backend.console.forms import number, text
from backend.draws import ceremonies, lots, queries
from backend.draws import rounds as pools
from backend.draws.ceremonies import Ceremony
from backend.draws.previews import Preview, preview
from backend.draws.queries import LotView, RoundView
from backend.draws.sources import Sources
from backend.oversight import rates
from backend.replies import page
from backend.tours import commands as tours
from backend.tours.queries import tasks, tours_of, unplanned
from backend.web import allows

STEPS = ("freeze", "commit", "dice", "draw", "tours", "commit_teams", "dice_teams", "match")
"""The ceremony of both lots (DRAWS §1–3), in its order"""
NEXT = {"draft": "freeze", "frozen": "commit", "committed": "dice", "drawn": "tours", "toured": "commit_teams",
        "teams_committed": "dice_teams"}  # fmt: skip
AFTER_DICE = {"committed": "draw", "teams_committed": "match"}
FACTS = ("pool", "fingerprint", "drawn", "tours", "staff", "teams")
"""What a ceremony fixes, in its order"""
FIXED = {"draft": 0, "frozen": 1, "committed": 2, "drawn": 3, "toured": 4, "teams_committed": 5}
"""How many of them are fixed in each state of a round; later all are"""
COMING = {"frozen": "entities", "toured": "teams"}
"""Which lot is committed next"""


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
    lot = current_lot(found)
    ceremony = ceremonies.ceremony(g.session, lot.id) if lot else None
    step, coming = step_of(found, ceremony), COMING.get(found.state)
    # Witnesses come from outside: the names stay closed to them before the visits (DRAWS §1).
    told = can_see_drawn(g.actor)
    return page(
        "console/round.html",
        round=found,
        preview=_preview(round_id) if found.state == "draft" else None,
        lot=lot,
        ceremony=ceremony,
        void=last_void(g.session, found),
        offered=ceremonies.offered(g.session, round_id, coming) if coming else [],
        coming=coming,
        step=STEPS.index(step) if step else len(STEPS),
        steps=STEPS,
        figures=rates.figures(g.session, round_id) if found.state in ("matched", "done") else None,
        facts=FACTS,
        fixed=FIXED.get(found.state, len(FACTS)),
        tours=tours_of(g.session, round_id) if told else [],
        unplanned=unplanned(g.session, round_id) if told else {},
        tasks=tasks(g.session, round_id=round_id) if told else [],
    )


def _preview(round_id: UUID) -> Preview:
    """What the round would mean if it were frozen now; how likely problems are, and how precise one wants to be, may be asked."""
    shares = {name: request.args.get(name, type=float) for name in ("rate", "width")}
    return preview(g.session, g.actor, round_id, **{name: share / 100 for name, share in shares.items() if share})


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
    lots.commit_entities(g.session, actor=g.actor, round_id=round_id, sources=_sources())
    return _back(round_id)


@console.post("/rounds/<uuid:round_id>/commit-teams")
@allows(can_hold_draw)
def commit_teams(round_id: UUID) -> ResponseReturnValue:
    """Hand the tours to the second lot and commit it"""
    tours.commit_teams(g.session, actor=g.actor, round_id=round_id, sources=_sources())
    return _back(round_id)


@console.post("/lots/<uuid:lot_id>/draw")
@allows(can_hold_draw)
def hold_draw(lot_id: UUID) -> ResponseReturnValue:
    """Hold the draw of entities"""
    return back(lots.hold_draw(g.session, actor=g.actor, lot_id=lot_id).round_id, lot_id)


@console.post("/lots/<uuid:lot_id>/match")
@allows(can_hold_draw)
def match_teams(lot_id: UUID) -> ResponseReturnValue:
    """Hold the draw of teams"""
    return back(lots.match_teams(g.session, actor=g.actor, lot_id=lot_id).round_id, lot_id)


def current_lot(found: RoundView) -> LotView | None:
    """The lot whose dice are awaited or stand, if the ceremony is there."""
    kind = {"committed": "entities", "teams_committed": "teams"}.get(found.state)
    lots = [lot for lot in found.lots if lot.kind == kind and lot.state != "void"]
    return lots[-1] if lots else None


def step_of(found: RoundView, ceremony: Ceremony | None) -> str | None:
    """The step that comes now, or None when all are taken."""
    if ceremony and not ceremony.missing:
        return AFTER_DICE[found.state]
    return NEXT.get(found.state)


def last_void(session: Session, found: RoundView) -> dict[str, Any] | None:
    """Why the lot that would come next was void before, if it was."""
    of_kind = [lot for lot in found.lots if lot.kind == COMING.get(found.state)]
    return ceremonies.ceremony(session, of_kind[-1].id).void if of_kind else None


def back(round_id: UUID, lot_id: UUID) -> ResponseReturnValue:
    """To the page that the form came from: the projector's, or the round's."""
    if text("back") == "projector":
        return redirect(f"/console/lots/{lot_id}/projector", 303)
    return _back(round_id)


def _sources() -> Sources:
    """What the seed is to come from, as chosen; the usual where nothing was."""
    if not text("chosen"):
        return Sources()
    return Sources(dice=text("dice") == "1", drand=text("drand") == "1", lead=number("lead", 0))


def _back(round_id: UUID) -> ResponseReturnValue:
    return redirect(f"/console/rounds/{round_id}", 303)
