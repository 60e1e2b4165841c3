"""The points card: indicators with weights and rules as one version's rows give them, and whom each applies to."""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from backend.problems import Problem
from backend.registry.rules import is_food
from backend.risk.grammar import Decay, Override, Rule, RuleKind, RuleNotUnderstood, ValueOutsideRule

CLASSES = "ABCD"
THRESHOLDS = {"B": 100, "C": 220, "D": 380}
"""Points from which a class begins (DOMAIN §4.3); a released card may set its own."""
COUNTED = frozenset({"times", "batch", "case", "event", "defect", "supplier", "CNY"})
"""Units in which several records of an entity add up, unless the indicator tells a present state."""
COLUMNS = (
    "code", "name_zh", "name_en", "category_code", "applies_to", "value_type", "unit", "scoring_rule",
    "weight_points", "validity_decay", "repair_effect", "missing_value_pct", "override",
)  # fmt: skip


class CardNotUsable(Problem):
    """A points card's rows cannot be scored with."""

    status = 422
    zh = ("评分卡不可用", "指标 {code}：{zh}。评分卡未采用。")
    en = ("The card cannot be used", "Indicator {code}: {en}. The card was not adopted.")

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code=code, zh=zh, en=en)


class Audience(StrEnum):
    """``applies_to`` of the catalogue; ENTERPRISE is everyone but individual households."""

    ALL = "ALL"
    COMPANY = "COMPANY"
    ENTERPRISE = "ENTERPRISE"
    FOOD = "FOOD"
    CATERING = "CATERING"
    FOOD_PRODUCER = "FOOD_PRODUCER"
    PRODUCER_SELLER = "PRODUCER_SELLER"


class Combining(StrEnum):
    """What several facts on one indicator come to."""

    NEWEST = "newest"
    SUM = "sum"
    WORST = "worst"


@dataclass(frozen=True)
class Indicator:
    """One row of the card. ``weight`` in points; ``missing`` in per cent of it, charged while nothing is known."""

    code: str
    name_zh: str
    name_en: str
    group: str
    audience: Audience
    rule: Rule
    weight: int
    decay: Decay
    removes: bool
    """A repaired record costs nothing at once (DOMAIN §4.2, NDRC Order 36 art. 3)"""
    missing: int
    overrides: tuple[Override, ...]
    combining: Combining

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> "Indicator":
        """Raises CardNotUsable, RuleNotUnderstood."""
        code = row.get("code") or "?"
        if absent := [column for column in COLUMNS if row.get(column) is None]:
            raise CardNotUsable(code, f"缺少列 {', '.join(absent)}", f"columns missing: {', '.join(absent)}")
        decay = Decay.read(row["validity_decay"])
        rule = Rule.read(row["scoring_rule"])
        return cls(
            code, row["name_zh"], row["name_en"], row["category_code"], _audience(row), rule,
            _whole(row, "weight_points", 1, 1000), decay, _removes(row), _whole(row, "missing_value_pct", 0, 100),
            (Override.read(row["override"]),) if row["override"].strip() else (), _combining(row["unit"], rule, decay),
        )  # fmt: skip

    def percent(self, value: str) -> int:
        """The share of the weight, in per cent, that a value costs. Raises ValueOutsideRule."""
        try:
            return self.rule.percent(value)
        except ValueOutsideRule:
            raise ValueOutsideRule(value=value, rule=self.rule.text, indicator=self.code) from None


def _whole(row: Mapping[str, str], column: str, least: int, most: int) -> int:
    text = str(row[column]).strip()
    if not text.isdecimal() or not least <= int(text) <= most:
        raise CardNotUsable(
            row["code"],
            f"{column} 应为 {least}–{most} 的整数，现为“{text}”",
            f"{column} must be a whole number from {least} to {most}, not “{text}”",
        )
    return int(text)


