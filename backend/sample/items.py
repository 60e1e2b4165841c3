"""The inspection items of the sample (DOMAIN §1.1), enough for a catering round and a few of other trades."""

from datetime import date
from typing import Any

from backend.sample.chance import SOURCE
from backend.sample.units import MARKET

CATERING, SALES, PRODUCTION, REGISTER, QUALITY = (f"6107{MARKET}{number:04}01" for number in range(1, 6))
"""Item codes: 6107, department (2), serial (4), sub-item (2)."""
FOOD_LAW = {"law": "食品安全法", "article": "第一百一十条", "url": "https://flk.npc.gov.cn", "effective": "2021-04-29"}
SAMR_49 = {
    "law": "食品生产经营监督检查管理办法",
    "article": "",
    "url": "https://www.samr.gov.cn",
    "effective": "2022-03-15",
}
SAMR_101 = {
    "law": "企业公示信息抽查办法",
    "article": "第四条",
    "url": "https://www.samr.gov.cn",
    "effective": "2025-03-18",
}
QUALITY_LAW = {"law": "产品质量法", "article": "", "url": "https://flk.npc.gov.cn", "effective": "2018-12-29"}


def items() -> list[dict[str, Any]]:
    """Rows by the headings of the item import; ratios are parts of one, the cap is visits per entity and year."""
    return [
        _item(CATERING, "餐饮服务监督检查", "许可、环境、人员与加工过程", "KEY", [FOOD_LAW, SAMR_49],
              0.05, None, 2, "food_catering", "restaurant"),
        _item(SALES, "食品销售监督检查", "许可、进货查验与贮存", "KEY", [FOOD_LAW, SAMR_49],
              0.03, None, 2, "food_sales", None),
        _item(PRODUCTION, "食品生产监督检查", "许可、过程控制与出厂检验", "KEY", [FOOD_LAW, SAMR_49],
              0.1, None, 3, "food_production", None),
        _item(REGISTER, "登记与公示信息检查", "年报、即时信息与住所", "GENERAL", [SAMR_101],
              0.03, 0.05, 1, "general", None),
        _item(QUALITY, "产品质量监督检查", "在售商品标识与质量", "GENERAL", [QUALITY_LAW],
              0.01, 0.03, 1, "general", None),
    ]  # fmt: skip


def item_for(kind: str) -> str:
    """The item by which a trade of this kind is visited."""
    return {"catering": CATERING, "seller": SALES, "producer": PRODUCTION}.get(kind, REGISTER)


def _item(code: str, name: str, sub_name: str, item_class: str, basis: list[dict[str, str]], least: float,
          most: float | None, cap: int, qualification: str, checklist: str | None) -> dict[str, Any]:  # fmt: skip
    return {
        "code": code, "name": name, "sub_name": sub_name, "department": MARKET, "level": "county",
        "object_types": ["company", "individual", "cooperative", "branch", "other"], "legal_basis": basis,
        "item_class": item_class, "ratio_min": least, "ratio_max": most, "frequency_cap": cap,
        "qualification": qualification, "checklist_code": checklist, "published_at": date(2025, 1, 20),
        "valid_from": date(2025, 1, 1), "valid_to": None, "source": SOURCE,
    }  # fmt: skip
