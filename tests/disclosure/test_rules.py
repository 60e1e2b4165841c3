"""Private data never reach the public, and public numbers are not taken for private ones."""

from datetime import date

import pytest

from backend.disclosure.rules import private_parts

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("负责人身份证号610702198503074512", ["id_number"]),
        ("61070219850307451X", ["id_number"]),
        ("联系电话13812345678。", ["mobile"]),
        ("phone13812345678", ["mobile"]),
        ("账号6222021234567890123", ["bank_card"]),
        ("13812345678 / 610702198503074512", ["id_number", "mobile"]),
    ],
)
def test_private_data_are_found_wherever_they_stand(words, kinds):
    assert private_parts(words, ON) == kinds


@pytest.mark.parametrize(
    "words",
    [
        "610722202611230001-e1",
        "610722202611230001",
        "91610702MA60000110",
        "统一社会信用代码 92610722MA6TXQ0G3C",
        "JY26107020012345",
        "a13812345678" + "b" * 52,
        "2026-11-23T08:00:00Z",
    ],
)
def test_numbers_of_rounds_codes_licences_and_hashes_are_public(words):
    assert private_parts(words, ON) == []
