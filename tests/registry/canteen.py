"""A checklist of a school's canteen with every kind of question: what tests upload, fill on the phone and read at review."""

from typing import Any

from tests.registry.forms import a_workbook

ZH, EN = "::中文 (zh)", "::English (en)"
CODE = "canteen"


def _said(zh: str, en: str) -> dict[str, str]:
    return {"label" + ZH: zh, "label" + EN: en}


SURVEY: list[dict[str, Any]] = [
    {"type": "begin_group", "name": "A", **_said("后厨", "Kitchen")},
    {"type": "select_one judgement", "name": "clean", **_said("后厨整洁", "The kitchen is clean"), "required": "yes",
     "item_no": "1", "key_item": "*", "photo_rule": "NEVER"},
    {"type": "select_one judgement", "name": "cooled", **_said("冷藏合格", "Goods are cooled"), "required": "yes", "item_no": "2"},
    {"type": "end_group"},
    {"type": "begin_group", "name": "B", **_said("学校", "School")},
    {"type": "select_one stages", "name": "stage", **_said("学段", "Stage"), "required": "yes"},
    {"type": "select_one grades", "name": "grade", **_said("年级", "Grade"), "choice_filter": "stage = ${stage}"},
    {"type": "select_multiple meals", "name": "meals", **_said("供餐", "Meals served")},
    {"type": "integer", "name": "pupils", **_said("用餐人数", "Pupils who eat"), "constraint": ". > 0 and . <= 5000",
     "constraint_message" + ZH: "须在 1 至 5000 之间", "constraint_message" + EN: "between 1 and 5000"},
    {"type": "date", "name": "disinfected", **_said("最近消毒日期", "Last disinfected"), "constraint": ". <= today()"},
    {"type": "begin_repeat", "name": "dishes", **_said("留样", "Samples kept")},
    {"type": "text", "name": "dish", **_said("菜名", "Dish"), "required": "yes"},
    {"type": "decimal", "name": "grams", **_said("克数", "Grams"), "constraint": ". >= 125",
     "constraint_message" + ZH: "每样不少于 125 克", "constraint_message" + EN: "125 g at least"},
    {"type": "end_repeat"},
    {"type": "calculate", "name": "kept", "calculation": "sum(${grams})", **_said("留样合计克数", "Grams kept in all")},
    {"type": "note", "name": "told", **_said("共留样 ${kept} 克。", "${kept} g are kept.")},
    {"type": "image", "name": "menu", **_said("当日菜单", "The day's menu"), "relevant": "selected(${meals}, 'lunch')"},
    {"type": "image", "name": "cook", "appearance": "signature", **_said("厨师签名", "The cook's signature")},
    {"type": "geopoint", "name": "door", **_said("后门位置", "Where the back door is")},
    {"type": "end_group"},
]  # fmt: skip


def _choices(list_: str, *choices: tuple[str, str, str], **more: str) -> list[dict[str, str]]:
    return [{"list_name": list_, "name": name, **_said(zh, en), **more} for name, zh, en in choices]


CHOICES = [
    *_choices("judgement", ("yes", "是", "Yes"), ("no", "否", "No"), ("na", "不适用", "Not applicable")),
    *_choices("stages", ("primary", "小学", "Primary"), ("middle", "初中", "Middle")),
    *_choices("grades", ("one", "一年级", "First"), ("two", "二年级", "Second"), stage="primary"),
    *_choices("grades", ("seven", "七年级", "Seventh"), stage="middle"),
    *_choices("meals", ("breakfast", "早餐", "Breakfast"), ("lunch", "午餐", "Lunch"), ("supper", "晚餐", "Supper")),
]


def canteen_workbook(
    version: str = "1", *, code: str = CODE, valid_from: str = "2026-01-01", survey: list | None = None
) -> bytes:
    """The workbook; ``survey`` in place of its own rows."""
    settings = {"form_id": code, "version": version, "form_title": "学校食堂检查表", "valid_from": valid_from}
    return a_workbook(survey or SURVEY, CHOICES, settings)
