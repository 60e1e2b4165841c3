"""An invented road network: town streets, winding county roads, village lanes and one motorway, all connected."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np
import shapely

from backend.sample.chance import SOURCE, chance
from backend.sample.counties import BY_CODE, COUNTIES, DEFAULT
from backend.sample.districts import districts
from backend.sample.places import Settlements, Town, Village, settlements
from backend.sample.plane import Point, Points, metres_between, stepped, turned, winding

Tags = tuple[tuple[str, str], ...]
ONEWAY: Tags = (("oneway", "yes"),)
MOTORWAY = "示例高速"
COURSE, COURSE_WIDTH = 33.05, 0.25
"""Latitude of the motorway's course, and how far from it a seat still has a junction, in degrees."""
WHOLE_CITY = tuple(county.code for county in COUNTIES)


@dataclass(frozen=True)
class Way:
    """A road: the indices of its nodes, its class (OSM ``highway``) and its further tags."""

    nodes: tuple[int, ...]
    highway: str
    name: str
    tags: Tags = ()

    @property
    def oneway(self) -> bool:
        """May it be driven only in the order of its nodes?"""
        return dict(self.tags).get("oneway") == "yes"

    @property
    def all_tags(self) -> dict[str, str]:
        """What stands in the OSM file, with the marker of invented things."""
        return {"highway": self.highway, "name": self.name, "source": SOURCE, **dict(self.tags)}


@dataclass
class RoadNet:
    """Nodes (lon, lat in EPSG:4326) and the ways over them."""

    nodes: list[Point] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    places: list[tuple[Point, str, str]] = field(default_factory=list)
    """Names for the map: where, the kind as OSM's ``place`` has it, the name"""

    def node(self, place: Point) -> int:
        """A new node's index."""
        self.nodes.append((round(float(place[0]), 7), round(float(place[1]), 7)))
        return len(self.nodes) - 1

    def wind(self, a: int, b: int, rng: np.random.Generator, highway: str, name: str) -> None:
        """A winding road between two nodes, in pieces of some 250 m."""
        length = float(metres_between(self.nodes[a], self.nodes[b]))
        depth = int(np.clip(np.log2(max(length, 1) / 250), 1, 7))
        middle = winding(self.nodes[a], self.nodes[b], rng, 0.13, depth)[1:-1]
        between = [self.node((lon, lat)) for lon, lat in middle]
        self.ways.append(Way((a, *between, b), highway, name))


def road_network(seed: int, chosen: Sequence[str] = (DEFAULT,)) -> RoadNet:
    """The roads of the chosen counties (``WHOLE_CITY`` for all), one strongly connected network.

    A county's own roads are the same whichever others are chosen. Raises KeyError for an unknown code.
    """
    net = RoadNet()
    corners: dict[str, list[list[int]]] = {}
    for code in chosen:
        corners[code] = _county(net, seed, settlements(seed, code))
    _between_counties(net, seed, chosen, corners)
    _motorway(net, seed, chosen, corners)
    return net


def _county(net: RoadNet, seed: int, here: Settlements) -> list[list[int]]:
    """A county's own roads. Returns for each town the nodes at its edge, where roads arrive."""
    rng = chance(seed, "roads", here.district)
    net.places += [(town.centre, "town", town.townships[0].name) for town in here.towns]
    net.places += [(village.place, "village", village.name) for village in here.villages]
    edges = [_streets(net, town, seat=number == 0) for number, town in enumerate(here.towns)]
    for count, (a, b) in enumerate(_links([town.centre for town in here.towns])):
        highway = "secondary" if 0 in (a, b) else "tertiary"
        _join(net, rng, edges[a], edges[b], highway, f"X{here.district[-3:]}{count + 1:02}县道")
    gates: dict[str, list[int]] = {}
    for town, edge in zip(here.towns, edges, strict=True):
        gates |= dict.fromkeys((township.code for township in town.townships), edge.copy())
    for village in here.villages:
        _village(net, rng, village, gates[village.township.code])
    return edges


def _streets(net: RoadNet, town: Town, *, seat: bool) -> list[int]:
    """A town's grid: the middle streets are wider, inner lanes of a seat alternate as one-way pairs."""
    columns, rows = town.columns, town.rows
    grid = np.array([[net.node(town.at(c, r)) for r in range(rows)] for c in range(columns)])
    wide = "secondary" if seat else "tertiary"
    for c in range(columns):
        lane = seat and 0 < c < columns - 1 and c != columns // 2
        line = grid[c] if c % 2 or not lane else grid[c][::-1]
        tags = ONEWAY if lane else ()
        net.ways.append(Way(tuple(map(int, line)), wide if c == columns // 2 else "residential",
                            town.streets[c], tags))  # fmt: skip
    for r in range(rows):
        net.ways.append(Way(tuple(map(int, grid[:, r])), wide if r == rows // 2 else "residential",
                            town.streets[columns + r]))  # fmt: skip
    return [int(n) for n in np.unique(np.concatenate((grid[0], grid[-1], grid[:, 0], grid[:, -1])))]


