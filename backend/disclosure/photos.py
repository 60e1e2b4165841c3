"""Photos beside a notice: not public by default, at most as a redacted copy that a person has approved (DOMAIN §6.1)."""

import io
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Unit
from backend.accounts.rules import READERS, Actor, Role, can_publish
from backend.disclosure.models import Notice, NoticeState, PhotoState, PublicPhoto
from backend.inspections.evidence import store
from backend.inspections.models import Evidence, EvidenceState, Result, SubmissionPhoto
from backend.ledger import Event
from backend.problems import BadInput, Conflict, NotAllowed, NotFound
from backend.times import utc_now
from backend.tours.models import Task
from media.faces import private_boxes
from media.render import public_copy

SHORTEST_REASON = 4
MOST = 200
"""Photos on the page of those that wait and were decided"""


def propose_photo(session: Session, *, actor: Actor, evidence_id: UUID) -> PublicPhoto:
    """Have a redacted copy made of a photo of a confirmed result; proposing again changes nothing.

    Raises NotFound, NotAllowed.
    """
    known = session.get(PublicPhoto, evidence_id)
    task = _task_of_confirmed(session, evidence_id)
    unit = session.get_one(Unit, task.unit_id)
    _refuse_unless_publicity(actor, unit, task.district)
    if known is not None:
        return known
    photo = PublicPhoto(evidence_id=evidence_id, task_id=task.id, proposed_by=actor.person_id, unit_id=unit.id,
                        district=task.district)  # fmt: skip
    session.add(photo)
    session.flush()
    ledger.record(session, "photo.proposed", evidence_id, actor=actor, chain=unit.code)
    return photo


def _task_of_confirmed(session: Session, evidence_id: UUID) -> Task:
    """The task of a checked photo, one that opens, that a confirmed submission names. Raises NotFound."""
    task = session.scalar(
        select(Task)
        .join(Evidence, Evidence.task_id == Task.id)
        .join(SubmissionPhoto, SubmissionPhoto.evidence_id == Evidence.id)
        .join(Result, Result.submission_id == SubmissionPhoto.submission_id)
        .where(Evidence.id == evidence_id, Evidence.state == EvidenceState.KEPT, Evidence.mime.startswith("image/"))
        .where(Evidence.thumbnail.is_not(None), Evidence.purpose.is_(None))
    )
    if task is None:
        raise NotFound(what="已确认结果的照片 photo of a confirmed result", id=str(evidence_id))
    return task


def make_public_copy(session: Session, event: Event) -> None:
    """After ``photo.proposed``: the copy without metadata, in which faces and plates that were found cannot be told."""
    photo = session.get_one(PublicPhoto, UUID(event.subject), with_for_update=True)
    if photo.state != PhotoState.PROPOSED:
        return
    with store().open(session.get_one(Evidence, photo.evidence_id).sha256) as source:
        boxes = private_boxes(source)
        source.seek(0)
        photo.copy = store().put(io.BytesIO(public_copy(source, boxes)))
    photo.hidden, photo.state = len(boxes), PhotoState.READY


def approve_photo(session: Session, *, actor: Actor, evidence_id: UUID, reason: str) -> PublicPhoto:
    """Make a copy public after looking at it. Raises NotFound, NotAllowed, Conflict, BadInput."""
    photo = _decided(session, actor, evidence_id, reason, PhotoState.APPROVED, {PhotoState.READY})
    ledger.record(session, "photo.approved", evidence_id, actor=actor, chain=photo.unit.code, hidden=photo.hidden)
    return photo


def refuse_photo(session: Session, *, actor: Actor, evidence_id: UUID, reason: str) -> PublicPhoto:
    """Keep a copy closed, also one that was public. Raises NotFound, NotAllowed, Conflict, BadInput."""
    photo = _decided(session, actor, evidence_id, reason, PhotoState.REFUSED, {PhotoState.READY, PhotoState.APPROVED})
    ledger.record(session, "photo.refused", evidence_id, actor=actor, chain=photo.unit.code, hidden=photo.hidden)
    return photo


def _decided(session: Session, actor: Actor, evidence_id: UUID, reason: str, state: PhotoState,
             before: set[PhotoState]) -> PublicPhoto:  # fmt: skip
    photo = session.get(PublicPhoto, evidence_id, with_for_update=True)
    if photo is None:
        raise NotFound(what="照片 photo", id=str(evidence_id))
    _refuse_unless_publicity(actor, photo.unit, photo.district)
    if photo.state not in before:
        raise Conflict(what="照片 photo", state=photo.state.value)
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput({"reason": ["请说明理由（至少 4 个字） / give a reason of at least 4 characters"]})
    photo.state, photo.reason = state, reason.strip()[:500]
    photo.decided_by, photo.decided_at = actor.person_id, utc_now()
    return photo


def _refuse_unless_publicity(actor: Actor, unit: Unit, district: str) -> None:
    if not actor.reaches((Role.PUBLICITY_OFFICER,), unit.path, district):
        raise NotAllowed(need=can_publish.__doc__)


@dataclass(frozen=True)
class ProposedPhoto:
    """A photo on its way to the public, as the publicity officer sees it."""

    evidence_id: UUID
    entity: str
    item: int | None
    state: str
    hidden: int | None
    reason: str


def proposed_photos(session: Session, actor: Actor) -> list[ProposedPhoto]:
    """Photos within the actor's reach, those that wait for a decision first; ``item`` as the confirmed record names it."""
    rows = session.execute(
        select(PublicPhoto, SubmissionPhoto.item, Task)
        .join(Task, Task.id == PublicPhoto.task_id)
        .join(Result, Result.task_id == Task.id)
        .join(
            SubmissionPhoto,
            (SubmissionPhoto.submission_id == Result.submission_id)
            & (SubmissionPhoto.evidence_id == PublicPhoto.evidence_id),
        )
        .order_by(PublicPhoto.state != PhotoState.READY, PublicPhoto.decided_at.desc().nulls_first())
    )
    seen = (
        ProposedPhoto(p.evidence_id, task.entity.name, item, p.state.value, p.hidden, p.reason)
        for p, item, task in rows
        if actor.reaches((Role.PUBLICITY_OFFICER, *READERS), p.unit.path, p.district)
    )
    return list(islice(seen, MOST))


def proposed_copy(session: Session, actor: Actor, evidence_id: UUID) -> str:
    """SHA-256 of a redacted copy, for those who decide. Raises NotFound."""
    photo = session.get(PublicPhoto, evidence_id)
    seen = photo and actor.reaches((Role.PUBLICITY_OFFICER, *READERS), photo.unit.path, photo.district)
    if photo is None or photo.copy is None or not seen:
        raise NotFound(what="照片 photo", id=str(evidence_id))
    return photo.copy


def photos_of_notice(session: Session, number: str) -> dict[UUID, str]:
    """The approved copies beside a published notice: evidence id → SHA-256."""
    rows = session.execute(
        select(PublicPhoto.evidence_id, PublicPhoto.copy)
        .join(Task, Task.id == PublicPhoto.task_id)
        .join(Notice, Notice.entity_id == Task.entity_id)
        .where(
            Notice.number == number, Notice.kind == "result", Notice.subject == cast(Task.id, String),
            Notice.state.in_((NoticeState.PUBLISHED, NoticeState.CORRECTED)), PublicPhoto.state == PhotoState.APPROVED,
        )
        .order_by(PublicPhoto.evidence_id)
    )  # fmt: skip
    return {evidence: copy for evidence, copy in rows if copy}
