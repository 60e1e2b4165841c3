"""Importing the item list, the inspectors and the experts: good rows in, every refused row in the report, nothing twice.

A row is known again by its key (an item's code, an inspector's card, an expert's certificate or else name and
employer), so the same file twice changes nothing. Rows outside the importer's scope are refused.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from backend import ledger
from backend.registry.entity_rows import Refusal
from backend.registry.imports import ImportReport, keep_run
from backend.registry.keepers import Expected, ExpertKeeper, InspectorKeeper, ItemKeeper, Recused
from backend.registry.list_rows import (
    EXPERT_FIELDS,
    INSPECTOR_FIELDS,
    ITEM_FIELDS,
    Cells,
    parse_expert,
    parse_inspector,
    parse_item,
)
from backend.registry.scope import Scope
from backend.registry.sheets import OVER, HeadingsMissing, Mapping, Row, headings_of, read_rows

Values = dict[str, Any]


class Keeper(Protocol):
    """Holds a register's rows by key, checks a new row against the other registers, and takes it."""

    recused: list[Recused]
    """Recusals that the rows declare; only inspectors have them"""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        """Read what is there."""

    def key(self, values: Values) -> object:
        """What a row is known by."""

    def faults(self, values: Values) -> Iterator[Expected]:
        """What is wrong with a row beside the others: (column, reason, value)."""

    def take(self, values: Values) -> str:
        """Keep the row: ``added``, ``changed`` or ``unchanged``."""


@dataclass
class ListReport(ImportReport):
    """What came of an import, with the recusals that the file declares, for the room that keeps them."""

    recused: list[Recused] = field(default_factory=list)


@dataclass(frozen=True)
class Register:
    """A register that comes in by file: its columns, those that every file needs, and who keeps it."""

    fields: dict[str, str]
    needed: tuple[str, ...]
    parse: Callable[[Cells], Values]
    keeper: type[Keeper]

    @property
    def headings(self) -> dict[str, str]:
        """Every known heading, English and Chinese, with its field."""
        return {name: name for name in self.fields} | {zh: name for name, zh in self.fields.items()}


REGISTERS = {
    "items": Register(ITEM_FIELDS, ("code", "name", "department", "legal_basis", "valid_from"), parse_item, ItemKeeper),
    "inspectors": Register(
        INSPECTOR_FIELDS, ("card_no", "name", "unit_code", "card_valid_to"), parse_inspector, InspectorKeeper
    ),
    "experts": Register(EXPERT_FIELDS, ("name", "employer"), parse_expert, ExpertKeeper),
}


def import_list(session: Session, kind: str, *, name: str, data: bytes, actor: object, mapping: Mapping | None = None,
                dry_run: bool = False, scope: Scope | None = None) -> ListReport:  # fmt: skip
    """Bring a file of ``items``, ``inspectors`` or ``experts`` in. Raises UnreadableFile, HeadingsMissing.

    ``scope`` bounds what the rows may touch; None is the operator's, who reaches everything. With ``dry_run``
    everything is checked and reported and nothing is kept.
    """
    register = REGISTERS[kind]
    refuse_missing(name, data, register, mapping)
    with session.begin_nested() as savepoint:
        report = _take(session, register, read_rows(name, data, register.headings, mapping), scope)
        if dry_run:
            savepoint.rollback()
            return report
    run = keep_run(session, kind, name, data, actor, report)
    report.run = run.id
    ledger.record(session, "register.imported", run.id, actor=actor, register=kind, added=report.added,
                  changed=report.changed, refused=report.refused)  # fmt: skip
    return report


def refuse_missing(name: str, data: bytes, register: Register, mapping: Mapping | None) -> None:
    """Raise HeadingsMissing unless the file has the columns that every row needs."""
    found = headings_of(name, data)
    if mapping and mapping.columns:
        missing = sorted(set(mapping.columns.values()) - set(found))
    else:
        known = {register.headings.get(heading) for heading in found}
        missing = [f"{register.fields[field]} ({field})" for field in register.needed if field not in known]
    if missing:
        raise HeadingsMissing(missing=", ".join(missing), found=", ".join(found[:40]))


def _take(session: Session, register: Register, rows: Iterable[tuple[int, Row]], scope: Scope | None) -> ListReport:
    report, keeper, seen = ListReport(), register.keeper(session, scope), dict[object, int]()
    for line, row in rows:
        report.read += 1
        cells = Cells(line, row, register.fields)
        values = register.parse(cells)
        if OVER in row:
            cells.fault(OVER, "cells")
        refusals = cells.refusals or _refusals(cells, keeper, values, seen)
        report.refusals += refusals
        if not refusals:
            done = keeper.take(values)
            setattr(report, done, getattr(report, done) + 1)
    session.flush()
    report.recused = keeper.recused
    return report


def _refusals(cells: Cells, keeper: Keeper, values: Values, seen: dict[object, int]) -> list[Refusal]:
    key = keeper.key(values)
    first = seen.setdefault(key, cells.line)
    if first != cells.line:
        cells.fault(next(iter(cells.fields)), "duplicate", other=first)
    for column, reason, value in keeper.faults(values):
        cells.fault(column, reason, value)
    return cells.refusals
