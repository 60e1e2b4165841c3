"""Importing history: what a register's rows say of its entities over time becomes facts with their source."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.registry.models import Entity
from backend.registry.sheets import BadMapping, Mapping, Row, raw_rows
from backend.risk.commands import record_facts
from backend.risk.grammar import ValueOutsideRule
from backend.risk.in_force import Cards
from backend.risk.rules import refuse_bad_fact
from backend.times import local_today


@dataclass
class FactsReport:
    """What came of an import of facts."""

    read: int = 0
    kept: int = 0
    refusals: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, line: int, column: str, value: str, zh: str, en: str) -> None:
        """Note why a row gave no fact."""
        self.refusals.append({"line": line, "column": column, "value": value[:200], "zh": zh, "en": en})


def import_facts(session: Session, *, name: str, data: bytes, mapping: Mapping, actor: object) -> FactsReport:
    """Facts from a file by the mapping's ``[[facts]]``: each takes one column of every row as one indicator's value.

    ``{indicator, column, as_of, source_id, values?}``; entities are known by the mapping's ``source_id`` column.
    Raises BadMapping, UnreadableFile, NoScorecard.
    """
    _refuse_bad_mapping(mapping)
    known, report = _entities(session, mapping.source), FactsReport()
    cards = Cards(session, local_today())
    rows = list(_facts(name, data, mapping, cards, known, report))
    report.kept = record_facts(session, rows)
    ledger.record(session, "facts.imported", name.rsplit("/", 1)[-1], actor=actor, kept=report.kept)
    return report


def _refuse_bad_mapping(mapping: Mapping) -> None:
    for told in mapping.facts:
        if missing := {"indicator", "column", "as_of", "source_id"} - told.keys():
            raise BadMapping(why=f"[[facts]] {told.get('indicator', '?')}: {', '.join(sorted(missing))}")


def _entities(session: Session, source: str) -> dict[str, tuple[UUID, str]]:
    rows = session.execute(select(Entity.source_id, Entity.id, Entity.district).where(Entity.source == source))
    return {key: (id_, district) for key, id_, district in rows}


def _facts(
    name: str, data: bytes, mapping: Mapping, cards: Cards, known: dict[str, tuple[UUID, str]], report: FactsReport
) -> Iterator[dict[str, Any]]:
    key = mapping.columns.get("source_id", "")
    for line, row in raw_rows(name, data):
        report.read += 1
        entity = known.get(row.get(key, "").strip())
        if entity is None:
            report.refuse(line, key, row.get(key, ""), "名录中没有这个主体", "the register has no such entity")
            continue
        indicators = {i.code: i for i in cards.card_for(entity[1]).indicators}
        for told in mapping.facts:
            fact = _fact(line, row, told, report)
            if fact and _sound(line, fact, told, indicators, report):
                yield {**fact, "entity_id": entity[0], "district": entity[1], "source": mapping.source}


def _fact(line: int, row: Row, told: dict[str, Any], report: FactsReport) -> dict[str, Any] | None:
    text = row.get(told["column"], "").strip()
    value = told.get("values", {}).get(text, told.get("values", {}).get("*", text))
    if not value:
        return None
    try:
        as_of = date.fromisoformat(row.get(told["as_of"], "")[:10])
    except ValueError:
        report.refuse(
            line, told["as_of"], row.get(told["as_of"], ""), "日期应写作 2026-11-22", "dates are written 2026-11-22"
        )
        return None
    return {
        "indicator": told["indicator"],
        "value": _whole(value),
        "as_of": as_of,
        "source_id": row.get(told["source_id"], ""),
    }


def _sound(
    line: int, fact: dict[str, Any], told: dict[str, Any], indicators: dict[str, Any], report: FactsReport
) -> bool:
    indicator = indicators.get(fact["indicator"])
    if indicator is None:
        report.refuse(line, told["indicator"], fact["value"], "评分卡没有这个指标", "the card has no such indicator")
        return False
    try:
        refuse_bad_fact(indicator, fact["value"])
    except ValueOutsideRule as wrong:
        report.refuse(line, told["column"], fact["value"], wrong.told("zh")["detail"], wrong.told("en")["detail"])
        return False
    return True


def _whole(value: str) -> str:
    return value.removesuffix(".0")
