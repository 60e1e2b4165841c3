"""One row of the item list, the inspectors' or the experts' register, from text to values and back to text.

The headings are those of DOMAIN §1.1, §1.3 and §1.4. Lists stand in one cell, parted by ``;``; the parts of a legal
basis (law, article, address, day) and of a recusal (entity's code, ground) are parted by ``|``.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.registry.entity_rows import REASONS as ENTITY_REASONS
from backend.registry.entity_rows import TYPES, Refusal
from backend.registry.sheets import Row

ITEM_FIELDS = {
    "code": "事项编号", "name": "抽查事项名称", "sub_name": "抽查子项", "department": "部门编码", "level": "检查层级",
    "object_types": "抽查对象", "legal_basis": "抽查依据", "item_class": "事项类别", "ratio_min": "最低抽查比例",
    "ratio_max": "最高抽查比例", "frequency_cap": "年度抽查频次上限", "qualification": "检查人员要求",
    "expert_lead": "专家任组长", "checklist_code": "检查表", "published_at": "公布日期", "valid_from": "生效日期",
    "valid_to": "失效日期",
}  # fmt: skip
INSPECTOR_FIELDS = {
    "card_no": "执法证编号", "name": "姓名", "unit_code": "单位编码", "card_valid_to": "执法证有效期至",
    "qualifications": "岗位资格", "expert": "是否专家", "state": "状态", "recusals": "回避主体",
}  # fmt: skip
EXPERT_FIELDS = {
    "name": "姓名", "employer": "工作单位", "specialities": "专业特长", "title": "专业技术职称",
    "qualification_no": "资格证书编号", "contract_type": "聘用方式", "pledged": "已签保密承诺", "valid_to": "聘期至",
    "unit_code": "单位编码",
}  # fmt: skip

LEVELS = {
    "province": "province",
    "city": "city",
    "county": "county",
    "省级": "province",
    "市级": "city",
    "县级": "county",
}
CLASSES = {"GENERAL": "GENERAL", "KEY": "KEY", "一般检查事项": "GENERAL", "一般": "GENERAL", "重点检查事项": "KEY",
           "重点": "KEY"}  # fmt: skip
STATES = {"active": "active", "suspended": "suspended", "left": "left", "有效": "active", "在岗": "active",
          "停止执法": "suspended", "暂停": "suspended", "已离岗": "left", "离岗": "left", "失效": "left"}  # fmt: skip
YES = {"是": True, "true": True, "yes": True, "1": True, "否": False, "false": False, "no": False, "0": False}
QUALIFICATIONS = {"综合": "general", "餐饮": "food_catering", "食品生产": "food_production", "食品销售": "food_sales",
                  "特种设备": "equipment"}  # fmt: skip
"""The qualifications that have names; others are kept as they are written."""
BASIS = ("law", "article", "url", "effective")
"""The parts of a legal basis; the database keeps them in an order of its own"""

REASONS = {
    **ENTITY_REASONS,
    "item_code": ("应为 12 位数字", "must have 12 digits"),
    "ratio": ("比例应在 0 和 1 之间，或写作百分数", "a ratio is between 0 and 1, or written as a percentage"),
    "ratios": ("最低比例高于最高比例", "the lowest ratio is above the highest"),
    "whole": ("应为正整数", "must be a positive whole number"),
    "ends": ("早于生效日期", "is before the day it takes effect"),
    "checklist": ("没有这个检查表", "there is no checklist with this code"),
    "entity": ("名录中没有这个主体：{value}", "the register has no such entity: {value}"),
}  # fmt: skip


@dataclass(frozen=True)
class ListRefusal(Refusal):
    """Why a row of one of these registers was not taken; ``heading`` is its column in Chinese."""

    heading: str = ""

    def as_json(self) -> dict[str, Any]:
        """As an entity's refusal is told."""
        zh, en = (text.format(other=self.other, value=self.value[:60]) for text in REASONS[self.code])
        return {"line": self.line, "column": self.column, "column_zh": self.heading or self.column,
                "value": self.value[:200], "code": self.code, "zh": zh, "en": en}  # fmt: skip


