"""The wordings of result codes, verbatim as they are published (DOMAIN §2.7)."""

import csv
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "catalogue" / "result_codes.csv"


@cache
def _codes() -> dict[str, dict[str, str]]:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return {row["code"]: {"zh": row["text_zh"], "en": row["text_en"]} for row in csv.DictReader(file)}


def wording(code: str) -> dict[str, str]:
    """A code's wording in Chinese and English. Raises KeyError."""
    return _codes()[code]
