"""The registers as files, CSV or XLSX, in the headings that an import takes: what goes out can come in again."""

import csv
import io
from collections.abc import Iterator
from itertools import chain
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy import select, text
from sqlalchemy.orm import Session, joinedload

from backend.accounts.models import Unit
from backend.registry.entity_rows import FIELDS as ENTITY_FIELDS
from backend.registry.list_rows import EXPERT_FIELDS, INSPECTOR_FIELDS, ITEM_FIELDS, as_text
from backend.registry.models import Expert, Inspector, Item

Cells = list[str]
BATCH = 2000
BOM = "\ufeff"
"""By it spreadsheets know that a CSV is UTF-8"""
SHEET_ROWS = 1_048_576
"""What one sheet of a workbook holds"""
FIELDS = {
    "entities": {name: zh for name, zh in ENTITY_FIELDS.items() if name != "source_id"},
    "items": ITEM_FIELDS,
    "inspectors": {name: zh for name, zh in INSPECTOR_FIELDS.items() if name != "recusals"},
    "experts": EXPERT_FIELDS,
}
"""What goes out. Recusals stay inside: they tell of people's families (DOMAIN §1.3)."""


def export_csv(session: Session, kind: str, *, district: str = "", language: str = "zh") -> Iterator[str]:
    """A register's lines as CSV with a BOM. ``district``: only codes that begin so."""
    lines = _with_headings(session, kind, district, language)
    yield BOM + _line(next(lines))
    yield from map(_line, lines)


def export_xlsx(session: Session, kind: str, *, district: str = "", language: str = "zh") -> bytes:
    """A register as a workbook; more rows than a sheet holds go on to the next."""
    book = Workbook(write_only=True)
    lines = _with_headings(session, kind, district, language)
    headings = next(lines)
    number = 0
    for number, cells in enumerate(lines):
        if number % (SHEET_ROWS - 1) == 0:
            sheet = book.create_sheet(f"{kind}{number // (SHEET_ROWS - 1) or ''}")
            sheet.append(headings)
        sheet.append([_said(sheet, cell) for cell in cells])
    if not book.worksheets:
        book.create_sheet(kind).append(headings)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _said(sheet: Any, cell: str) -> Any:
    """A cell that a spreadsheet takes as text, also where it begins like a formula."""
    if not cell.startswith("="):
        return cell
    told = WriteOnlyCell(sheet, cell)
    told.data_type = "s"
    return told


def _with_headings(session: Session, kind: str, district: str, language: str) -> Iterator[Cells]:
    fields = FIELDS[kind]
    headings = [zh if language == "zh" else name for name, zh in fields.items()]
    return chain([headings], ROWS[kind](session, district))


def _line(cells: Cells) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _entities(session: Session, district: str) -> Iterator[Cells]:
    rows = session.execute(
        text("""
        select e.uscc, e.reg_no, e.name, e.entity_type, e.est_date, e.reg_state, e.reg_org, u.code as unit_code, e.grid,
          e.address, e.district, st_x(e.place) as lon, st_y(e.place) as lat,
          case when e.place is not null then 'WGS84' end as crs, e.coord_quality,
          array_to_string(e.industry, ';') as industry, e.trade_format, e.licence_no, e.licence_valid_to, e.licence_issuer,
          e.phone, array_to_string(e.tags, ';') as tags
        from entities e left join units u on u.id = e.unit_id where e.district like :district order by e.source, e.source_id"""),
        {"district": district + "%"},
        execution_options={"yield_per": BATCH},
    )
    for row in rows:
        yield ["" if value is None else str(value) for value in row]


def _items(session: Session, _district: str) -> Iterator[Cells]:
    for item in session.scalars(select(Item).order_by(Item.code)):
        yield [as_text(getattr(item, name)) for name in FIELDS["items"]]


def _inspectors(session: Session, district: str) -> Iterator[Cells]:
    query = (
        select(Inspector)
        .join(Inspector.unit)
        .options(joinedload(Inspector.person), joinedload(Inspector.unit))
        .where(Inspector.district.startswith(district))
        .order_by(Unit.path, Inspector.card_no)
    )
    for i in session.scalars(query):
        told = {"name": i.person.name, "unit_code": i.unit.code}
        yield [as_text(told.get(name, getattr(i, name, ""))) for name in FIELDS["inspectors"]]


def _experts(session: Session, district: str) -> Iterator[Cells]:
    query = select(Expert, Unit.code).outerjoin(Unit, Expert.unit_id == Unit.id).order_by(Expert.name, Expert.employer)
    if district:
        query = query.where(Unit.district.startswith(district))
    for expert, code in session.execute(query):
        yield [as_text(code if name == "unit_code" else getattr(expert, name)) for name in FIELDS["experts"]]


ROWS = {"entities": _entities, "items": _items, "inspectors": _inspectors, "experts": _experts}
