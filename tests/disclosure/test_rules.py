"""The privacy filter finds private numbers, fails closed, and knows our own."""

import pytest

from backend.disclosure.rules import private_parts

ROUND = "610722202611230001"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        ("负责人身份证 11010519491231002X", ["id_number"]),
        ("联系电话13912345678", ["mobile"]),
        ("账号 6222021234567890123", ["bank_card"]),
        ("统一社会信用代码 91610702MA6YABCD6P", []),
        ("抽查比例 5%，共 18396 户，2026-11-23", []),
    ],
)
def test_private_numbers_are_found_and_public_ones_are_not(words, kinds):
    assert private_parts(words) == kinds


def test_our_own_round_number_is_no_persons():
    assert private_parts(f"R-{ROUND}-01-1-01", own=(ROUND,)) == []
