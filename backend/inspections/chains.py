"""The chain of a visit's evidence (DOMAIN §7.6): each photo's hash follows from the one before, the last is in the receipt."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.inspections.models import Evidence, SubmissionPhoto
from backend.times import stamp
from media.seal import START, first_break, link


def link_photos(session: Session, photos: Sequence[SubmissionPhoto]) -> str | None:
    """Chain the photos of a new submission in their order. Returns the last hash; None without photos."""
    last, ordered = START, sorted(photos, key=_order)
    for photo, fields in zip(ordered, _fields(session, ordered), strict=True):
        photo.link = last = link(last, fields)
    return last if photos else None


def links_of(session: Session, submission_id: UUID) -> list[SubmissionPhoto]:
    """A submission's photos in the order of their chain."""
    rows = session.scalars(select(SubmissionPhoto).where(SubmissionPhoto.submission_id == submission_id))
    return sorted(rows, key=_order)


def first_break_of(session: Session, photos: Sequence[SubmissionPhoto]) -> int | None:
    """The place, from 1, of the first photo whose kept facts do not give its hash; None when all do, or none is chained.

    ``photos`` are in the order of ``links_of``.
    """
    if not photos or photos[0].link is None:
        return None
    told = [photo.link or "" for photo in photos]
    broken = first_break(zip(_fields(session, photos), told, strict=True))
    return None if broken is None else broken + 1


def _order(photo: SubmissionPhoto) -> tuple[int, str]:
    return photo.seq, str(photo.evidence_id)


def _fields(session: Session, photos: Sequence[SubmissionPhoto]) -> list[dict[str, Any]]:
    """Of each photo, in one question, what must not change any more."""
    rows = session.execute(
        select(Evidence, func.st_x(Evidence.fix), func.st_y(Evidence.fix)).where(
            Evidence.id.in_([photo.evidence_id for photo in photos])
        )
    )
    kept = {row.id: (row, lon, lat) for row, lon, lat in rows}
    return [_told(photo, *kept[photo.evidence_id]) for photo in photos]


def _told(photo: SubmissionPhoto, kept: Evidence, lon: float | None, lat: float | None) -> dict[str, Any]:
    """Coordinates as text, for canonical JSON knows no fractions."""
    return {
        "photo": str(kept.id), "task": str(kept.task_id), "item": photo.item, "seq": photo.seq, "sha256": kept.sha256,
        "size": kept.size, "taken_at": stamp(kept.taken_at) if kept.taken_at else None,
        "received_at": stamp(kept.received_at), "clock_offset_ms": kept.clock_offset_ms, "lon": _text(lon),
        "lat": _text(lat), "accuracy_m": _text(kept.accuracy_m), "device": str(kept.device_id),
        "officer": str(kept.officer_id),
    }  # fmt: skip


def _text(number: float | None) -> str | None:
    return None if number is None else repr(float(number))
