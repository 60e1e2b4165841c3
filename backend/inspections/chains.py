"""The chain of a visit's evidence (DOMAIN §7.6): each photo's hash follows from the one before, the last is in the receipt."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from backend.inspections.models import Evidence, SubmissionPhoto
from backend.times import stamp
from media.seal import START, first_break, link

FACTS = (
    Evidence.id, Evidence.task_id, Evidence.sha256, Evidence.size, Evidence.taken_at, Evidence.received_at,
    Evidence.clock_offset_ms, func.st_x(Evidence.fix).label("lon"), func.st_y(Evidence.fix).label("lat"),
    Evidence.accuracy_m, Evidence.device_id, Evidence.officer_id,
)  # fmt: skip


class Piece(NamedTuple):
    """A photo of a submission: where it stands, of which item it is, and what is kept of it."""

    seq: int
    item: int | None
    facts: Row[Any]


def facts_of(session: Session, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    """Of each piece of evidence, in one question, what must not change any more."""
    return session.execute(select(*FACTS).where(*which)).all()


def linked(pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    """The photos of a new submission in their order, as rows: {evidence_id, item, seq, link}."""
    last, rows = START, []
    for piece in sorted(pieces, key=lambda one: _place(one.seq, one.facts.id)):
        last = link(last, _told(piece))
        rows.append({"evidence_id": piece.facts.id, "item": piece.item, "seq": piece.seq, "link": last})
    return rows


def links_of(session: Session, submission_id: UUID) -> list[SubmissionPhoto]:
    """A submission's photos in the order of their chain."""
    rows = session.scalars(select(SubmissionPhoto).where(SubmissionPhoto.submission_id == submission_id))
    return sorted(rows, key=lambda photo: _place(photo.seq, photo.evidence_id))


def first_break_of(session: Session, photos: Sequence[SubmissionPhoto]) -> int | None:
    """The place, from 1, of the first photo whose kept facts do not give its hash; None when all do, or none is chained.

    ``photos`` are in the order of ``links_of``.
    """
    if not photos or photos[0].link is None:
        return None
    kept = {facts.id: facts for facts in facts_of(session, Evidence.id.in_([photo.evidence_id for photo in photos]))}
    fields = [_told(Piece(photo.seq, photo.item, kept[photo.evidence_id])) for photo in photos]
    broken = first_break(zip(fields, [photo.link or "" for photo in photos], strict=True))
    return None if broken is None else broken + 1


def _place(seq: int, evidence: UUID) -> tuple[int, str]:
    return seq, str(evidence)


def _told(piece: Piece) -> dict[str, Any]:
    """Coordinates as text, for canonical JSON knows no fractions."""
    kept = piece.facts
    return {
        "photo": str(kept.id), "task": str(kept.task_id), "item": piece.item, "seq": piece.seq, "sha256": kept.sha256,
        "size": kept.size, "taken_at": stamp(kept.taken_at) if kept.taken_at else None,
        "received_at": stamp(kept.received_at), "clock_offset_ms": kept.clock_offset_ms, "lon": _text(kept.lon),
        "lat": _text(kept.lat), "accuracy_m": _text(kept.accuracy_m), "device": str(kept.device_id),
        "officer": str(kept.officer_id),
    }  # fmt: skip


def _text(number: float | None) -> str | None:
    return None if number is None else repr(float(number))
