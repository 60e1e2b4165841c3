"""Reading a checklist workbook: the cells of its three sheets, bounded, each with its row and column to be told by."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from backend.problems import Problem

SHEETS = ("survey", "choices", "settings")
FOREIGN = ("external_choices", "entities", "osm")
"""Sheets of XLSForm that are outside the subset."""
MOST_BYTES, MOST_UNPACKED = 2_000_000, 20_000_000
DAMAGED = (
    InvalidFileException, BadZipFile, zlib.error, struct.error, EOFError, LookupError, OSError, ValueError, AttributeError,
    TypeError, SyntaxError, RuntimeError, ArithmeticError, AssertionError,
)  # fmt: skip
"""What reading a damaged or encrypted file may end in, in zipfile, the XML parser or openpyxl."""
MOST_ROWS, MOST_COLUMNS, LONGEST_CELL = 3000, 60, 4000
MOST_FAULTS = 200
"""Whoever mends a workbook reads no more of them at once"""


class WorkbookUnreadable(Problem):
    """The file is no XLSX workbook, or larger than a checklist can be."""

    status = 422
    zh = ("检查表文件无法读取", "“{file}”无法作为 XLSX 工作簿读取：{zh_why}。请用电子表格软件另存为 .xlsx 后再上传。")
    en = (
        "The workbook cannot be read",
        "“{file}” cannot be read as an XLSX workbook: {en_why}. Save it as .xlsx and upload again.",
    )


class WorkbookRefused(Problem):
    """The workbook breaks rules of docs/checklists.md; ``faults`` names each place: [{sheet, row, column, zh, en}]."""

    status = 422
    zh = ("检查表有误", "共 {count} 处需要修改，检查表没有保存：{zh_places}")
    en = ("The checklist has faults", "{count} places must be mended; nothing was kept: {en_places}")

    def __init__(self, faults: "Iterable[SheetFault]") -> None:
        told = [fault.told() for fault in faults]
        places = {language: "; ".join(_line(one, language) for one in told[:8]) for language in ("zh", "en")}
        super().__init__(count=len(told), faults=told[:MOST_FAULTS], zh_places=places["zh"], en_places=places["en"])


def _line(told: dict[str, str | int | None], language: str) -> str:
    where = " ".join(str(told[part]) for part in ("sheet", "row", "column") if told[part])
    return f"[{where}] {told[language]}"


@dataclass(frozen=True)
class SheetFault:
    """A fault of the workbook: where (``row`` counts from 1, ``column`` is like "F relevant") and what, in both languages."""

    sheet: str
    row: int | None
    column: str | None
    zh: str
    en: str

    def told(self) -> dict[str, str | int | None]:
        """As problems and pages carry it."""
        return {"sheet": self.sheet, "row": self.row, "column": self.column, "zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Row:
    """A row of a sheet: its number from 1, its filled cells by heading, the letters of all columns."""

    sheet: str
    number: int
    cells: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict, repr=False)

    def get(self, heading: str) -> str:
        """A cell's text, trimmed; empty where there is none."""
        return self.cells.get(heading, "")

    def fault(self, heading: str | None, zh: str, en: str) -> SheetFault:
        """A fault at a cell of this row, or at the row."""
        letter = self.letters.get(heading or "", "")
        return SheetFault(self.sheet, self.number, f"{letter} {heading}".strip() if heading else None, zh, en)


@dataclass(frozen=True)
class Workbook:
    """The rows of the three sheets, empty rows left out."""

    survey: list[Row]
    choices: list[Row]
    settings: list[Row]

    def rows(self) -> Iterator[Row]:
        """All rows."""
        yield from (*self.survey, *self.choices, *self.settings)


