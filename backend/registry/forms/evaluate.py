"""Evaluating the trees of ``grammar`` over a form's answers.

The phone's ``field_api/phone/form/evaluate.ts`` says the same in TypeScript; change both, and the shared vectors.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import re2

from backend.registry.forms.grammar import OVER_REPEATS, Tree
from backend.registry.forms.values import (
    Day,
    Value,
    day_numbered,
    day_of,
    equal,
    is_blank,
    measures,
    to_number,
    to_text,
    to_truth,
)

LONGEST_TEXT = 10_000
"""Characters that texts put together may have, so that no chain of calculations grows without end."""


class Answered(Protocol):
    """What an expression may ask of the form."""

    def value(self, name: str, instance: int | None) -> Value:
        """A question's value as seen from an instance of its repeat, or from outside; blank where there is none."""

    def all_values(self, name: str) -> list[Value]:
        """The values of a question in all instances of its repeat; of a repeat: one blank for each instance."""

    def is_many(self, name: str, home: str | None) -> bool:
        """Does a name stand for many values, seen from the repeat ``home`` or, where that is None, from outside?"""


@dataclass(frozen=True)
class Place:
    """Where an expression stands: the form, the repeat and its instance (from 0), the answer itself, the choice's columns."""

    form: Answered
    today: Day
    home: str | None = None
    instance: int | None = None
    own: Value = ""
    columns: Mapping[str, str] = field(default_factory=dict)


def evaluate(tree: Tree, place: Place) -> Value:
    """The value of a tree as ``parse`` made it; it never fails, whatever the answers."""
    if isinstance(tree, str):
        return tree
    if not isinstance(tree, list):
        return float(tree)
    head = tree[0]
    if head in LOOKS:
        return LOOKS[head](tree, place)
    if head in OVER_REPEATS:
        return OVER[head](_gathered(tree[1:], place))
    return CALLS[head](*(evaluate(part, place) for part in tree[1:]))


def _if(tree: list[Tree], place: Place) -> Value:
    return evaluate(tree[2] if to_truth(evaluate(tree[1], place)) else tree[3], place)


LOOKS: dict[str, Callable[[list, Place], Value]] = {
    "$": lambda tree, place: place.form.value(tree[1], place.instance),
    ".": lambda _tree, place: place.own,
    "col": lambda tree, place: place.columns.get(tree[1], ""),
    "position": lambda _tree, place: float(0 if place.instance is None else place.instance + 1),
    "today": lambda _tree, place: place.today,
    "if": _if,
    "and": lambda t, place: to_truth(evaluate(t[1], place)) and to_truth(evaluate(t[2], place)),
    "or": lambda t, place: to_truth(evaluate(t[1], place)) or to_truth(evaluate(t[2], place)),
}
"""What needs the place, or does not look at all its parts."""


def _gathered(trees: Iterable[Tree], place: Place) -> list[Value]:
    """The values that an aggregate takes: each question in a repeat seen from outside gives all of its own."""
    found: list[Value] = []
    for tree in trees:
        if isinstance(tree, list) and tree[0] == "$" and place.form.is_many(tree[1], place.home):
            found += place.form.all_values(tree[1])
        else:
            found.append(evaluate(tree, place))
    return found


def _total(values: list[Value]) -> float:
    total = 0.0
    for value in values:
        # one after the other: the built-in sum rounds in its own way on newer Pythons
        if not is_blank(value):
            total += to_number(value)
    return total


def _edge(pick: Callable[[list[float]], float], values: list[Value]) -> Value:
    numbers = [to_number(value) for value in values if not is_blank(value)]
    if not numbers:
        return ""
    return math.nan if any(map(math.isnan, numbers)) else pick(numbers)


OVER: dict[str, Callable[[list[Value]], Value]] = {
    "sum": _total,
    "count": lambda values: float(len(values)),
    "count-non-empty": lambda values: float(sum(not is_blank(value) for value in values)),
    "min": lambda values: _edge(min, values),
    "max": lambda values: _edge(max, values),
}


def _divided(left: Value, right: Value) -> float:
    above, below = to_number(left), to_number(right)
    if below != 0:
        return above / below
    if math.isnan(above) or above == 0:
        return math.nan
    return math.copysign(math.inf, above) * math.copysign(1, below)


def _remainder(left: Value, right: Value) -> float:
    above, below = to_number(left), to_number(right)
    return math.nan if math.isinf(above) or below == 0 else math.fmod(above, below)


def _rounded(value: Value, digits: Value = 0.0) -> float:
    """Half up; digits are cut to 0–9."""
    number, places = to_number(value), to_number(digits)
    scale = 10.0 ** (0 if math.isnan(places) else int(min(9.0, max(0.0, places))))
    scaled = number * scale + 0.5
    return number if not math.isfinite(scaled) else math.floor(scaled) / scale


def _whole(value: Value) -> float:
    number = to_number(value)
    return float(math.trunc(number)) if math.isfinite(number) else number


def _as_day(value: Value) -> Value:
    if isinstance(value, Day):
        return value
    return (day_of(value) or "") if isinstance(value, str) else day_numbered(to_number(value))


def _fits(value: Value, pattern: Value) -> bool:
    text = to_text(value)
    return bool(re2.fullmatch(to_text(pattern), text))


def _chosen(value: Value) -> list[str]:
    return [piece for piece in to_text(value).split(" ") if piece]


def _compared(sign: Callable[[float, float], bool]) -> Callable[[Value, Value], bool]:
    return lambda left, right: sign(*measures(left, right))


CALLS: dict[str, Callable[..., Value]] = {
    "=": equal,
    "!=": lambda left, right: not equal(left, right),
    "<": _compared(lambda a, b: a < b),
    "<=": _compared(lambda a, b: a <= b),
    ">": _compared(lambda a, b: a > b),
    ">=": _compared(lambda a, b: a >= b),
    "+": lambda left, right: to_number(left) + to_number(right),
    "-": lambda left, right: to_number(left) - to_number(right),
    "*": lambda left, right: to_number(left) * to_number(right),
    "div": _divided,
    "mod": _remainder,
    "neg": lambda value: -to_number(value),
    "not": lambda value: not to_truth(value),
    "true": lambda: True,
    "false": lambda: False,
    "coalesce": lambda first, second: second if is_blank(first) else first,
    "selected": lambda value, choice: to_text(choice) in _chosen(value),
    "count-selected": lambda value: float(len(_chosen(value))),
    "regex": _fits,
    "string": to_text,
    "string-length": lambda value: float(len(to_text(value))),
    "concat": lambda *values: "".join(map(to_text, values))[:LONGEST_TEXT],
    "contains": lambda value, part: to_text(part) in to_text(value),
    "starts-with": lambda value, part: to_text(value).startswith(to_text(part)),
    "number": to_number,
    "int": _whole,
    "round": _rounded,
    "date": _as_day,
}