def _village(net: RoadNet, rng: np.random.Generator, village: Village, gates: list[int]) -> None:
    """A village's one street, and the lane from the nearest node of its town's roads; the next may start here."""
    reach = np.linspace(-0.5, 0.5, 5) * village.length_m
    lon, lat = stepped(village.place, *turned(reach, 0 * reach, village.bearing))
    street = [net.node(place) for place in zip(lon, lat, strict=True)]
    net.ways.append(Way(tuple(street), "residential", f"{village.name}主街"))
    highway = "unclassified" if rng.random() < 0.7 else "track"
    _join(net, rng, gates, [street[0], street[-1]], highway, f"{village.name}村道")
    gates.append(street[2])


def _join(net: RoadNet, rng: np.random.Generator, ours: list[int], theirs: list[int], highway: str, name: str) -> None:
    """A winding road between the nearest nodes of two places."""
    gaps = metres_between(np.array([net.nodes[i] for i in ours])[:, None],
                          np.array([net.nodes[i] for i in theirs])[None])  # fmt: skip
    a, b = np.unravel_index(gaps.argmin(), gaps.shape)
    net.wind(ours[a], theirs[b], rng, highway, name)


def _links(centres: list[Point]) -> list[tuple[int, int]]:
    """Pairs of towns with no third town between them (Gabriel graph, which always connects all)."""
    places = np.array(centres)
    gaps = metres_between(places[:, None], places[None]) ** 2
    pairs = combinations(range(len(places)), 2)
    return [(a, b) for a, b in pairs if _nothing_between(gaps, a, b)]


def _nothing_between(gaps: np.ndarray, a: int, b: int) -> bool:
    others = np.delete(gaps[a] + gaps[b], [a, b])
    return bool((others >= gaps[a, b]).all())


def _between_counties(net: RoadNet, seed: int, chosen: Sequence[str], corners: dict[str, list[list[int]]]) -> None:
    """A main road over every border that two chosen counties share, between their nearest towns."""
    areas = {d.code: d.area for d in districts(seed)}
    for i, a in enumerate(chosen):
        for b in chosen[i + 1 :]:
            if shapely.intersection(areas[a], areas[b]).length > 0:
                ours, theirs = ([n for edge in corners[code] for n in edge] for code in (a, b))
                _join(net, chance(seed, "roads", a, b), ours, theirs, "primary", f"S{a[-2:]}{b[-2:]}省道")


def _motorway(net: RoadNet, seed: int, chosen: Sequence[str], corners: dict[str, list[list[int]]]) -> None:
    """Two one-way carriageways side by side from west to east, with a junction at every seat on their course.

    Where fewer than two seats lie on the course, it crosses the first county from end to end.
    """
    rng = chance(seed, "roads", "motorway")
    stops = [corners[code][0] for code in chosen if abs(BY_CODE[code].seat[1] - COURSE) < COURSE_WIDTH]
    if len(stops) < 2:
        stops = _ends(net, corners[chosen[0]])
    stops = sorted(stops, key=lambda edge: net.nodes[edge[0]][0])
    junctions = [_junction(net, rng, edge) for edge in stops]
    lines = [winding(net.nodes[a], net.nodes[b], rng, 0.05, 7)[1:-1] for a, b in pairwise(junctions)]
    _carriageway(net, junctions, lines, 1)
    _carriageway(net, junctions[::-1], [line[::-1] for line in lines[::-1]], -1)


def _ends(net: RoadNet, edges: list[list[int]]) -> list[list[int]]:
    """The westernmost town, the seat and the easternmost town of a county."""
    east = [net.nodes[edge[0]][0] for edge in edges]
    return [edges[i] for i in dict.fromkeys((int(np.argmin(east)), 0, int(np.argmax(east))))]


def _junction(net: RoadNet, rng: np.random.Generator, edge: list[int]) -> int:
    """Where the ramps meet the town's roads: 1 km south of its southernmost corner, on an access road."""
    start = min(edge, key=lambda node: net.nodes[node][1])
    end = _beside(net, start, 0.0, -1_000.0)
    net.wind(start, end, rng, "primary_link", "高速连接线")
    return end


def _carriageway(net: RoadNet, order: list[int], lines: list[Points], ahead: int) -> None:
    """One direction, east (1) or west (-1), on the right of the middle line: it begins with an entry, ends with an exit."""
    right_m = -15.0 * ahead
    before: int | None = None
    for number, junction in enumerate(order):
        off = on = None
        if before is not None:
            off = _beside(net, junction, -250.0 * ahead, right_m)
            between = [net.node(stepped((lon, lat), 0.0, right_m)) for lon, lat in lines[number - 1]]
            net.ways.append(Way((before, *between, off), "motorway", MOTORWAY, ONEWAY))
            net.ways.append(Way((off, junction), "motorway_link", MOTORWAY, ONEWAY))
        if junction != order[-1]:
            on = _beside(net, junction, 250.0 * ahead, right_m)
            net.ways.append(Way((junction, on), "motorway_link", MOTORWAY, ONEWAY))
        if off is not None and on is not None:
            net.ways.append(Way((off, on), "motorway", MOTORWAY, ONEWAY))
        before = on


def _beside(net: RoadNet, node: int, east_m: float, north_m: float) -> int:
    return net.node(stepped(net.nodes[node], east_m, north_m))
