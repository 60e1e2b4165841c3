"""Objections: an entity's owner says what is wrong, and an officer answers within the term of law (DOMAIN §6.3)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from backend import ledger
from backend.accounts.rules import Actor, can_answer_objections, district_reach
from backend.disclosure.commands import term
from backend.disclosure.models import Objection, ObjectionState
from backend.disclosure.queries import notices_of_entity
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from backend.registry.calendar import deadline
from backend.registry.models import Entity
from backend.registry.owners import owned_entity
from backend.times import local_today, utc_now

SHORTEST, LONGEST = 10, 2000
TERM = "query.wd"
ANSWERS = (ObjectionState.CORRECTED, ObjectionState.UPHELD)


@dataclass(frozen=True)
class ObjectionView:
    """An objection as its owner and the officers see it."""

    id: UUID
    entity_id: UUID
    entity: str
    about: str
    words: str
    filed_at: datetime
    due_on: date
    state: str
    answer: str | None
    answered_at: datetime | None


def file_objection(session: Session, *, actor: Actor, entity_id: UUID, about: str, words: str) -> Objection:
    """Object, for an entity of one's own, to its ``class``, its ``record``, or a notice by number.

    Raises NotFound for others' entities and notices, BadInput.
    """
    owned_entity(session, actor, entity_id)
    if about not in {"class", "record", *(notice.number for notice in notices_of_entity(session, entity_id))}:
        raise NotFound(what="公示 notice", id=about)
    if not SHORTEST <= len(words.strip()) <= LONGEST:
        raise BadInput(
            {"words": [f"请写明理由，{SHORTEST} 至 {LONGEST} 字 / say why, in {SHORTEST} to {LONGEST} characters"]}
        )
    today = local_today()
    objection = Objection(
        entity_id=entity_id, about=about, words=words.strip(), filed_by=actor.person_id, state=ObjectionState.RECEIVED,
        due_on=deadline(session, today, term(session, TERM, today)),
    )  # fmt: skip
    session.add(objection)
    session.flush()
    ledger.record(session, "objection.filed", objection.id, actor=actor, entity=str(entity_id))
    return objection


def withdraw_objection(session: Session, *, actor: Actor, objection_id: UUID) -> None:
    """Take an objection of one's own back while it is not answered. Raises NotFound, Conflict."""
    objection = _waiting(session, objection_id)
    owned_entity(session, actor, objection.entity_id)
    objection.state = ObjectionState.WITHDRAWN
    ledger.record(session, "objection.withdrawn", objection.id, actor=actor)


def answer_objection(session: Session, *, actor: Actor, objection_id: UUID, state: str, answer: str) -> None:
    """Say that the record was corrected, or that it stands, and why. Raises NotFound, NotAllowed, Conflict, BadInput."""
    objection = _waiting(session, objection_id)
    if not objection.entity.district.startswith(district_reach(actor.district)) or not can_answer_objections(actor):
        raise NotAllowed(need=can_answer_objections.__doc__)
    if state not in ANSWERS or not SHORTEST <= len(answer.strip()) <= LONGEST:
        raise BadInput(
            {
                "answer": [
                    f"请选择处理结果并说明，至少 {SHORTEST} 字 / choose an outcome and say why, {SHORTEST} characters at least"
                ]
            }
        )
    objection.state, objection.answer = ObjectionState(state), answer.strip()
    objection.answered_by, objection.answered_at = actor.person_id, utc_now()
    ledger.record(session, "objection.answered", objection.id, actor=actor, state=state)


def _waiting(session: Session, objection_id: UUID) -> Objection:
    objection = session.get(Objection, objection_id, with_for_update=True)
    if objection is None:
        raise NotFound(what="异议 objection", id=str(objection_id))
    if objection.state != ObjectionState.RECEIVED:
        raise Conflict(what="异议 objection", state=objection.state.value)
    return objection


def objections(
    session: Session, *, entity_id: UUID | None = None, reach: str = "", limit: int = 200
) -> list[ObjectionView]:
    """Objections of an entity, or of a district prefix: those that wait first, by the day they are due."""
    query = select(Objection).join(Objection.entity).options(joinedload(Objection.entity)).limit(limit)
    query = (
        query.where(Objection.entity_id == entity_id) if entity_id else query.where(Entity.district.startswith(reach))
    )
    rows = session.scalars(query.order_by(Objection.state != ObjectionState.RECEIVED, Objection.due_on, Objection.id))
    return [
        ObjectionView(o.id, o.entity_id, o.entity.name, o.about, o.words, o.filed_at, o.due_on, o.state.value, o.answer,
                      o.answered_at)
        for o in rows
    ]  # fmt: skip
