"""Declared reasons for which an entity stays out of pools for a time: who may declare one, how one ends, what is known (DOMAIN §2.3)."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import SUPERVISORS, Actor, can_approve_plan, district_reach
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from backend.registry.commands import exclude
from backend.registry.models import Entity, Exclusion, Item
from backend.times import local_today

DECLARED = (
    "WHITELIST_EXEMPT", "OPEN_CASE", "DORMANT", "FORCE_MAJEURE", "NOT_IN_BUSINESS_SCOPE", "PENDING_JOINT_VISIT",
)  # fmt: skip
"""What people declare; the other reasons of DOMAIN §2.3 are found in the registers themselves"""
LONGEST = timedelta(days=366)
SHORTEST_EVIDENCE = 4


def declare_exclusion(
    session: Session, *, actor: Actor, entity_id: UUID, reason: str, evidence: str, starts: date, ends: date,
    item_code: str | None = None,
) -> Exclusion:  # fmt: skip
    """Keep an entity out of the pools frozen from ``starts`` to ``ends``, at most a year: a supervisor answers for it.

    Raises BadInput, NotAllowed, NotFound.
    """
    entity = _entity(session, actor, entity_id)
    if errors := _faults(session, reason, evidence.strip(), starts, ends, item_code):
        raise BadInput(errors)
    exclusion = exclude(session, entity=entity, reason=reason, evidence=evidence.strip()[:300], starts=starts, ends=ends,
                        item_code=item_code, approver=actor.title(*SUPERVISORS))  # fmt: skip
    session.flush()
    ledger.record(session, "exclusion.declared", entity_id, actor=actor, chain=actor.unit_code, reason=reason,
                  exclusion=str(exclusion.id), starts=str(starts), ends=str(ends))  # fmt: skip
    return exclusion


def end_exclusion(session: Session, *, actor: Actor, exclusion_id: UUID) -> Exclusion:
    """End a declared exclusion as of today; what it did for pools already frozen stays. Raises Conflict, NotAllowed, NotFound."""
    exclusion = session.get(Exclusion, exclusion_id, with_for_update=True)
    if exclusion is None:
        raise NotFound(what="排除 exclusion", id=str(exclusion_id))
    _entity(session, actor, exclusion.entity_id)
    if exclusion.reason not in DECLARED:
        raise Conflict(what="排除 exclusion", state=exclusion.reason)
    exclusion.ends = min(exclusion.ends, local_today() - timedelta(days=1))
    ledger.record(session, "exclusion.ended", exclusion.entity_id, actor=actor, chain=actor.unit_code,
                  exclusion=str(exclusion.id))  # fmt: skip
    return exclusion


def _entity(session: Session, actor: Actor, entity_id: UUID) -> Entity:
    entity = session.get(Entity, entity_id)
    if entity is None or not entity.district.startswith(district_reach(actor.district)):
        raise NotFound(what="主体 entity", id=str(entity_id))
    if not actor.has(*SUPERVISORS):
        raise NotAllowed(need=can_approve_plan.__doc__)
    return entity


def _faults(
    session: Session, reason: str, evidence: str, starts: date, ends: date, item_code: str | None
) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if reason not in DECLARED:
        errors["reason"] = [f"须为其一 / one of: {', '.join(DECLARED)}"]
    if len(evidence) < SHORTEST_EVIDENCE:
        errors["evidence"] = ["请写明依据，如文号或案号 / name the evidence, such as a file number"]
    if not starts <= ends <= starts + LONGEST:
        errors["ends"] = ["须不早于开始，且不超过一年 / not before the start, and at most a year"]
    if item_code and session.scalar(select(Item.id).where(Item.code == item_code)) is None:
        errors["item"] = [f"没有这个事项 / no such item: {item_code}"]
    return errors


@dataclass(frozen=True)
class ExclusionView:
    """A reason for which an entity is, was or will be kept out."""

    id: UUID
    reason: str
    item_code: str | None
    evidence: str
    starts: date
    ends: date
    approver: str | None
    may_end: bool
    """Declared by people, and not over yet"""


def exclusions_of(session: Session, entity_id: UUID) -> list[ExclusionView]:
    """All of an entity's exclusions, the newest first."""
    rows = session.scalars(select(Exclusion).where(Exclusion.entity_id == entity_id).order_by(Exclusion.starts.desc()))
    return [
        ExclusionView(x.id, x.reason, x.item_code, x.evidence, x.starts, x.ends, x.approver,
                      x.reason in DECLARED and x.ends >= local_today())
        for x in rows
    ]  # fmt: skip
