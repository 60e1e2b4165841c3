"""What every source of travel times promises: a matrix and a route, each saying where its numbers come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.faults import OffRoad

Point = tuple[float, float]
"""(lon, lat), degrees, EPSG:4326"""

Quality = Literal["road", "degraded"]
"""``road``: over real roads. ``degraded``: estimated without roads, and shown as such wherever it appears"""

UNREACHABLE = 2_000_000
"""Stands in a matrix, for seconds and metres alike, where no way leads: no day is that long, and sums stay small"""

OFF_ROAD_M = 3000.0
"""Farther from any road than this a place is on no map of ours: rather a wrong coordinate than a long walk"""

LAST_STRETCH_MS = 10 / 3.6
"""Between road and door: a yard, a lane, some of it on foot"""

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Provenance:
    """Where numbers come from: the engine, the version of its data, and how far to trust them."""

    engine: str
    data_version: str
    quality: Quality


@dataclass(frozen=True, eq=False)
class Matrix:
    """Travel between n points, from row to column.

    ``seconds`` and ``metres`` are (n, n) whole numbers, rounded up, zero on the diagonal and UNREACHABLE where
    no way leads; ``snap_m`` is (n,): how far each point lies from the road it was put on.
    """

    seconds: Ints
    metres: Ints
    snap_m: Floats
    provenance: Provenance


@dataclass(frozen=True)
class Route:
    """The way through several points in their order: ``path`` for the map, and what each leg takes."""

    path: tuple[Point, ...]
    leg_seconds: tuple[int, ...]
    leg_metres: tuple[int, ...]
    provenance: Provenance

    @property
    def seconds(self) -> int:
        """Travel over all legs."""
        return sum(self.leg_seconds)

    @property
    def metres(self) -> int:
        """Length over all legs."""
        return sum(self.leg_metres)


class TravelTimes(Protocol):
    """A source of travel times: a road graph, a routing server, or the crow."""

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel from each point to each other. Raises NotAPlace, or the engine's own faults."""

    def route(self, points: Sequence[Point]) -> Route:
        """The way through two or more points in this order. Raises OffRoad or NoWay where none leads."""


def whole(values: ArrayLike) -> Ints:
    """Seconds or metres rounded up to whole ones, with UNREACHABLE for what is infinite or no number."""
    found = np.asarray(values, dtype=np.float64)
    reached = np.nan_to_num(found, nan=UNREACHABLE, posinf=UNREACHABLE)
    # Rounding first keeps 60.0000000001 from becoming 61.
    return np.minimum(np.ceil(np.round(reached, 6)), UNREACHABLE).astype(np.int64)


def door_to_door(
    points: Sequence[Point],
    seconds: Floats,
    metres: Floats,
    snap_m: Floats,
    off_road_m: float,
    provenance: Provenance,
) -> Matrix:
    """A matrix of road travel with the stretches between road and door added at both ends.

    Neighbours at one and the same place need no travel. A place farther than ``off_road_m`` from every road is UNREACHABLE, and it from everywhere.
    """
    out = np.where(snap_m > off_road_m, np.inf, snap_m)
    stretch = out[:, None] + out
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    stretch[(places[:, None] == places).all(axis=2)] = 0.0
    total, length = whole(seconds + stretch / LAST_STRETCH_MS), whole(metres + stretch)
    # Where one of the two overflows there is no way: neither may look like a number.
    lost = (total >= UNREACHABLE) | (length >= UNREACHABLE)
    total[lost] = length[lost] = UNREACHABLE
    return Matrix(total, length, snap_m, provenance)


def leg_stretches(points: Sequence[Point], snap_m: Sequence[float]) -> list[float]:
    """Metres between road and door at the two ends of each leg; staying where one is takes none."""
    ends = zip(points, points[1:], snap_m, snap_m[1:], strict=False)
    return [one + other if start != goal else 0.0 for start, goal, one, other in ends]


def must_be_near(snap_m: Sequence[float], off_road_m: float) -> None:
    """Raise OffRoad for the first place that is farther from every road than ``off_road_m``."""
    for index, snap in enumerate(snap_m):
        if snap > off_road_m:
            raise OffRoad(index=index, snap_m=round(snap), limit_m=round(off_road_m))
