"""Drafts on their way from one phone of an inspector to another: parked whole, taken once, then gone.

A parked draft is locked on the phone that parked it, so that a visit is never filled on two phones. Whoever takes it
first holds it; only that phone may say so again, after an answer that was lost.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import Actor
from backend.inspections.aside.models import ParkedDraft, ParkedPhoto
from backend.problems import NotFound, Problem, TooLarge
from backend.times import utc_now

LARGEST = 2**20
"""Bytes of a draft without its photos"""
LARGEST_PHOTO = 32 * 2**20
MOST = 20
"""Drafts of one person that lie here at a time"""
MOST_BYTES = 300 * 2**20
"""Bytes of photos of one person that lie here at a time"""


class DraftMoved(Problem):
    """Another phone has parked this draft, or holds it already."""

    status = 409
    zh = ("草稿已在另一台手机上", "这份草稿已由另一台手机转移或取走。请在那台手机上继续；本机内容保持不变。")
    en = ("The draft is on another phone", "Another phone has parked or taken this draft. Go on there; nothing on this one changes.")  # fmt: skip


class PhotoDiffers(Problem):
    """A photo of a draft that the draft does not name, or other bytes than it names."""

    status = 422
    zh = ("照片与草稿不符", "草稿中没有这张照片，或其内容与草稿所列的 SHA-256 不同。请重新转移草稿。")
    en = ("The photo does not belong to the draft", "The draft names no such photo, or another SHA-256. Park the draft again.")  # fmt: skip


class DraftIncomplete(Problem):
    """Photos of the draft have not come yet, so nobody can hold all of it."""

    status = 409
    zh = ("草稿尚未传完", "还有 {count} 张照片没有从原手机传来。请让原手机联网后再试；草稿仍保留。")
    en = ("The draft is not all here", "{count} photos have not come from the old phone. Let it go online and try again; the draft is kept.")  # fmt: skip


class TooManyDrafts(Problem):
    """A person parks more than the server keeps."""

    status = 409
    zh = (
        "暂存的草稿过多",
        "最多暂存 {drafts} 份草稿、{megabytes} MB 照片。请先在新手机上取走已有的草稿；本机内容不受影响。",
    )
    en = ("Too many parked drafts", "At most {drafts} drafts with {megabytes} MB of photos are kept. Take those that wait; nothing here is lost.")  # fmt: skip


@dataclass(frozen=True)
class DraftView:
    """A parked draft as its person's phones see it; ``missing`` are the photos that have not come yet."""

    visit_id: UUID
    task_id: UUID
    device_id: UUID
    parked_at: datetime
    photos: list[dict[str, Any]]
    missing: list[str]
    visit: str | None = None


def park_draft(session: Session, *, actor: Actor, visit_id: UUID, task_id: UUID, visit: str,
               photos: list[dict[str, Any]]) -> tuple[DraftView, bool]:  # fmt: skip
    """Park a draft: ``visit`` is JSON as the phone keeps it, ``photos`` are [{id, sha256, size}]. Returns it and whether it is new.

    Parked again by the same phone it replaces what lay here. Raises DraftMoved, TooManyDrafts, TooLarge.
    """
    if len(visit.encode()) > LARGEST:
        raise TooLarge(limit=LARGEST)
    listed = [{"id": str(p["id"]), "sha256": p["sha256"], "size": p["size"]} for p in photos]
    digest = hashlib.sha256(visit.encode()).hexdigest()
    known = session.get(ParkedDraft, (actor.person_id, visit_id), with_for_update=True)
    if known is not None and _holder(known) != actor.device_id:
        raise DraftMoved
    if known is not None and (known.taken_at, known.sha256, known.photos) == (None, digest, listed):
        return _view(session, known), False
    _refuse_too_much(session, actor, visit_id, sum(photo["size"] for photo in listed))
    if known is not None:
        session.delete(known)
        session.flush()
    draft = ParkedDraft(person_id=actor.person_id, visit_id=visit_id, device_id=actor.device_id, task_id=task_id,
                        visit=visit, photos=listed, sha256=digest)  # fmt: skip
    session.add(draft)
    session.flush()
    ledger.record(session, "draft.parked", visit_id, actor=actor, chain=actor.unit_code, device=str(actor.device_id))
    return _view(session, draft), True


