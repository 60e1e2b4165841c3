"""Visits with evidence for tests: a task without its round, phones that send files, bytes that lie in a store."""

import hashlib
import io
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import queries as accounts
from backend.accounts.rules import Actor
from backend.inspections import evidence, visits
from backend.inspections.models import Evidence
from backend.ledger import Event
from backend.registry.models import Checklist, Entity, Inspector
from backend.times import local_today, utc_now
from backend.tours.models import Source, Task, TaskOfficer
from tests.makers import a_scored_district


def tasks_of_one_officer(session: Session, count: int = 2) -> tuple[Actor, list[Task]]:
    """An officer at a phone, and open visits of theirs, each at another entity."""
    unit = a_scored_district(session, count=max(count, 3), officers=2)
    inspector = session.scalars(select(Inspector).limit(1)).one()
    checklist = session.scalars(select(Checklist)).first()
    tasks = [
        Task(number=f"T{n}", source=Source.COMPLAINT, entity_id=entity.id, checklist_id=checklist.id, unit_id=unit.id,
             day=local_today(), seq=n, opens_at=utc_now() - timedelta(days=1), due=local_today(), district=unit.district,
             officers=[TaskOfficer(inspector_id=inspector.id, leader=True)])
        for n, entity in enumerate(session.scalars(select(Entity).order_by(Entity.uscc).limit(count)))
    ]  # fmt: skip
    session.add_all(tasks)
    session.flush()
    return accounts.actor_of_person(inspector.person, uuid.uuid4()), tasks


def sent_file(session: Session, actor: Actor, task: Task, data: bytes, **more: object) -> Evidence:
    """A file that arrived whole and was examined. ``at``, ``fixed_at``, ``lon``, ``lat``, ``accuracy``, ``offset`` as its phone had them."""
    at = more.get("at")
    fix = None
    if isinstance(at, datetime):
        fix = visits.FixInfo(at, more.get("lon"), more.get("lat"), more.get("accuracy", 8.0), more.get("offset", 0),
                             more.get("fixed_at"))  # fmt: skip
    whole = more.get("whole", True)
    kept = visits.attach_evidence(
        session, actor=actor, task_id=task.id, evidence_id=uuid.uuid4(), item=more.get("item"),
        sha256=evidence.store().put(io.BytesIO(data)), size=len(data), mime="image/jpeg", whole=whole, fix=fix,
        purpose=more.get("purpose"),
    )  # fmt: skip
    assert kept.sha256 == hashlib.sha256(data).hexdigest()
    evidence.examine_evidence(session, Event(subject=str(kept.id)))
    session.flush()
    return kept


def codes(kept: Evidence) -> list[str]:
    """What was noticed."""
    return [flag["code"] for flag in kept.flags]
