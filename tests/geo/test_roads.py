"""Travel over roads: one-ways, closed ways, islands, snapping, the cache, and real extracts where they are."""

from pathlib import Path

import numpy as np
import pytest
from osmium.osm.mutable import Node

from geo import road_graph
from geo.crow import CrowFlight
from geo.faults import NoRoads, OffRoad, RoadsUnreadable
from geo.road_file import SPEED_KMH
from geo.roads import Roads
from geo.sphere import distance_m
from geo.travel import UNREACHABLE
from tests.geo.towns import crossing, place, street, write_town

ISLAND = (Node(id=900, location=(107.2, 33.2)), Node(id=901, location=(107.21, 33.2)))


@pytest.fixture
def pbf(tmp_path: Path) -> Path:
    return tmp_path / "town.osm.pbf"


def test_a_straight_street_takes_its_length_at_the_speed_of_its_class(pbf):
    roads = Roads.load(write_town(pbf))
    start, goal = place(0, 0), place(3, 0)
    found = roads.matrix([start, goal])
    length = distance_m(*start, *goal)
    assert found.metres[0, 1] == pytest.approx(length, abs=2)
    assert found.seconds[0, 1] == pytest.approx(length / SPEED_KMH["residential"] * 3.6, abs=2)
    assert found.snap_m.max() < 0.1


def test_a_faster_road_is_taken(pbf):
    fast = street(300, [crossing(i, 7) for i in range(8)], highway="primary")
    slow = Roads.load(write_town(pbf)).matrix([place(0, 7), place(7, 7)])
    found = Roads.load(write_town(pbf, fast)).matrix([place(0, 7), place(7, 7)])
    assert found.seconds[0, 1] == pytest.approx(slow.seconds[0, 1] * 24 / 55, rel=0.01)


def test_a_posted_limit_slows_a_road(pbf):
    limited = street(300, [crossing(0, 0), 900, 901], highway="primary", maxspeed="20")
    roads = Roads.load(write_town(pbf, limited, nodes=ISLAND))
    found = roads.matrix([place(0, 0), ISLAND[0].location])
    assert found.seconds[0, 1] == pytest.approx(found.metres[0, 1] / 16 * 3.6, rel=0.01)


@pytest.mark.parametrize(("said", "there", "back"), [("yes", 1, 3), ("-1", 3, 1), ("no", 1, 1)])
def test_a_one_way_is_driven_one_way(pbf, said, there, back):
    """A by-pass beside the grid: its middle is reached from one end and left by the other."""
    a, b = Node(id=900, location=place(-1, 0)), Node(id=901, location=place(-1, 1))
    loop = street(300, [crossing(0, 0), 900, 901, crossing(0, 1)], oneway=said)
    found = Roads.load(write_town(pbf, loop, nodes=(a, b))).matrix([place(0, 0), a.location])
    block = found.metres[0, 1] if there == 1 else found.metres[1, 0]
    assert found.metres[0, 1] == pytest.approx(there * block, rel=0.2)
    assert found.metres[1, 0] == pytest.approx(back * block, rel=0.2)


def test_two_places_inside_one_piece_go_straight_to_each_other(pbf):
    middle = tuple(Node(id=900 + i, location=place(-1 - i, 0)) for i in range(4))
    lane = street(300, [crossing(0, 0), 900, 901, 902, 903])
    roads = Roads.load(write_town(pbf, lane, nodes=middle))
    found = roads.matrix([middle[0].location, middle[2].location])
    direct = distance_m(*middle[0].location, *middle[2].location)
    assert found.metres[0, 1] == found.metres[1, 0] == pytest.approx(direct, abs=2)


@pytest.mark.parametrize("tags", [{"highway": "footway"}, {"access": "private"}, {"area": "yes"}])
def test_what_is_closed_to_cars_is_no_road(pbf, tags):
    shut = street(300, [crossing(0, 0), 900], **tags)
    roads = Roads.load(write_town(pbf, shut, nodes=ISLAND[:1]))
    assert roads.matrix([ISLAND[0].location, place(0, 0)]).snap_m[0] > 10_000


