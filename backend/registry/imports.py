"""Importing the entity register: staged by COPY, checked as a set, good rows in, every refused row in the report.

A row is known again by its source and key, so the same file twice changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend import ledger
from backend.registry.entity_rows import HEADINGS, NEEDED, STAGED, Faults, Refusal, parse_entity
from backend.registry.models import ImportRun
from backend.registry.scope import BEYOND, Scope
from backend.registry.sheets import HeadingsMissing, Mapping, Row, headings_of, read_rows
from geo.crs import Crs, to_wgs84

REPORTED = 10_000
COLUMNS = [part.split()[0] for part in STAGED.split(",")]
LON, CRS = COLUMNS.index("lon"), COLUMNS.index("crs")


@dataclass
class ImportReport:
    """What came of an import."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    run: UUID | None = None
    """Under which it is kept"""

    @property
    def refused(self) -> int:
        """How many rows were refused; a row may have several reasons."""
        return len({refusal.line for refusal in self.refusals})


def import_entities(session: Session, *, name: str, data: bytes, actor: object,
                    mapping: Mapping | None = None, dry_run: bool = False,
                    scope: Scope | None = None) -> ImportReport:  # fmt: skip
    """Bring a file of entities into the registry. Raises UnreadableFile, HeadingsMissing.

    With ``dry_run`` everything is checked and reported and nothing is kept. Rows beyond ``scope`` are refused; None
    is the operator's, who reaches everything.
    """
    refuse_missing(name, data, mapping)
    rows = read_rows(name, data, HEADINGS, mapping)
    source = mapping.source if mapping else ""
    with session.begin_nested() as savepoint:
        last_wins = bool(mapping and mapping.repeated == "last")
        report = take_entities(session, rows, source, last_wins=last_wins, scope=scope)
        if dry_run:
            savepoint.rollback()
            return report
    run = keep_run(session, "entities", name, data, actor, report)
    report.run = run.id
    ledger.record(session, "entities.imported", run.id, actor=actor, added=report.added,
                  changed=report.changed, refused=report.refused)  # fmt: skip
    return report


def refuse_missing(name: str, data: bytes, mapping: Mapping | None) -> None:
    """Raise HeadingsMissing unless the file has the columns that every row needs."""
    found = headings_of(name, data)
    if mapping and mapping.columns:
        missing = sorted(set(mapping.columns.values()) - set(found))
    else:
        known = {HEADINGS.get(heading) for heading in found}
        missing = [needed for needed in NEEDED if needed not in known]
    if missing:
        raise HeadingsMissing(missing=", ".join(missing), found=", ".join(found[:40]))


def take_entities(session: Session, rows: Iterable[tuple[int, Row]], source: str = "", *,
                  last_wins: bool = False, scope: Scope | None = None) -> ImportReport:  # fmt: skip
    """Stage, check and merge rows of our fields; the report says what became of each."""
    report = ImportReport()
    session.execute(text(f"create temp table staged ({STAGED}) on commit drop"))
    _stage(session, _parsed(rows, report))
    session.execute(text("analyze staged"))
    session.execute(text(_LAST if last_wins else "select 1"))
    for query in (_DUPLICATES, _UNITS, _DISTRICTS, _TAKEN):
        _refuse(session, text(query), source, report)
    if scope:
        reaches = {"paths": [path for path, _ in scope.reaches], "prefixes": [prefix for _, prefix in scope.reaches]}
        _refuse(session, text(BEYOND).bindparams(**reaches), source, report)
    _merge(session, source, report)
    session.execute(text("drop table staged"))
    return report


def _parsed(rows: Iterable[tuple[int, Row]], report: ImportReport) -> Iterator[tuple[Any, ...]]:
    for line, row in rows:
        report.read += 1
        try:
            yield parse_entity(line, row)
        except Faults as faults:
            report.refusals += faults.refusals


def _stage(session: Session, rows: Iterator[tuple[Any, ...]]) -> None:
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"copy staged ({', '.join(COLUMNS)}) from stdin") as copy:
        for row in rows:
            copy.write_row(_in_wgs84(row))


