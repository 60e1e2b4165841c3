"""Small plane geometry over longitude and latitude (EPSG:4326): steps in metres, and winding lines."""

import math
from typing import Any

import numpy as np

METRES_PER_LAT = 110_920.0
"""Metres in one degree of latitude at 33° north."""
METRES_PER_LON = 111_320.0 * math.cos(math.radians(33.0))
"""Metres in one degree of longitude at 33° north; good to 1 % all over the sample."""
Point = tuple[float, float]
Points = np.ndarray[Any, np.dtype[np.float64]]


def stepped(start: Point, east_m: Any, north_m: Any) -> tuple[Any, Any]:
    """The place, or array of places, so many metres east and north of ``start`` (lon, lat in degrees)."""
    return start[0] + east_m / METRES_PER_LON, start[1] + north_m / METRES_PER_LAT


def turned(east_m: Any, north_m: Any, bearing: float) -> tuple[Any, Any]:
    """A step in metres turned by ``bearing`` radians, counter-clockwise."""
    c, s = math.cos(bearing), math.sin(bearing)
    return east_m * c - north_m * s, east_m * s + north_m * c


def metres_between(a: Any, b: Any) -> Any:
    """Plane distance in metres between (lon, lat) pairs or arrays of them."""
    step = (np.asarray(a) - np.asarray(b)) * (METRES_PER_LON, METRES_PER_LAT)
    return np.hypot(step[..., 0], step[..., 1])


def winding(a: Point, b: Point, rng: np.random.Generator, roughness: float, depth: int) -> Points:
    """A jagged line from ``a`` to ``b`` by midpoint displacement: 2**depth pieces, both ends kept exactly.

    ``roughness`` is how far a midpoint strays, as a part of its piece's length (one standard deviation).
    """
    line = np.array([a, b])
    for _ in range(depth):
        step = line[1:] - line[:-1]
        across = np.column_stack((-step[:, 1], step[:, 0]))
        stray = rng.normal(0, roughness, len(step)).clip(-2 * roughness, 2 * roughness)
        middle = (line[1:] + line[:-1]) / 2 + across * stray[:, None]
        line = np.insert(line, range(1, len(line)), middle, axis=0)
    line[1:-1] = line[1:-1].round(6)
    return line
