"""What people can do with annual plans: draft, file, publish, amend and withdraw them (DOMAIN §2.1)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import Actor, Role, can_approve_plan, can_plan
from backend.draws.models import Plan, PlanState
from backend.draws.terms import terms_from
from backend.problems import BadInput, Conflict, NotAllowed, NotFound, Problem
from backend.times import utc_now

SHORTEST_REASON = 4


class SamePerson(Problem):
    """Two deeds on one thing need two people (DOMAIN §8)."""

    status = 403
    zh = ("须由另一人办理", "{deed}不能由同一人完成，请由另一名有权限的人员办理。")
    en = (
        "Another person must do this",
        "{deed} cannot be done by the same person; ask a colleague with the role.",
    )


def draft_plan(
    session: Session, *, actor: Actor, year: int, title: str, joint: bool = False, participants: Sequence[str] = (),
    terms: Mapping[str, Any] | None = None,
) -> Plan:  # fmt: skip
    """Draft a plan of the actor's unit; a joint one names the departments that take part, ``terms`` its numbers. Raises BadInput."""
    partners = [name.strip() for name in participants if name.strip()]
    if not title.strip() or not 2000 < year < 2100:
        raise BadInput({"title": ["必填 / required"], "year": ["四位年份 / four digits"]})
    if joint and not partners:
        raise BadInput({"participants": ["联合计划须列出参与部门 / name the departments that take part"]})
    count = session.scalar(select(func.count()).where(Plan.unit_id == actor.unit_id, Plan.year == year)) or 0
    plan = Plan(code=f"{actor.unit_code}-{year}-{count + 1}", year=year, title=title.strip(), joint=joint,
                participants=partners if joint else [], unit_id=actor.unit_id, district=actor.district,
                made_by=actor.person_id, terms=terms_from(terms).as_json())  # fmt: skip
    session.add(plan)
    session.flush()
    ledger.record(session, "plan.drafted", plan.id, actor=actor, chain=actor.unit_code)
    return plan


def file_plan(session: Session, *, actor: Actor, plan_id: UUID) -> Plan:
    """File a plan with the next higher level (备案); filing again changes nothing. Raises NotFound, NotAllowed, Conflict."""
    plan = _own_plan(session, actor, plan_id)
    if plan.state == PlanState.FILED:
        return plan
    _refuse_unless(plan, PlanState.DRAFT, PlanState.AMENDING)
    plan.state, plan.filed_at = PlanState.FILED, utc_now()
    ledger.record(session, "plan.filed", plan.id, actor=actor, chain=plan.unit.code, version=plan.version)
    return plan


def publish_plan(session: Session, *, actor: Actor, plan_id: UUID) -> Plan:
    """Approve and publish a filed plan: by a supervisor who did not make it.

    Publishing again changes nothing. Raises NotFound, NotAllowed, SamePerson, Conflict.
    """
    plan = locked(session, Plan, plan_id, "计划 plan")
    if not actor.reaches((Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR), plan.unit.path, plan.district):
        raise NotAllowed(need=can_approve_plan.__doc__)
    if plan.made_by == actor.person_id:
        raise SamePerson(deed="编制与批准计划 / making and approving a plan")
    if plan.state == PlanState.PUBLISHED:
        return plan
    _refuse_unless(plan, PlanState.FILED)
    plan.state, plan.approved_by, plan.published_at = PlanState.PUBLISHED, actor.person_id, utc_now()
    ledger.record(session, "plan.published", plan.id, actor=actor, chain=plan.unit.code, version=plan.version)
    return plan


def amend_plan(
    session: Session, *, actor: Actor, plan_id: UUID, title: str, changes: str, terms: Mapping[str, Any] | None = None
) -> Plan:
    """Begin the next version of a published plan; it is filed and published like the first (DOMAIN §2.1).

    Rounds that are under way go on; new ones wait. ``terms`` names the numbers that change. Raises NotFound, NotAllowed, Conflict, BadInput.
    """
    plan = _own_plan(session, actor, plan_id)
    _refuse_unless(plan, PlanState.PUBLISHED)
    if len(changes.strip()) < SHORTEST_REASON:
        raise BadInput({"changes": ["请说明调整内容和原因 / say what changes and why"]})
    plan.state, plan.version, plan.changes = PlanState.AMENDING, plan.version + 1, changes.strip()[:500]
    plan.title = title.strip()[:100] or plan.title
    plan.terms = terms_from({**plan.terms, **(terms or {})}).as_json()
    ledger.record(session, "plan.amended", plan.id, actor=actor, chain=plan.unit.code, version=plan.version)
    return plan


def withdraw_plan(session: Session, *, actor: Actor, plan_id: UUID) -> Plan:
    """Withdraw a plan that was never published; again changes nothing. Raises NotFound, NotAllowed, Conflict."""
    plan = _own_plan(session, actor, plan_id)
    if plan.state == PlanState.WITHDRAWN:
        return plan
    if plan.published_at:
        raise Conflict(what="计划 plan", state=plan.state.value)
    plan.state = PlanState.WITHDRAWN
    ledger.record(session, "plan.withdrawn", plan.id, actor=actor, chain=plan.unit.code)
    return plan


def _own_plan(session: Session, actor: Actor, plan_id: UUID) -> Plan:
    plan: Plan = locked(session, Plan, plan_id, "计划 plan")
    if not actor.reaches((Role.PLAN_MANAGER,), plan.unit.path, plan.district):
        raise NotAllowed(need=can_plan.__doc__)
    return plan


def _refuse_unless(plan: Plan, *states: PlanState) -> None:
    if plan.state not in states:
        raise Conflict(what="计划 plan", state=plan.state.value)


def locked(session: Session, model: Any, id_: UUID, what: str) -> Any:
    row = session.get(model, id_, with_for_update=True)
    if row is None:
        raise NotFound(what=what, id=str(id_))
    return row
