"""The same photo anywhere in the city: what looks alike is found by an index, never by looking at all photos."""

from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, insert, select, text
from sqlalchemy.orm import Session

from backend.inspections.models import Evidence, LikenessPiece
from backend.tours.models import Task
from media.likeness import ALIKE, pieces

MOST = 500
"""As many look-alikes are looked at, nearest first; a photo with more is found anyway"""
ONE_AT_A_TIME = 0x11CE
"""Photos that arrive together must see each other: their jobs take turns from here to their commit"""
ALIKE_ONES: TextClause = text(
    "select evidence_id, min(bit_count((likeness # :likeness)::bit(64))) as apart from likeness_pieces"
    " where piece = any(:pieces) and bit_count((likeness # :likeness)::bit(64)) <= :alike"
    " group by evidence_id order by apart limit :most"
)


def remember(session: Session, evidence_id: UUID, likeness: int) -> None:
    """Keep a photo's likeness where it is searched for."""
    session.execute(text("select pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    rows = [{"piece": piece, "likeness": likeness, "evidence_id": evidence_id} for piece in pieces(likeness)]
    session.execute(insert(LikenessPiece), rows)


def seen_before(session: Session, evidence: Evidence) -> dict[str, Any] | None:
    """The nearest photo of another visit that is the same file or looks the same; None when there is none.

    ``{code, evidence, task, apart, received}``: its id, its visit's number, in how many of 64 bits the likenesses differ
    (None for the same bytes), when it came.
    """
    if (same := _same_bytes(session, evidence)) is not None:
        return _told(*same, apart=None)
    for evidence_id, apart in alike_ones(session, evidence.likeness):
        found = session.execute(_elsewhere(evidence).where(Evidence.id == evidence_id)).first()
        if found is not None:
            return _told(found[0], found[1], apart=apart)
    return None


def alike_ones(session: Session, likeness: int | None) -> list[tuple[UUID, int]]:
    """Ids of photos whose likeness differs in at most ALIKE bits, nearest first, and in how many."""
    if likeness is None:
        return []
    asked = {"likeness": likeness, "pieces": pieces(likeness), "alike": ALIKE, "most": MOST}
    return [(id_, apart) for id_, apart in session.execute(ALIKE_ONES, asked)]


def _same_bytes(session: Session, evidence: Evidence) -> Any:
    first = _elsewhere(evidence).where(Evidence.sha256 == evidence.sha256).order_by(Evidence.received_at).limit(1)
    return session.execute(first).first()


def _elsewhere(evidence: Evidence) -> Any:
    """Evidence of other visits, with the visit's number."""
    others = select(Evidence, Task.number).join(Task, Task.id == Evidence.task_id)
    return others.where(Evidence.task_id != evidence.task_id, Evidence.id != evidence.id)


def _told(other: Evidence, task: str, *, apart: int | None) -> dict[str, Any]:
    return {"code": "seen_before", "evidence": str(other.id), "task": task, "apart": apart,
            "received": other.received_at.isoformat()}  # fmt: skip
