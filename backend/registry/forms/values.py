"""Values of expressions: texts, numbers, truths and days, and how one becomes another (XPath 1.0 §3–4, ODK's dates).

The phone's ``field_api/phone/form/values.ts`` says the same in TypeScript; change both, and the shared vectors.
"""

import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Day:
    """A day, counted from 1970-01-01."""

    since_epoch: int


Value = str | float | bool | Day

EPOCH = date(1970, 1, 1).toordinal()
NUMBER = re.compile(r"[ \t\n\r]*(-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+))[ \t\n\r]*\Z")
DAY = re.compile(r"([1-9][0-9]{3})-([0-9]{2})-([0-9]{2})\Z")
BLANKS = re.compile(r"[ \t\n\r\f\v\u00a0\u3000]*\Z")
FIRST_DAY, LAST_DAY = date(1000, 1, 1).toordinal() - EPOCH, date(9999, 12, 31).toordinal() - EPOCH


def day_of(text: str) -> Day | None:
    """The day that a text like 2026-11-23 names, from the year 1000 on."""
    found = DAY.match(text)
    if found is None:
        return None
    try:
        return Day(date(*map(int, found.groups())).toordinal() - EPOCH)
    except ValueError:
        return None


def day_numbered(number: float) -> Value:
    """The day so many days after 1970-01-01, fractions cut; blank outside the years 1000–9999."""
    if not FIRST_DAY <= number < LAST_DAY + 1:
        return ""
    return Day(math.floor(number))


def to_text(value: Value) -> str:
    """A value as text: numbers without exponent, days as 2026-11-23."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Day):
        return date.fromordinal(value.since_epoch + EPOCH).isoformat()
    return value if isinstance(value, str) else _number_text(value)


def _number_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    text = format(Decimal(repr(float(value))), "f")
    return text.removesuffix(".0")


def to_number(value: Value) -> float:
    """A value as number: days count from 1970-01-01, a text that is none gives NaN."""
    if isinstance(value, Day):
        return float(value.since_epoch)
    if not isinstance(value, str):
        return float(value)
    found = NUMBER.match(value)
    return float(found[1]) if found else math.nan


def to_truth(value: Value) -> bool:
    """A value as truth: neither empty, nor zero, nor NaN."""
    if isinstance(value, str):
        return value != ""
    if isinstance(value, Day):
        return True
    return bool(value) and not math.isnan(value)


def equal(left: Value, right: Value) -> bool:
    """Are two values equal? As truths if one is, else as numbers if one is a number or a day, else as texts."""
    if isinstance(left, bool) or isinstance(right, bool):
        return to_truth(left) == to_truth(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    first, second = measures(left, right)
    return first == second


def measures(left: Value, right: Value) -> tuple[float, float]:
    """Two values as numbers to be compared; a text beside a day is read as a day."""
    return _beside(left, right), _beside(right, left)


def _beside(value: Value, other: Value) -> float:
    if isinstance(value, str) and isinstance(other, Day):
        day = day_of(value)
        return to_number(day) if day else math.nan
    return to_number(value)


def is_blank(value: Value) -> bool:
    """Nothing, or nothing but blanks."""
    return isinstance(value, str) and BLANKS.match(value) is not None
