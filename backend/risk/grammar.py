"""The grammar of the points card: scoring rules, decay and overrides as the catalogue writes them (DOMAIN §4.2)."""

import re
from calendar import monthrange
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from backend.problems import Problem


class RuleNotUnderstood(Problem):
    """A cell of the points card does not follow its grammar."""

    status = 422
    zh = ("评分规则无法识别", "“{text}”不符合评分卡语法（{part}）。请按指标目录的写法修改。")
    en = ("The rule is not understood", "“{text}” does not follow the card's grammar ({part}). Write it as the catalogue does.")  # fmt: skip


class ValueOutsideRule(Problem):
    """A fact's value matches no case of its indicator's rule: an error in the data, never a zero."""

    status = 422
    zh = ("指标取值不在评分规则内", "取值“{value}”不符合规则 {rule}。请核对数据来源。")
    en = ("The value is outside the rule", "The value “{value}” matches no case of {rule}. Check the source of the data.")  # fmt: skip


def number_in(text: str) -> Decimal | None:
    """The finite number that a text writes, or None."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


_CONDITION = re.compile(r"\s*(<=|>=|<|>)?\s*([^<>=\s][^<>=]*?)\s*")
_HOLDS = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
}


@dataclass(frozen=True)
class Condition:
    """``<x``, ``<=x``, ``>x``, ``>=x``, a number (equality), or a token."""

    sign: str
    bound: Decimal | str

    @classmethod
    def read(cls, text: str) -> "Condition":
        """Raises RuleNotUnderstood."""
        found = _CONDITION.fullmatch(text)
        if found is None:
            raise RuleNotUnderstood(text=text, part="condition")
        sign, rest = found.groups()
        bound = number_in(rest)
        if sign and bound is None:
            raise RuleNotUnderstood(text=text, part="condition")
        return cls(sign or "=", rest if bound is None else bound)

    def holds(self, value: str) -> bool:
        """Does a value as a fact writes it meet the condition?"""
        if isinstance(self.bound, str):
            return value == self.bound
        number = number_in(value)
        return number is not None and _HOLDS[self.sign](number, self.bound)


class RuleKind(StrEnum):
    """MAP: exact tokens; BAND: ordered conditions, the first match wins; BOOL: false is 0."""

    MAP = "MAP"
    BAND = "BAND"
    BOOL = "BOOL"


_RULE = re.compile(r"(MAP|BAND|BOOL)\(([^()]*)\)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Rule:
    """A scoring rule: which share of an indicator's weight a value costs, in per cent."""

    kind: RuleKind
    cases: tuple[tuple[Condition, int], ...]
    text: str
    note: str
    """What stands after the bracket: for people"""

    @classmethod
    def read(cls, text: str) -> "Rule":
        """``MAP(token=pct;…)``, ``BAND(cond=pct;…)`` or ``BOOL(true=pct)``. Raises RuleNotUnderstood."""
        found = _RULE.fullmatch(text.strip())
        if found is None:
            raise RuleNotUnderstood(text=text, part="MAP | BAND | BOOL")
        kind, inner, note = found.groups()
        cases = tuple(_case(RuleKind(kind), part, text) for part in inner.split(";"))
        if kind == RuleKind.BOOL:
            cases += ((Condition("=", "false"), 0),)
        return cls(RuleKind(kind), cases, f"{kind}({inner})", note.strip())

    def percent(self, value: str) -> int:
        """What a value costs, 0 to 100. Raises ValueOutsideRule."""
        for condition, percent in self.cases:
            if condition.holds(value):
                return percent
        raise ValueOutsideRule(value=value, rule=self.text)


def _case(kind: RuleKind, part: str, text: str) -> tuple[Condition, int]:
    left, joint, right = part.rpartition("=")
    left, right = left.strip(), right.strip()
    if not (joint and left and right.isdecimal() and int(right) <= 100):
        raise RuleNotUnderstood(text=text, part=part)
    if kind == RuleKind.BOOL and left != "true":
        raise RuleNotUnderstood(text=text, part=part)
    return (Condition.read(left) if kind == RuleKind.BAND else Condition("=", left)), int(right)


def months_before(day: date, months: int) -> date:
    """The same day ``months`` earlier, or that month's last day where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def full_months(since: date, on: date) -> int:
    """How many whole months lie between two days."""
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


WHOLE = 10**9
"""The whole weight of a fact; shares are kept in billionths, so that sums come out alike everywhere and in any order."""
_DECAY = re.compile(r"(STATE)|WINDOW\((\d+)m\)|HALF\(([1-9]\d*)m,\s*(\d+)m\)")


@dataclass(frozen=True)
class Decay:
    """How a fact loses weight with age: not at all, wholly after ``months``, or by halves until then."""

    months: int | None
    half: int | None

    @classmethod
    def read(cls, text: str) -> "Decay":
        """``STATE``, ``WINDOW(24m)`` or ``HALF(12m,36m)``. Raises RuleNotUnderstood."""
        found = _DECAY.fullmatch(text.strip())
        if found is None:
            raise RuleNotUnderstood(text=text, part="STATE | WINDOW | HALF")
        state, window, half, longest = found.groups()
        return cls(None, None) if state else cls(int(window or longest), int(half) if half else None)

    def kept(self, as_of: date, on: date) -> int:
        """The share of its weight that a fact of ``as_of`` keeps on a day, in billionths; 0 when it lapsed.

        Age counts in whole months.
        """
        if self.months is None:
            return WHOLE
        if as_of < months_before(on, self.months):
            return 0
        return max(1, round(WHOLE * 0.5 ** (full_months(as_of, on) / self.half))) if self.half else WHOLE


class OverrideKind(StrEnum):
    """What an indicator may do beside costing points (DOMAIN §4.3)."""

    FLOOR_B = "FLOOR_B"
    FLOOR_C = "FLOOR_C"
    FORCE_D = "FORCE_D"
    EXCLUDE_FROM_DRAW = "EXCLUDE_FROM_DRAW"
    DUE_ALERT = "DUE_ALERT"


@dataclass(frozen=True)
class Override:
    """``KIND`` (whenever the fact costs points) or ``KIND if a|b`` / ``KIND if >=3``."""

    kind: OverrideKind
    cases: tuple[Condition, ...]

    @classmethod
    def read(cls, text: str) -> "Override":
        """Raises RuleNotUnderstood."""
        kind, _, condition = text.strip().partition(" if ")
        if kind not in set(OverrideKind):
            raise RuleNotUnderstood(text=text, part="override")
        cases = condition.split("|") if condition else []
        return cls(OverrideKind(kind), tuple(Condition.read(case) for case in cases))

    def holds(self, value: str, qualifiers: Set[str], percent: int) -> bool:
        """Does a fact with this value, these qualifiers and this cost bring the override about?"""
        if not self.cases:
            return percent > 0
        return any(case.holds(value) or _named(case, value, qualifiers) for case in self.cases)


def _named(case: Condition, value: str, qualifiers: Set[str]) -> bool:
    """``revoked`` also means the token ``revoked_not_deregistered``; a qualifier is told beside the value."""
    if not isinstance(case.bound, str):
        return False
    return value.startswith(f"{case.bound}_") or case.bound in qualifiers
