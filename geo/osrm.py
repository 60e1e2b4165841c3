"""Travel times from an `osrm-routed` server, for cities that run one: its table and route services, version 1."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import requests

from geo.faults import NoWay, RouterRefused, RouterUnreachable
from geo.sphere import Floats, must_be_place
from geo.travel import (
    LAST_STRETCH_MS,
    OFF_ROAD_M,
    Matrix,
    Point,
    Provenance,
    Route,
    door_to_door,
    leg_stretches,
    must_be_near,
    whole,
)

ROUTE = {"geometries": "geojson", "overview": "full", "continue_straight": "false"}
"""The whole line for the map; turning round at a stop is what a visiting car does"""
BLOCK = 50
"""Two blocks make one table request: 100 places is what a server takes unless told otherwise"""


@dataclass(frozen=True)
class OsrmServer:
    """A server by its URL (``http://127.0.0.1:5000``). It speaks of roads only: the last stretch is added here."""

    url: str
    profile: str = "driving"
    timeout_s: float = 20.0
    off_road_m: float = OFF_ROAD_M

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel between all points, asked block by block.

        Raises NotAPlace, RouterUnreachable or RouterRefused.
        """
        for point in points:
            must_be_place(*point)
        size = len(points)
        seconds, metres, snap_m = np.zeros((size, size)), np.zeros((size, size)), np.zeros(size)
        version = "unknown"
        for rows in _blocks(size):
            for columns in _blocks(size):
                found = self._table([points[i] for i in rows], [points[i] for i in columns])
                version = found.get("data_version", version)
                block = np.ix_(rows, columns)
                seconds[block], metres[block] = _numbers(found, "durations"), _numbers(found, "distances")
                snap_m[rows] = [place["distance"] for place in found["sources"]]
        return door_to_door(points, seconds, metres, snap_m, self.off_road_m, Provenance("osrm", version, "road"))

    def route(self, points: Sequence[Point]) -> Route:
        """The way through the points in order.

        Raises OffRoad, NoWay (of the whole row: the server does not say where), RouterUnreachable or RouterRefused.
        """
        for point in points:
            must_be_place(*point)
        found = self._ask("route", points, ROUTE)
        if found["code"] == "NoRoute":
            raise NoWay(start=0, end=len(points) - 1)
        snap_m = [float(place["distance"]) for place in found["waypoints"]]
        must_be_near(snap_m, self.off_road_m)
        stretches = leg_stretches(points, snap_m)
        legs = list(zip(found["routes"][0]["legs"], stretches, strict=True))
        return Route(
            tuple((float(lon), float(lat)) for lon, lat in found["routes"][0]["geometry"]["coordinates"]),
            tuple(int(whole(leg["duration"] + far / LAST_STRETCH_MS)) for leg, far in legs),
            tuple(int(whole(leg["distance"] + far)) for leg, far in legs),
            Provenance("osrm", found.get("data_version", "unknown"), "road"),
        )

    def _table(self, sources: Sequence[Point], targets: Sequence[Point]) -> dict[str, Any]:
        first = ";".join(str(i) for i in range(len(sources)))
        second = ";".join(str(len(sources) + i) for i in range(len(targets)))
        wanted = {"annotations": "duration,distance", "sources": first, "destinations": second}
        found = self._ask("table", [*sources, *targets], wanted)
        if "durations" not in found or "distances" not in found:
            raise RouterRefused(url=self.url, code=found["code"], why="no durations or distances")
        return found

    def _ask(self, service: str, points: Sequence[Point], wanted: dict[str, str]) -> dict[str, Any]:
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in points)
        address = f"{self.url.rstrip('/')}/{service}/v1/{self.profile}/{places}"
        try:
            # Semicolons stay as they are: the server does not decode them.
            query = "&".join(f"{key}={value}" for key, value in wanted.items())
            answer = requests.get(f"{address}?{query}", timeout=self.timeout_s)
        except requests.RequestException as broken:
            raise RouterUnreachable(url=self.url, why=type(broken).__name__) from broken
        return self._understood(answer)

    def _understood(self, answer: requests.Response) -> dict[str, Any]:
        try:
            found = answer.json()
            code = found["code"]
        except (ValueError, KeyError, TypeError):
            raise RouterRefused(url=self.url, code=answer.status_code, why="not OSRM's JSON") from None
        if code not in {"Ok", "NoRoute"}:
            raise RouterRefused(url=self.url, code=code, why=found.get("message", ""))
        return dict(found)


def _blocks(size: int) -> Iterator[list[int]]:
    for first in range(0, size, BLOCK):
        yield list(range(first, min(first + BLOCK, size)))


def _numbers(found: dict[str, Any], name: str) -> Floats:
    """A block of the answer; null, where no way leads, becomes not-a-number."""
    return np.array(found[name], dtype=np.float64)