def read_workbook(name: str, data: bytes) -> Workbook:
    """The rows of an uploaded workbook. Raises WorkbookUnreadable, WorkbookRefused."""
    _refuse_unopened(name, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        faults = [*_sheet_faults(sheets), *_merged(data)]
        if faults:
            raise WorkbookRefused(faults)
        return Workbook(*(_rows(title, sheets.get(title)) for title in SHEETS))
    except DAMAGED as wrong:
        raise WorkbookUnreadable(file=name, zh_why="内容已损坏", en_why="its content is damaged") from wrong


def _refuse_unopened(name: str, data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise WorkbookUnreadable(file=name, zh_why="超过 2 MB", en_why="it is larger than 2 MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(part.file_size for part in packed.infolist())
            programs = any("vbaproject" in part.lower() for part in packed.namelist())
    except DAMAGED as wrong:
        raise WorkbookUnreadable(file=name, zh_why="不是 XLSX 文件", en_why="it is no XLSX file") from wrong
    if programs:
        raise WorkbookUnreadable(file=name, zh_why="含有宏程序", en_why="it holds macros")
    if unpacked > MOST_UNPACKED:
        raise WorkbookUnreadable(file=name, zh_why="解压后过大", en_why="it is too large when unpacked")


def _sheet_faults(sheets: Mapping[str, Any]) -> Iterator[SheetFault]:
    for title in ("survey", "settings"):
        if title not in sheets:
            yield SheetFault(title, None, None, f"缺少工作表“{title}”", f"the sheet “{title}” is missing")
    for title in FOREIGN:
        if title in sheets:
            yield SheetFault(title, None, None, f"不支持工作表“{title}”", f"the sheet “{title}” is not supported")


def _merged(data: bytes) -> Iterator[SheetFault]:
    """Merged cells look filled and are empty but for their first one. Only a whole load tells of them, so it is made when there are any."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        sheets = [part for part in packed.namelist() if part.startswith("xl/worksheets/")]
        if not any(b"mergeCell" in packed.read(part) for part in sheets):
            return
    for sheet in load_workbook(io.BytesIO(data)).worksheets:
        title = sheet.title.strip().lower()
        for area in sheet.merged_cells.ranges if title in SHEETS else ():
            zh, en = "合并的单元格，请取消合并并逐格填写", "merged cells; unmerge them and fill each one"
            yield SheetFault(title, area.min_row, area.coord, zh, en)


def _rows(title: str, sheet: Any) -> list[Row]:
    if sheet is None:
        return []
    lines = sheet.iter_rows(max_col=MOST_COLUMNS + 1)
    headings = [tidy_heading(cell_text(cell.value)) for cell in next(lines, ())]
    letters = {heading: get_column_letter(at) for at, heading in enumerate(headings, start=1) if heading}
    doubled = [heading for heading in letters if headings.count(heading) > 1]
    faults = [SheetFault(title, 1, h, f"列“{h}”重复", f"the column “{h}” comes twice") for h in doubled]
    rows = []
    for number, cells in enumerate(lines, start=2):
        if all(cell.value is None for cell in cells):
            continue
        named = {h: cell_text(cell.value) for h, cell in zip(headings, cells, strict=False) if cell.value is not None}
        faults += [*_bounds(title, number, named, cells), *_reckoned(title, number, cells)]
        if any(named.values()):
            rows.append(Row(title, number, {h: text for h, text in named.items() if h and text}, letters))
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise WorkbookRefused(faults)
    return rows


def _bounds(title: str, number: int, named: dict[str, str], cells: tuple[Any, ...]) -> Iterator[SheetFault]:
    if named.get("") or (len(cells) > MOST_COLUMNS and cells[MOST_COLUMNS].value is not None):
        yield SheetFault(title, number, None, "有内容不在已命名的列中", "a cell stands in a column without a heading")
    if number > MOST_ROWS and any(named.values()):
        yield SheetFault(title, number, None, f"超过 {MOST_ROWS} 行", f"more than {MOST_ROWS} rows")
    for heading, text in named.items():
        if len(text) > LONGEST_CELL:
            yield SheetFault(
                title, number, heading, f"超过 {LONGEST_CELL} 个字符", f"longer than {LONGEST_CELL} characters"
            )


def _reckoned(title: str, number: int, cells: tuple[Any, ...]) -> Iterator[SheetFault]:
    """What a spreadsheet reckons may be another value elsewhere, or none at all: a checklist says what it means."""
    for at, cell in enumerate(cells, start=1):
        if cell.value is not None and cell.data_type in ("f", "e"):
            zh, en = "单元格是公式或出错，请改为固定内容", "a formula or an error; put the text itself"
            yield SheetFault(title, number, get_column_letter(at), zh, en)


def tidy_heading(text: str) -> str:
    """A heading as we compare it: the part before ``::`` in lower case with underscores."""
    base, parted, rest = text.partition("::")
    base = base.strip().lower().replace(" ", "_").replace("-", "_")
    return f"{base}::{rest.strip()}" if parted else base


def cell_text(value: object) -> str:
    """A cell as text: whole numbers without decimals, days as 2026-11-23, truths as yes and no."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if hasattr(value, "date"):
        return str(value.date())
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
