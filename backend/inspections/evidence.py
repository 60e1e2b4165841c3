"""Where evidence lies: the instance's store, and what is looked at in a photo once it has arrived."""

import io
from contextlib import suppress
from functools import cache
from typing import Any, BinaryIO
from uuid import UUID

import structlog
from sqlalchemy.orm import Session

from backend.config import settings
from backend.inspections import likenesses, visit_evidence
from backend.inspections.doubts import edit_doubts, exif_doubts
from backend.inspections.models import Evidence, EvidenceState
from backend.ledger import Event
from backend.times import utc_now
from media.exif import Exif
from media.faults import MediaFault, NoFont
from media.looking import look_at
from media.render import watermarked
from media.sniff import is_recording, kind_of, must_fit
from media.store import FolderStore, Store, open_store
from media.uploads import Uploads

log = structlog.get_logger()
LARGEST = 512 * 2**20
"""Bytes of one upload at most: ten minutes of video"""
UNKNOWN = "application/octet-stream"
KEPT_DAYS = 7
"""How long an unfinished upload waits for its phone"""


@cache
def store() -> Store:
    """Where media lie for good (MEDIA_URL)."""
    return open_store(settings().media_url)


@cache
def uploads() -> Uploads:
    """Where uploads wait until they are whole."""
    said = settings()
    return Uploads(said.data / "uploads", LARGEST, allowance=said.upload_quota, spare=said.upload_spare)


def tidy_uploads() -> list[str]:
    """Remove uploads that their phones gave up, and what killed writers left behind. Returns the uploads' ids."""
    before = utc_now().timestamp() - KEPT_DAYS * 86400
    kept = store()
    if isinstance(kept, FolderStore):
        kept.sweep(before)
    return uploads().expire(before)


def examine_evidence(session: Session, event: Event) -> None:
    """After ``evidence.arrived``: what the bytes are, copies of photos, EXIF against what the phone said, the same photo elsewhere."""
    evidence = session.get_one(Evidence, UUID(event.subject))
    if evidence.state != EvidenceState.ARRIVED:
        return
    try:
        with store().open(evidence.sha256) as source:
            _look_at(session, evidence, source)
    except MediaFault as fault:
        evidence.flags = [*evidence.flags, {"code": fault.code}]
    if (twin := likenesses.seen_before(session, evidence)) is not None:
        evidence.flags = [*evidence.flags, twin]
    evidence.state = EvidenceState.KEPT
    with suppress(MediaFault, FileNotFoundError):
        # The row was committed before this job was told, so the store's copy is enough.
        uploads().settle(str(evidence.id), store())


def _look_at(session: Session, evidence: Evidence, source: BinaryIO) -> None:
    """Photos are opened; sound and video are kept as they are, and so is anything else, with its flag."""
    evidence.mime = kind_of(source) or UNKNOWN
    must_fit(source, evidence.mime)
    if is_recording(evidence.mime):
        return
    seen = look_at(source)
    evidence.mime, evidence.thumbnail = seen.mime, store().put(io.BytesIO(seen.thumbnail))
    evidence.exif = {key: str(value) for key, value in seen.exif.__dict__.items() if value is not None}
    if evidence.purpose is not None:
        return
    evidence.flags = [*evidence.flags, *_own_words(session, evidence, seen.exif)]
    if not seen.plain:
        evidence.likeness = seen.likeness
        likenesses.remember(session, evidence.id, seen.likeness)
    _mark(session, evidence, source)


def _own_words(session: Session, evidence: Evidence, told: Exif) -> list[dict[str, Any]]:
    """What the photo's own words leave in doubt, as flags."""
    found = edit_doubts(told, str(evidence.id))
    if evidence.taken_at is not None:
        found += exif_doubts(told, visit_evidence.spot_of_evidence(session, evidence), by_phone=evidence.taken_at)
    return [{"code": doubt.code, **doubt.facts} for doubt in found]


def _mark(session: Session, evidence: Evidence, source: BinaryIO) -> None:
    """The copy that bears number, time and place; without a font for it the original says all the same."""
    try:
        copy = watermarked(source, visit_evidence.watermark_lines(session, evidence))
        evidence.watermarked = store().put(io.BytesIO(copy))
    except NoFont as fault:
        log.warning("photo_not_watermarked", evidence_id=str(evidence.id), install=fault.facts.get("install"))
