"""What risk keeps: scorecards, facts (narrow and sparse), and every score with its reasons."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Model
from backend.registry.models import Entity
from backend.times import utc_now


class Scorecard(Model):
    """One version of the points card: indicators with weights and rules, and the thresholds."""

    __tablename__ = "scorecards"
    version: Mapped[str] = mapped_column(primary_key=True)
    indicators: Mapped[list[Any]]
    """Rows as in risk/catalogue/indicators.csv"""
    thresholds: Mapped[dict[str, Any]]
    """{B: 100, C: 220, D: 380}"""
    effective: Mapped[date]
    district: Mapped[str] = mapped_column(default="")
    """In force only for districts with this prefix: a pilot; the longest prefix wins"""
    adopted_at: Mapped[datetime] = mapped_column(default=utc_now)
    adopted_by: Mapped[str]


class Fact(Model):
    """What one source says of one entity on one indicator."""

    __tablename__ = "facts"
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    indicator: Mapped[str]
    value: Mapped[str]
    as_of: Mapped[date]
    source: Mapped[str]
    source_id: Mapped[str]
    repaired: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime] = mapped_column(default=utc_now)
    district: Mapped[str]
    """Its entity's, kept so by trigger when the entity moves"""
    entity: Mapped[Entity] = relationship()
    __table_args__ = (
        UniqueConstraint("entity_id", "indicator", "source", "source_id"),
        Index(None, "district"),
    )


class Score(Model):
    """A score as it was worked out, with its reasons. The entity's current one is the newest."""

    __tablename__ = "scores"
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    cause: Mapped[str] = mapped_column(primary_key=True)
    """Id of the event that asked for it, or the name of a run over many"""
    version: Mapped[str] = mapped_column(ForeignKey("scorecards.version"))
    score: Mapped[int]
    """Hundredths of a point"""
    credit_class: Mapped[str]
    completeness: Mapped[int]
    """Per cent of weight for which a fact is known"""
    reasons: Mapped[list[Any]]
    """[{indicator, points (hundredths), value, fact (ids, or ``registry``), known}], in no order"""
    at: Mapped[datetime] = mapped_column(default=utc_now)
    district: Mapped[str]
    entity: Mapped[Entity] = relationship()
    __table_args__ = (Index(None, "entity_id", "at"),)


class ScoreMark(Model):
    """A hash of an entity's newest score with its reasons: a run writes history only where it differs."""

    __tablename__ = "score_marks"
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    mark: Mapped[int] = mapped_column(BigInteger)
