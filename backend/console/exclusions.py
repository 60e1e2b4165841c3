"""Who stays out of the pools: reasons declared on an entity's page, and whom a round's pool left out, each with its evidence."""

from uuid import UUID

from flask import g, redirect
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_approve_plan, can_see_registry
from backend.console import console
from backend.console.forms import day, text
from backend.draws import queries
from backend.registry import exclusions
from backend.replies import page
from backend.web import allows


@console.post("/entities/<uuid:entity_id>/exclusions")
@allows(can_approve_plan)
def declare_exclusion(entity_id: UUID) -> ResponseReturnValue:
    """Keep an entity out for a time"""
    exclusions.declare_exclusion(
        g.session, actor=g.actor, entity_id=entity_id, reason=text("reason"), evidence=text("evidence"),
        starts=day("starts"), ends=day("ends"), item_code=text("item") or None,
    )  # fmt: skip
    return redirect(f"/console/entities/{entity_id}", 303)


@console.post("/exclusions/<uuid:exclusion_id>/end")
@allows(can_approve_plan)
def end_exclusion(exclusion_id: UUID) -> ResponseReturnValue:
    """End one as of today"""
    ended = exclusions.end_exclusion(g.session, actor=g.actor, exclusion_id=exclusion_id)
    return redirect(f"/console/entities/{ended.entity_id}", 303)


@console.get("/rounds/<uuid:round_id>/kept-out")
@allows(can_see_registry)
def kept_out(round_id: UUID) -> ResponseReturnValue:
    """Whom a round's pool left out, and why"""
    found = queries.seen_round(g.session, g.actor, round_id)
    rows = queries.kept_out(g.session, round_id)
    return page("console/kept_out.html", round=found, rows=rows, total=sum(found.excluded.values()))
