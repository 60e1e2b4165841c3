"""What people and jobs can do with risk: adopt a points card, record facts, score one entity or all of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from backend import ledger
from backend.db import new_id
from backend.problems import Problem
from backend.registry.commands import classify
from backend.registry.models import Entity
from backend.risk import rules
from backend.risk.card import THRESHOLDS, audiences_of, rows_of
from backend.risk.card import Scorecard as Card
from backend.risk.grammar import full_months
from backend.risk.models import Fact, Score, Scorecard
from backend.times import local_today, utc_now

CATALOGUE = Path(__file__).parent / "catalogue" / "indicators.csv"
CHUNK = 2000


class NoScorecard(Problem):
    """Nothing can be scored before a points card is in force."""

    status = 409
    zh = ("没有生效的评分模型", "尚未采用任何评分模型，请先由模型管理员采用一个版本。")
    en = ("No points card in force", "No points card has been adopted yet; a model manager must adopt one first.")


def adopt_scorecard(
    session: Session, *, version: str, rows: list[dict[str, Any]], effective: date, actor: object,
    thresholds: dict[str, int] | None = None, district: str = "",
) -> Scorecard:  # fmt: skip
    """Put a version of the card in force, for a district prefix where it is a pilot; adopted versions never change. Raises CardNotUsable, RuleNotUnderstood."""
    Card.from_rows(version, rows, thresholds)
    if (known := session.get(Scorecard, version)) is not None:
        return known
    kept = Scorecard(
        version=version, indicators=rows, thresholds=dict(thresholds or THRESHOLDS), effective=effective,
        adopted_by=str(actor), district=district,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    ledger.record(session, "scorecard.adopted", version, actor=actor)
    return kept


def default_rows() -> list[dict[str, str]]:
    """The 73 indicators of the default catalogue."""
    return rows_of(CATALOGUE.read_text(encoding="utf-8"))


class Cards:
    """The cards in force on a day: one for all, and pilots for some districts."""

    def __init__(self, session: Session, on: date) -> None:
        rows = session.scalars(
            select(Scorecard).where(Scorecard.effective <= on).order_by(Scorecard.effective, Scorecard.adopted_at)
        )
        newest = {row.district: row for row in rows}
        self.by_prefix = {
            prefix: Card.from_rows(row.version, row.indicators, row.thresholds) for prefix, row in newest.items()
        }

    def card_for(self, district: str) -> Card:
        """The card of a district: that of the longest prefix. Raises NoScorecard."""
        fitting = [prefix for prefix in self.by_prefix if district.startswith(prefix)]
        if not fitting:
            raise NoScorecard
        return self.by_prefix[max(fitting, key=len)]


def record_facts(session: Session, facts: Sequence[dict[str, Any]]) -> int:
    """Keep facts [{entity_id, indicator, value, as_of, source, source_id, district}]; the same source record again
    replaces its value. Returns how many rows were written."""
    if not facts:
        return 0
    insert = upsert(Fact)
    statement = insert.on_conflict_do_update(
        index_elements=["entity_id", "indicator", "source", "source_id"],
        set_={"value": insert.excluded.value, "as_of": insert.excluded.as_of, "repaired": insert.excluded.repaired},
    )
    rows = [{"repaired": False, "recorded_at": utc_now(), **fact} for fact in facts]
    for at in range(0, len(rows), CHUNK):
        session.execute(statement, rows[at : at + CHUNK])
    return len(rows)


def score_entity(session: Session, *, entity_id: UUID, cause: str) -> Score:
    """Score one entity by the card in force, keep score and reasons, and classify it. The same cause scores once."""
    known = session.scalar(select(Score).where(Score.entity_id == entity_id, Score.cause == cause))
    if known is not None:
        return known
    today = local_today()
    entity = session.get_one(Entity, entity_id)
    card = Cards(session, today).card_for(entity.district)
    facts = _facts_of(session, [entity_id]).get(entity_id, [])
    kept = Score(**_score_row(card, entity, facts, today, cause))
    session.add(kept)
    session.flush()
    classify(session, entity_id=entity_id, credit_class=kept.credit_class, score=kept.score, version=card.version,
             at=kept.at, cause=cause)  # fmt: skip
    return kept


def score_all(session: Session, *, cause: str = "run", district: str = "") -> int:
    """Score every entity of a district prefix in pieces; each piece is flushed, nothing committed. Returns how many."""
    today = local_today()
    cards = Cards(session, today)
    count = 0
    for entities in _pieces(session, district):
        facts = _facts_of(session, [entity.id for entity in entities])
        rows = [_score_row(cards.card_for(e.district), e, facts.get(e.id, []), today, cause) for e in entities]
        session.execute(upsert(Score).on_conflict_do_nothing(), rows)
        session.execute(
            text(_CLASSIFY), [{k: row[k] for k in ("entity_id", "credit_class", "score", "version")} for row in rows]
        )
        session.expunge_all()
        count += len(rows)
    ledger.record(session, "entities.scored", cause, count=count, district=district)
    return count


_CLASSIFY = """update entities set credit_class = :credit_class, score = :score, model_version = :version,
  scored_at = now() where id = :entity_id"""


def _pieces(session: Session, district: str) -> Iterator[list[Entity]]:
    last: UUID | None = None
    while True:
        query = select(Entity).where(Entity.district.startswith(district)).order_by(Entity.id).limit(CHUNK)
        piece = list(session.scalars(query if last is None else query.where(Entity.id > last)))
        if not piece:
            return
        last = piece[-1].id
        yield piece


def _facts_of(session: Session, ids: list[UUID]) -> dict[UUID, list[rules.Fact]]:
    rows = session.scalars(select(Fact).where(Fact.entity_id.in_(ids)).order_by(Fact.entity_id))
    return {entity: [_value(fact) for fact in facts] for entity, facts in groupby(rows, key=lambda f: f.entity_id)}


def _value(fact: Fact) -> rules.Fact:
    return rules.Fact(fact.indicator, fact.value, fact.as_of, fact.repaired, f"{fact.source}:{fact.source_id}")


def _score_row(card: Card, entity: Entity, facts: list[rules.Fact], on: date, cause: str) -> dict[str, Any]:
    audiences = audiences_of(entity.entity_type, entity.industry, entity.licence_no)
    result = rules.score(card, [*facts, *_told_by_register(entity, on)], audiences, on)
    return {
        "id": new_id(),
        "entity_id": entity.id,
        "version": card.version,
        "score": result.score,
        "credit_class": result.credit_class,
        "completeness": result.completeness,
        "reasons": result.as_json(),
        "cause": cause,
        "at": utc_now(),
        "district": entity.district,
    }


FORMS = {"company": "company", "individual": "individual_household", "cooperative": "coop", "branch": "branch"}


def _told_by_register(entity: Entity, on: date) -> Iterator[rules.Fact]:
    """What the register row itself says of an entity."""
    yield rules.Fact("G101", FORMS.get(entity.entity_type, "other"), on, source="registry")
    if entity.est_date:
        yield rules.Fact("G102", f"{(on - entity.est_date).days / 365.25:.2f}", on, source="registry")
    if entity.last_check_at:
        yield rules.Fact("P208", str(full_months(entity.last_check_at, on)), on, source="registry")
    if entity.licence_valid_to:
        left = (entity.licence_valid_to - on).days
        state = "expired" if left < 0 else "expires_within_60d" if left <= 60 else "valid"
        yield rules.Fact("P102", state, on, source="registry")
