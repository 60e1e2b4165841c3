"""Importing the entity register: staged by COPY, checked as a set, good rows in, every refused row in the report.

A row is known again by its source and key, so the same file twice changes nothing.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend import ledger
from backend.registry.entity_rows import HEADINGS, NEEDED, STAGED, Faults, Refusal, parse_entity
from backend.registry.models import ImportRun
from backend.registry.places import COLUMNS, LON, Places
from backend.registry.scope import BEYOND, Scope
from backend.registry.sheets import HeadingsMissing, Mapping, Row, headings_of, read_rows
from geo.crs import Crs, to_wgs84

REPORTED = 10_000
AT_ONCE = 5_000
"""Rows whose districts are looked up together"""
CRS = COLUMNS.index("crs")


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
    session.execute(text(_AMPLE))
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
    places = Places(session)
    cursor = session.connection().connection.cursor()
    with cursor.copy(f"copy staged ({', '.join(COLUMNS)}) from stdin") as copy:
        while some := [_in_wgs84(row) for row in islice(rows, AT_ONCE)]:
            for row in places.found(some):
                copy.write_row(row)


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

_AMPLE = """set local work_mem = '128MB'; set local maintenance_work_mem = '256MB';
  set local gin_pending_list_limit = '64MB'"""
"""For this transaction: sorting in memory, and the index of words written in few large pieces"""

_DUPLICATES = """select line, 'uscc' as col, source_id as value, 'duplicate' as code, first as other
  from staged join (select source_id, min(line) as first from staged group by source_id having count(*) > 1) again
    using (source_id) where line > first"""

_UNITS = """select line, 'unit_code' as col, unit_code as value, 'unit' as code, null::int as other from staged
  where unit_code is not null and unit_code not in (select code from units)"""

_DISTRICTS = """select line, 'district' as col, district as value,
    case when district is null then 'outside' else 'district' end as code, null::int as other
  from staged where district is null or (:source = '' and district not in (select code from districts))"""

_TAKEN = """select s.line, 'uscc' as col, s.uscc as value, 'taken' as code, null::int as other
  from staged s join entities e on e.uscc = s.uscc where (e.source, e.source_id) <> (:source, s.source_id)"""

_KEPT = """uscc, reg_no, name, entity_type, est_date, reg_state, reg_org, grid, address, district, crs_source,
  coord_quality, industry, trade_format, food, licence_no, licence_valid_to, licence_issuer, phone, tags, unit_id, place"""


_ORDERED_ID = """(lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
  || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid"""
"""Version 7: ids that come in their order are written side by side"""


_GIVEN = f"""select {_ORDERED_ID} as id, s.source_id, s.uscc, s.reg_no, s.name, s.entity_type, s.est_date,
    s.reg_state, s.reg_org, s.grid, s.address, s.district, case when s.lon is not null then s.crs end as crs_source,
    s.coord_quality, string_to_array(s.industry, ';') as industry, s.trade_format, s.food, s.licence_no,
    s.licence_valid_to, s.licence_issuer, s.phone, string_to_array(s.tags, ';') as tags, u.id as unit_id,
    st_setsrid(st_makepoint(s.lon, s.lat), 4326) as place
  from staged s left join units u on u.code = s.unit_code"""  # noqa: S608 - a constant of ours
KEPT = [name.strip() for name in _KEPT.split(",")]

_CHANGE = f"""update entities e set {", ".join(f"{name} = g.{name}" for name in KEPT)}, changed_at = now()
  from ({_GIVEN}) g where e.source = :source and e.source_id = g.source_id
    and ({" or ".join(f"e.{name} is distinct from g.{name}" for name in KEPT)})"""  # noqa: S608 - only column names of ours

_ADD = f"""insert into entities (source, invented, id, source_id, {_KEPT})
  select cast(:source as text), :invented, g.* from ({_GIVEN}) g
  where not exists (select from entities e where e.source = cast(:source as text) and e.source_id = g.source_id)
  order by g.source_id"""  # noqa: S608 - only column names of ours


def _merge(session: Session, source: str, report: ImportReport) -> None:
    """Update rows that differ, insert new ones, leave the others untouched. One import at a time."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('import entities'))"))
    staged = session.scalar(text("select count(*) from staged")) or 0
    report.changed = session.execute(text(_CHANGE), {"source": source}).rowcount  # type: ignore[attr-defined]
    report.added = session.execute(text(_ADD), {"source": source, "invented": source == "sample"}).rowcount  # type: ignore[attr-defined]
    report.unchanged = staged - report.added - report.changed
    session.execute(text("select tidy_entity_words()"))


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