def _audience(row: Mapping[str, str]) -> Audience:
    if row["applies_to"] not in set(Audience):
        raise CardNotUsable(row["code"], f"未知适用对象 {row['applies_to']}", f"unknown applies_to {row['applies_to']}")
    return Audience(row["applies_to"])


def _removes(row: Mapping[str, str]) -> bool:
    if row["repair_effect"] not in ("REMOVE", "NA"):
        raise RuleNotUnderstood(text=row["repair_effect"], part="REMOVE | NA")
    return row["repair_effect"] == "REMOVE"


def _combining(unit: str, rule: Rule, decay: Decay) -> Combining:
    """Dated events add up; of dated kinds the worst counts while it lasts; of states the newest is true."""
    if decay.months is None:
        return Combining.NEWEST
    if rule.kind == RuleKind.BAND and unit in COUNTED:
        return Combining.SUM
    return Combining.WORST if decay.half else Combining.NEWEST


@dataclass(frozen=True)
class Scorecard:
    """One version of the card. A simple card is one of few rows."""

    version: str
    indicators: tuple[Indicator, ...]
    thresholds: Mapping[str, int]
    """{B, C, D}: points from which each class begins"""

    @classmethod
    def from_rows(
        cls, version: str, rows: Iterable[Mapping[str, str]], thresholds: Mapping[str, int] | None = None
    ) -> "Scorecard":
        """A card from rows as in ``catalogue/indicators.csv``. Raises CardNotUsable, RuleNotUnderstood."""
        indicators = tuple(Indicator.from_row(row) for row in rows)
        codes = [indicator.code for indicator in indicators]
        if not codes or len(set(codes)) < len(codes):
            raise CardNotUsable("*", "没有指标或编码重复", "there are no indicators, or a code stands twice")
        limits = dict(THRESHOLDS if thresholds is None else thresholds)
        if set(limits) != set("BCD") or not 0 < limits["B"] < limits["C"] < limits["D"] <= 1000:
            raise CardNotUsable("*", "分类界限须 0<B<C<D≤1000", "thresholds must be 0 < B < C < D ≤ 1000")
        return cls(version, indicators, limits)

    def for_audiences(self, audiences: frozenset[Audience]) -> tuple[Indicator, ...]:
        """The indicators that apply to an entity of these audiences."""
        return tuple(i for i in self.indicators if i.audience in audiences)

    def class_of(self, score: int) -> str:
        """The class of a score in hundredths of a point, before floors and force."""
        reached = sum(score >= limit * 100 for limit in self.thresholds.values())
        return CLASSES[reached]


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a card's CSV text."""
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))


def audiences_of(entity_type: str, industry: list[str], licence_no: str | None) -> frozenset[Audience]:
    """Which indicators concern an entity, by its type, trade (GB/T 4754 codes) and food licence (DOMAIN §4.2, §7.3).

    Caterers (62, licences JY2 and JY3) are no PRODUCER_SELLER; makers (13–43) and traders (51, 52, JY1, YB, SC) are.
    """
    licence = licence_no or ""
    makes_food = licence.startswith("SC") or _starts(industry, "13", "14", "15")
    caters = licence.startswith(("JY2", "JY3")) or _starts(industry, "62")
    makes = makes_food or _starts(industry, *map(str, range(13, 44)))
    trades = licence.startswith(("JY1", "YB")) or _starts(industry, "51", "52")
    told = {
        Audience.ALL: True,
        Audience.COMPANY: entity_type == "company",
        Audience.ENTERPRISE: entity_type != "individual",
        Audience.FOOD: makes_food or caters or is_food(licence_no, industry),
        Audience.CATERING: caters,
        Audience.FOOD_PRODUCER: makes_food,
        Audience.PRODUCER_SELLER: makes or trades,
    }
    return frozenset(audience for audience, applies in told.items() if applies)


def _starts(industry: list[str], *prefixes: str) -> bool:
    return any(code.startswith(prefixes) for code in industry)
