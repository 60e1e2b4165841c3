"""One row of an entity register, from text to values: every fault is told with its column, value and reason."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from backend.registry.models import EntityType, RegState
from backend.registry.rules import CreditCodeFault, credit_code_fault, is_food
from backend.registry.sheets import OVER, Row

FIELDS = {
    "uscc": "统一社会信用代码", "reg_no": "注册号", "name": "名称", "entity_type": "主体类型",
    "est_date": "成立日期", "reg_state": "登记状态", "reg_org": "登记机关", "unit_code": "属地监管所",
    "grid": "网格", "address": "住所", "district": "行政区划代码", "lon": "经度", "lat": "纬度",
    "crs": "坐标系", "coord_quality": "坐标精度", "industry": "行业代码", "trade_format": "经营业态",
    "licence_no": "许可证编号", "licence_valid_to": "许可证有效期至", "licence_issuer": "发证机关",
    "phone": "联系电话", "tags": "监管标签", "source_id": "来源编号",
}  # fmt: skip
HEADINGS = {**{field: field for field in FIELDS}, **{zh: field for field, zh in FIELDS.items()}}
NEEDED = ("name", "address")

TYPES = {kind.value: kind.value for kind in EntityType} | {
    "企业": "company", "公司": "company", "个体工商户": "individual", "个体户": "individual",
    "农民专业合作社": "cooperative", "合作社": "cooperative", "分支机构": "branch", "其他": "other",
}  # fmt: skip
STATES = {state.value: state.value for state in RegState} | {
    "": "active", "存续": "active", "在业": "active", "歇业": "dormant", "清算": "liquidation", "注销": "cancelled",
    "吊销": "revoked", "撤销": "annulled", "迁出": "moved_out",
}  # fmt: skip
SYSTEMS = {"": "WGS84", "WGS84": "WGS84", "WGS-84": "WGS84", "CGCS2000": "WGS84", "GCJ02": "GCJ02",
           "GCJ-02": "GCJ02", "BD09": "BD09", "BD-09": "BD09"}  # fmt: skip
QUALITIES = {"", "ROOFTOP", "STREET", "VILLAGE", "TOWNSHIP"}

REASONS = {
    "missing": ("不能为空", "must not be empty"),
    "length": ("应为 18 位", "must have 18 characters"),
    "character": ("含有不允许的字符（字母 I、O、S、V、Z 不用）", "has a character that codes do not use (I, O, S, V, Z)"),
    "check": ("校验码不符，请核对原件", "the check character is wrong; compare with the original"),
    "date": ("日期应写作 2026-11-22", "dates are written 2026-11-22"),
    "choice": ("不是允许的取值", "is not one of the allowed values"),
    "number": ("不是数字", "is not a number"),
    "range": ("超出范围，应为度数", "is out of range; degrees are expected"),
    "half": ("经度和纬度必须同时填写", "longitude and latitude go together"),
    "crs": ("未知坐标系，应为 WGS84、GCJ02 或 BD09", "is an unknown coordinate system; use WGS84, GCJ02 or BD09"),
    "key": ("统一社会信用代码和注册号至少填一项", "give the credit code or the registration number"),
    "duplicate": ("与文件第 {other} 行重复", "is the same as line {other} of the file"),
    "taken": ("该代码已属于另一主体", "this code belongs to another entity already"),
    "unit": ("没有这个单位代码", "there is no unit with this code"),
    "outside": ("坐标不在所填行政区划内，也不在任何已知区划内", "the place is in no known district and none was given"),
    "district": ("没有这个行政区划代码", "there is no district with this code"),
    "scope": ("不在您的管辖范围内，未作改动", "is outside your scope; nothing of it was changed"),
    "cells": ("此行的单元格多于列名，请检查是否有未加引号的逗号", "has more cells than there are headings; look for a comma without quotes"),
}  # fmt: skip


@dataclass(frozen=True)
class Refusal:
    """Why a row, or one of its values, was not taken."""

    line: int
    column: str
    value: str
    code: str
    other: int | None = None

    def as_json(self) -> dict[str, Any]:
        """For the report: line, column in both languages, value, and the reason in both."""
        zh, en = (text.format(other=self.other) for text in REASONS[self.code])
        return {"line": self.line, "column": self.column, "column_zh": FIELDS.get(self.column, self.column),
                "value": self.value[:200], "code": self.code, "zh": zh, "en": en}  # fmt: skip


class Faults(Exception):
    """The refusals of one row."""

    def __init__(self, refusals: list[Refusal]) -> None:
        super().__init__(refusals)
        self.refusals = refusals


def parse_entity(line: int, row: Row) -> tuple[Any, ...]:
    """The staged values of a row, in the order of ``STAGED``. Raises Faults with everything that is wrong."""
    values = _Values(line, row)
    uscc = values.credit_code()
    lon, lat = values.place()
    industry = _list(row.get("industry", ""))
    licence = row.get("licence_no") or None
    key = row.get("source_id") or uscc or row.get("reg_no") or ""
    if not key:
        values.fault("uscc", "key")
    if OVER in row:
        values.fault(OVER, "cells")
    out = (
        line, key, uscc, row.get("reg_no") or None, values.needed("name"),
        values.choice("entity_type", TYPES, _type_of(uscc)), values.day("est_date"),
        values.choice("reg_state", STATES, "active"), row.get("reg_org") or None,
        row.get("unit_code") or None, row.get("grid") or None, values.needed("address"),
        row.get("district") or None, lon, lat, values.system(), _quality(row), ";".join(industry),
        row.get("trade_format") or None, is_food(licence, industry) or row.get("food") == "1", licence,
        values.day("licence_valid_to"), row.get("licence_issuer") or None, row.get("phone") or None,
        ";".join(_list(row.get("tags", ""))),
    )  # fmt: skip
    if values.refusals:
        raise Faults(values.refusals)
    return out


STAGED = """line int, source_id text, uscc text, reg_no text, name text, entity_type text, est_date date,
reg_state text, reg_org text, unit_code text, grid text, address text, district text, lon float8, lat float8, crs text,
coord_quality text, industry text, trade_format text, food bool, licence_no text, licence_valid_to date,
licence_issuer text, phone text, tags text"""


class _Values:
    """Reads one row's values and gathers what is wrong with them."""

    def __init__(self, line: int, row: Row) -> None:
        self.line, self.row = line, row
        self.refusals: list[Refusal] = []

    def fault(self, column: str, code: str) -> None:
        self.refusals.append(Refusal(self.line, column, self.row.get(column, ""), code))

    def needed(self, column: str) -> str:
        text = self.row.get(column, "")
        if not text:
            self.fault(column, "missing")
        return text

    def credit_code(self) -> str | None:
        code = self.row.get("uscc", "").upper()
        fault = credit_code_fault(code) if code else None
        if fault and fault is not CreditCodeFault.ORGANISATION_CHECK:
            self.fault("uscc", fault.value)
        return code or None

    def day(self, column: str) -> str | None:
        return self._try(column, "date", _iso_day)

    def choice(self, column: str, known: dict[str, str], default: str) -> str:
        text = self.row.get(column, "")
        if text and text not in known:
            self.fault(column, "choice")
        return known.get(text, default) if text else default

    def system(self) -> str:
        text = self.row.get("crs", "").upper()
        if text not in SYSTEMS:
            self.fault("crs", "crs")
        return SYSTEMS.get(text, "WGS84")

    def place(self) -> tuple[float | None, float | None]:
        lon, lat = self._try("lon", "number", float), self._try("lat", "number", float)
        if (lon is None) != (lat is None) and not self.refusals:
            self.fault("lon", "half")
        if lon is not None and not -180 <= lon <= 180:
            self.fault("lon", "range")
        if lat is not None and not -90 <= lat <= 90:
            self.fault("lat", "range")
        return lon, lat

    def _try(self, column: str, code: str, convert: Callable[[str], Any]) -> Any:
        text = self.row.get(column, "")
        if not text:
            return None
        try:
            return convert(text)
        except ValueError:
            self.fault(column, code)
            return None


def _type_of(uscc: str | None) -> str:
    """The kind that the first two characters of a credit code tell (DOMAIN §7.1)."""
    return {"91": "company", "92": "individual", "93": "cooperative"}.get((uscc or "")[:2], "other")


@lru_cache(20_000)
def _iso_day(text: str) -> str:
    """The day as COPY takes it; the same days come again and again in a register."""
    return date.fromisoformat(text[:10].replace("/", "-")).isoformat()


def _quality(row: Row) -> str | None:
    text = row.get("coord_quality", "").upper()
    return text if text in QUALITIES and text else None


def _list(text: str) -> list[str]:
    if not text:
        return []
    return [part.strip() for part in text.replace("；", ";").split(";") if part.strip()]
