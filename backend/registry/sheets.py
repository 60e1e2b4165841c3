"""Reading registers from CSV and XLSX files, in our headings (Chinese or English) or a foreign register's by a mapping.

A mapping is a TOML file: ``source`` names the foreign register; ``[columns]`` gives for each field of ours the foreign
column; ``[constants]`` gives fields their value; ``[values.FIELD]`` translates what stands in a column.
"""

import csv
import io
import tomllib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.problems import Problem

Row = dict[str, str]
ENCODINGS = ("utf-8-sig", "gb18030")
MOST_UNPACKED = 768 * 2**20
"""Bytes that a workbook may hold once it is unpacked; 400,000 entities are about 400 MB"""
MOST_PACKED = 100
"""How many times smaller its file may be; spreadsheets reach 10 to 20"""
SMALL = 64 * 2**20
"""Up to here nobody asks how well it was packed"""
MOST_COLUMNS = 256
OVER = "+"
"""Under this name a row carries what stands beyond the last heading"""
BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    zlib.error,
    KeyError,
    OSError,
    ValueError,
    EOFError,
    NotImplementedError,
)
"""What a workbook that is none, or damaged, makes its readers raise"""


class UnreadableFile(Problem):
    """Neither CSV text in UTF-8 or GB 18030 nor an XLSX workbook."""

    status = 422
    zh = (
        "文件无法读取",
        "“{file}”不是 UTF-8/GB18030 编码的 CSV，也不是 XLSX 工作簿：{why}。请重新导出后再试。",
    )
    en = (
        "The file cannot be read",
        "“{file}” is neither CSV (UTF-8 or GB 18030) nor an XLSX workbook: {why}. Export it again.",
    )


class WorkbookTooLarge(Problem):
    """A workbook that unpacks to far more than any register: a bomb, or a mistake."""

    status = 413
    zh = ("工作簿过大", "“{file}”解压后有 {megabytes} MB，超出上限。请改用 CSV，或分成几个文件导入。")
    en = ("The workbook is too large", "“{file}” unpacks to {megabytes} MB, over the limit. Use CSV, or several files.")


class HeadingsMissing(Problem):
    """Columns without which no row can be taken."""

    status = 422
    zh = ("缺少必需的列", "文件缺少列：{missing}。现有列：{found}。可改列名，或提供映射文件。")
    en = (
        "Columns are missing",
        "The file lacks {missing}; it has {found}. Rename the columns or give a mapping file.",
    )


class BadMapping(Problem):
    """The mapping file is not TOML of the form that this module's first lines describe."""

    status = 422
    zh = ("映射文件有误", "映射文件无法使用：{why}")
    en = ("The mapping file is wrong", "The mapping cannot be used: {why}")


@dataclass(frozen=True)
class Mapping:
    """How a foreign register's columns become ours."""

    source: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    repeated: str = "refuse"
    """What a key that comes again means: ``refuse`` it, or keep the ``last`` row."""
    facts: tuple[dict[str, Any], ...] = ()
    """For histories: [{indicator, column, as_of, source_id, values}]"""

    def __post_init__(self) -> None:
        """Raises TypeError when a part has another shape than the one above."""
        tables = [self.columns, self.constants, self.values, *(self.values.values() if _is_table(self.values) else ())]
        if not all(map(_is_table, [*tables, *self.facts])) or not isinstance(self.source, str):
            raise TypeError("columns, constants, values.FIELD and facts are tables, source is a text")

    def of(self, row: Row) -> Row:
        """A foreign row in our fields."""
        ours = {name: row.get(column, "").strip() for name, column in self.columns.items()}
        for name, known in self.values.items():
            ours[name] = known.get(ours.get(name, ""), known.get("*", ours.get(name, "")))
        return {**self.constants, **ours}


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def read_mapping(text: str) -> Mapping:
    """A mapping from its TOML. Raises BadMapping."""
    try:
        raw = tomllib.loads(text)
        facts = tuple(raw.pop("facts", ()))
        return Mapping(**raw, facts=facts)
    except (tomllib.TOMLDecodeError, TypeError) as wrong:
        raise BadMapping(why=str(wrong)) from wrong


def read_rows(name: str, data: bytes, headings: dict[str, str], mapping: Mapping | None) -> Iterator[tuple[int, Row]]:
    """The rows of a file as (line number, fields of ours). Raises UnreadableFile.

    ``headings`` maps every known heading, Chinese and English, to our field.
    """
    if mapping and mapping.columns:
        yield from ((line, mapping.of(raw)) for line, raw in raw_rows(name, data))
        return
    lines = _lines(name, data)
    fields = [headings.get(heading, "") for heading in next(lines)[1]]
    for line, cells in lines:
        row = dict(zip(fields, map(str.strip, cells), strict=False))
        row.pop("", None)
        if len(cells) > len(fields) and (over := ", ".join(filter(None, cells[len(fields) :]))):
            row[OVER] = over
        yield line, row


def raw_rows(name: str, data: bytes) -> Iterator[tuple[int, Row]]:
    """The rows of a file in its own headings, each with its line number. Raises UnreadableFile."""
    lines = _lines(name, data)
    headings = next(lines)[1]
    yield from ((line, dict(zip(headings, cells, strict=False))) for line, cells in lines)


def headings_of(name: str, data: bytes) -> list[str]:
    """The first line of a file. Raises UnreadableFile."""
    return list(dict.fromkeys(next(_lines(name, data))[1]))


def _lines(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """The lines of a file with their numbers: first the headings, then all that are not empty."""
    if data[:4] == b"PK\x03\x04" or name.lower().endswith((".xlsx", ".xlsm")):
        return _xlsx_lines(name, data)
    return _csv_lines(name, data)


def _csv_lines(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(name, data)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield 1, [heading.strip() for heading in next(reader, [])]
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as wrong:
        raise UnreadableFile(file=Path(name).name, why=f"{wrong} (line {reader.line_num})") from wrong


def _decoded(name: str, data: bytes) -> str:
    if b"\x00" in data[:4096]:
        raise UnreadableFile(file=Path(name).name, why="binary data")
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(file=Path(name).name, why="unknown text encoding")


def _xlsx_lines(name: str, data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        _refuse_bomb(name, data)
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        lines = sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
        yield 1, [_cell(value) for value in _trimmed(next(lines, ()))]
        for line, cells in enumerate(lines, start=2):
            if any(value is not None for value in cells):
                yield line, [_cell(value) for value in cells]
    except BROKEN as wrong:
        raise UnreadableFile(file=Path(name).name, why=str(wrong) or type(wrong).__name__) from wrong
    except IndexError:
        raise UnreadableFile(file=Path(name).name, why="no sheet") from None


def _trimmed(headings: tuple[object, ...]) -> list[object]:
    """The headings without the empty cells that end a sheet's line."""
    filled = max((n for n, value in enumerate(headings, 1) if value is not None), default=0)
    return list(headings[:filled])


def _refuse_bomb(name: str, data: bytes) -> None:
    with ZipFile(io.BytesIO(data)) as packed:
        unpacked = sum(part.file_size for part in packed.infolist())
    if unpacked > MOST_UNPACKED or unpacked > max(SMALL, MOST_PACKED * len(data)):
        raise WorkbookTooLarge(file=Path(name).name, megabytes=unpacked // 2**20)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if hasattr(value, "date"):
        return str(value.date())
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
