"""The 38 restaurant checks as an XLSForm workbook, made from our own catalogue: the sample's checklist, and a pattern for authors."""

import csv
import io
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from sqlalchemy.orm import Session

from backend.registry.checklists import keep_checklist
from backend.registry.forms.compile import Compiled, compile_workbook
from backend.registry.models import Checklist

Row = dict[str, str]
CATALOGUE = Path(__file__).parent / "catalogue" / "checklist_restaurant.csv"
ZH, EN = "::中文 (zh)", "::English (en)"
SETTINGS = {
    "form_title": "餐饮服务食品安全监督检查要点表", "title_en": "Catering food-safety checklist", "form_id": "restaurant",
    "version": "1", "default_language": "中文 (zh)", "valid_from": "2022-03-15", "general_max_for_basic": "8",
    "key_max_for_basic": "0",
}  # fmt: skip
"""In force with the rule that it follows (DOMAIN §3.1); the limits are those of DOMAIN §3.2."""
JUDGEMENT = [("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "Does not apply")]
APPLIES = {
    "additives used": "使用食品添加剂", "hot food": "供应热食", "cold store present": "有冷藏冷冻设备", "frying": "有煎炸",
    "cold/raw/cake items": "制作冷食、生食或裱花", "special room present": "设有专间",
    "outsourced tableware": "使用集中消毒餐具", "open kitchen required": "要求明厨亮灶", "delivery orders": "有网络外卖",
    "canteen/group meal": "学校食堂或集体用餐", "previous problems exist": "上次检查发现问题",
}  # fmt: skip
"""When an item applies, as the catalogue has it, in Chinese."""


def ship_restaurant_checklist(session: Session) -> Checklist:
    """Enter the restaurant checks as version 1, unless they are there."""
    workbook, made = restaurant_checklist()
    return keep_checklist(session, made, workbook, today=made.valid_from)[0]


@cache
def restaurant_checklist() -> tuple[bytes, Compiled]:
    """The workbook and what it compiles to."""
    workbook = restaurant_workbook()
    return workbook, compile_workbook("restaurant-1.xlsx", workbook)


def restaurant_workbook() -> bytes:
    """The workbook as authors get it, with headings that tell the language."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]  # a new workbook always has a sheet
    labels = [
        {"list_name": "judgement", "name": name, "label" + ZH: zh, "label" + EN: en} for name, zh, en in JUDGEMENT
    ]
    for title, rows in (("survey", _survey()), ("choices", labels), ("settings", [SETTINGS])):
        _sheet(book, title, rows)
    book.properties.created = book.properties.modified = datetime.combine(date(2022, 3, 15), datetime.min.time())
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, rows: list[Row]) -> None:
    sheet = book.create_sheet(title)
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    sheet.append(headings)
    for row in rows:
        sheet.append([row.get(heading) for heading in headings])
    for at, heading in enumerate(headings, start=1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.column_dimensions[sheet.cell(1, at).column_letter].width = 36 if "::" in heading else 16
    for cells in sheet.iter_rows(min_row=2):
        for cell in cells:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _survey() -> list[Row]:
    with CATALOGUE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    survey: list[Row] = []
    for code, section in groupby(rows, key=lambda row: row["section_code"]):
        items = list(section)
        head = items[0]
        survey.append(
            {"type": "begin_group", "name": code, "label" + ZH: head["section_zh"], "label" + EN: head["section_en"]}
        )
        for item in items:
            survey += [_item(item), *FURTHER.get(item["item_no"], [])]
        survey += [*_counted(rows), {"type": "end_group"}] if items[-1] is rows[-1] else [{"type": "end_group"}]
    return survey


def _item(row: Row) -> Row:
    zh = APPLIES.get(row["applies_when"])
    when = (f"（适用：{zh}）", f" (applies: {row['applies_when']})") if zh else ("", "")
    return {
        "type": "select_one judgement", "name": _name(row),
        "label" + ZH: row["item_zh"], "label" + EN: row["item_en"],
        "hint" + ZH: row["check_method_zh"] + when[0], "hint" + EN: row["check_method_en"] + when[1],
        "required": "yes", "item_no": row["item_no"], "key_item": row["key_item"], "photo_rule": row["photo_rule"],
        "photo_prompt" + ZH: row["photo_prompt_zh"], "photo_prompt" + EN: row["photo_prompt_en"], "basis": row["basis_name"],
    }  # fmt: skip


def _name(row: Row) -> str:
    return f"item_{row['item_no']}"


def _counted(rows: list[Row]) -> list[Row]:
    """How many items failed, for the officers to read back."""
    failed = " + ".join(f"number(${{{_name(row)}}} = 'no')" for row in rows)
    return [
        {"type": "calculate", "name": "failed_items", "calculation": failed},
        {"type": "note", "name": "read_back", "label" + ZH: "本次检查有 ${failed_items} 项不符合，请向被检查单位宣读。",
         "label" + EN: "${failed_items} items failed; read them back to the entity."},
    ]  # fmt: skip


def _reading(name: str, item: int, zh: str, en: str) -> Row:
    """A temperature taken for an item, in degrees Celsius; it may stay open."""
    return {
        "type": "decimal", "name": name, "label" + ZH: f"{zh}（℃）", "label" + EN: f"{en} (°C)",
        "relevant": f"${{item_{item}}} = 'yes' or ${{item_{item}}} = 'no'", "constraint": ". >= -40 and . <= 250",
        "constraint_message" + ZH: "温度须在 -40 至 250 ℃ 之间", "constraint_message" + EN: "between -40 and 250 °C",
    }  # fmt: skip


SAMPLED: list[Row] = [
    {"type": "begin_repeat", "name": "sampled_goods", "label" + ZH: "倒查的原料", "label" + EN: "Materials traced",
     "relevant": "${item_10} = 'yes' or ${item_10} = 'no'"},
    {"type": "text", "name": "goods_name", "label" + ZH: "品名", "label" + EN: "Name", "required": "yes"},
    {"type": "date", "name": "goods_made", "label" + ZH: "生产日期", "label" + EN: "Date of production",
     "constraint": ". <= today()", "constraint_message" + ZH: "生产日期不能晚于检查当日",
     "constraint_message" + EN: "not after the day of the visit"},
    {"type": "end_repeat"},
]  # fmt: skip
FURTHER: dict[str, list[Row]] = {
    "10": SAMPLED,
    "17": [_reading("core_temperature", 17, "测得的中心温度", "Core temperature measured")],
    "18": [_reading("holding_temperature", 18, "存放温度", "Holding temperature")],
    "21": [_reading("room_temperature", 21, "专间室温", "Temperature of the special room")],
    "38": [
        {"type": "text", "name": "other_situation", "label" + ZH: "其他情形说明", "label" + EN: "What else was seen",
         "relevant": "${item_38} = 'no'", "appearance": "multiline"},
    ],
}  # fmt: skip
"""What may be noted beside an item, by its number."""
