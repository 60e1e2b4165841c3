"""Where evidence lies: the instance's store, and what is looked at in a photo once it has arrived."""

import io
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.config import settings
from backend.inspections.models import Evidence, EvidenceState
from backend.ledger import Event
from backend.times import utc_now
from media.exif import Exif, read_exif
from media.faults import MediaFault
from media.likeness import ALIKE, bits_apart, likeness
from media.render import thumbnail
from media.sniff import sniff
from media.store import FolderStore, Store, open_store
from media.uploads import Uploads

LARGEST = 512 * 2**20
"""Bytes of one upload at most: ten minutes of video"""
LATE_S = 15 * 60
KEPT_DAYS = 7
"""How long an unfinished upload waits for its phone"""


@cache
def store() -> Store:
    """Where media lie for good (MEDIA_URL)."""
    return open_store(settings().media_url)


@cache
def uploads() -> Uploads:
    """Where uploads wait until they are whole."""
    return Uploads(settings().data / "uploads", LARGEST)


def tidy_uploads() -> list[str]:
    """Remove uploads that their phones gave up, and what killed writers left behind. Returns the uploads' ids."""
    before = utc_now().timestamp() - KEPT_DAYS * 86400
    kept = store()
    if isinstance(kept, FolderStore):
        kept.sweep(before)
    return uploads().expire(before)


def examine_evidence(session: Session, event: Event) -> None:
    """After ``evidence.arrived``: thumbnail, EXIF against what the phone said, the same photo used elsewhere."""
    evidence = session.get_one(Evidence, UUID(event.subject))
    if evidence.state != EvidenceState.ARRIVED:
        return
    try:
        with store().open(evidence.sha256) as source:
            _look_at(session, evidence, source)
    except MediaFault as fault:
        evidence.flags = [*evidence.flags, {"code": fault.code}]
    evidence.state = EvidenceState.KEPT
    with suppress(MediaFault, FileNotFoundError):
        # The row was committed before this job was told, so the store's copy is enough.
        uploads().settle(str(evidence.id), store())


def _look_at(session: Session, evidence: Evidence, source: Any) -> None:
    evidence.mime = sniff(source).mime
    source.seek(0)
    told = read_exif(source)
    source.seek(0)
    evidence.likeness = likeness(source)
    source.seek(0)
    evidence.thumbnail = store().put(io.BytesIO(thumbnail(source)))
    evidence.exif = {key: str(value) for key, value in told.__dict__.items() if value is not None}
    evidence.flags = [*evidence.flags, *_doubts(session, evidence, told)]


def _doubts(session: Session, evidence: Evidence, told: Exif) -> list[dict[str, str]]:
    """What a reviewer should look at twice; nothing here blocks."""
    doubts: list[dict[str, str]] = []
    if told.taken_at and evidence.taken_at and abs((told.taken_at - evidence.taken_at).total_seconds()) > LATE_S:
        doubts.append({"code": "exif_time_differs", "exif": str(told.taken_at)})
    twins = session.execute(
        select(Evidence.id, Evidence.likeness, Evidence.sha256).where(
            Evidence.likeness.is_not(None), Evidence.id != evidence.id, Evidence.task_id != evidence.task_id
        )
    )
    for id_, other, sha256 in twins:
        if sha256 == evidence.sha256 or bits_apart(other or 0, evidence.likeness or 0) <= ALIKE:
            doubts.append({"code": "seen_before", "evidence": str(id_)})
            break
    return doubts
