"""Coordinate systems: DOMAIN §7.4's table, round trips, and what lies outside China."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import Crs, convert, from_wgs84, named, to_wgs84
from geo.faults import NotAPlace, UnknownCrs
from geo.sphere import distance_m

TABLE = [
    ("Hantai", (107.0318, 33.0676), (107.036356, 33.065737), 472, (107.042753, 33.072050), 1134),
    ("Lueyang", (106.1568, 33.3272), (106.160925, 33.325525), 426, (106.167452, 33.331373), 1093),
    ("Foping", (107.9889, 33.5242), (107.993527, 33.522503), 469, (107.999947, 33.528813), 1145),
    ("Zhenba", (107.8953, 32.5366), (107.899702, 32.534191), 492, (107.906165, 32.540361), 1101),
]
IN_CHINA = st.tuples(st.floats(73.6, 134.7), st.floats(18.2, 53.5))
SYSTEMS = st.sampled_from(list(Crs))


@pytest.mark.parametrize(("name", "wgs", "gcj", "gcj_m", "bd", "bd_m"), TABLE)
def test_the_table_of_the_domain_holds(name, wgs, gcj, gcj_m, bd, bd_m):
    assert distance_m(*from_wgs84(*wgs, Crs.GCJ02), *gcj) < 0.2
    assert distance_m(*from_wgs84(*wgs, Crs.BD09), *bd) < 0.2
    assert distance_m(*wgs, *gcj) == pytest.approx(gcj_m, abs=2)
    assert distance_m(*wgs, *bd) == pytest.approx(bd_m, abs=2)


@pytest.mark.parametrize(("name", "wgs", "gcj", "gcj_m", "bd", "bd_m"), TABLE)
def test_the_table_holds_backwards_too(name, wgs, gcj, gcj_m, bd, bd_m):
    assert distance_m(*to_wgs84(*gcj, Crs.GCJ02), *wgs) < 0.2
    assert distance_m(*to_wgs84(*bd, Crs.BD09), *wgs) < 0.2


@given(IN_CHINA, SYSTEMS, SYSTEMS)
def test_there_and_back_is_the_same_place_to_the_millimetre(place, source, target):
    back = convert(*convert(*place, source, target), target, source)
    assert distance_m(*place, *back) < 0.001


@given(st.tuples(st.floats(-180, 71), st.floats(-90, 90)), SYSTEMS, SYSTEMS)
def test_outside_china_nothing_moves(place, source, target):
    assert convert(*place, source, target) == place


@pytest.mark.parametrize("written", ["gcj-02", "GCJ02", " gcj_02 "])
def test_a_system_is_known_by_any_usual_spelling(written):
    assert named(written) is Crs.GCJ02
    assert named("CGCS2000") is named("EPSG:4326") is Crs.WGS84


def test_an_unknown_system_is_refused_in_both_languages():
    with pytest.raises(UnknownCrs) as refused:
        named("beijing54")
    assert "beijing54" in refused.value.told("zh")["detail"]
    assert "beijing54" in refused.value.told("en")["detail"]


@pytest.mark.parametrize("place", [(float("nan"), 33.0), (107.0, float("inf")), (33.0, 107.0)])
def test_what_is_no_place_is_refused(place):
    with pytest.raises(NotAPlace):
        convert(*place, Crs.GCJ02, Crs.WGS84)
