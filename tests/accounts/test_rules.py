"""Scopes: which districts lie within which, and whom a grant reaches."""

import pytest

from backend.accounts.rules import Grant, Role, district_reach


@pytest.mark.parametrize(
    ("code", "prefix"), [("610000", "61"), ("610700", "6107"), ("610730", "610730"), ("US-IL-CHI", "US-IL-CHI")]
)
def test_a_district_reaches_what_lies_within_it_and_no_neighbour(code, prefix):
    assert district_reach(code) == prefix


def test_a_grant_reaches_the_subtree_of_its_unit_and_its_districts_only():
    grant = Grant(Role.REVIEWER, "HZ/610722/", "610722")
    assert grant.covers("HZ/610722/office/", "610722")
    assert not grant.covers("HZ/610723/", "610723")
    assert not grant.covers("HZ/610722/office/", "610723")
