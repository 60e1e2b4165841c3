"""Credit codes and working days as DOMAIN §7 gives them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.registry.calendar import calendar_rows
from backend.registry.rules import (
    ALPHABET,
    CreditCodeFault,
    NumberFault,
    check_character,
    check_digit,
    credit_code_fault,
    licence_number_fault,
    organisation_check,
    plain_number,
    registration_number_fault,
    working_day_after,
)

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


def test_check_characters_as_worked_out_by_hand():
    assert check_character("91610702MA6YABCD0") == "5"
    assert check_character("N2610702MF1234567") == "M"
    assert organisation_check("MA6YABCD") == "6"


def test_a_wrong_organisation_check_is_told_apart_because_it_only_warns():
    first17 = "91610702MA6YABCD5"
    assert credit_code_fault(first17 + check_character(first17)) is CreditCodeFault.ORGANISATION_CHECK


def test_codes_are_kept_plain():
    assert plain_number(" ９1610702ma6yabcd6p\u3000") == "91610702MA6YABCD6P"


@given(st.sampled_from(GOOD), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_one_changed_character_is_noticed(code, at, other):
    changed = code[:at] + other + code[at + 1 :]
    assert changed == code or credit_code_fault(changed) is CreditCodeFault.CHECK


@pytest.mark.parametrize(
    ("number", "fault"),
    [
        ("440301103097413", None), ("440301103448669", None), ("6107021000123", None),
        ("440301103097414", NumberFault.CHECK), ("44030110309741", NumberFault.SHAPE),
        ("990301103097413", NumberFault.REGION), ("44030110309741X", NumberFault.SHAPE),
    ],
)  # fmt: skip
def test_registration_numbers(number, fault):
    assert registration_number_fault(number) is fault


@pytest.mark.parametrize("start", ["JY2610702000012", "JY1610724000301", "YB1610702000012", "SC1046107020015"])
def test_licence_numbers(start):
    good = start + check_digit(start[2:])
    assert licence_number_fault(good) is None
    wrong = start + str((int(good[-1]) + 1) % 10)
    assert licence_number_fault(wrong) is NumberFault.CHECK


@pytest.mark.parametrize(
    "number",
    ["", "JY", "JY46107020000121", "JY2610702000012", "SC36107020015123", "QS610715010001", "jy26107020000121"],
)
def test_what_is_no_licence_number_is_told(number):
    assert licence_number_fault(number) is NumberFault.SHAPE


def test_a_licence_of_no_region_is_told():
    assert licence_number_fault("JY20007020000121") is NumberFault.REGION


@pytest.mark.parametrize(("start", "days", "end"), TERMS)
def test_terms_of_working_days(start, days, end):
    assert working_day_after(date.fromisoformat(start), days, DAYS) == date.fromisoformat(end)


@pytest.mark.parametrize(("year", "count"), [(2023, 249), (2024, 251), (2025, 248), (2026, 248)])
def test_working_days_of_a_year(year, count):
    assert sum(works for day, works in DAYS.items() if day.year == year) == count


def test_a_year_that_nobody_announced_yet_is_provisional():
    sources = {row["source"] for row in calendar_rows(2027, 2027)}
    assert sources == {"provisional"}
    assert DAYS[date(2027, 1, 4)]
    assert not DAYS[date(2027, 1, 3)]


def test_a_term_that_leaves_the_calendar_names_the_first_unknown_day():
    with pytest.raises(KeyError) as missing:
        working_day_after(date(2027, 12, 30), 3, DAYS)
    assert missing.value.args[0] == date(2028, 1, 1)
