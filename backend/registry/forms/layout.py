"""The columns, question types and languages that a checklist workbook may use; whatever else is refused by its name.

``docs/checklists.md`` tells authors the same.
"""

import re
from collections.abc import Iterator

from backend.registry.forms.workbook import Row, SheetFault, Workbook

LANGUAGES = ("zh", "en")
TRANSLATED = frozenset({"label", "hint", "constraint_message", "required_message", "photo_prompt"})
COLUMNS = {
    "survey": frozenset(
        {"type", "name", "relevant", "constraint", "required", "calculation", "choice_filter", "appearance",
         "item_no", "key_item", "photo_rule", "basis"}
    ) | TRANSLATED,
    "choices": frozenset({"list_name", "name", "label"}),
    "settings": frozenset(
        {"form_title", "title_en", "form_id", "version", "default_language", "valid_from", "valid_to",
         "general_max_for_basic", "key_max_for_basic"}
    ),
}  # fmt: skip
"""Headings without their language. ``choices`` may have any further columns, for filters."""
ALIASES = {"relevance": "relevant", "calculate": "calculation", "list name": "list_name", "constraining_message": "constraint_message"}  # fmt: skip
REFUSED_IN_CHOICES = frozenset({"image", "audio", "video", "big_image", "media", "geometry"})
SIMPLE = frozenset({"text", "integer", "decimal", "date", "note", "image", "geopoint", "calculate"})
SELECTS = frozenset({"select_one", "select_multiple"})
BLOCKS = {"begin_group": "group", "begin_repeat": "repeat"}
ENDS = {"end_group": "group", "end_repeat": "repeat"}
APPEARANCES = frozenset({"", "signature", "multiline", "minimal", "field-list"})
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,62}\Z")
LANGUAGE = re.compile(r".*\(([A-Za-z]{2})(?:-[A-Za-z]+)?\)\s*\Z|([A-Za-z]{2})\Z")
WELL_KNOWN = {"中文": "zh", "chinese": "zh", "english": "en", "英文": "en"}


def language_of(suffix: str) -> str:
    """The code of a language as headings write it: “中文 (zh)”, “English (en)”, “zh”."""
    found = LANGUAGE.match(suffix)
    if found:
        return (found[1] or found[2]).lower()
    return WELL_KNOWN.get(suffix.strip().lower(), suffix)


def heading_parts(heading: str) -> tuple[str, str]:
    """A heading's column and language; the language is empty where none is given."""
    base, parted, suffix = heading.partition("::")
    return ALIASES.get(base, base), language_of(suffix) if parted else ""


def words_of(row: Row, column: str) -> dict[str, str] | None:
    """A translated cell as {zh, en}; where one language is missing it takes the other's words. None where both are."""
    found: dict[str, str] = {}
    for heading, text in row.cells.items():
        base, language = heading_parts(heading)
        if base == column:
            found[language or "zh"] = text
    if not found:
        return None
    return {language: found.get(language) or next(iter(found.values())) for language in LANGUAGES}


def cell(row: Row, column: str) -> str:
    """A cell by the name of its column, whatever alias the heading uses."""
    return next((text for heading, text in row.cells.items() if heading_parts(heading) == (column, "")), "")


def heading_of(row: Row, column: str) -> str:
    """The heading that a column has in this workbook."""
    return next((heading for heading in row.cells if heading_parts(heading)[0] == column), column)


def layout_faults(book: Workbook) -> Iterator[SheetFault]:
    """Columns and languages outside the subset, wherever a cell under them is filled."""
    for row in book.rows():
        for heading in row.cells:
            fault = _heading_fault(row.sheet, *heading_parts(heading))
            if fault:
                yield row.fault(heading, *fault)


def _heading_fault(sheet: str, column: str, language: str) -> tuple[str, str] | None:
    if sheet == "choices" and column not in REFUSED_IN_CHOICES and column not in TRANSLATED and not language:
        return None
    if column not in COLUMNS[sheet]:
        return f"不支持列“{column}”", f"the column “{column}” is not supported"
    if language and column not in TRANSLATED:
        return f"列“{column}”没有译文", f"the column “{column}” has no translations"
    if language and language not in LANGUAGES:
        return f"不支持语言“{language}”，只有 zh 和 en", f"the language “{language}” is not supported; zh and en are"
    return None
