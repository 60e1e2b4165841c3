"""Reads the drivable ways of an OSM `.osm.pbf` into flat arrays: places in way order, speeds, one-ways."""

import hashlib
import math
import re
from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import osmium
from numpy.typing import NDArray

from geo.faults import NoRoads, RoadsUnreadable
from geo.sphere import Floats, distances_m

SPEED_KMH = {
    "motorway": 90, "motorway_link": 45, "trunk": 65, "trunk_link": 40,
    "primary": 55, "primary_link": 35, "secondary": 45, "secondary_link": 30,
    "tertiary": 36, "tertiary_link": 25, "unclassified": 30, "road": 25,
    "residential": 24, "living_street": 12, "service": 15,
}  # fmt: skip
"""Average speeds by highway class, stops and bends included; tracks and paths are no roads for an office car"""

SHUT = {"no", "private", "agricultural", "forestry"}
ONEWAY_BY_NATURE = {"motorway", "motorway_link"}
SHARE_OF_LIMIT = 0.8
"""On a road with a posted limit nobody averages more than this share of it"""
MPH = 1.609344


@dataclass(frozen=True, eq=False)
class Ways:
    """Drivable ways laid end to end. Position i is one place on one way, n positions in all.

    ``node``, ``lon``, ``lat`` are (n,); ``way`` (n,) is the index of its way; ``at_m`` (n,) grows along the way;
    ``speed_ms`` and ``oneway`` are (ways,). A way that is open only against its direction has been turned round.
    """

    node: NDArray[np.int64]
    lon: Floats
    lat: Floats
    way: NDArray[np.int64]
    at_m: Floats
    speed_ms: Floats
    oneway: NDArray[np.bool_]


def digest_of(path: Path) -> str:
    """SHA-256 of the file in hex: the version of its roads. Raises RoadsUnreadable."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as broken:
        raise RoadsUnreadable(path=path, why=broken.strerror) from broken


def read_ways(path: Path) -> Ways:
    """All ways that a car may use. Raises RoadsUnreadable or NoRoads."""
    kept = _Kept()
    try:
        wanted = osmium.osm.NODE | osmium.osm.WAY
        drivable = osmium.filter.TagFilter(*(("highway", kind) for kind in SPEED_KMH))
        ways = osmium.FileProcessor(str(path), wanted).with_locations()
        for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)).with_filter(drivable):
            kept.take(cast(osmium.osm.Way, way))
    except (RuntimeError, OSError, ValueError) as broken:
        raise RoadsUnreadable(path=path, why=broken) from broken
    if not kept.speed:
        raise NoRoads(path=path)
    return kept.as_ways()


class _Kept:
    """What has been read so far, in compact arrays: a province has millions of places."""

    def __init__(self) -> None:
        self.node, self.size = array("q"), array("q")
        self.lon, self.lat, self.speed = array("d"), array("d"), array("d")
        self.oneway = array("b")

    def take(self, way: "osmium.osm.Way") -> None:
        tags = way.tags
        direction = direction_of(tags)
        places = [node for node in way.nodes if node.location.valid()]
        if len(places) < 2 or not is_open(tags):
            return
        places = places[::-1] if direction < 0 else places
        self.node.extend(node.ref for node in places)
        self.lon.extend(node.lon for node in places)
        self.lat.extend(node.lat for node in places)
        self.size.append(len(places))
        self.speed.append(speed_kmh(tags) / 3.6)
        self.oneway.append(direction != 0)

    def as_ways(self) -> Ways:
        lon, lat = np.array(self.lon), np.array(self.lat)
        way = np.repeat(np.arange(len(self.size)), np.array(self.size))
        step = np.zeros(len(lon))
        step[1:] = distances_m(lon[:-1], lat[:-1], lon[1:], lat[1:]) * (way[1:] == way[:-1])
        oneway = np.array(self.oneway, dtype=bool)
        return Ways(np.array(self.node), lon, lat, way, step.cumsum(), np.array(self.speed), oneway)


def is_open(tags: "osmium.osm.TagList") -> bool:
    """Whether a car on duty may use the way at all; the most specific tag speaks."""
    if tags.get("area") == "yes":
        return False
    said = (tags.get(key) for key in ("motorcar", "motor_vehicle", "vehicle", "access"))
    return next((word for word in said if word), "yes") not in SHUT


def direction_of(tags: "osmium.osm.TagList") -> int:
    """1: only along the way, -1: only against it, 0: both."""
    said = tags.get("oneway")
    if said in {"-1", "reverse"}:
        return -1
    if said in {"yes", "true", "1"}:
        return 1
    by_nature = tags.get("highway") in ONEWAY_BY_NATURE or tags.get("junction") in {"roundabout", "circular"}
    return int(said is None and by_nature)


def speed_kmh(tags: "osmium.osm.TagList") -> float:
    """What a car averages: the class's speed, held down by a posted limit where there is one."""
    usual = float(SPEED_KMH[tags["highway"]])
    posted = re.fullmatch(r"(\d{1,3})\s*(mph|km/h)?", tags.get("maxspeed") or "")
    if not posted or int(posted[1]) == 0:
        return usual
    limit = int(posted[1]) * (MPH if posted[2] == "mph" else 1.0)
    return max(5.0, min(usual, math.ceil(limit * SHARE_OF_LIMIT)))