def _in_wgs84(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row with its coordinates as EPSG:4326; the system they came in stays noted."""
    if row[LON] is None or row[CRS] == "WGS84":
        return row
    return (*row[:LON], *to_wgs84(row[LON], row[LON + 1], Crs(row[CRS])), *row[LON + 2 :])


def _refuse(session: Session, query: Any, source: str, report: ImportReport) -> None:
    """Take the rows that a check finds out of the stage and into the report."""
    found = session.execute(query, {"source": source}).all()
    report.refusals += [Refusal(r.line, r.col, r.value or "", r.code, r.other) for r in found]
    if found:
        session.execute(text("delete from staged where line = any(:lines)"), {"lines": [r.line for r in found]})


_LAST = "delete from staged s using staged later where later.source_id = s.source_id and later.line > s.line"

_DUPLICATES = """select line, 'uscc' as col, source_id as value, 'duplicate' as code, first as other from (
  select line, source_id, min(line) over (partition by source_id) as first from staged) s where line > first"""

_UNITS = """select line, 'unit_code' as col, unit_code as value, 'unit' as code, null::int as other from staged
  where unit_code is not null and unit_code not in (select code from units)"""

_DISTRICTS = """with seen as (
    update staged s set district = p.code from district_parts p
    where s.lon is not null and s.district is null
      and st_covers(p.part, st_setsrid(st_makepoint(s.lon, s.lat), 4326)) returning s.line)
  select line, 'district' as col, district as value, case when district is null then 'outside' else 'district' end as code,
    null::int as other
  from staged where line not in (select line from seen)
    and (district is null or (:source = '' and district not in (select code from districts)))"""

_TAKEN = """select s.line, 'uscc' as col, s.uscc as value, 'taken' as code, null::int as other
  from staged s join entities e on e.uscc = s.uscc where (e.source, e.source_id) <> (:source, s.source_id)"""

_KEPT = """uscc, reg_no, name, entity_type, est_date, reg_state, reg_org, grid, address, district, crs_source,
  coord_quality, industry, trade_format, food, licence_no, licence_valid_to, licence_issuer, phone, tags, unit_id, place"""


def _merge(session: Session, source: str, report: ImportReport) -> None:
    """Insert new rows, update those that differ, leave the others untouched."""
    kept = [name.strip() for name in _KEPT.split(",")]
    sets = ", ".join(f"{name} = excluded.{name}" for name in kept)
    differs = " or ".join(f"e.{name} is distinct from excluded.{name}" for name in kept)
    rows = session.execute(
        text(f"""
        with merged as (
          insert into entities as e (id, source, source_id, invented, {_KEPT})
          select gen_random_uuid(), :source, s.source_id, :invented, s.uscc, s.reg_no, s.name, s.entity_type,
            s.est_date, s.reg_state, s.reg_org, s.grid, s.address, s.district,
            case when s.lon is not null then s.crs end, s.coord_quality, string_to_array(s.industry, ';'), s.trade_format, s.food, s.licence_no,
            s.licence_valid_to, s.licence_issuer, s.phone, string_to_array(s.tags, ';'), u.id, st_setsrid(st_makepoint(s.lon, s.lat), 4326)
          from staged s left join units u on u.code = s.unit_code
          on conflict (source, source_id) do update set {sets}, changed_at = now() where {differs}
          returning (xmax = 0) as fresh)
        select count(*) filter (where fresh) as added, count(*) filter (where not fresh) as changed,
          (select count(*) from staged) as staged from merged"""),  # noqa: S608 - only column names of ours
        {"source": source, "invented": source == "sample"},
    ).one()
    report.added, report.changed = rows.added, rows.changed
    report.unchanged = rows.staged - rows.added - rows.changed


def keep_run(session: Session, kind: str, name: str, data: bytes, actor: object, report: ImportReport) -> ImportRun:
    """Keep an import's report."""
    run = ImportRun(
        kind=kind, file_name=name.rsplit("/", 1)[-1][:200], sha256=hashlib.sha256(data).hexdigest(), by=str(actor),
        read=report.read, added=report.added, changed=report.changed, unchanged=report.unchanged,
        refused=report.refused, report=[r.as_json() for r in report.refusals[:REPORTED]],
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def told(report: ImportReport) -> dict[str, Any]:
    """A report as a page shows it."""
    return {"read": report.read, "added": report.added, "changed": report.changed, "unchanged": report.unchanged,
            "refused": report.refused, "report": [r.as_json() for r in report.refusals[:REPORTED]]}  # fmt: skip