def test_an_island_of_roads_is_left_out(pbf):
    roads = Roads.load(write_town(pbf, street(300, [900, 901]), nodes=ISLAND))
    found = roads.matrix([ISLAND[0].location, place(0, 0)])
    assert found.seconds[0, 1] == found.metres[1, 0] == UNREACHABLE
    with pytest.raises(OffRoad) as refused:
        roads.route([place(0, 0), ISLAND[0].location])
    assert refused.value.facts["index"] == 1


def test_the_stretch_between_road_and_door_is_told_and_takes_time(pbf):
    roads = Roads.load(write_town(pbf))
    door = (place(0, 0)[0] - 0.005, place(0, 0)[1])
    at_road, at_door = (roads.matrix([p, place(4, 0)]) for p in (place(0, 0), door))
    assert at_door.snap_m[0] == pytest.approx(distance_m(*door, *place(0, 0)), abs=1)
    assert at_door.seconds[0, 1] - at_road.seconds[0, 1] == pytest.approx(467 * 0.36, abs=3)


def test_a_route_agrees_with_the_matrix_and_starts_and_ends_at_the_doors(pbf):
    roads = Roads.load(write_town(pbf))
    points = [place(0.2, 0), place(5, 6.1), place(5, 6.1), place(2, 2)]
    found, matrix = roads.route(points), roads.matrix(points)
    assert found.leg_seconds[1] == 0
    assert found.leg_seconds == tuple(matrix.seconds[i, i + 1] for i in range(3))
    assert found.leg_metres == tuple(matrix.metres[i, i + 1] for i in range(3))
    assert (found.path[0], found.path[-1]) == (points[0], points[-1])
    assert found.provenance.quality == "road"


def test_a_second_start_reads_the_cache_and_not_the_roads(pbf, tmp_path, monkeypatch):
    cache, points = tmp_path / "cache", [place(0, 0), place(5, 5)]
    first = Roads.load(write_town(pbf), cache)
    monkeypatch.setattr(road_graph, "read_ways", None)
    second = Roads.load(pbf, cache)
    assert second.matrix(points).provenance == first.matrix(points).provenance
    assert np.array_equal(second.matrix(points).seconds, first.matrix(points).seconds)


def test_a_broken_cache_is_made_anew(pbf, tmp_path):
    Roads.load(write_town(pbf), tmp_path / "cache")
    (kept,) = (tmp_path / "cache").iterdir()
    kept.write_bytes(kept.read_bytes()[:100])
    assert Roads.load(pbf, tmp_path / "cache").matrix([place(0, 0), place(1, 0)]).metres[0, 1] > 900


def test_other_roads_are_another_version(pbf, tmp_path):
    first = Roads.load(write_town(pbf))
    second = Roads.load(write_town(tmp_path / "b.osm.pbf", street(300, [1, 3])))
    assert first.graph.digest != second.graph.digest


def test_files_that_hold_no_roads_are_refused(pbf, tmp_path):
    with pytest.raises(RoadsUnreadable, match="No such file"):
        Roads.load(tmp_path / "missing.osm.pbf")
    pbf.write_bytes(b"this is no map")
    with pytest.raises(RoadsUnreadable):
        Roads.load(pbf)
    pbf.unlink()
    write_town(pbf.with_name("c.osm.pbf"))
    cut = pbf.with_name("cut.osm.pbf")
    cut.write_bytes(pbf.with_name("c.osm.pbf").read_bytes()[:-40])
    with pytest.raises((RoadsUnreadable, NoRoads)):
        Roads.load(cut)


@pytest.mark.parametrize("name", ["andorra", "heidelberg", "synth_hanzhong"])
def test_real_roads_are_longer_than_the_crow_flies(shared, tmp_path, name):
    roads = Roads.load(shared / "data/roads" / f"{name}.osm.pbf", tmp_path)
    places = np.random.default_rng(1).choice(len(roads.graph.lon), 12, replace=False)
    points = [(float(roads.graph.lon[i]), float(roads.graph.lat[i])) for i in places]
    found, crow = roads.matrix(points), CrowFlight(detour=1.0).matrix(points)
    apart = ~np.eye(12, dtype=bool)
    assert (found.metres >= crow.metres - 1)[apart].all()
    assert found.seconds.max() < UNREACHABLE
