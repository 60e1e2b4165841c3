"""Reading forms: text, whole numbers and days, each with a clear error when it is none."""

import re
from datetime import date

from flask import request

from backend.problems import BadInput


def text(name: str, default: str = "") -> str:
    """A field's text, trimmed."""
    return request.form.get(name, default).strip()


def texts_by_number(prefix: str) -> dict[int, str]:
    """The texts of fields ``prefix1``, ``prefix2`` …, those that are filled, by number."""
    named = {name.removeprefix(prefix): text(name) for name in request.form if name.startswith(prefix)}
    return {int(no): value for no, value in named.items() if value and re.fullmatch(r"[0-9]{1,6}", no)}


def number(name: str, default: int | None = None) -> int:
    """A whole number. Raises BadInput."""
    given = text(name)
    if not given and default is not None:
        return default
    if not re.fullmatch(r"-?[0-9]{1,9}", given):
        raise BadInput({name: ["须为整数 / a whole number is needed"]})
    return int(given)


def day(name: str) -> date:
    """A day as 2026-11-22. Raises BadInput."""
    try:
        return date.fromisoformat(text(name))
    except ValueError:
        raise BadInput({name: ["日期应写作 2026-11-22 / dates are written 2026-11-22"]}) from None


def asked(name: str, longest: int = 100) -> str:
    """What a search asks for: the parameter's text, trimmed, without control characters, not longer than it needs to be."""
    given = request.args.get(name, "")[:longest]
    return "".join(character for character in given if character.isprintable()).strip()
