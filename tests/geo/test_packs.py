"""The map around a tour: what is near is shown, far lanes are not, lines survive their short form, and it stays small."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from osmium.osm.mutable import Node

from geo import packs
from geo.crs import Crs, convert
from geo.faults import NotAPlace, RoadsUnreadable
from geo.map_file import MapData, load_map
from geo.packs import surroundings
from geo.polyline import decode, encode
from geo.sphere import distance_m
from tests.geo.towns import crossing, place, street, write_town

VILLAGE = Node(id=900, location=place(1.2, 1.1), tags={"place": "village", "name": "柳树村"})
FAR = Node(id=901, location=(108.5, 33.0), tags={"place": "village", "name": "远村"})
degrees = st.tuples(st.floats(-180, 180), st.floats(-90, 90))


@pytest.fixture
def town(tmp_path: Path) -> MapData:
    main = street(300, [crossing(i, 7) for i in range(8)], highway="primary", name="中心大道")
    track = street(301, [crossing(1, 0), crossing(2, 1)], highway="track", name="机耕路")
    footway = street(302, [crossing(3, 1), crossing(4, 2)], highway="footway", name="步道")
    made = write_town(tmp_path / "town.osm.pbf", main, track, footway, nodes=(VILLAGE, FAR))
    return load_map(made, tmp_path / "cache")


@given(st.lists(degrees, max_size=30))
def test_a_line_survives_its_short_form_to_a_metre(line):
    again = decode(encode(line))
    assert len(again) == len(line)
    for (lon, lat), (seen_lon, seen_lat) in zip(line, again, strict=True):
        assert abs(lon - seen_lon) <= 0.0000051
        assert abs(lat - seen_lat) <= 0.0000051


def test_the_short_form_is_the_one_that_others_write():
    """The example in the encoding's own public description."""
    line = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert encode(line) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    with pytest.raises(ValueError, match="breaks off"):
        decode("_p~iF~ps|U_ulLnnqC_mqNvxq`")


def test_main_roads_are_shown_for_miles_and_lanes_only_close_by(town):
    around = surroundings(town, [place(0, 0), place(1, 0)])
    assert {road.kind for road in around.roads} == {"major", "minor", "track"}
    minor = [point for road in around.roads if road.kind == "minor" for point in decode(road.line)]
    near = min(packs.REACH_M[packs.MINOR], 1500.0)
    assert max(min(distance_m(*p, *place(c / 4, 0)) for c in range(5)) for p in minor) < near + 1200
    assert "中心大道" in {road.name for road in around.roads}


def test_places_nearby_are_named_and_footpaths_left_out(town):
    around = surroundings(town, [place(0, 0), place(1, 0)])
    assert [(p.kind, p.name) for p in around.places] == [("village", "柳树村")]
    assert "步道" not in {road.name for road in around.roads}


def test_what_is_too_much_is_drawn_in_until_it_fits(town, monkeypatch):
    way = [place(0, 0), place(7, 7)]
    whole = sum(len(decode(road.line)) for road in surroundings(town, way).roads)
    monkeypatch.setattr(packs, "MOST_POINTS", whole // 2)
    assert sum(len(decode(road.line)) for road in surroundings(town, way).roads) <= whole // 2


def test_without_map_data_there_is_still_a_box(town):
    around = surroundings(None, [place(0, 0)])
    assert (around.roads, around.places) == ((), ())
    west, south, east, north = around.box
    assert west < 107.0 < east
    assert south < 33.0 < north
    with pytest.raises(NotAPlace):
        surroundings(town, [(200.0, 0.0)])


def test_the_map_is_made_once_and_read_the_same_again(tmp_path):
    pbf = write_town(tmp_path / "town.osm.pbf", nodes=(VILLAGE,))
    first, again = (load_map(pbf, tmp_path / "cache") for _ in range(2))
    way = [place(0, 0), place(3, 3)]
    assert surroundings(first, way) == surroundings(again, way)
    assert len(list((tmp_path / "cache").iterdir())) == 1


def test_a_broken_file_is_refused_by_name(tmp_path):
    (tmp_path / "roads.osm.pbf").write_bytes(b"not a map")
    with pytest.raises(RoadsUnreadable):
        load_map(tmp_path / "roads.osm.pbf", tmp_path)


def test_the_vectors_that_the_phone_is_held_to_are_ours():
    vectors = json.loads(Path("tests/phone/map_vectors.json").read_text())
    for one in vectors["gcj02"]:
        assert convert(*one["wgs84"], Crs.WGS84, Crs.GCJ02) == pytest.approx(one["gcj02"], abs=1e-9)
    for one in vectors["polylines"]:
        assert encode(one["line"]) == one["text"]
