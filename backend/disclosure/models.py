"""What disclosure keeps: notices in versions, each against its legal deadline."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Unit
from backend.db import Model, kept_by_value, new_id
from backend.registry.models import Entity
from backend.times import utc_now


class NoticeState(StrEnum):
    """DUE waits for publication before its deadline; a correction is a new version of the same number."""

    DUE = "due"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Notice(Model):
    """A public notice (公示): of a plan, a lot, or a result. ``body`` holds only what may be public."""

    __tablename__ = "notices"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[str]
    """plan, lot, result"""
    subject: Mapped[str]
    """Id of the plan, lot or task"""
    entity_id: Mapped[UUID | None] = mapped_column(ForeignKey("entities.id"))
    title: Mapped[str]
    body: Mapped[dict[str, Any]]
    words: Mapped[str]
    """Entity name, address, code and number, for the public search"""
    state: Mapped[NoticeState] = mapped_column(kept_by_value(NoticeState))
    occurred_on: Mapped[date]
    """The day from which the deadline counts"""
    due_on: Mapped[date]
    published_at: Mapped[datetime | None]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    unit: Mapped[Unit] = relationship()
    entity: Mapped[Entity | None] = relationship()
    __table_args__ = (
        UniqueConstraint("number", "version"),
        UniqueConstraint("kind", "subject", "version"),
        Index(None, "state", "published_at"),
        Index(None, "entity_id"),
        Index("notices_words_idx", "words", postgresql_using="gin", postgresql_ops={"words": "gin_trgm_ops"}),
    )


class ObjectionState(StrEnum):
    """DOMAIN §6.3: received, and then answered in one of two ways, or taken back by who filed it."""

    RECEIVED = "received"
    CORRECTED = "corrected"
    UPHELD = "upheld"
    WITHDRAWN = "withdrawn"


class Objection(Model):
    """What an entity's owner objects to (异议): its class, a notice, or its record; answered by a day that law sets."""

    __tablename__ = "objections"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    about: Mapped[str]
    """``class``, ``record``, or the number of a notice"""
    words: Mapped[str]
    filed_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    filed_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_on: Mapped[date]
    state: Mapped[ObjectionState] = mapped_column(kept_by_value(ObjectionState))
    answer: Mapped[str | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    entity: Mapped[Entity] = relationship()
    __table_args__ = (Index(None, "entity_id"), Index(None, "state", "due_on"))


class LegalTerm(Model):
    """A number that comes from law: configuration with an effective date (DOMAIN §2.8)."""

    __tablename__ = "legal_terms"
    key: Mapped[str] = mapped_column(primary_key=True)
    """``pub.result.wd``"""
    effective: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[int]
    basis: Mapped[str]


class PhotoState(StrEnum):
    """PROPOSED waits for its copy, READY for a person's decision; only APPROVED ones are public."""

    PROPOSED = "proposed"
    READY = "ready"
    APPROVED = "approved"
    REFUSED = "refused"


class PublicPhoto(Model):
    """A photo that somebody wants to show beside a notice: a redacted copy, public only when a person approves it."""

    __tablename__ = "public_photos"
    evidence_id: Mapped[UUID] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"))
    state: Mapped[PhotoState] = mapped_column(kept_by_value(PhotoState), default=PhotoState.PROPOSED)
    copy: Mapped[str | None]
    """SHA-256 of the redacted copy in the store"""
    hidden: Mapped[int | None]
    """How many places were found and made unrecognisable"""
    proposed_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str]
    unit: Mapped[Unit] = relationship()
    __table_args__ = (Index(None, "task_id"), Index(None, "state"))
