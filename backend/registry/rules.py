"""Rules of identifiers and registers: credit codes, who is drawable, which items may be used (DOMAIN §1, §7)."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from operator import mul
from string import ascii_uppercase, digits

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUE = {character: value for value, character in enumerate(ALPHABET)}
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_VALUE = {character: value for value, character in enumerate(digits + ascii_uppercase)}
GONE = frozenset({"cancelled", "revoked", "annulled", "moved_out"})


class CreditCodeFault(StrEnum):
    """What is wrong with a unified social credit code (GB 32100-2015)."""

    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"
    ORGANISATION_CHECK = "organisation_check"
    """Only a warning: position 17 is older and not always right (DOMAIN §7.1)."""


def check_character(first17: str) -> str:
    """The check character for the first 17: alphabet[(31 − Σ mod 31) mod 31]. Raises KeyError for a strange character."""
    total = sum(map(mul, map(VALUE.__getitem__, first17), WEIGHTS))
    return ALPHABET[-total % 31]


def organisation_check(eight: str) -> str:
    """The check character of the organisation code (GB 11714) in positions 9–16, which stands at position 17."""
    total = sum(map(mul, map(ORGANISATION_VALUE.__getitem__, eight), ORGANISATION_WEIGHTS))
    return "0123456789X0"[11 - total % 11]


def credit_code_fault(code: str) -> CreditCodeFault | None:
    """What is wrong with an upper-case credit code, if anything; the organisation check comes last, as a warning."""
    if len(code) != 18:
        return CreditCodeFault.LENGTH
    if not VALUE.keys() >= set(code):
        return CreditCodeFault.CHARACTER
    if check_character(code[:17]) != code[17]:
        return CreditCodeFault.CHECK
    return None if organisation_check(code[8:16]) == code[16] else CreditCodeFault.ORGANISATION_CHECK


class NumberFault(StrEnum):
    """What is wrong with a registration or licence number."""

    SHAPE = "shape"
    REGION = "region"
    CHECK = "check"
    """Only a warning: early numbers were given out by hand, and DOMAIN §3.5 asks to verify the rule."""


REGISTRATION_LENGTHS = (13, 15)
LICENCE_SHAPES = {
    "JY": re.compile(r"JY[123](\d{6})\d{7}"),
    "YB": re.compile(r"YB\d(\d{6})\d{7}"),
    "SC": re.compile(r"SC[12]\d{2}(\d{6})\d{5}"),
}
"""Trade form or food class, then the county (GB/T 2260), then serial and check digit (DOMAIN §3.5)."""


def plain_number(text: str) -> str:
    """A code or number as it is kept: full-width forms made plain, blanks and hyphens dropped, upper case."""
    return re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()


def check_digit(number: str) -> str:
    """The check digit of registration and licence numbers: ISO/IEC 7064 MOD 11,10 (GB/T 17710)."""
    carried = 10
    for digit in number:
        carried = ((carried + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - carried) % 10)


def registration_number_fault(number: str) -> NumberFault | None:
    """What is wrong with an old registration number (注册号): 15 digits with check digit, or 13 from before 2007."""
    if not (number.isascii() and number.isdigit() and len(number) in REGISTRATION_LENGTHS):
        return NumberFault.SHAPE
    return _digits_fault(number[:6], number)


def licence_number_fault(number: str) -> NumberFault | None:
    """What is wrong with a food licence or filing number: JY, YB or SC and 14 digits (DOMAIN §3.5)."""
    shape = LICENCE_SHAPES.get(number[:2])
    found = shape.fullmatch(number) if shape and number.isascii() else None
    return _digits_fault(found[1], number[2:]) if found else NumberFault.SHAPE


def _digits_fault(region: str, number: str) -> NumberFault | None:
    if not "11" <= region[:2] <= "82":
        return NumberFault.REGION
    if len(number) == REGISTRATION_LENGTHS[0] or check_digit(number[:-1]) == number[-1]:
        return None
    return NumberFault.CHECK


def drawable(state: str, card_valid_to: date, until: date) -> bool:
    """May an inspector be drawn for work up to ``until``? Active, with a card valid through that day (DOMAIN §2.4)."""
    return state == "active" and card_valid_to >= until


def usable_item(published_at: date | None, valid_from: date, valid_to: date | None, basis: object, on: date) -> bool:
    """May an item be used in a round on that day? Published, in force, with a legal basis (DOMAIN §1.1)."""
    in_force = valid_from <= on and (valid_to is None or on <= valid_to)
    return bool(published_at and published_at <= on and in_force and basis)


def is_food(licence_no: str | None, industry: list[str]) -> bool:
    """Is this a food business? By its licence (JY, YB, SC) or its trade (GB/T 4754: 13–15, 512, 5212–5213, 522, 62)."""
    if licence_no and licence_no[:2] in ("JY", "YB", "SC"):
        return True
    food = ("13", "14", "15", "512", "5212", "5213", "522", "62")
    return any(code.startswith(food) for code in industry)


def working_day_after(start: date, days: int, workdays: Mapping[date, bool]) -> date:
    """The ``days``-th working day after ``start`` (which is not counted); ``workdays`` covers the span.

    Raises KeyError with the first day that the calendar does not know.
    """
    day = start
    while days:
        day = date.fromordinal(day.toordinal() + 1)
        days -= workdays[day]
    return day
