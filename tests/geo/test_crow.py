"""The crow: a great circle with a detour, always marked as degraded."""

import pytest

from geo.crow import CrowFlight
from geo.faults import NotAPlace
from geo.sphere import distance_m

PLACES = [(107.03, 33.07), (107.53, 33.07), (107.03, 33.57)]


def test_the_crow_takes_the_great_circle_times_the_detour():
    found = CrowFlight(detour=1.5, speed_kmh=36).matrix(PLACES)
    assert found.metres[0, 1] == pytest.approx(1.5 * distance_m(*PLACES[0], *PLACES[1]), abs=1)
    assert found.seconds[0, 1] == pytest.approx(found.metres[0, 1] / 10, abs=1)
    assert found.seconds.diagonal().sum() == 0


def test_the_crow_never_hides_what_it_is():
    assert CrowFlight().matrix(PLACES).provenance.quality == "degraded"
    assert CrowFlight().route(PLACES).provenance.quality == "degraded"


def test_the_crows_route_agrees_with_its_matrix():
    found, matrix = CrowFlight().route(PLACES), CrowFlight().matrix(PLACES)
    assert found.leg_seconds == (matrix.seconds[0, 1], matrix.seconds[1, 2])
    assert found.metres == matrix.metres[0, 1] + matrix.metres[1, 2]


def test_no_places_and_one_place_are_no_trouble():
    assert CrowFlight().matrix([]).seconds.shape == (0, 0)
    assert CrowFlight().matrix(PLACES[:1]).seconds.tolist() == [[0]]


def test_the_crow_refuses_what_is_no_place():
    with pytest.raises(NotAPlace):
        CrowFlight().matrix([(200.0, 33.0)])
