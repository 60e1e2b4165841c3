"""The fence: 150 m, or twice what the phone says it may be off."""

import pytest

from geo.faults import NotAPlace
from geo.fence import at_site

SITE = (107.03, 33.07)
METRE = 1 / 111_195


def north(metres: float) -> tuple[float, float]:
    return SITE[0], SITE[1] + metres * METRE


@pytest.mark.parametrize(
    ("away", "accuracy", "verdict"),
    [
        (149, 5, "inside"),
        (151, 5, "outside"),
        (151, 75.6, "inside"),
        (390, 200, "inside"),
        (410, 200, "outside"),
        (149, None, "inside"),
        (151, None, "outside"),
    ],
)
def test_the_allowance_is_150_metres_or_twice_the_accuracy(away, accuracy, verdict):
    assert at_site(north(away), accuracy, SITE).verdict == verdict


def test_the_distance_and_the_allowance_are_told():
    fence = at_site(north(500), 100, SITE)
    assert fence.distance_m == pytest.approx(500, abs=1)
    assert fence.allowed_m == 200


@pytest.mark.parametrize("accuracy", [-1, float("nan"), float("inf"), None])
def test_a_senseless_accuracy_widens_nothing(accuracy):
    fence = at_site(north(200), accuracy, SITE)
    assert (fence.verdict, fence.allowed_m, fence.vague) == ("outside", 150, True)


def test_a_fix_that_may_be_kilometres_off_is_marked_vague():
    assert at_site(north(3000), 5000, SITE).vague
    assert not at_site(north(100), 20, SITE).vague


def test_a_fix_that_is_no_place_is_refused():
    with pytest.raises(NotAPlace):
        at_site((float("nan"), 33.0), 5, SITE)
