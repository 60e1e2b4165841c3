"""What people can ask of inspections: a phone's tasks, the review queue, one submission with its evidence."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.accounts.models import Person
from backend.accounts.rules import Actor, Role, district_reach
from backend.db import view_of
from backend.inspections.corrections import changes_of
from backend.inspections.forms import checklists_to_fill
from backend.inspections.models import (
    Evidence,
    Finding,
    Result,
    Review,
    Submission,
    SubmissionPhoto,
    SubmissionState,
)
from backend.inspections.visits import own_task
from backend.problems import NotFound
from backend.registry.models import Checklist, Entity, Inspector, Item
from backend.times import stamp, utc_now
from backend.tours.models import Stop, Task, TaskOfficer, TaskState
from geo.plans import Workday

WINDOWS = [list(window) for window in Workday().windows]
"""When visits may be, as tours are planned: [from, to] in seconds after local midnight"""


@dataclass(frozen=True)
class FieldTask:
    """A task as its team's phones get it; ``arrive`` and ``depart`` are seconds after local midnight."""

    id: UUID
    state: str
    source: str
    due: date
    opens_at: datetime
    entity: dict[str, Any]
    item: dict[str, str]
    checklist: dict[str, str]
    tour: dict[str, Any] | None
    team: list[dict[str, Any]]
    last_problems: list[dict[str, Any]]
    returned: dict[str, Any] | None
    submission: dict[str, str] | None


def field_tasks(session: Session, actor: Actor, changed: ColumnElement[bool] | None = None) -> list[FieldTask]:
    """The open tasks of the actor's teams and those of the last days, in tour order; nothing before its time.

    ``changed`` narrows them to what a pull has not told yet.
    """
    own = select(Task).where(Task.id.in_(_own_ids(actor)))
    tasks = session.scalars(
        (own if changed is None else own.where(changed))
        .options(
            joinedload(Task.entity), joinedload(Task.checklist), joinedload(Task.tour), joinedload(Task.round),
            selectinload(Task.officers).joinedload(TaskOfficer.inspector).joinedload(Inspector.person),
        )
        .order_by(Task.day, Task.seq)
        .limit(500)
    ).unique().all()  # fmt: skip
    facts = _Facts.of(session, tasks)
    return [_field_task(task, actor, facts) for task in tasks]


def own_task_ids(session: Session, actor: Actor) -> list[UUID]:
    """Ids of all tasks that the actor's phones may see; what a phone holds beside them is to be dropped."""
    return list(session.scalars(_own_ids(actor)))


def _own_ids(actor: Actor) -> Select[UUID]:
    return (
        select(Task.id)
        .join(TaskOfficer)
        .join(Inspector, Inspector.id == TaskOfficer.inspector_id)
        .where(Inspector.person_id == actor.person_id, Task.opens_at <= utc_now(), Task.state != TaskState.CANCELLED)
        .order_by(Task.day, Task.seq)
        .limit(500)
    )


@dataclass(frozen=True)
class _Facts:
    """What several tasks need, asked once for all of them."""

    places: dict[UUID, tuple[float, float]]
    stops: dict[tuple[UUID, UUID], Stop]
    items: dict[UUID, Item]
    problems: dict[UUID, list[dict[str, Any]]]
    latest: dict[UUID, Submission]
    remarks: dict[UUID, Review]
    checklists: dict[UUID, Checklist]

    @classmethod
    def of(cls, session: Session, tasks: Any) -> "_Facts":
        entities = [task.entity_id for task in tasks]
        tours = [task.tour_id for task in tasks if task.tour_id]
        places = session.execute(
            select(Entity.id, func.st_x(Entity.place), func.st_y(Entity.place)).where(Entity.id.in_(entities))
        )
        stops = session.scalars(select(Stop).where(Stop.tour_id.in_(tours)))
        latest = _latest(session, [task.id for task in tasks])
        reviews = session.scalars(
            select(Review)
            .where(Review.submission_id.in_([s.id for s in latest.values()]), Review.decision == "returned")
            .order_by(Review.at)
        )
        return cls(
            {id_: (x, y) for id_, x, y in places},
            {(stop.tour_id, stop.entity_id): stop for stop in stops},
            {item.id: item for item in session.scalars(select(Item))},
            _last_problems(session, entities),
            latest,
            {review.submission_id: review for review in reviews},
            checklists_to_fill(session, tasks),
        )


