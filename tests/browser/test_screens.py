"""Every screen of the phone: reachable, readable by everybody (axe-core), and no wider than the phone; in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright

from tests.browser.album import Album, a_camera
from tests.browser.instance import Instance
from tests.browser.screens import first_opening, walk, working_day
from tests.browser.startup import THROTTLE, measure
from tests.browser.touring import Tour


@pytest.fixture(scope="module")
def camera(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with an invented camera."""
    with a_camera(playwright) as browser:
        yield browser


def test_the_screens_of_a_working_day_have_no_violations(camera: Browser, instance: Instance):
    album = Album(camera, instance.url, "zh", schemes=("light",))
    for part in (first_opening, working_day):
        part(Tour(album, instance))
    assert album.faults == []
    assert len(album.seen) >= 25


@pytest.mark.long
@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_screens_have_no_violations_in_light_and_dark(camera: Browser, instance: Instance, language: str):
    album = walk(Album(camera, instance.url, language), instance)
    assert album.faults == []


def test_the_app_starts_on_a_slow_phone(chromium: Browser, instance: Instance):
    measured = measure(chromium, instance.url, THROTTLE)
    assert 0 < measured.painted_ms <= measured.interactive_ms
