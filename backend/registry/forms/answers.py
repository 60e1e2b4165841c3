"""What one answer may be: its JSON read into a value, or the reason why it cannot be.

The phone's ``field_api/phone/form/answers.ts`` says the same in TypeScript; change both, and the shared vectors.
"""

import re
from collections.abc import Callable, Collection
from typing import Any

from backend.registry.forms.values import Value, day_of, is_blank

TEXT_MAX = 2000
"""Characters of a text answer."""
ID_MAX = 200
"""Characters of the id of a photo or signature."""
INSTANCES_MAX = 200
"""Instances of a repeat."""
LARGEST = {"integer": 999_999_999_999, "decimal": 1e15}
POINT = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?(?: -?[0-9]{1,6}(?:\.[0-9]{1,12})?){1,3}\Z")
UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
ANSWERED = frozenset(
    {"text", "integer", "decimal", "date", "select_one", "select_multiple", "image", "signature", "geopoint"}
)
"""Kinds of questions that take an answer; notes, groups and calculations take none."""


class Unfit(ValueError):
    """An answer that its question cannot take; ``code`` is type, choice or too_long."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def nothing(answer: Any) -> bool:
    """Is the question not answered? Absent, null, an empty or blank text, an empty list."""
    return answer is None or answer == [] or (isinstance(answer, str) and is_blank(answer))


def read_answer(kind: str, answer: Any, choices: Collection[str]) -> Value:
    """The value of an answer that is not ``nothing``, by the kind of its question. Raises Unfit."""
    return READ[kind](answer, choices)


def _text(answer: Any, _choices: Collection[str]) -> Value:
    if not isinstance(answer, str) or UNKEEPABLE.search(answer):
        raise Unfit("type")
    if len(answer) > TEXT_MAX:
        raise Unfit("too_long")
    return answer


def _number(kind: str) -> Callable[[Any, Collection[str]], Value]:
    def read(answer: Any, _choices: Collection[str]) -> Value:
        if isinstance(answer, bool) or not isinstance(answer, int | float) or not abs(answer) <= LARGEST[kind]:
            raise Unfit("type")
        if kind == "integer" and not float(answer).is_integer():
            raise Unfit("type")
        return float(answer)

    return read


def _day(answer: Any, _choices: Collection[str]) -> Value:
    day = day_of(answer) if isinstance(answer, str) else None
    if day is None:
        raise Unfit("type")
    return day


def _one(answer: Any, choices: Collection[str]) -> Value:
    if not isinstance(answer, str):
        raise Unfit("type")
    if answer not in choices:
        raise Unfit("choice")
    return answer


def _several(answer: Any, choices: Collection[str]) -> Value:
    if not isinstance(answer, list) or not all(isinstance(one, str) for one in answer):
        raise Unfit("type")
    if len(set(answer)) < len(answer):
        raise Unfit("type")
    if not set(answer) <= set(choices):
        raise Unfit("choice")
    return " ".join(answer)


def _id(answer: Any, _choices: Collection[str]) -> Value:
    if not isinstance(answer, str) or not 0 < len(answer) <= ID_MAX or UNKEEPABLE.search(answer):
        raise Unfit("type")
    return answer


def _point(answer: Any, _choices: Collection[str]) -> Value:
    """Latitude, longitude, and perhaps altitude and accuracy in metres, parted by one space (EPSG:4326 degrees)."""
    if not isinstance(answer, str) or not POINT.match(answer):
        raise Unfit("type")
    lat, lon, *_ = map(float, answer.split(" "))
    if abs(lat) > 90 or abs(lon) > 180:
        raise Unfit("type")
    return answer


READ: dict[str, Callable[[Any, Collection[str]], Value]] = {
    "text": _text, "integer": _number("integer"), "decimal": _number("decimal"), "date": _day, "select_one": _one,
    "select_multiple": _several, "image": _id, "signature": _id, "geopoint": _point,
}  # fmt: skip
