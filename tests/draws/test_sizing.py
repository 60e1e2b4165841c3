"""How many to draw: the width that is promised is the width that an estimate then has, and never one more than needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.draws.estimates import Visits, estimate
from backend.draws.rules import Stratum, allocate
from backend.draws.sizing import half_width, sample_size

CITY = {"A": Stratum(28_128, 1), "B": Stratum(10_891, 2), "C": Stratum(3_329, 4), "D": Stratum(652, 8)}
SIZES = {name: stratum.N for name, stratum in CITY.items()}


def test_the_width_expected_is_the_width_that_the_estimate_then_has():
    drawn = allocate("", CITY, 1000)
    visits = [Visits(name, SIZES[name], n, n, round(n * 0.2)) for name, n in drawn.items()]
    told = estimate(visits).rate
    assert half_width(SIZES, drawn, 0.2) == pytest.approx((told.high - told.low) / 2, rel=0.03)


@given(rate=some.floats(0.01, 0.5), width=some.floats(0.01, 0.2))
def test_as_many_suffice_and_one_fewer_does_not(rate, width):
    n = sample_size(CITY, rate, width)
    assert half_width(SIZES, allocate("", CITY, n), rate) <= width
    assert n == 1 or half_width(SIZES, allocate("", CITY, n - 1), rate) > width


def test_a_class_without_a_place_tells_nothing_and_a_tiny_pool_is_never_enough():
    assert half_width({"A": 10, "B": 1}, {"A": 5, "B": 0}, 0.1) == 1
    assert sample_size({"A": Stratum(4, 1)}, 0.3, 0.01) is None
    with pytest.raises(ValueError, match="rate"):
        sample_size(CITY, 0, 0.1)
