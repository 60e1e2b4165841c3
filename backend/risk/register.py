"""What the register's own row says of an entity, told as facts of the day of scoring."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from backend.risk.grammar import full_months
from backend.risk.rules import Fact

SOURCE = "registry"
FORMS = {"company": "company", "individual": "individual_household", "cooperative": "coop", "branch": "branch"}
SOON = 60
"""Days before the end of a licence from which it is told (indicator P102)"""


def _form(entity_type: str, _: date) -> str:
    return FORMS.get(entity_type, "other")


def _years(since: date, on: date) -> str:
    return f"{max((on - since).days, 0) / 365.25:.2f}"


def _months(since: date, on: date) -> str:
    return str(full_months(since, on))


def _licence(until: date, on: date) -> str:
    left = (until - on).days
    return "expired" if left < 0 else "expires_within_60d" if left <= SOON else "valid"


TOLD: dict[str, tuple[str, Callable[[Any, date], str]]] = {
    "entity_type": ("G101", _form),
    "est_date": ("G102", _years),
    "last_check_at": ("P208", _months),
    "licence_valid_to": ("P102", _licence),
}
"""Column of the register → the indicator that it feeds, and the value on a day."""


def told_by_register(entity: Any, on: date) -> Iterator[Fact]:
    """The facts of one entity's row; what the row leaves empty is not told."""
    for column, (indicator, value) in TOLD.items():
        if (known := getattr(entity, column)) is not None:
            yield Fact(indicator, value(known, on), on, source=SOURCE)
