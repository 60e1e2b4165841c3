"""What must never be public (DOMAIN §6.1): found by pattern in rendered words; the filter fails closed."""

import re

ID_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])"
)
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
BANK_CARD = re.compile(r"(?<!\d)62\d{14,17}(?!\d)")
PATTERNS = {"id_number": ID_NUMBER, "mobile": MOBILE, "bank_card": BANK_CARD}


def private_parts(words: str) -> list[str]:
    """The kinds of private data found in a text: ``id_number``, ``mobile``, ``bank_card``."""
    return [kind for kind, pattern in PATTERNS.items() if pattern.search(words)]
