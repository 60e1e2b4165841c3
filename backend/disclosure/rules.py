"""What must never be public (DOMAIN §6.1): found by pattern in rendered words; the filter fails closed."""

import re
from collections.abc import Collection
from datetime import date

ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}((?:19|20)\d{2})(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
YOUNGEST = 5
"""Years. The exchange numbers of rounds (DOMAIN §2.2) look just like ID numbers, but bear the day of their drafting where
a person's year of birth stands; nobody younger than this is named in an inspection."""
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
BANK_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
HASH = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])")
"""Fingerprints and seeds, in which a run of digits is chance"""


WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"


def private_parts(words: str, own: Collection[str] = ()) -> list[str]:
    """The kinds of private data found in a text: ``id_number``, ``mobile``, ``bank_card``.

    ``own`` are numbers of ours that the text may hold: a round's 18 digits (district, day, serial) look like a person's.
    """
    for number in own:
        words = words.replace(number, "")
    found = [kind for kind, pattern in PATTERNS.items() if pattern.search(words)]
    if "id_number" in found and not any(is_id_number(n) for n in ID_NUMBER.findall(words)):
        found.remove("id_number")
    return found


def is_id_number(text: str) -> bool:
    """Does the check character of GB 11643 fit?"""
    total = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False))
    return CHECKS[total % 11] == text[17].upper()
