"""What reviewers and phones can ask of submissions: the queue, one submission with its evidence, how one's own fares."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from backend.accounts.models import Person
from backend.accounts.rules import Actor, Role, district_reach
from backend.db import view_of
from backend.inspections.corrections import changes_of
from backend.inspections.models import (
    Evidence,
    Review,
    Submission,
    SubmissionPhoto,
    SubmissionState,
)
from backend.inspections.visits import own_task
from backend.problems import NotFound
from backend.registry.models import Entity
from backend.times import stamp
from backend.tours.models import Task


@dataclass(frozen=True)
class SubmissionRow:
    """A submission in the review queue."""

    id: UUID
    task_id: UUID
    entity: str
    version: int
    state: str
    conclusion: str
    result_code: str
    received_at: datetime


def submissions(session: Session, actor: Actor, state: str = "under_review", limit: int = 100) -> list[SubmissionRow]:
    """Submissions in the districts that the actor may see, oldest first."""
    rows = session.execute(
        select(Submission, Entity.name)
        .join(Task, Task.id == Submission.task_id)
        .join(Entity, Entity.id == Task.entity_id)
        .where(Submission.state == state, in_reach(actor))
        .order_by(Submission.received_at)
        .limit(limit)
    )
    return [_row(found, name) for found, name in rows]


SEES = (Role.REVIEWER, Role.PUBLICITY_OFFICER, Role.AUDITOR, Role.CITY_SUPERVISOR, Role.COUNTY_SUPERVISOR,
        Role.PROVINCIAL_SUPERVISOR)  # fmt: skip


def in_reach(actor: Actor) -> Any:
    """Submissions are seen by district: that of the actor's unit, narrowed by the grant's own prefix."""
    prefixes = {g.district or district_reach(actor.district) for g in actor.grants if g.role in SEES}
    return or_(false(), *(Submission.district.startswith(prefix) for prefix in sorted(prefixes)))


@dataclass(frozen=True)
class EvidenceView:
    """A photo as reviewers see it."""

    id: UUID
    item: int | None
    sha256: str
    size: int
    mime: str
    state: str
    taken_at: datetime | None
    received_at: datetime
    flags: list[Any]
    thumbnail: str | None
    watermarked: str | None


@dataclass(frozen=True)
class SubmissionView:
    """A submission with all that a reviewer judges by."""

    id: UUID
    task_id: UUID
    number: str
    entity_id: UUID
    entity: str
    address: str
    version: int
    state: str
    conclusion: str
    result_code: str
    started_at: datetime
    finished_at: datetime
    received_at: datetime
    comment: str
    officers: list[str]
    findings: list[dict[str, Any]]
    photos: list[EvidenceView]
    receipt: dict[str, str]
    reviews: list[dict[str, Any]]
    replaces: UUID | None
    changed: dict[str, list[Any]] | None
    """What it changed of the version that it replaces: checks by number, other fields by name"""


def submission(session: Session, submission_id: UUID) -> SubmissionView:
    """One submission. Raises NotFound."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise NotFound(what="提交 submission", id=str(submission_id))
    task, texts = found.task, {item["no"]: item for item in found.task.checklist.body["items"]}
    return SubmissionView(
        id=found.id, task_id=task.id, number=task.number, entity_id=task.entity_id, entity=task.entity.name,
        address=task.entity.address, version=found.version, state=found.state.value, conclusion=found.conclusion,
        result_code=found.result_code, started_at=found.started_at, finished_at=found.finished_at,
        received_at=found.received_at, comment=found.body.get("comment", ""),
        officers=[officer.inspector.person.name for officer in task.officers],
        findings=[{"item": f.item, "answer": f.answer, "key": f.key, "remark": f.remark,
                   "text": texts[f.item]["text"]} for f in found.findings],
        photos=photos_of(session, found.id), receipt=receipt_of(found), reviews=_reviews(session, found.id),
        replaces=found.replaces, changed=changes_of(session, found),
    )  # fmt: skip


def photos_of(session: Session, submission_id: UUID) -> list[EvidenceView]:
    """The photos that a submission names, in their order."""
    rows = session.scalars(
        select(Evidence)
        .join(SubmissionPhoto, SubmissionPhoto.evidence_id == Evidence.id)
        .where(SubmissionPhoto.submission_id == submission_id)
        .order_by(SubmissionPhoto.seq)
    )
    return [view_of(EvidenceView, row) for row in rows]


def receipt_of(found: Submission) -> dict[str, str]:
    """The signed receipt, as the phone stores it."""
    kept = found.receipt
    return {"submission": str(found.id), "task": str(found.task_id), "manifest_sha256": kept.manifest_sha256,
            "received_at": kept.received_at, "key": kept.key, "signature": kept.signature}  # fmt: skip


def _reviews(session: Session, submission_id: UUID) -> list[dict[str, Any]]:
    rows = session.execute(
        select(Review, Person.name)
        .join(Person, Person.id == Review.reviewer)
        .where(Review.submission_id == submission_id)
        .order_by(Review.at)
    )
    return [{"by": name, "decision": r.decision, "remark": r.remark, "items": r.items, "at": r.at} for r, name in rows]


def own_submission(session: Session, actor: Actor, submission_id: UUID) -> dict[str, Any]:
    """A submission as its team's phones see it. Raises NotFound, also for other people's."""
    found = session.get(Submission, submission_id)
    if found is None:
        raise NotFound(what="提交 submission", id=str(submission_id))
    own_task(session, actor, found.task_id)
    return answer_of(session, found)


def answer_of(session: Session, found: Submission) -> dict[str, Any]:
    """A submission as its team's phones are told of it."""
    reviews = [] if found.state == SubmissionState.UNDER_REVIEW else _reviews(session, found.id)
    return {"id": found.id, "state": found.state.value, "receipt": receipt_of(found),
            "review": {**reviews[-1], "at": stamp(reviews[-1]["at"])} if reviews else None}  # fmt: skip


def seen_submission(session: Session, actor: Actor, submission_id: UUID) -> SubmissionView:
    """A submission in the actor's districts. Raises NotFound, also for those elsewhere."""
    if session.scalar(select(Submission.id).where(Submission.id == submission_id, in_reach(actor))) is None:
        raise NotFound(what="提交 submission", id=str(submission_id))
    return submission(session, submission_id)


def submission_rows_of_entity(session: Session, entity_id: UUID) -> list[SubmissionRow]:
    """What was ever submitted of an entity, newest first."""
    rows = session.execute(
        select(Submission, Entity.name)
        .join(Task, Task.id == Submission.task_id)
        .join(Entity, Entity.id == Task.entity_id)
        .where(Task.entity_id == entity_id)
        .order_by(Submission.received_at.desc())
    )
    return [_row(found, name) for found, name in rows]


def _row(s: Submission, name: str) -> SubmissionRow:
    return SubmissionRow(s.id, s.task_id, name, s.version, s.state.value, s.conclusion, s.result_code, s.received_at)
