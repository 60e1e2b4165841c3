"""What inspections keep: arrivals, submissions with findings and evidence, receipts, reviews, results."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Model, kept_by_value, new_id
from backend.times import utc_now
from backend.tours.models import Task


class Arrival(Model):
    """A check-in: the phone says it is at the site; the fence gives its opinion, and never blocks."""

    __tablename__ = "arrivals"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone"""
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    device_id: Mapped[UUID]
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    clock_offset_ms: Mapped[int]
    fix: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    accuracy_m: Mapped[float | None]
    distance_m: Mapped[float | None]
    inside: Mapped[bool]
    scanned: Mapped[str | None]
    reason: Mapped[str | None]
    body_sha256: Mapped[str | None]
    """Of the exact bytes: the same id with other bytes is refused; none in arrivals of before"""
    __table_args__ = (Index(None, "task_id"), Index(None, "device_id", "at"))


class Share(Model):
    """What an officer has found so far, for the colleagues of the same visit: the latest of each officer and task."""

    __tablename__ = "shares"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    inspector_id: Mapped[UUID] = mapped_column(ForeignKey("inspectors.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    """Grows on the phone with every share: a greater one replaces a smaller, in whatever order they come"""
    at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    device_id: Mapped[UUID]
    body: Mapped[dict[str, Any]]
    body_sha256: Mapped[str]


class EvidenceState(StrEnum):
    """ARRIVED bytes are whole; KEPT are checked; QUARANTINED differ from what was announced (kept, not deleted)."""

    ARRIVED = "arrived"
    KEPT = "kept"
    QUARANTINED = "quarantined"


class Evidence(Model):
    """A photo or signature that arrived by an upload; ``sha256`` names its bytes in the store."""

    __tablename__ = "evidence"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone"""
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    item: Mapped[int | None]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    mime: Mapped[str]
    purpose: Mapped[str | None]
    """``signature`` for one drawn on a phone: it is kept, and not looked for among photos; None for all else"""
    state: Mapped[EvidenceState] = mapped_column(kept_by_value(EvidenceState))
    taken_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    clock_offset_ms: Mapped[int | None]
    fix: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    accuracy_m: Mapped[float | None]
    device_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    """The person whose phone sent it"""
    exif: Mapped[dict[str, Any] | None]
    flags: Mapped[list[Any]]
    """What the checks noticed: exif_time_differs, far_from_site, seen_before …"""
    likeness: Mapped[int | None] = mapped_column(BigInteger)
    thumbnail: Mapped[str | None]
    """SHA-256 of the thumbnail in the store"""
    watermarked: Mapped[str | None]
    """SHA-256 of the copy that bears number, time and place, in the store"""
    fixed_at: Mapped[datetime | None]
    """When the position was found, by the phone's clock; phones may hand out an old one"""
    district: Mapped[str]
    __table_args__ = (Index(None, "task_id"), Index(None, "sha256"), Index(None, "device_id", "taken_at"))


class LikenessPiece(Model):
    """A piece of a photo's likeness (``media.likeness.pieces``): what looks alike shares one at least, so an index finds it.

    The primary key holds all columns: PostgreSQL need not look at the table.
    """

    __tablename__ = "likeness_pieces"
    piece: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    likeness: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)


class SubmissionState(StrEnum):
    """DOMAIN §2.7"""

    UNDER_REVIEW = "under_review"
    RETURNED = "returned"
    APPROVED = "approved"


class Submission(Model):
    """What a team says it found: one version; a correction is a new submission of the same task."""

    __tablename__ = "submissions"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone"""
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    version: Mapped[int]
    state: Mapped[SubmissionState] = mapped_column(kept_by_value(SubmissionState))
    body: Mapped[dict[str, Any]]
    """As the phone sent it"""
    body_sha256: Mapped[str]
    """Of the exact bytes: same id and same bytes → same answer"""
    device_id: Mapped[UUID]
    officer_id: Mapped[UUID]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    conclusion: Mapped[str]
    """conform, basically_conform, non_conform"""
    result_code: Mapped[str]
    """R01 … as the rules derive it from the findings, or as the team stated (R04, R06, R07)"""
    replaces: Mapped[UUID | None] = mapped_column(ForeignKey("submissions.id"))
    """The returned version that this one corrects; that one stays as it was"""
    district: Mapped[str]
    task: Mapped[Task] = relationship()
    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.item")
    receipt: Mapped["Receipt"] = relationship()
    __table_args__ = (UniqueConstraint("task_id", "version"), Index(None, "district", "state"))


class Finding(Model):
    """The answer to one item."""

    __tablename__ = "findings"
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True)
    answer: Mapped[str]
    key: Mapped[bool]
    remark: Mapped[str]


class SubmissionPhoto(Model):
    """A photo as a submission names it."""

    __tablename__ = "submission_photos"
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    item: Mapped[int | None]
    seq: Mapped[int]
    link: Mapped[str | None]
    """Its hash in the chain of the visit's evidence; none in submissions older than the chain"""


class Receipt(Model):
    """The signed receipt of a submission (Ed25519 over its canonical JSON)."""

    __tablename__ = "receipts"
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"), primary_key=True)
    manifest: Mapped[dict[str, Any]]
    manifest_sha256: Mapped[str]
    received_at: Mapped[str]
    key: Mapped[str]
    signature: Mapped[str]


class Review(Model):
    """A reviewer's decision; the reviewer is never an officer of the visit."""

    __tablename__ = "reviews"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"))
    reviewer: Mapped[UUID]
    decision: Mapped[str]
    """confirmed or returned"""
    remark: Mapped[str]
    items: Mapped[list[Any]] = mapped_column(default=list)
    """What must be corrected, by check: [{item, remark}]"""
    at: Mapped[datetime] = mapped_column(default=utc_now)
    __table_args__ = (Index(None, "submission_id"),)


class Result(Model):
    """The confirmed result of a task: what flows on to score, notice and follow-up."""

    __tablename__ = "results"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submissions.id"))
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    result_code: Mapped[str]
    conclusion: Mapped[str]
    key_failed: Mapped[int]
    general_failed: Mapped[int]
    general_asked: Mapped[int]
    visited_at: Mapped[datetime]
    confirmed_at: Mapped[datetime] = mapped_column(default=utc_now)
    confirmed_by: Mapped[UUID]
    district: Mapped[str]
    __table_args__ = (Index(None, "entity_id"),)
