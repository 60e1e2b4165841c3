"""Promises of the invented map: shapes that fit together, settlements inside them, roads that lead everywhere."""

import hashlib
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shapely.geometry import shape

from backend.sample.chance import SEED
from backend.sample.counties import COUNTIES, DEFAULT
from backend.sample.districts import as_geojson, districts
from backend.sample.osm import write_pbf
from backend.sample.places import all_townships, settlements
from backend.sample.plane import metres_between
from backend.sample.roads import WHOLE_CITY, RoadNet, road_network


@pytest.mark.parametrize("seed", [SEED, 1, 2, 3])
def test_counties_cover_the_city_without_gaps_or_overlaps(seed: int) -> None:
    city, *counties = districts(seed)
    areas = [county.area for county in counties]
    assert len(areas) == 11
    assert all(area.is_valid for area in areas)
    assert shapely.coverage_is_valid(areas)
    assert shapely.union_all(areas).equals(city.area)
    assert not city.area.geoms[0].interiors


def test_shapes_are_geojson_marked_as_invented() -> None:
    found = as_geojson(districts(SEED))["features"]
    assert [feature["id"] for feature in found[1:]] == [county.code for county in COUNTIES]
    assert {feature["properties"]["source"] for feature in found} == {"sample"}
    assert all(shape(feature["geometry"]).is_valid for feature in found)


def test_another_seed_makes_other_shapes() -> None:
    assert not districts(1)[0].area.equals(districts(2)[0].area)


def test_there_are_177_townships_with_names_and_codes_of_their_own() -> None:
    townships = all_townships(SEED)
    assert len({t.code for t in townships}) == len({t.name for t in townships}) == 177
    assert all(len(t.code) == 9 and t.code.startswith(t.district) for t in townships)


def test_towns_and_villages_lie_within_their_county() -> None:
    for district in districts(SEED)[1:]:
        here = settlements(SEED, district.code)
        corners = [town.at(c, r) for town in here.towns
                   for c in (0, town.columns - 1) for r in (0, town.rows - 1)]  # fmt: skip
        places = np.array(corners + [v.place for v in here.villages] + [t.place for t in here.townships])
        assert shapely.contains_xy(district.area, places[:, 0], places[:, 1]).all()


@pytest.mark.parametrize("chosen", [(DEFAULT,), ("610702", "610703"), WHOLE_CITY])
def test_every_node_can_be_reached_from_every_other_by_lawful_driving(chosen: tuple[str, ...]) -> None:
    assert _strong_components(road_network(SEED, chosen)) == 1


def test_roads_reach_every_village() -> None:
    nodes = np.array(road_network(SEED).nodes)
    for village in settlements(SEED, DEFAULT).villages:
        assert metres_between(nodes, np.array(village.place)).min() < 20


def test_roads_have_classes_names_and_some_go_one_way() -> None:
    net = road_network(SEED)
    classes = {way.highway for way in net.ways}
    assert {"motorway", "motorway_link", "secondary", "tertiary", "residential", "unclassified", "track"} <= classes
    assert all(way.name for way in net.ways)
    assert 0 < sum(way.oneway for way in net.ways) < len(net.ways) / 2


def test_the_road_file_is_the_same_each_time_and_reads_back(tmp_path: Path) -> None:
    net = road_network(SEED)
    digests = set()
    for name in ("a.osm.pbf", "b.osm.pbf"):
        write_pbf(net, tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).digest())
    assert len(digests) == 1
    ways = [obj for obj in osmium.FileProcessor(str(tmp_path / "a.osm.pbf")) if obj.is_way()]
    assert len(ways) == len(net.ways)


def _strong_components(net: RoadNet) -> int:
    ahead = [pair for way in net.ways for pair in zip(way.nodes[:-1], way.nodes[1:], strict=True)]
    back = [(b, a) for way in net.ways if not way.oneway
            for a, b in zip(way.nodes[:-1], way.nodes[1:], strict=True)]  # fmt: skip
    edges = np.array(ahead + back)
    size = len(net.nodes)
    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(size, size))
    return int(connected_components(graph, connection="strong")[0])