@dataclass
class Cells:
    """Reads one row's values and gathers what is wrong with them."""

    line: int
    row: Row
    fields: dict[str, str]
    refusals: list[Refusal] = field(default_factory=list)

    def fault(self, column: str, code: str, value: str | None = None, other: int | None = None) -> None:
        """Note a fault of a column."""
        told = self.text(column) if value is None else value
        self.refusals.append(ListRefusal(self.line, column, told, code, other, self.fields.get(column, "")))

    def text(self, column: str) -> str:
        """What stands in the column, or nothing."""
        return self.row.get(column, "").strip()

    def needed(self, column: str) -> str:
        """What stands in a column that must not be empty."""
        if not self.text(column):
            self.fault(column, "missing")
        return self.text(column)

    def day(self, column: str) -> date | None:
        """A day, as 2026-11-22 or 2026/11/22."""
        return self._try(column, "date", lambda text: date.fromisoformat(text[:10].replace("/", "-")))

    def choice(self, column: str, known: dict[str, Any], default: Any) -> Any:
        """One of the known words, or the default where nothing stands."""
        return self._try(column, "choice", known.__getitem__) if self.text(column) else default

    def ratio(self, column: str) -> float | None:
        """A part of one; a percentage is read too."""
        return self._try(column, "ratio", _ratio)

    def whole(self, column: str) -> int | None:
        """A positive whole number."""
        return self._try(column, "whole", _positive)

    def listed(self, column: str) -> list[str]:
        """The parts of a list."""
        return [part.strip() for part in self.text(column).replace("；", ";").split(";") if part.strip()]

    def choices(self, column: str, known: dict[str, str]) -> list[str]:
        """Each part of a list by its known word, in their order, none twice."""
        parts = self.listed(column)
        if unknown := [part for part in parts if part not in known]:
            self.fault(column, "choice", "; ".join(unknown))
        return list(dict.fromkeys(known[part] for part in parts if part in known))

    def _try(self, column: str, code: str, convert: Callable[[str], Any]) -> Any:
        if not (text := self.text(column)):
            return None
        try:
            return convert(text)
        except (ValueError, KeyError):
            self.fault(column, code)
            return None


def _ratio(text: str) -> float:
    percent = text.endswith(("%", "％"))
    ratio = round(float(text.rstrip("%％")) / 100, 8) if percent else float(text)
    if not 0 <= ratio <= 1:
        raise ValueError(text)
    return ratio


def _positive(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:
        raise ValueError(text)
    return int(text)


def parse_item(cells: Cells) -> dict[str, Any]:
    """An item's values (DOMAIN §1.1); one without a lawful basis is not taken."""
    values = {
        "code": cells.needed("code"), "name": cells.needed("name"), "sub_name": cells.text("sub_name"),
        "department": cells.needed("department"), "level": cells.choice("level", LEVELS, "county"),
        "object_types": cells.choices("object_types", TYPES), "legal_basis": _bases(cells),
        "item_class": cells.choice("item_class", CLASSES, "GENERAL"), "ratio_min": cells.ratio("ratio_min"),
        "ratio_max": cells.ratio("ratio_max"), "frequency_cap": cells.whole("frequency_cap"),
        "qualification": _qualification(cells.text("qualification")) or None,
        "expert_lead": cells.choice("expert_lead", YES, False), "checklist_code": cells.text("checklist_code") or None,
        "published_at": cells.day("published_at"), "valid_from": cells.day("valid_from"), "valid_to": cells.day("valid_to"),
    }  # fmt: skip
    _refuse_item(cells, values)
    return values


def _refuse_item(cells: Cells, values: dict[str, Any]) -> None:
    if values["code"] and not (values["code"].isascii() and values["code"].isdigit() and len(values["code"]) == 12):
        cells.fault("code", "item_code")
    cells.needed("valid_from")
    least, most, starts, ends = (values[name] for name in ("ratio_min", "ratio_max", "valid_from", "valid_to"))
    if least is not None and most is not None and least > most:
        cells.fault("ratio_min", "ratios")
    if starts and ends and ends < starts:
        cells.fault("valid_to", "ends")


def _bases(cells: Cells) -> list[dict[str, str]]:
    cells.needed("legal_basis")
    parts = [[part.strip() for part in basis.split("|")] for basis in cells.listed("legal_basis")]
    return [dict(zip(BASIS, [*found, "", "", ""], strict=False)) for found in parts]


def _qualification(text: str) -> str:
    return QUALIFICATIONS.get(text, text)


def parse_inspector(cells: Cells) -> dict[str, Any]:
    """An officer's values (DOMAIN §1.3). Identity numbers and mobile numbers have no column: they are not kept."""
    cells.needed("card_valid_to")
    return {
        "card_no": cells.needed("card_no"), "name": cells.needed("name"), "unit_code": cells.needed("unit_code"),
        "card_valid_to": cells.day("card_valid_to"),
        "qualifications": sorted({_qualification(part) for part in cells.listed("qualifications")}),
        "expert": cells.choice("expert", YES, False), "state": cells.choice("state", STATES, "active"),
        "recusals": [tuple(part.strip() for part in (*told.split("|"), "")[:2]) for told in cells.listed("recusals")],
    }  # fmt: skip


def parse_expert(cells: Cells) -> dict[str, Any]:
    """An expert's values (DOMAIN §1.4)."""
    return {
        "name": cells.needed("name"), "employer": cells.needed("employer"),
        "specialities": cells.listed("specialities"), "title": cells.text("title") or None,
        "qualification_no": cells.text("qualification_no") or None, "contract_type": cells.text("contract_type") or None,
        "pledged": cells.choice("pledged", YES, False), "valid_to": cells.day("valid_to"),
        "unit_code": cells.text("unit_code") or None,
    }  # fmt: skip


def as_text(value: Any) -> str:
    """A value as it stands in a cell, so that an import reads the same value again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "|".join(str(value.get(name, "")) for name in BASIS).rstrip("|")
    if isinstance(value, list | tuple):
        return ";".join(map(as_text, value))
    return format(value, ".8g") if isinstance(value, float) else str(value)
