"""Credit codes and working days as DOMAIN §7 gives them."""

from datetime import date

import pytest

from backend.registry.calendar import calendar_rows
from backend.registry.rules import CreditCodeFault, credit_code_fault, working_day_after

GOOD = """91110000600037341L 91110108551385082Q 91610702MA6YABCD6P 92610702MA6YABCE4F 93610724MA6Y000173
91610730MA6Y9K8H2C 92610727MA70PQRT6E 91610703MAB2F0035J 12610700435900016N""".split()
BAD = {
    "91610702MA6YABCD6Q": CreditCodeFault.CHECK,
    "91610702MA6YABDC6P": CreditCodeFault.CHECK,
    "9161O702MA6YABCD6P": CreditCodeFault.CHARACTER,
    "91610702MA6YABCD6": CreditCodeFault.LENGTH,
}
TERMS = [
    ("2025-01-20", 7, "2025-02-05"), ("2025-01-20", 20, "2025-02-21"), ("2025-09-25", 7, "2025-10-11"),
    ("2025-09-25", 20, "2025-10-29"), ("2026-02-10", 20, "2026-03-16"), ("2026-04-28", 7, "2026-05-11"),
    ("2026-09-21", 20, "2026-10-26"), ("2025-12-08", 20, "2026-01-06"),
]  # fmt: skip
DAYS = {row["day"]: row["is_workday"] for row in calendar_rows(2023, 2027)}


@pytest.mark.parametrize("code", GOOD)
def test_right_codes_have_no_fault(code):
    assert credit_code_fault(code) is None


@pytest.mark.parametrize(("code", "fault"), BAD.items())
def test_wrong_codes_are_told_apart(code, fault):
    assert credit_code_fault(code) is fault


def test_a_rural_collective_has_letters_where_others_have_digits():
    assert credit_code_fault("N2610702MF1234567M") in (None, CreditCodeFault.ORGANISATION_CHECK)


@pytest.mark.parametrize(("start", "days", "end"), TERMS)
def test_terms_of_working_days(start, days, end):
    assert working_day_after(date.fromisoformat(start), days, DAYS) == date.fromisoformat(end)


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year, count):
    assert sum(works for day, works in DAYS.items() if day.year == year) == count
