"""Coordinates change systems as DOMAIN §7.4 lists, and come back to where they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import from_wgs84, to_wgs84

PLACES = [
    ((107.0318, 33.0676), (107.036356, 33.065737), (107.042753, 33.072050)),
    ((106.1568, 33.3272), (106.160925, 33.325525), (106.167452, 33.331373)),
    ((107.9889, 33.5242), (107.993527, 33.522503), (107.999947, 33.528813)),
    ((107.8953, 32.5366), (107.899702, 32.534191), (107.906165, 32.540361)),
]


@pytest.mark.parametrize(("wgs", "gcj", "bd"), PLACES)
def test_the_table_of_places(wgs, gcj, bd):
    assert np.allclose(from_wgs84(*wgs, "GCJ02"), gcj, atol=1e-6)
    assert np.allclose(from_wgs84(*wgs, "BD09"), bd, atol=2e-6)


@given(st.floats(105, 109), st.floats(32, 34), st.sampled_from(["WGS84", "GCJ02", "BD09"]))
def test_there_and_back_is_within_a_centimetre(lon, lat, crs):
    assert np.allclose(to_wgs84(*from_wgs84(lon, lat, crs), crs), (lon, lat), atol=1e-7)


def test_coordinates_outside_china_are_left_alone():
    assert np.allclose(to_wgs84(-87.63, 41.88, "GCJ02"), (-87.63, 41.88))
