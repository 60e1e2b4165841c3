"""The map around a tour, small enough to be carried: roads near the way, names of places, clipped and simplified.

The nearer to the way the more is shown: main roads for miles, lanes only close by. Where even that is too much,
everything is drawn in until it fits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.map_file import MAJOR, MIDDLE, MINOR, PLACES, ROADS, TRACK, UNITS, MapData
from geo.polyline import encode
from geo.sphere import Floats, as_xyz, distance_m, must_be_place
from geo.travel import Ints, Point

REACH_M = {MAJOR: 8_000.0, MIDDLE: 5_000.0, MINOR: 1_500.0, TRACK: 1_000.0}
PLACES_M = 8_000.0
MARGIN_DEG = 0.02
STEP_M = 250.0
"""The way is looked at from points this close together"""
MOST_POINTS = 30_000
"""A pack's roads hold no more points than this: some 120 KB"""
SHARES = (1.0, 0.5, 0.25, 0.1)
FINE_DEG = 0.00003
"""Simplified lines stray some 3 m at most"""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """A piece of road: its kind, its name (may be empty) and its line as a polyline text."""

    kind: str
    name: str
    line: str


@dataclass(frozen=True)
class Place:
    """A named place, EPSG:4326 degrees."""

    kind: str
    name: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Surroundings:
    """What lies around a way; ``box`` is west, south, east, north in degrees."""

    box: Box
    roads: tuple[Line, ...]
    places: tuple[Place, ...]


def box_of(points: Sequence[Point], margin: float = MARGIN_DEG) -> Box:
    """The box around points, with a margin in degrees. Raises NotAPlace."""
    for point in points:
        must_be_place(*point)
    lon, lat = zip(*points, strict=True)
    return min(lon) - margin, min(lat) - margin, max(lon) + margin, max(lat) + margin


def surroundings(data: MapData | None, way: Sequence[Point], also: Sequence[Point] = ()) -> Surroundings:
    """The map around a way of one or more points, and around places ``also`` to be seen; without data only its box.

    Raises NotAPlace.
    """
    box = box_of([*way, *also])
    if data is None:
        return Surroundings(box, (), ())
    along = np.array([*_densely(way), *also])
    tree = cKDTree(as_xyz(along[:, 0], along[:, 1]))
    return Surroundings(box, _roads(data, box, tree), _places(data, tree))


def _densely(way: Sequence[Point]) -> Iterator[Point]:
    """The way in steps of STEP_M at most, so that nearness can be asked of its points alone."""
    yield way[0]
    for (lon, lat), (to_lon, to_lat) in pairwise(way):
        parts = max(1, ceil(distance_m(lon, lat, to_lon, to_lat) / STEP_M))
        for i in range(1, parts + 1):
            yield lon + (to_lon - lon) * i / parts, lat + (to_lat - lat) * i / parts


def _roads(data: MapData, box: Box, tree: cKDTree) -> tuple[Line, ...]:
    near = _in_box(data, box)
    for share in SHARES:
        pieces = [piece for road in near for piece in _near_pieces(data, int(road), tree, share)]
        if sum(len(line) for _, line in pieces) <= MOST_POINTS:
            break
    kept = _fitting(sorted(pieces, key=lambda piece: int(data.kind[piece[0]])))
    return tuple(Line(ROADS[data.kind[road]], data.names[data.name[road]], encode(line)) for road, line in kept)


def _fitting(pieces: list[tuple[int, list[Point]]]) -> Iterator[tuple[int, list[Point]]]:
    """As many pieces, the main roads first, as hold MOST_POINTS together."""
    room = MOST_POINTS
    for road, line in pieces:
        room -= len(line)
        if room < 0:
            return
        yield road, line


def _in_box(data: MapData, box: Box) -> Ints:
    """Roads whose boxes meet this one widened by the longest reach."""
    wide = max(REACH_M.values()) / 90_000
    west, south, east, north = (
        round(side * UNITS) for side in (box[0] - wide, box[1] - wide, box[2] + wide, box[3] + wide)
    )
    sides = data.box
    return np.flatnonzero(
        (sides[:, 0] <= east) & (sides[:, 2] >= west) & (sides[:, 1] <= north) & (sides[:, 3] >= south)
    )


def _near_pieces(data: MapData, road: int, tree: cKDTree, share: float) -> Iterator[tuple[int, list[Point]]]:
    """The pieces of a road that come near the way, each with one point beyond."""
    at = slice(data.first[road], data.first[road + 1])
    lon, lat = data.x[at] / UNITS, data.y[at] / UNITS
    reach = REACH_M[int(data.kind[road])] * share
    far, _ = tree.query(as_xyz(lon, lat), distance_upper_bound=reach)
    for start, end in _runs(np.isfinite(far)):
        yield road, _simple(lon[start:end], lat[start:end])


def _runs(near: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Stretches of near points with their neighbours, as (start, end); stretches that meet are one."""
    wide = near.copy()
    wide[1:] |= near[:-1]
    wide[:-1] |= near[1:]
    edges = np.flatnonzero(np.diff(np.concatenate([[False], wide, [False]]).astype(np.int8)))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1)


def _simple(lon: Floats, lat: Floats) -> list[Point]:
    line = shapely.simplify(shapely.linestrings(np.stack([lon, lat], axis=1)), FINE_DEG)
    return [(float(x), float(y)) for x, y in shapely.get_coordinates(line)]


def _places(data: MapData, tree: cKDTree) -> tuple[Place, ...]:
    if not len(data.place_x):
        return ()
    lon, lat = data.place_x / UNITS, data.place_y / UNITS
    far, _ = tree.query(as_xyz(lon, lat), distance_upper_bound=PLACES_M)
    return tuple(
        Place(PLACES[data.place_kind[i]], data.names[data.place_name[i]], float(lon[i]), float(lat[i]))
        for i in np.flatnonzero(np.isfinite(far))
    )
