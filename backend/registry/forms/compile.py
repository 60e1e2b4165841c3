"""A workbook checked and compiled: the body that phones fill and the server judges by, with its hash.

Two checks: ours, which tells sheet, row and column of whatever is outside the subset, and pyxform's, so that the same
workbook is a sound XLSForm elsewhere (its Java validator stays off).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from backend.registry.forms import layout
from backend.registry.forms.build import FORMAT, JUDGEMENT, Built, build
from backend.registry.forms.grammar import names_in
from backend.registry.forms.layout import cell, layout_faults
from backend.registry.forms.workbook import Row, SheetFault, Workbook, WorkbookRefused, read_workbook
from media.canonical import canonical_hash

OURS = frozenset({"item_no", "key_item", "photo_rule", "photo_prompt", "basis", "title_en", "valid_from", "valid_to",
                  "general_max_for_basic", "key_max_for_basic"})  # fmt: skip
"""Columns that only Fieldlot knows; pyxform does not see them."""
PLACE = re.compile(r"\[row : (\d+)\]\s*")
ON_SHEET = re.compile(r"'(survey|choices|settings)' sheet")
SHOWN = re.compile(r"\$\{\s*([^}]*?)\s*\}")
CODE, VERSION = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z"), re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,19}\Z")


@dataclass(frozen=True)
class Compiled:
    """A checklist as it is kept. ``body`` is described in docs/checklists.md; ``sha256`` is its canonical hash."""

    code: str
    version: str
    title: dict[str, str]
    valid_from: date
    valid_to: date | None
    body: dict[str, Any]
    sha256: str


def compile_workbook(name: str, data: bytes) -> Compiled:
    """A checklist from its workbook. Raises WorkbookUnreadable, WorkbookRefused."""
    book = read_workbook(name, data)
    settings = book.settings[0] if book.settings else Row("settings", 2, {})
    built = build(book)
    faults = [*layout_faults(book), *built.faults]
    order = _order(built, faults)
    faults += [*_shown_faults(built), *_item_faults(built), *_settings_faults(settings)]
    if not faults:
        faults += _pyxform_faults(book)
    if faults:
        raise WorkbookRefused(faults)
    return _compiled(built, settings, order)


def _compiled(built: Built, settings: Row, order: list[str]) -> Compiled:
    form = {"format": FORMAT, "nodes": built.nodes, "choices": built.choices, "order": order}
    limits = {key: int(cell(settings, key) or default) for key, default in LIMITS.items()}
    body = {**_items_of(built), "answers": JUDGEMENT, "conclusion": limits, "form": form}
    title = cell(settings, "form_title")
    return Compiled(
        code=cell(settings, "form_id"), version=cell(settings, "version"),
        title={"zh": title, "en": cell(settings, "title_en") or title},
        valid_from=date.fromisoformat(cell(settings, "valid_from")),
        valid_to=date.fromisoformat(last) if (last := cell(settings, "valid_to")) else None,
        body=body, sha256=canonical_hash(body),
    )  # fmt: skip


LIMITS = {"general_max_for_basic": "8", "key_max_for_basic": "0"}
"""How many failed items still make 基本符合, where the workbook does not say (DOMAIN §3.2)."""


def _items_of(built: Built) -> dict[str, Any]:
    """The check items as lists and screens want them: sections, and items in their order."""
    named = [(name, node) for name, node in built.by_name.items() if "item" in node]
    sections = list(dict.fromkeys(_section(built, name) for name, _ in named))
    items = [
        {
            **node["item"],
            "name": name,
            "section": _section(built, name),
            "text": node["label"],
            "method": node.get("hint"),
        }
        for name, node in named
    ]
    return {"sections": [{"code": code, "title": built.by_name[code]["label"]} for code in sections], "items": items}


def _section(built: Built, name: str) -> str:
    """The top-level group that a question stands in; its own name where there is none."""
    while (above := built.parents[name]) is not None:
        name = above
    return name


def _order(built: Built, faults: list[SheetFault]) -> list[str]:
    """The order in which relevance and values are settled: each after all that it looks at."""
    looks = {name: _looks_at(built, name) for name in built.by_name}
    try:
        return list(TopologicalSorter(looks).static_order())
    except CycleError as circle:
        name = circle.args[1][0]
        path = " → ".join(circle.args[1])
        faults.append(built.rows[name].fault(None, f"题目互相依赖：{path}", f"questions depend on each other: {path}"))
        return []


def _looks_at(built: Built, name: str) -> list[str]:
    node, above = built.by_name[name], built.parents[name]
    named = names_in(node.get("relevant", "")) | names_in(node.get("calculate", ""))
    return sorted((named & built.by_name.keys()) | ({above} if above else set()))


def _shown_faults(built: Built) -> Iterator[SheetFault]:
    """Words may show answers as ${name}; each must be a question with one value there."""
    for name, row in built.rows.items():
        for heading, text in row.cells.items():
            if layout.heading_parts(heading)[0] in layout.TRANSLATED:
                for shown in SHOWN.findall(text):
                    if built.repeats.get(shown, "") not in (None, built.repeats[name]):
                        yield row.fault(
                            heading, f"没有可显示的题目“{shown}”", f"there is no question “{shown}” to show"
                        )


def _item_faults(built: Built) -> Iterator[SheetFault]:
    seen: dict[int, Row] = {}
    for name, node in built.by_name.items():
        if "item" not in node:
            continue
        row, number = built.rows[name], node["item"]["no"]
        node["required"] = 1
        if number in seen:
            yield row.fault("item_no", f"序号 {number} 重复", f"the number {number} comes twice")
        if built.repeats[name] or built.parents[name] is None:
            yield row.fault("item_no", "检查项须在分组内、重复组外", "a check item stands in a group and in no repeat")
        seen[number] = row
    if not built.nodes:
        yield SheetFault("survey", None, None, "没有题目", "there are no questions")


def _settings_faults(row: Row) -> Iterator[SheetFault]:
    if not CODE.match(cell(row, "form_id")):
        yield row.fault(
            "form_id", "form_id 须为小写字母开头的编码", "form_id is a code in small letters, digits, _ and -"
        )
    if not VERSION.match(cell(row, "version")):
        yield row.fault(
            "version", "缺少版本号 version（最多 20 个字母、数字）", "version is missing (up to 20 letters and digits)"
        )
    if not cell(row, "form_title"):
        yield row.fault("form_title", "缺少名称 form_title", "form_title is missing")
    for column in ("valid_from", "valid_to"):
        text = cell(row, column)
        if not _is_day(text) and (text or column == "valid_from"):
            yield row.fault(column, f"{column} 须为日期，如 2026-11-23", f"{column} is a day like 2026-11-23")
    for column in LIMITS:
        if not re.fullmatch("[0-9]{0,3}", cell(row, column)):
            yield row.fault(column, f"{column} 须为 0–999 的整数", f"{column} is a whole number from 0 to 999")


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


def _pyxform_faults(book: Workbook) -> list[SheetFault]:
    """What pyxform finds, told at the row that it names."""
    sheets = {"survey": book.survey, "choices": book.choices, "settings": book.settings}
    try:
        convert(xlsform={title: list(map(_foreign, rows)) for title, rows in sheets.items()}, validate=False)
    except PyXFormError as found:
        return [_told(str(found), sheets)]
    return []


def _foreign(row: Row) -> dict[str, str]:
    return {heading: text for heading, text in row.cells.items() if layout.heading_parts(heading)[0] not in OURS}


def _told(said: str, sheets: dict[str, list[Row]]) -> SheetFault:
    sheet = found[1] if (found := ON_SHEET.search(said)) else "survey"
    at = int(place[1]) - 2 if (place := PLACE.search(said)) else -1
    rows, words = sheets[sheet], PLACE.sub("", said)
    number = rows[at].number if 0 <= at < len(rows) else None
    return SheetFault(sheet, number, None, f"XLSForm 校验未通过：{words}", f"XLSForm check: {words}")
