"""What an authority fixes by its yearly plan: numbers that are its choice, published with each version (DOMAIN §2.1, §2.3)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from backend.problems import BadInput


@dataclass(frozen=True)
class Terms:
    """The numbers of one version of a plan; they hold for rounds that are frozen while it is in force."""

    new_for_days: int = 180
    """How long a newly founded entity is left alone, unless it is licensed for food; 0: never"""
    usual_cap: int = 1
    """Visits of an entity on one item in a year, where the item names no other"""
    rounds: int = 1
    """How many rounds the plan means to hold: everybody's chance over the year counts them"""

    def as_json(self) -> dict[str, int]:
        """As it is kept and published."""
        return asdict(self)


BOUNDS = {"new_for_days": (0, 3650), "usual_cap": (1, 12), "rounds": (1, 366)}


def terms_from(told: Mapping[str, Any] | None) -> Terms:
    """The terms that were told, the usual where nothing was. Raises BadInput for anything else or out of bounds."""
    told, known = told or {}, {field.name for field in fields(Terms)}
    errors = {name: ["未知条款 / no such term"] for name in told.keys() - known}
    for name, value in told.items():
        least, most = BOUNDS.get(name, (0, 0))
        if name in known and not (type(value) is int and least <= value <= most):
            errors[name] = [f"须为 {least}–{most} 的整数 / a whole number from {least} to {most}"]
    if errors:
        raise BadInput(errors)
    return Terms(**told)
