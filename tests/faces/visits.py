"""A whole inspection for pages to show: a round drawn, toured and matched, and one visit submitted with photos."""

import io
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import queries as accounts
from backend.accounts.rules import Actor
from backend.draws import lots
from backend.inspections import commands, visits
from backend.inspections.evidence import store
from backend.times import utc_now
from backend.tours import commands as tours
from backend.tours.models import Task
from tests.makers import Ceremony, a_scored_district
from tests.working import settle


@dataclass(frozen=True)
class Visited:
    """What there is to see."""

    round_id: uuid.UUID
    plan_id: uuid.UUID
    lots: tuple[str, str]
    task: Task
    submission_id: uuid.UUID
    evidence_id: uuid.UUID


def a_visited_ground(session: Session) -> tuple[uuid.UUID, Visited]:
    """What files of tests may stand on: a unit's id, and its visit."""
    unit = a_scored_district(session)
    visited = a_visit(session, unit, partial(settle, session))
    session.refresh(visited.task)
    return unit.id, visited


def read_anew(session: Session, visited: Visited) -> Visited:
    """The same visit for another session."""
    return replace(visited, task=session.get_one(Task, visited.task.id))


def a_visit(session: Session, unit, drain) -> Visited:
    """A round from its plan to its first submission, in which one item failed."""
    ceremony = Ceremony(session, unit)
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    drain()
    second = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(second)
    lots.match_teams(session, actor=ceremony.operator, lot_id=second.id)
    drain()
    task = session.scalars(select(Task).order_by(Task.number).limit(1)).one()
    actor = accounts.actor_of_person(task.officers[0].inspector.person, uuid.uuid4())
    body = _body(session, actor, task)
    submission, _ = commands.accept_submission(
        session, actor=actor, submission_id=uuid.uuid4(), body=body, body_sha256="0" * 64
    )
    drain()
    photo = body["photos"][0]["id"]
    return Visited(round_.id, round_.plan_id, (first.name, second.name), task, submission.id, photo)


def _body(session: Session, actor: Actor, task: Task) -> dict:
    items, started = task.checklist.body["items"], utc_now() - timedelta(hours=1)
    answers = [{"item": i["no"], "value": "no" if i["no"] == 3 else "yes", "remark": ""} for i in items]
    wanted = [i["no"] for i in items if i["photo"] == "ALWAYS" or (i["no"] == 3 and i["photo"] == "ON_FAIL")]
    photos = [_photo(session, actor, task, no) for no in wanted]
    signed = [{"role": "officer", "name": "执法员", "inspector_id": o.inspector_id} for o in task.officers]
    return {
        "task_id": task.id, "checklist_id": task.checklist_id, "started_at": started, "finished_at": utc_now(),
        "clock_offset_ms": 0, "app_version": "test", "answers": answers, "photos": photos, "comment": "",
        "result_code": None, "refusal": None, "signatures": [*signed, {"role": "entity", "name": "现场负责人"}],
    }  # fmt: skip


def _photo(session: Session, actor: Actor, task: Task, item: int) -> dict:
    drawn = io.BytesIO()
    Image.new("RGB", (320, 240), (item * 5 % 255, 90, 140)).save(drawn, "JPEG")
    drawn.seek(0)
    digest, id_ = store().put(drawn), uuid.uuid4()
    visits.attach_evidence(
        session, actor=actor, task_id=task.id, evidence_id=id_, item=item, sha256=digest, size=drawn.tell(),
        mime="image/jpeg", whole=True, fix=None,
    )  # fmt: skip
    return {"id": id_, "item": item, "sha256": digest, "size": 1, "seq": item}
