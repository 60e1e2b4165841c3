"""What lies aside of the records: refused payloads, pieces of revoked phones, parked drafts, entries of device logs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.db import Model, new_id
from backend.times import utc_now


class FaultyPayload(Model):
    """A payload that was refused for good, with what it was told; the same bytes of a phone are kept once."""

    __tablename__ = "faulty_payloads"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str]
    """arrival, submission, share …, as the phone called it"""
    operation: Mapped[str]
    """The id that the phone gave"""
    sha256: Mapped[str]
    size: Mapped[int]
    """Bytes that came; ``data`` holds the first of them when there were more than are kept"""
    data: Mapped[bytes] = mapped_column(deferred=True)
    problem: Mapped[dict[str, Any]]
    """What the phone was told, in both languages"""
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_at: Mapped[datetime] = mapped_column(default=utc_now)
    __table_args__ = (UniqueConstraint("device_id", "sha256"), Index(None, "last_at"))


class QuarantinedPiece(Model):
    """Work that a revoked phone handed over before it was emptied; never applied. ``sha256`` names its bytes in the store."""

    __tablename__ = "quarantined_pieces"
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    """visit, photo or arrival"""
    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone"""
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    __table_args__ = (Index(None, "at"),)


class ParkedDraft(Model):
    """A draft on its way from one phone of an inspector to another."""

    __tablename__ = "parked_drafts"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    """Made by the phone"""
    device_id: Mapped[UUID]
    """The phone that parked it"""
    task_id: Mapped[UUID]
    visit: Mapped[str]
    """As the phone keeps it; empty once it was taken"""
    photos: Mapped[list[Any]]
    """[{id, sha256, size}]"""
    sha256: Mapped[str]
    parked_at: Mapped[datetime] = mapped_column(default=utc_now)
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None]
    """The phone that holds it now"""
    __table_args__ = (Index(None, "parked_at"),)


class ParkedPhoto(Model):
    """A photo of a parked draft. Its bytes lie here and not in the store, where nothing can be removed."""

    __tablename__ = "parked_photos"
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID] = mapped_column(primary_key=True)
    evidence_id: Mapped[UUID] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(deferred=True)
    __table_args__ = (
        ForeignKeyConstraint(
            ["person_id", "visit_id"], ["parked_drafts.person_id", "parked_drafts.visit_id"], ondelete="CASCADE"
        ),
    )


class DeviceLogEntry(Model):
    """What a phone noticed of itself, without personal data."""

    __tablename__ = "device_log"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    device_id: Mapped[UUID]
    at: Mapped[datetime]
    """By the phone's clock"""
    level: Mapped[str]
    event: Mapped[str]
    fields: Mapped[dict[str, Any]]
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    __table_args__ = (Index(None, "device_id", "at"), Index(None, "received_at"))
