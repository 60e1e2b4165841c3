"""Plans and their rounds: draft, publish, and what each round is about."""

from typing import Any
from uuid import UUID

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from backend.accounts.rules import can_approve_plan, can_plan, can_see_draws
from backend.console import console
from backend.console.forms import day, number, text
from backend.draws import plans as commands
from backend.draws import queries, rounds
from backend.draws.terms import BOUNDS, Terms
from backend.registry.queries import items
from backend.replies import page
from backend.times import local_today
from backend.web import allows


@console.get("/plans")
@allows(can_see_draws)
def plans() -> ResponseReturnValue:
    """The plans within reach"""
    return page("console/plans.html", plans=queries.plans(g.session, g.actor), year=local_today().year,
                terms=Terms().as_json(), bounds=BOUNDS)  # fmt: skip


@console.post("/plans")
@allows(can_plan)
def draft_plan() -> ResponseReturnValue:
    """Draft a plan"""
    plan = commands.draft_plan(
        g.session, actor=g.actor, year=number("year"), title=text("title"), joint=text("joint") == "1",
        participants=text("participants").replace("、", ",").replace("，", ",").split(","),
        terms=_terms(),
    )  # fmt: skip
    return redirect(f"/console/plans/{plan.id}", 303)


@console.get("/plans/<uuid:plan_id>")
@allows(can_see_draws)
def plan(plan_id: UUID) -> ResponseReturnValue:
    """A plan with its rounds"""
    return page(
        "console/plan.html", plan=queries.seen_plan(g.session, g.actor, plan_id), rounds=queries.rounds(g.session, plan_id=plan_id),
        items=items(g.session), today=local_today(), bounds=BOUNDS,
    )  # fmt: skip


@console.post("/plans/<uuid:plan_id>/file")
@allows(can_plan)
def file_plan(plan_id: UUID) -> ResponseReturnValue:
    """File it with the next higher level"""
    commands.file_plan(g.session, actor=g.actor, plan_id=plan_id)
    return redirect(f"/console/plans/{plan_id}", 303)


@console.post("/plans/<uuid:plan_id>/amend")
@allows(can_plan)
def amend_plan(plan_id: UUID) -> ResponseReturnValue:
    """Begin its next version"""
    commands.amend_plan(g.session, actor=g.actor, plan_id=plan_id, title=text("title"), changes=text("changes"),
                        terms=_terms())  # fmt: skip
    return redirect(f"/console/plans/{plan_id}", 303)


@console.post("/plans/<uuid:plan_id>/withdraw")
@allows(can_plan)
def withdraw_plan(plan_id: UUID) -> ResponseReturnValue:
    """Withdraw a plan that was never published"""
    commands.withdraw_plan(g.session, actor=g.actor, plan_id=plan_id)
    return redirect(f"/console/plans/{plan_id}", 303)


@console.post("/plans/<uuid:plan_id>/publish")
@allows(can_approve_plan)
def publish_plan(plan_id: UUID) -> ResponseReturnValue:
    """Approve and publish a filed plan"""
    commands.publish_plan(g.session, actor=g.actor, plan_id=plan_id)
    return redirect(f"/console/plans/{plan_id}", 303)


@console.post("/plans/<uuid:plan_id>/rounds")
@allows(can_plan)
def draft_round(plan_id: UUID) -> ResponseReturnValue:
    """Draft a round of the plan"""
    made = rounds.draft_round(
        g.session, actor=g.actor, plan_id=plan_id, title=text("title"), item_code=text("item"), n=number("n"),
        reserve=number("reserve", 5), team_size=number("team_size", 2), starts=day("starts"), ends=day("ends"),
        filter=_filter(), weights=_weights(), minimums=_minimums(),
    )  # fmt: skip
    return redirect(f"/console/rounds/{made.id}", 303)


@console.post("/rounds/<uuid:round_id>/revise")
@allows(can_plan)
def revise_round(round_id: UUID) -> ResponseReturnValue:
    """Change how a drafted round aims"""
    rounds.revise_round(
        g.session, actor=g.actor, round_id=round_id, n=number("n"), weights=_weights(), minimums=_minimums(),
        reserve=number("reserve", 5),
    )  # fmt: skip
    return redirect(f"/console/rounds/{round_id}", 303)


def _terms() -> dict[str, int]:
    """The plan's own numbers, those that were filled in."""
    return {name: number(name) for name in BOUNDS if text(name)}


def _weights() -> dict[str, int]:
    return {name: number(f"weight_{name}", default) for name, default in rounds.DEFAULT_WEIGHTS.items()}


def _minimums() -> dict[str, int]:
    return {name: floor for name in rounds.DEFAULT_WEIGHTS if (floor := number(f"min_{name}", 0))}


def _filter() -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    if text("district"):
        chosen["district"] = text("district")
    if text("food"):
        chosen["food"] = text("food") == "1"
    for name in ("trade_format", "entity_type", "classes"):
        if given := [value for value in request.form.getlist(name) if value]:
            chosen[name] = given
    return chosen
