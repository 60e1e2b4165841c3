"""What people and jobs can do with risk: adopt a points card, record facts, score one entity or all of them."""

from collections.abc import Iterable
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend import ledger
from backend.db import new_id
from backend.registry.commands import classify
from backend.registry.models import Entity
from backend.risk import rules
from backend.risk.bulk import Bulk, Scored
from backend.risk.card import THRESHOLDS, audiences_of, rows_of
from backend.risk.card import Scorecard as Card
from backend.risk.in_force import Cards, NoScorecard, card_in_force, judge_in_force
from backend.risk.judging import marked
from backend.risk.models import Fact, Score, Scorecard
from backend.risk.register import told_by_register
from backend.risk.spread import MARK_ONE
from backend.times import local_today, utc_now

CATALOGUE = Path(__file__).parent / "catalogue" / "indicators.csv"
__all__ = [
    "NoScorecard",
    "adopt_scorecard",
    "default_rows",
    "record_facts",
    "score_all",
    "score_district",
    "score_entity",
]
CHUNK = 2000


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


def record_facts(session: Session, facts: Iterable[dict[str, Any]]) -> int:
    """Keep facts [{entity_id, indicator, value, as_of, source, source_id, district, repaired?}]; the same source record again
    replaces its value. Many go in by ``COPY``. Returns how many rows were written.

    Raises ValueOutsideRule for a value that the card in force cannot score, and keeps none of the facts then; what the card
    does not ask for is kept unseen.
    """
    rows = [{"repaired": False, **fact} for fact in facts]
    _refuse_bad_facts(session, rows)
    if len(rows) > CHUNK:
        _copy(session, rows)
    elif rows:
        session.execute(text(f"{_INSERT} values {_VALUES} {_REPLACE}"), rows)
    return len(rows)


_COLUMNS = ("entity_id", "indicator", "value", "as_of", "source", "source_id", "repaired", "district")
_INSERT = f"insert into facts ({', '.join(_COLUMNS)}, recorded_at)"
_VALUES = f"({', '.join(f':{column}' for column in _COLUMNS)}, now())"
_REPLACE = """on conflict (entity_id, indicator, source, source_id) do update
  set value = excluded.value, as_of = excluded.as_of, repaired = excluded.repaired"""


def _copy(session: Session, rows: list[dict[str, Any]]) -> None:
    session.execute(text("create temp table if not exists staged_facts (like facts) on commit drop"))
    for column in ("id", "recorded_at"):
        session.execute(text(f"alter table staged_facts alter {column} drop not null"))
    session.execute(text("truncate staged_facts"))
    names = ", ".join(_COLUMNS)
    with session.connection().connection.cursor().copy(f"copy staged_facts ({names}) from stdin") as copy:
        for row in rows:
            copy.write_row([row[column] for column in _COLUMNS])
    # One record told twice in a file counts as it was told last.
    session.execute(text(f"{_INSERT} select distinct on (entity_id, indicator, source, source_id) {names}, now() "
                         f"from staged_facts order by entity_id, indicator, source, source_id, ctid desc {_REPLACE}"))  # fmt: skip


def _refuse_bad_facts(session: Session, rows: list[dict[str, Any]]) -> None:
    cards = Cards(session, local_today())
    for district, told in groupby(
        sorted({(r["district"], r["indicator"], r["value"]) for r in rows}), key=lambda t: t[0]
    ):
        indicators = {i.code: i for i in cards.card_for(district).indicators} if cards.any_for(district) else {}
        for _, code, value in told:
            if code in indicators:
                rules.refuse_bad_fact(indicators[code], value)


def score_entity(session: Session, *, entity_id: UUID, cause: str) -> Score:
    """Score one entity by the card in force, keep score and reasons, and classify it. The same cause scores once.

    Raises NoScorecard, NothingApplies, ValueOutsideRule.
    """
    known = session.get(Score, (entity_id, cause))
    if known is not None:
        return known
    today = local_today()
    entity = session.get_one(Entity, entity_id)
    card = card_in_force(session, entity.district, today)
    audiences = audiences_of(entity.entity_type, entity.industry, entity.licence_no)
    result = rules.score(card, [*_facts_of(session, entity_id), *told_by_register(entity, today)], audiences, today)
    kept = _kept(entity, result, cause)
    session.add(kept)
    classify(session, entity_id=entity_id, credit_class=kept.credit_class, score=kept.score, version=card.version,
             at=kept.at, cause=cause)  # fmt: skip
    session.execute(text(MARK_ONE), {"id": entity_id, **marked(card, result)})
    return kept


def _kept(entity: Entity, result: rules.Score, cause: str) -> Score:
    return Score(
        entity_id=entity.id, version=result.version, score=result.score, credit_class=result.credit_class,
        completeness=result.completeness, reasons=result.as_json(), cause=cause, at=utc_now(), district=entity.district,
    )  # fmt: skip


def _facts_of(session: Session, entity_id: UUID) -> list[rules.Fact]:
    rows = session.execute(
        select(Fact.indicator, Fact.value, Fact.as_of, Fact.repaired, Fact.id).where(Fact.entity_id == entity_id)
    )
    return [rules.Fact(*row) for row in rows]


def score_all(session: Session, *, cause: str = "", district: str = "", on: date | None = None) -> int:
    """Score every entity of a district prefix in this transaction, district by district. Returns how many.

    A run over a whole city had better give each district a transaction of its own (``score_district``).
    Raises NoScorecard, ValueOutsideRule.
    """
    cause = cause or f"run {new_id()}"
    return sum(
        score_district(session, district=code, cause=cause, on=on).count
        for code in districts_to_score(session, district)
    )


def districts_to_score(session: Session, prefix: str = "") -> list[str]:
    """The districts that have entities, in order."""
    query = select(Entity.district).where(Entity.district.startswith(prefix)).distinct().order_by(Entity.district)
    return list(session.scalars(query))


def score_district(session: Session, *, district: str, cause: str, on: date | None = None) -> Scored:
    """Score every entity of exactly one district; one event tells of all, scores hold what changed.

    Raises NoScorecard, ValueOutsideRule.
    """
    on = on or local_today()
    session.flush()
    scored = Bulk(session, judge_in_force(session, district, on), district, cause).run()
    session.expire_all()
    ledger.record(session, "entities.scored", cause, count=scored.count, changed=scored.changed, district=district)
    return scored
