"""What a phone is told: the tasks of its person's teams with all that a visit needs, and the checklists to fill."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.accounts.rules import Actor
from backend.inspections.forms import checklists_to_fill
from backend.inspections.models import (
    Finding,
    Result,
    Review,
    Submission,
    SubmissionState,
)
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
