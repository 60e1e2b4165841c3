"""Travel times over real roads, from an OSM `.osm.pbf`: the default source (see road_graph.py for the graph)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.faults import NoWay
from geo.road_graph import Ints, RoadGraph, load_graph
from geo.sphere import Floats, as_xyz, distance_m, must_be_place
from geo.travel import (
    LAST_STRETCH_MS,
    OFF_ROAD_M,
    UNREACHABLE,
    Matrix,
    Point,
    Provenance,
    Route,
    door_to_door,
    leg_stretches,
    must_be_near,
    whole,
)

SOURCES_AT_ONCE = 64
"""Bounds memory: each source needs 12 bytes per junction"""
FASTEST_MS = 25.0
LEAST_S = 1e-3
"""No edge takes nothing: a zero would read as no edge"""


@dataclass(frozen=True, eq=False)
class Network:
    """The graph with the places of one question pinned to it as junctions of their own.

    Edge k leads from ``tail`` to ``head`` over the graph's positions ``a`` … ``b`` (a > b: against the way) and
    takes ``seconds``; sorted by (tail, head), one edge per pair. ``pins`` (places,) are the junctions of the
    places asked about, ``snap_m`` how far they lie from there.
    """

    tail: Ints
    head: Ints
    a: Ints
    b: Ints
    seconds: Floats
    pins: Ints
    snap_m: Floats
    size: int

    def links(self) -> csr_array:
        """The edges as a sparse matrix of seconds."""
        first = np.searchsorted(self.tail, np.arange(self.size + 1))
        return csr_array((self.seconds, self.head, first), shape=(self.size, self.size))

    def edge(self, tail: Ints, head: Ints) -> Ints:
        """Which edges lead from tail to head."""
        return np.searchsorted(self.tail * self.size + self.head, tail * self.size + head)


@dataclass(frozen=True, eq=False)
class Roads:
    """Fastest ways over a road graph; turns cost nothing, classes of road have one speed each.

    A place is put on the nearest road; the stretch from there to the door is walked or crawled at 10 km/h.
    """

    graph: RoadGraph
    off_road_m: float = OFF_ROAD_M

    @classmethod
    def load(cls, path: Path, cache: Path | None = None) -> "Roads":
        """Roads of a `.osm.pbf`; ``cache`` is a folder that makes the second start fast.

        Raises RoadsUnreadable or NoRoads.
        """
        return cls(load_graph(path, cache))

    def covers(self, points: Sequence[Point]) -> bool:
        """Do these roads lie where any of the points are? Elsewhere every point would be unreachable."""
        west, east, south, north = (f(a) for a in (self.graph.lon, self.graph.lat) for f in (np.min, np.max))
        return any(west <= lon <= east and south <= lat <= north for lon, lat in points)

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel between all points; what lies off every road is UNREACHABLE."""
        network = pinned(self.graph, points)
        seconds, metres = _all_pairs(network, self.graph.at_m)
        return door_to_door(points, seconds, metres, network.snap_m, self.off_road_m, self._provenance())

    def route(self, points: Sequence[Point]) -> Route:
        """The fastest way through the points in order. Raises OffRoad, naming the first place without a road."""
        network = pinned(self.graph, points)
        snap_m = [float(snap) for snap in network.snap_m]
        must_be_near(snap_m, self.off_road_m)
        links, stretches = network.links(), leg_stretches(points, snap_m)
        legs = [self._leg(network, links, points, i, far) for i, far in enumerate(stretches)]
        path = [point for _, _, line in legs for point in line] or list(points)
        seconds, metres = tuple(leg[0] for leg in legs), tuple(leg[1] for leg in legs)
        return Route(tuple(_thinned(path)), seconds, metres, self._provenance())

    def _leg(
        self, network: Network, links: csr_array, points: Sequence[Point], i: int, stretch: float
    ) -> tuple[int, int, list[Point]]:
        """Seconds, metres and line from point i to the next."""
        start, goal = int(network.pins[i]), int(network.pins[i + 1])
        far, before = _towards(links, start, goal, distance_m(*points[i], *points[i + 1]))
        if not np.isfinite(far[goal]):
            raise NoWay(start=i, end=i + 1)
        edges = network.edge(*_hops(before, start, goal))
        length = np.abs(self.graph.at_m[network.a[edges]] - self.graph.at_m[network.b[edges]]).sum()
        line = [points[i], *self._line(network, edges), points[i + 1]]
        return int(whole(far[goal] + stretch / LAST_STRETCH_MS)), int(whole(length + stretch)), line

    def _line(self, network: Network, edges: Ints) -> Iterator[Point]:
        for a, b in zip(network.a[edges], network.b[edges], strict=True):
            along = range(a, b + 1) if a <= b else range(a, b - 1, -1)
            yield from ((float(self.graph.lon[at]), float(self.graph.lat[at])) for at in along)

    def _provenance(self) -> Provenance:
        return Provenance("roads", self.graph.digest, "road")


