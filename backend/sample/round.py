"""A round of the sample in the middle of its course: planned, drawn, toured and partly inspected, by the product's own commands.

So every face has something to show on first opening. What the worker does after an event, it does when it runs.
"""

import base64
import hashlib
import io
import json
import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.accounts.models import Person
from backend.accounts.phones import enrol_device, show_enrolment
from backend.accounts.queries import actor_of_person
from backend.accounts.rules import Actor
from backend.draws import lots, plans, rounds, sources
from backend.draws.models import Lot
from backend.inspections.commands import accept_submission
from backend.inspections.evidence import store
from backend.inspections.reviews import confirm_result, return_submission
from backend.inspections.visits import FixInfo, attach_evidence, check_in
from backend.registry.models import Entity, Inspector
from backend.sample.finding import Photo, Scene, answers_of, named, photos_of, submission_of
from backend.sample.items import CATERING
from backend.sample.trades import CATERING_FORMATS
from backend.times import utc_now
from backend.tours.commands import commit_teams, open_tasks
from backend.tours.models import Task, TaskOfficer
from backend.tours.planning import plan_round

DRAWN = 12
RESERVES = 3
ACCEPTED = "示例：小样本，仅供展示"
REMARK = "第3项的照片看不清留样标签，请补拍后重新提交。"
FAILING = 0.1


class Cast:
    """The sample's people, as the actors that the commands ask for."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def __call__(self, username: str) -> Actor:
        person = self.session.scalars(select(Person).where(Person.username == username)).one()
        return actor_of_person(person)

    def officer(self, person_id: UUID) -> Actor:
        """An inspector with a phone enrolled for them, as an administrator does it."""
        person = self.session.get_one(Person, person_id)
        code, _ = show_enrolment(self.session, actor=self("admin"), person_id=person_id)
        device = enrol_device(self.session, code=code, device_id=uuid4(), name="示例手机", public_key=_a_key())
        return actor_of_person(person, device.id)


def load_round(session: Session, on: date) -> None:
    """Hold a round that begins today and make its first visits: one confirmed, one returned, one waiting, one begun."""
    cast = Cast(session)
    tasks = _opened(session, cast, _drawn_round(session, cast, on))
    confirmed, returned, _waiting = [_visit(session, cast, task) for task in tasks[:3]]
    confirm_result(session, actor=cast("reviewer"), submission_id=confirmed, remark="材料齐全")
    return_submission(session, actor=cast("reviewer"), submission_id=returned, remark=REMARK)
    _arrive(session, _leader(session, cast, tasks[3]), _scene(session, tasks[3]))


def _drawn_round(session: Session, cast: Cast, on: date) -> UUID:
    plan = plans.draft_plan(
        session,
        actor=cast("planner"),
        year=on.year,
        title=f"{on.year}年度餐饮服务抽查计划（示例）",
        terms={"rounds": 4},
    )
    plans.file_plan(session, actor=cast("planner"), plan_id=plan.id)
    plans.publish_plan(session, actor=cast("county"), plan_id=plan.id)
    round_ = rounds.draft_round(
        session, actor=cast("planner"), plan_id=plan.id, title="餐饮服务食品安全抽查（示例，进行中）", item_code=CATERING,
        n=DRAWN, reserve=RESERVES, starts=on, ends=on + timedelta(days=20), filter={"trade_format": CATERING_FORMATS},
    )  # fmt: skip
    rounds.freeze_pool(session, actor=cast("county"), round_id=round_.id, acceptance=ACCEPTED)
    lot = lots.commit_entities(session, actor=cast("operator"), round_id=round_.id)
    _dice(session, cast, lot)
    lots.hold_draw(session, actor=cast("operator"), lot_id=lot.id)
    return round_.id


def _opened(session: Session, cast: Cast, round_id: UUID) -> Sequence[Task]:
    """Tours, teams, and the tasks in the order in which they come up."""
    plan_round(session, round_id=round_id)
    lot = commit_teams(session, actor=cast("operator"), round_id=round_id)
    _dice(session, cast, lot)
    lots.match_teams(session, actor=cast("operator"), lot_id=lot.id)
    open_tasks(session, lot_id=lot.id)
    session.flush()
    return session.scalars(
        select(Task)
        .where(Task.round_id == round_id)
        .options(selectinload(Task.officers).selectinload(TaskOfficer.inspector))
        .order_by(Task.day, Task.number)
    ).all()


def _dice(session: Session, cast: Cast, lot: Lot) -> None:
    thrown = "".join(str(secrets.randbelow(6) + 1) for _ in range(sources.DICE))
    sources.enter_dice(session, actor=cast("operator"), lot_id=lot.id, dice=thrown)
    for witness in ("witness", "witness2"):
        sources.witness_dice(session, actor=cast(witness), lot_id=lot.id)


def _visit(session: Session, cast: Cast, task: Task) -> UUID:
    """A whole visit by the task's leader. Returns the submission."""
    leader, scene = _leader(session, cast, task), _scene(session, task)
    _arrive(session, leader, scene)
    answers = answers_of(scene, task.id.int % 2**32, FAILING)
    photos = [_sent(session, leader, scene, photo) for photo in photos_of(scene, answers)]
    officers = [{"name": session.get_one(Person, o.inspector.person_id).name, "inspector_id": str(o.inspector_id)}
                for o in task.officers]  # fmt: skip
    body = submission_of(scene, str(task.checklist_id), answers, photos, officers, "sample-1")
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    submission, _ = accept_submission(
        session, actor=leader, submission_id=UUID(scene.id("submission-1")), body=_typed(body), body_sha256=digest
    )
    return submission.id