def park_photo(session: Session, *, actor: Actor, visit_id: UUID, evidence_id: UUID, data: bytes) -> bool:
    """Park a photo that a draft of this phone names. Returns whether it is new. Raises NotFound, DraftMoved, PhotoDiffers."""
    draft = _own(session, actor, visit_id)
    if draft.device_id != actor.device_id or draft.taken_at:
        raise DraftMoved
    named = {photo["id"]: photo["sha256"] for photo in draft.photos}
    if named.get(str(evidence_id)) != hashlib.sha256(data).hexdigest():
        raise PhotoDiffers
    if session.get(ParkedPhoto, (actor.person_id, visit_id, evidence_id)) is not None:
        return False
    session.add(ParkedPhoto(person_id=actor.person_id, visit_id=visit_id, evidence_id=evidence_id,
                            sha256=named[str(evidence_id)], size=len(data), data=data))  # fmt: skip
    session.flush()
    return True


def parked_drafts(session: Session, actor: Actor) -> list[DraftView]:
    """The drafts of the actor that wait to be taken, oldest first, without their contents."""
    waiting = select(ParkedDraft).where(ParkedDraft.person_id == actor.person_id, ParkedDraft.taken_at.is_(None))
    return [_view(session, draft, whole=False) for draft in session.scalars(waiting.order_by(ParkedDraft.parked_at))]


def parked_draft(session: Session, actor: Actor, visit_id: UUID) -> DraftView:
    """A draft of the actor with its contents. Raises NotFound, DraftMoved once another phone has taken it."""
    draft = _own(session, actor, visit_id)
    if draft.taken_at:
        raise DraftMoved
    return _view(session, draft)


def parked_photo(session: Session, actor: Actor, visit_id: UUID, evidence_id: UUID) -> bytes:
    """A photo of a parked draft. Raises NotFound."""
    photo = session.get(ParkedPhoto, (actor.person_id, visit_id, evidence_id))
    if photo is None:
        raise NotFound(what="照片 photo", id=str(evidence_id))
    return photo.data


def take_draft(session: Session, *, actor: Actor, visit_id: UUID) -> None:
    """Note that this phone holds the whole draft: what lay here is removed. Raises NotFound, DraftMoved, DraftIncomplete."""
    draft = _own(session, actor, visit_id)
    if draft.taken_at and draft.taken_by == actor.device_id:
        return
    if draft.taken_at:
        raise DraftMoved
    if draft.device_id != actor.device_id and (missing := _missing(session, draft)):
        raise DraftIncomplete(count=len(missing), missing=missing)
    session.execute(
        delete(ParkedPhoto).where(ParkedPhoto.person_id == actor.person_id, ParkedPhoto.visit_id == visit_id)
    )
    draft.visit, draft.photos, draft.taken_at, draft.taken_by = "", [], utc_now(), actor.device_id
    ledger.record(session, "draft.taken", visit_id, actor=actor, chain=actor.unit_code, device=str(actor.device_id))


def _holder(draft: ParkedDraft) -> UUID:
    return draft.taken_by or draft.device_id


def _own(session: Session, actor: Actor, visit_id: UUID) -> ParkedDraft:
    draft = session.get(ParkedDraft, (actor.person_id, visit_id), with_for_update=True)
    if draft is None:
        raise NotFound(what="草稿 draft", id=str(visit_id))
    return draft


def _refuse_too_much(session: Session, actor: Actor, visit_id: UUID, coming: int) -> None:
    others = (ParkedDraft.person_id == actor.person_id, ParkedDraft.visit_id != visit_id)
    drafts = session.scalar(select(func.count()).where(*others, ParkedDraft.taken_at.is_(None))) or 0
    photos = (ParkedPhoto.person_id == actor.person_id, ParkedPhoto.visit_id != visit_id)
    lying = session.scalar(select(func.sum(ParkedPhoto.size)).where(*photos)) or 0
    if drafts >= MOST or lying + coming > MOST_BYTES:
        raise TooManyDrafts(drafts=MOST, megabytes=MOST_BYTES // 2**20)


def _missing(session: Session, draft: ParkedDraft) -> list[str]:
    own = (ParkedPhoto.person_id == draft.person_id, ParkedPhoto.visit_id == draft.visit_id)
    here = {str(id_) for id_ in session.scalars(select(ParkedPhoto.evidence_id).where(*own))}
    return [photo["id"] for photo in draft.photos if photo["id"] not in here]


def _view(session: Session, draft: ParkedDraft, *, whole: bool = True) -> DraftView:
    return DraftView(draft.visit_id, draft.task_id, draft.device_id, draft.parked_at, draft.photos,
                     _missing(session, draft), draft.visit if whole else None)  # fmt: skip
