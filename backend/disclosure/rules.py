"""What must never be public (DOMAIN §6.1): found by pattern in rendered words; the filter fails closed."""

import re
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


def private_parts(words: str, on: date) -> list[str]:
    """The kinds of private data found in a text that is published on a day: ``id_number``, ``mobile``, ``bank_card``."""
    words = HASH.sub(" ", words)
    born = [int(found[1]) for found in ID_NUMBER.finditer(words)]
    seen = {
        "id_number": any(year <= on.year - YOUNGEST for year in born),
        "mobile": MOBILE.search(words),
        "bank_card": BANK_CARD.search(words),
    }
    return [kind for kind, found in seen.items() if found]