def _leader(session: Session, cast: Cast, task: Task) -> Actor:
    leader = next(officer for officer in task.officers if officer.leader)
    return cast.officer(session.get_one(Inspector, leader.inspector_id).person_id)


def _scene(session: Session, task: Task) -> Scene:
    lon, lat = session.execute(
        select(Entity.place.ST_X(), Entity.place.ST_Y()).where(Entity.id == task.entity_id)
    ).one()
    started = utc_now() - timedelta(minutes=50)
    return Scene(task.id, started, round(lon + 0.0002, 6), round(lat + 0.0001, 6), task.checklist.body["items"])


def _arrive(session: Session, leader: Actor, scene: Scene) -> None:
    check_in(session, actor=leader, task_id=scene.task_id, arrival_id=UUID(scene.id("arrival")),
             fix=_fix(scene, scene.started, scene.near("arrival")), scanned=None, reason=None)  # fmt: skip


def _sent(session: Session, leader: Actor, scene: Scene, photo: Photo) -> dict[str, Any]:
    """A photo in the store, kept as evidence; and how the submission names it."""
    digest = store().put(io.BytesIO(photo.data))
    attach_evidence(
        session, actor=leader, task_id=scene.task_id, evidence_id=UUID(photo.id), item=photo.item, sha256=digest,
        size=len(photo.data), mime="image/jpeg", whole=True, fix=_fix(scene, photo.taken, (photo.lon, photo.lat)),
    )  # fmt: skip
    return named(scene, photo, digest)


def _fix(scene: Scene, at: datetime, place: tuple[float, float]) -> FixInfo:
    return FixInfo(at, *place, scene.accuracy, 0, fixed_at=at)


def _typed(body: dict[str, Any]) -> dict[str, Any]:
    """The body as the field door's schema hands it on: ids and times as such."""
    times = {key: datetime.fromisoformat(body[key]) for key in ("started_at", "finished_at")}
    return {**body, **times, "task_id": UUID(body["task_id"]), "checklist_id": UUID(body["checklist_id"])}


def _a_key() -> dict[str, str]:
    """The public half of a phone's key; the private half stays nowhere, so nobody can sign with it."""
    numbers = ec.generate_private_key(ec.SECP256R1()).public_key().public_numbers()
    x, y = (base64.urlsafe_b64encode(n.to_bytes(32)).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y}
