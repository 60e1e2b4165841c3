"""After a draw: who was drawn, skips and replacements, a void lot by two people, a visited party's code, a round's end."""

from uuid import UUID

import segno
from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_approve_plan, can_audit, can_freeze_pool, can_hold_draw, can_see_drawn
from backend.config import settings
from backend.console import console
from backend.console.forms import text
from backend.draws import ceremonies, changes, queries, voids
from backend.draws.queries import LotView, RoundView
from backend.inspections import outcomes
from backend.registry.queries import entity
from backend.replies import page
from backend.web import allows


@console.get("/lots/<uuid:lot_id>/changes")
@allows(can_see_drawn)
def changes_page(lot_id: UUID) -> ResponseReturnValue:
    """A lot's picks or teams as they stand, and what may still be changed by rule"""
    found, lot = seen_lot(lot_id)
    entities = lot.kind == "entities"
    return page(
        "console/changes.html",
        round=found,
        lot=lot,
        ceremony=ceremonies.ceremony(g.session, lot_id),
        picks=ceremonies.picks(g.session, lot_id) if entities else [],
        matches=[] if entities else ceremonies.matches(g.session, lot_id),
        skip_reasons=changes.SKIP_REASONS,
        replace_reasons=changes.REPLACE_REASONS,
        voidable=lot.state != "void" and found.state in voids.NOTHING_RESTS_ON_IT[lot.kind],
    )


@console.post("/lots/<uuid:lot_id>/skip/<uuid:entity_id>")
@allows(can_hold_draw)
def skip_pick(lot_id: UUID, entity_id: UUID) -> ResponseReturnValue:
    """Skip a drawn entity for the next reserve"""
    changes.skip_pick(g.session, actor=g.actor, lot_id=lot_id, entity_id=entity_id, reason=text("reason"))
    return _to(lot_id)


@console.post("/lots/<uuid:lot_id>/replace/<tour>/<uuid:inspector_id>")
@allows(can_hold_draw)
def replace_inspector(lot_id: UUID, tour: str, inspector_id: UUID) -> ResponseReturnValue:
    """Draw who takes an inspector's place"""
    changes.replace_inspector(
        g.session, actor=g.actor, lot_id=lot_id, tour=tour, inspector_id=inspector_id, reason=text("reason"),
        detail=text("detail"),
    )  # fmt: skip
    return _to(lot_id)


@console.post("/lots/<uuid:lot_id>/void")
@allows(can_freeze_pool)
def propose_void(lot_id: UUID) -> ResponseReturnValue:
    """Ask that a lot be void"""
    voids.propose_void(g.session, actor=g.actor, lot_id=lot_id, reason=text("reason"))
    return _to(lot_id)


@console.post("/lots/<uuid:lot_id>/void/confirm")
@allows(can_approve_plan)
def confirm_void(lot_id: UUID) -> ResponseReturnValue:
    """Sign that a lot is void"""
    voids.confirm_void(g.session, actor=g.actor, lot_id=lot_id)
    return _to(lot_id)


@console.get("/lots/<uuid:lot_id>/salts/<uuid:entity_id>")
@allows(can_see_drawn)
def salt(lot_id: UUID, entity_id: UUID) -> ResponseReturnValue:
    """The code that shows a visited party that nobody chose it, to be printed or shown"""
    found, lot = seen_lot(lot_id)
    given = changes.salt_for(g.session, actor=g.actor, lot_id=lot_id, entity_id=entity_id)
    url = f"{settings().public_url}{given.path}"
    return page(
        "console/salt.html", round=found, lot=lot, url=url, picture=segno.make(url, error="m").svg_inline(scale=5, border=4),
        entity=entity(g.session, entity_id),
    )  # fmt: skip


@console.post("/lots/<uuid:lot_id>/key")
@allows(can_audit)
def open_alias_key(lot_id: UUID) -> ResponseReturnValue:
    """Open the key of all aliases to an auditor"""
    found, lot = seen_lot(lot_id)
    key = changes.open_alias_key(g.session, actor=g.actor, lot_id=lot_id)
    return page("console/alias_key.html", round=found, lot=lot, key=key)


@console.post("/rounds/<uuid:round_id>/close")
@allows(can_freeze_pool)
def close_round(round_id: UUID) -> ResponseReturnValue:
    """End a round: an outcome for everybody who was drawn"""
    outcomes.close_round(g.session, actor=g.actor, round_id=round_id, reason=text("reason"))
    return redirect(f"/console/rounds/{round_id}", 303)


def seen_lot(lot_id: UUID) -> tuple[RoundView, LotView]:
    """A lot with its round, within the actor's reach. Raises NotFound."""
    found = queries.seen_round(g.session, g.actor, queries.round_of_lot(g.session, lot_id))
    return found, next(lot for lot in found.lots if lot.id == lot_id)


def _to(lot_id: UUID) -> ResponseReturnValue:
    return redirect(f"/console/lots/{lot_id}/changes", 303)
