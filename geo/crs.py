"""Coordinate systems that Chinese data come in: WGS 84, GCJ-02 and BD-09, each into each (DOMAIN §7.4).

CGCS2000 differs from WGS 84 by centimetres and is read as WGS 84. Outside China the other systems do not
shift anything, so coordinates there come back unchanged.
"""

import math
from collections.abc import Callable
from enum import StrEnum

from geo.faults import UnknownCrs
from geo.sphere import must_be_place

Degrees = tuple[float, float]


class Crs(StrEnum):
    """A coordinate system, by the name that our files use."""

    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


ALIASES = {"CGCS2000": Crs.WGS84, "EPSG4326": Crs.WGS84, "EPSG4490": Crs.WGS84}

# The public transform's own ellipsoid (Krasovsky 1940) and rectangle around China.
AXIS_M = 6_378_245.0
ECCENTRICITY2 = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
BAIDU_TURN = math.pi * 3000 / 180

CLOSE_DEG = 1e-11
"""The inverse stops here: about a micrometre"""
MOST_STEPS = 30


def named(text: str) -> Crs:
    """The system that a person or a file means: ``gcj-02``, ``CGCS2000``, ``EPSG:4326`` …

    Raises UnknownCrs.
    """
    key = "".join(letter for letter in text.upper() if letter.isalnum())
    if key in ALIASES:
        return ALIASES[key]
    try:
        return Crs(key)
    except ValueError:
        known = ", ".join([*Crs, *ALIASES])
        raise UnknownCrs(crs=text, known=known) from None


def convert(lon: float, lat: float, source: Crs, target: Crs) -> Degrees:
    """(lon, lat) in degrees of ``source`` as (lon, lat) of ``target``; good to a millimetre both ways.

    Raises NotAPlace when the coordinates are none.
    """
    must_be_place(lon, lat)
    if source == target:
        return lon, lat
    return from_wgs84(*to_wgs84(lon, lat, source), target)


def to_wgs84(lon: float, lat: float, source: Crs) -> Degrees:
    """(lon, lat) of ``source`` in WGS 84 (EPSG:4326), by inverting the public transform step by step."""
    must_be_place(lon, lat)
    return _inverse(FORWARD[source], lon, lat) if in_china(lon, lat) else (lon, lat)


def from_wgs84(lon: float, lat: float, target: Crs) -> Degrees:
    """(lon, lat) of WGS 84 (EPSG:4326) as another system shows it."""
    must_be_place(lon, lat)
    return FORWARD[target](lon, lat) if in_china(lon, lat) else (lon, lat)


def in_china(lon: float, lat: float) -> bool:
    """Whether the transform shifts this place at all: a rectangle, which is how the systems define it."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def _same(lon: float, lat: float) -> Degrees:
    return lon, lat


def _gcj02(lon: float, lat: float) -> Degrees:
    phi = math.radians(lat)
    magic = 1 - ECCENTRICITY2 * math.sin(phi) ** 2
    meridian = AXIS_M * (1 - ECCENTRICITY2) / magic**1.5
    parallel = AXIS_M / math.sqrt(magic) * math.cos(phi)
    x, y = lon - 105.0, lat - 35.0
    return lon + math.degrees(_east_m(x, y) / parallel), lat + math.degrees(_north_m(x, y) / meridian)


def _bd09(lon: float, lat: float) -> Degrees:
    x, y = _gcj02(lon, lat)
    far = math.hypot(x, y) + 0.00002 * math.sin(y * BAIDU_TURN)
    angle = math.atan2(y, x) + 0.000003 * math.cos(x * BAIDU_TURN)
    return far * math.cos(angle) + 0.0065, far * math.sin(angle) + 0.006


def _east_m(x: float, y: float) -> float:
    plain = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    return plain + _ripple(x) + _waves(x, (20, 1), (40, 1 / 3)) + _waves(x, (150, 1 / 12), (300, 1 / 30))


def _north_m(x: float, y: float) -> float:
    plain = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    return plain + _ripple(x) + _waves(y, (20, 1), (40, 1 / 3)) + _waves(y, (160, 1 / 12), (320, 1 / 30))


def _ripple(x: float) -> float:
    return _waves(x, (20, 6), (20, 2))


def _waves(at: float, *waves: tuple[float, float]) -> float:
    """Two thirds of the sum of sines; each wave is (size in metres, half waves per degree)."""
    return sum(size * math.sin(at * rate * math.pi) for size, rate in waves) * 2 / 3


def _inverse(forward: Callable[[float, float], Degrees], lon: float, lat: float) -> Degrees:
    """The place that ``forward`` shows at (lon, lat): correct the guess by its own error until it fits."""
    x, y = lon, lat
    for _ in range(MOST_STEPS):
        seen_x, seen_y = forward(x, y)
        x, y = x + lon - seen_x, y + lat - seen_y
        if max(abs(seen_x - lon), abs(seen_y - lat)) < CLOSE_DEG:
            break
    return x, y


FORWARD: dict[Crs, Callable[[float, float], Degrees]] = {
    Crs.WGS84: _same,
    Crs.GCJ02: _gcj02,
    Crs.BD09: _bd09,
}