def _latest(session: Session, tasks: list[UUID]) -> dict[UUID, Submission]:
    rows = session.scalars(select(Submission).where(Submission.task_id.in_(tasks)).order_by(Submission.version))
    return {row.task_id: row for row in rows}


def _last_problems(session: Session, entities: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """What failed at each entity's last confirmed visit."""
    newest = (
        select(Result.entity_id, Result.submission_id)
        .where(Result.entity_id.in_(entities))
        .ext(distinct_on(Result.entity_id))
        .order_by(Result.entity_id, Result.visited_at.desc())
        .subquery()
    )
    rows = session.execute(
        select(newest.c.entity_id, Finding.item, Finding.remark)
        .join(Finding, Finding.submission_id == newest.c.submission_id)
        .where(Finding.answer == "no")
    )
    problems: dict[UUID, list[dict[str, Any]]] = {}
    for entity, item, remark in rows:
        problems.setdefault(entity, []).append({"item": item, "text": remark})
    return problems


def _field_task(task: Task, actor: Actor, facts: _Facts) -> FieldTask:
    submission = facts.latest.get(task.id)
    review = facts.remarks.get(submission.id) if submission else None
    item = facts.items[task.round.item_id] if task.round else None
    checklist = facts.checklists.get(task.id, task.checklist)
    return FieldTask(
        id=task.id, state=_phone_state(task, submission), source=task.source.value, due=task.due,
        opens_at=task.opens_at, entity=_entity(task.entity, facts),
        item={"code": item.code if item else "", "name": item.name if item else ""},
        checklist={"id": str(checklist.id), "code": checklist.code, "version": checklist.version},
        tour=_tour(task, facts), team=[_officer(officer, actor) for officer in task.officers],
        last_problems=facts.problems.get(task.entity_id, []),
        returned=_returned(review) if review and task.state == TaskState.RETURNED else None,
        submission={"id": str(submission.id), "state": submission.state.value, "finished_at": stamp(submission.finished_at)}
        if submission else None,
    )  # fmt: skip


def _returned(review: Review) -> dict[str, Any]:
    """What must be corrected, on the whole and by check, and of which version."""
    return {"remark": review.remark, "at": stamp(review.at), "items": review.items,
            "submission": str(review.submission_id)}  # fmt: skip


def _phone_state(task: Task, submission: Submission | None) -> str:
    waits = submission is not None and submission.state == SubmissionState.UNDER_REVIEW
    return "under_review" if waits and task.state == TaskState.SUBMITTED else task.state.value


def _entity(entity: Entity, facts: _Facts) -> dict[str, Any]:
    lon, lat = facts.places.get(entity.id, (None, None))
    names = ("name", "uscc", "address", "phone", "district")
    return {"id": str(entity.id), "lon": lon, "lat": lat, **{name: getattr(entity, name) for name in names}}


def _tour(task: Task, facts: _Facts) -> dict[str, Any] | None:
    if task.tour is None:
        return None
    stop = facts.stops.get((task.tour.id, task.entity_id))
    return {
        "id": str(task.tour.id), "label": task.tour.label, "date": task.tour.day.isoformat(), "seq": task.seq,
        "arrive": stop.arrive_s if stop else None, "depart": stop.depart_s if stop else None,
        "leg": stop.leg_s if stop else None, "leave": task.tour.leave_s, "windows": WINDOWS,
        "quality": task.tour.quality,
    }  # fmt: skip


def _officer(officer: TaskOfficer, actor: Actor) -> dict[str, Any]:
    inspector = officer.inspector
    return {"inspector_id": str(inspector.id), "name": inspector.person.name, "card_no": inspector.card_no,
            "leader": officer.leader, "me": inspector.person_id == actor.person_id}  # fmt: skip


def checklist(session: Session, checklist_id: UUID) -> dict[str, Any]:
    """A checklist as phones fill it. Raises NotFound."""
    found = session.get(Checklist, checklist_id)
    if found is None:
        raise NotFound(what="检查表 checklist", id=str(checklist_id))
    return {"id": str(found.id), "code": found.code, "version": found.version, "title": found.title,
            "sha256": found.sha256, **found.body}  # fmt: skip


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
    reviews = _reviews(session, found.id)
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
