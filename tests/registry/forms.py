"""What form tests share: workbooks from rows, and the server's findings in the shape in which the phone tells its own."""

import io
from typing import Any

from openpyxl import Workbook

from backend.registry.forms.compile import compile_workbook
from backend.registry.forms.model import Filled
from backend.registry.forms.values import to_text

SETTINGS = {"form_id": "tried", "version": "1", "form_title": "试用检查表", "valid_from": "2026-01-01"}
JUDGEMENT = [{"list_name": "judgement", "name": name, "label": name} for name in ("yes", "no", "na")]
TODAY = "2026-11-23"


def a_workbook(
    survey: list[dict[str, Any]], choices: list[dict[str, Any]] = JUDGEMENT, settings: dict[str, Any] | None = None
) -> bytes:
    """An XLSX workbook of these rows; headings are the rows' keys."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in (("survey", survey), ("choices", choices), ("settings", [settings or SETTINGS])):
        sheet = book.create_sheet(title)
        headings = list(dict.fromkeys(heading for row in rows for heading in row))
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(heading) for heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def a_form(survey: list[dict[str, Any]], choices: list[dict[str, Any]] = JUDGEMENT) -> dict[str, Any]:
    """The compiled form of these rows; rows without a label get one."""
    labelled = [row if row["type"].startswith("end") else {"label": "题", **row} for row in survey]
    return compile_workbook("tried.xlsx", a_workbook(labelled, choices)).body["form"]


def findings(
    form: dict[str, Any], answers: dict[str, Any], *, today: str = TODAY, needed: bool = True
) -> dict[str, Any]:
    """What the server makes of answers, as ``tests/phone/form_runner.ts`` tells what the phone does."""
    filled = Filled(form, answers, today=today)
    relevant = [(name, at) for name in form["order"] for at in filled.instances(name) if filled.relevant[name, at]]
    lists = [key for key in relevant if "list" in filled.spots[key[0]].node]
    return {
        "faults": [[fault.path, fault.code] for fault in filled.faults(needed=needed)],
        "relevant": [filled.path(*key) for key in relevant],
        "values": {filled.path(*key): to_text(filled.value(*key)) for key in relevant},
        "choices": {filled.path(*key): filled.choices(*key) for key in lists},
        "progress": filled.progress(),
    }
