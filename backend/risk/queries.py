"""What people can ask of risk: an entity's current score with its reasons, and how it came to be."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.db import view_of
from backend.risk.models import Fact, Score, Scorecard


@dataclass(frozen=True)
class ScoreView:
    """A score: hundredths of a point, class, completeness in per cent, and what led to it by points."""

    score: int
    credit_class: str
    completeness: int
    version: str
    at: datetime
    cause: str
    reasons: list[dict[str, Any]]


def scores_of(session: Session, entity_id: UUID, limit: int = 20) -> list[ScoreView]:
    """An entity's scores, newest first, their reasons with the indicators' names."""
    scores = session.scalars(
        select(Score).where(Score.entity_id == entity_id).order_by(Score.at.desc()).limit(limit)
    ).all()
    names = _names(session, {score.version for score in scores})
    sources = _sources(session, entity_id)
    return [
        ScoreView(s.score, s.credit_class, s.completeness, s.version, s.at, s.cause,
                  [_told(reason, sources) | names.get((s.version, reason["indicator"]), {}) for reason in by_points(s.reasons)])
        for s in scores
    ]  # fmt: skip


def by_points(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reasons, what costs most first."""
    return sorted(reasons, key=lambda reason: (-reason["points"], reason["indicator"]))


def _told(reason: dict[str, Any], sources: dict[int, str]) -> dict[str, Any]:
    """A reason that names its facts by their sources."""
    return {**reason, "fact": [sources.get(fact, str(fact)) for fact in reason["fact"]]}


def _sources(session: Session, entity_id: UUID) -> dict[int, str]:
    rows = session.execute(select(Fact.id, Fact.source, Fact.source_id).where(Fact.entity_id == entity_id))
    return {id_: f"{source}:{source_id}" for id_, source, source_id in rows}


def _names(session: Session, versions: set[str]) -> dict[tuple[str, str], dict[str, str]]:
    cards = session.scalars(select(Scorecard).where(Scorecard.version.in_(versions)))
    return {
        (card.version, row["code"]): {"zh": row["name_zh"], "en": row["name_en"]}
        for card in cards
        for row in card.indicators
    }


@dataclass(frozen=True)
class FactView:
    """A fact with its source."""

    indicator: str
    value: str
    as_of: date
    source: str
    source_id: str
    repaired: bool


def facts_of(session: Session, entity_id: UUID) -> list[FactView]:
    """Everything known of an entity, by indicator, newest first."""
    rows = session.scalars(select(Fact).where(Fact.entity_id == entity_id).order_by(Fact.indicator, Fact.as_of.desc()))
    return [view_of(FactView, row) for row in rows]