def pinned(graph: RoadGraph, points: Sequence[Point]) -> Network:
    """Pin places to their nearest positions and cut the pieces there. Raises NotAPlace."""
    for point in points:
        must_be_place(*point)
    lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
    snap_m, at = graph.tree.query(as_xyz(lon, lat))
    places, which = np.unique(at, return_inverse=True)
    pins = graph.junctions + which
    tail, head, a, b = _edges(graph, places)
    seconds = np.abs(graph.at_m[a] - graph.at_m[b]) / graph.speed_ms[graph.piece[a]]
    size = graph.junctions + len(places)
    order = np.lexsort((seconds, head, tail))
    key = (tail * size + head)[order]
    best = order[np.concatenate([[True], key[1:] != key[:-1]])]
    taken = np.maximum(seconds[best], LEAST_S)
    return Network(tail[best], head[best], a[best], b[best], taken, pins, snap_m, size)


def _edges(graph: RoadGraph, places: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """(tail, head, a, b) of all whole pieces, and of the parts into which the pinned positions cut theirs.

    The whole pieces stay beside their parts: the same way twice shortens nothing.
    """
    tail, head = [graph.tail], [graph.head]
    a, b = [graph.start], [graph.end]
    touched = graph.piece[places]
    for piece in np.unique(touched):
        inside = np.flatnonzero(touched == piece)
        stops = np.concatenate([[graph.tail[piece]], graph.junctions + inside, [graph.head[piece]]])
        at = np.concatenate([[graph.start[piece]], places[inside], [graph.end[piece]]])
        tail.append(stops[:-1]), head.append(stops[1:])  # type: ignore[func-returns-value]
        a.append(at[:-1]), b.append(at[1:])  # type: ignore[func-returns-value]
    along = [np.concatenate(part) for part in (tail, head, a, b)]
    two_way = ~graph.oneway[graph.piece[along[2]]]
    back = [along[i][two_way] for i in (1, 0, 3, 2)]
    both = [np.concatenate(pair) for pair in zip(along, back, strict=True)]
    return both[0], both[1], both[2], both[3]


def _all_pairs(network: Network, at_m: Floats) -> tuple[Floats, Floats]:
    """Seconds and metres between all pins along the fastest ways, each (n, n), infinite where none leads."""
    links, edge_m = network.links(), np.abs(at_m[network.a] - at_m[network.b])
    rows = []
    for first in range(0, len(network.pins), SOURCES_AT_ONCE):
        sources = network.pins[first : first + SOURCES_AT_ONCE]
        far, before = dijkstra(links, indices=sources, return_predecessors=True)
        seconds = far[:, network.pins]
        metres = np.where(np.isfinite(seconds), _lengths(network, edge_m, before), np.inf)
        rows.append((seconds, metres))
    return np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])


def _lengths(network: Network, edge_m: Floats, before: Ints) -> Floats:
    """Metres along the trees that Dijkstra left, from each source to each pin: all climb home together."""
    rows = np.repeat(np.arange(len(before)), len(network.pins))
    here = np.tile(network.pins, len(before)).astype(np.int64)
    metres = np.zeros(len(rows))
    climbing = np.arange(len(rows))
    while len(climbing):
        up = before[rows[climbing], here[climbing]].astype(np.int64)
        climbing, up = climbing[up >= 0], up[up >= 0]
        metres[climbing] += edge_m[network.edge(up, here[climbing])]
        here[climbing] = up
    return metres.reshape(len(before), -1)


def _towards(links: csr_array, start: int, goal: int, crow_m: float) -> tuple[Floats, Ints]:
    """Dijkstra that looks only as far as it must: the bound doubles until the goal is inside."""
    bound = 120 + 2 * crow_m / FASTEST_MS
    while bound < UNREACHABLE:
        far, before = dijkstra(links, indices=start, return_predecessors=True, limit=bound)
        if np.isfinite(far[goal]):
            break
        bound *= 2
    return far, before


def _hops(before: Ints, start: int, goal: int) -> tuple[Ints, Ints]:
    """The junctions from start to goal as (tails, heads) of the edges between them."""
    way = [goal]
    while way[-1] != start:
        way.append(int(before[way[-1]]))
    forward = np.array(way[::-1], dtype=np.int64)
    return forward[:-1], forward[1:]


def _thinned(path: Sequence[Point]) -> Iterator[Point]:
    """The line without points that repeat their neighbour."""
    for i, point in enumerate(path):
        if i == 0 or point != path[i - 1]:
            yield point
