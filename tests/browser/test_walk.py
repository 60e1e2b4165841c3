"""Every page that a link leads to: opens without an error, pleases axe-core, fits a phone, in light, dark and both languages."""

import pytest

from tests.browser.walking import too_wide, violations, walk

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
DESKS = ("planner", "reviewer", "admin")
OTHER_DESKS = (
    "county", "operator", "witness", "auditor", "city", "publicity", "credit", "model", "inspector1", "expert", "owner",
)  # fmt: skip


def faults(page, start: str) -> list[str]:
    """What is wrong with the pages of a face."""
    return [fault for _ in walk(page, start) for fault in violations(page) + too_wide(page)]


@pytest.mark.parametrize("username", [*DESKS, *(pytest.param(name, marks=pytest.mark.long) for name in OTHER_DESKS)])
def test_every_page_of_a_desk_opens_and_is_accessible(signed_in, username):
    assert faults(signed_in(username), "/console/") == []


def test_every_public_page_opens_and_is_accessible(page):
    assert faults(page, "/") == []


def test_every_public_page_fits_a_phone_in_the_dark(a_page):
    assert faults(a_page(color_scheme="dark", **PHONE), "/") == []


def test_every_page_of_the_planner_fits_a_phone_in_the_dark_in_english(signed_in):
    page = signed_in("planner", color_scheme="dark", **PHONE)
    page.goto("/lang/en")
    assert faults(page, "/console/") == []


def test_the_phone_app_is_accessible_before_it_is_enrolled(a_page):
    for scheme in ("light", "dark"):
        page = a_page(color_scheme=scheme, **PHONE)
        page.goto("/field/")
        page.get_by_text("入网").first.wait_for()
        assert violations(page) + too_wide(page) == []
