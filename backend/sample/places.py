"""Invented towns, townships and villages: 177 townships, each with a place inside its county and streets of its own."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from backend.sample.chance import SOURCE, chance
from backend.sample.counties import BY_CODE, COUNTIES, County
from backend.sample.districts import districts
from backend.sample.plane import Point, metres_between, stepped, turned
from backend.sample.words import (
    PLACE_FIRST,
    PLACE_LAST,
    STREET_FIRST,
    STREET_LAST,
    VILLAGE_FIRST,
    VILLAGE_LAST,
    invented,
)

TOWN_MARGIN = 0.07
"""What town centres keep from the border, as a part of the root of the county's area."""
VILLAGE_MARGIN = 0.009
"""Degrees that villages keep from the border, about 1 km."""


@dataclass(frozen=True)
class Township:
    """A subdistrict, town or township (9-digit code); its point is EPSG:4326."""

    code: str
    name: str
    kind: str
    district: str
    place: Point
    source: str = SOURCE


@dataclass(frozen=True)
class Town:
    """A built-up place with a grid of streets; a county seat is shared by several subdistricts."""

    centre: Point
    columns: int
    rows: int
    block_m: float
    bearing: float
    streets: tuple[str, ...]
    """Names: the columns from west to east, then the rows from south to north."""
    townships: tuple[Township, ...]

    @property
    def district(self) -> str:
        """The county's code."""
        return self.townships[0].district

    def at(self, column: float, row: float) -> Point:
        """The place at a street corner, or between corners, counted from the south-west."""
        east = (column - (self.columns - 1) / 2) * self.block_m
        north = (row - (self.rows - 1) / 2) * self.block_m
        lon, lat = stepped(self.centre, *turned(east, north, self.bearing))
        return round(float(lon), 7), round(float(lat), 7)


@dataclass(frozen=True)
class Village:
    """A village along one street of ``length_m`` metres."""

    name: str
    township: Township
    place: Point
    bearing: float
    length_m: float


@dataclass(frozen=True)
class Settlements:
    """Everything settled in one county."""

    district: str
    towns: tuple[Town, ...]
    villages: tuple[Village, ...]

    @property
    def townships(self) -> tuple[Township, ...]:
        """All townships of the county, by code."""
        return tuple(sorted((t for town in self.towns for t in town.townships), key=lambda t: t.code))


@cache
def settlements(seed: int, district: str) -> Settlements:
    """The towns and villages of a county. Raises KeyError for a code that is none of the eleven."""
    county = BY_CODE[district]
    area = next(d.area for d in districts(seed) if d.code == district)
    rng = chance(seed, "places", district)
    seat = _town(rng, county, county.seat, _township_names(seed, county), seat=True)
    core = area.buffer(-TOWN_MARGIN * area.area**0.5)
    centres = _spread(rng, core, county.seat, county.townships - county.streets)
    others = tuple(
        _town(rng, county, centre, [name], seat=False, number=number)
        for number, (centre, name) in enumerate(
            zip(centres, _township_names(seed, county)[county.streets :], strict=True)
        )
    )
    towns = (seat, *others)
    return Settlements(district, towns, _villages(rng, area.buffer(-VILLAGE_MARGIN), towns))


def all_townships(seed: int) -> tuple[Township, ...]:
    """All 177 (DOMAIN §7.2)."""
    return tuple(t for county in COUNTIES for t in settlements(seed, county.code).townships)


@cache
def _all_names(seed: int) -> tuple[str, ...]:
    words = invented(PLACE_FIRST, PLACE_LAST)
    chosen = chance(seed, "places", "names").permutation(len(words))
    return tuple(words[i] for i in chosen[: sum(c.townships for c in COUNTIES)])


def _township_names(seed: int, county: County) -> list[str]:
    """The county's part of the names, so that no two townships share one."""
    start = sum(c.townships for c in COUNTIES[: COUNTIES.index(county)])
    return list(_all_names(seed)[start : start + county.townships])


def _town(rng: np.random.Generator, county: County, centre: Point, names: list[str], *,
          seat: bool, number: int = 0) -> Town:  # fmt: skip
    """A town with its street grid: seats grow with their county, other towns stay small."""
    kind, count = ("街道", county.streets) if seat else ("镇", 1)
    grow = int(county.share)
    columns, rows = (8 + grow, 8 + grow) if seat else rng.integers(4, 8, 2).tolist()
    block = 150.0 if seat else 110.0
    plain = Town(centre, columns, rows, block, float(rng.uniform(-0.4, 0.4)),
                 _street_names(rng, columns + rows), ())  # fmt: skip
    code = f"{county.code}{'0' if seat else '1'}"
    townships = tuple(
        Township(f"{code}{number + part:02}", f"{names[part]}{kind}", kind, county.code,
                 plain.at((columns - 1) * (part + 0.5) / count, (rows - 1) / 2))
        for part in range(count)
    )  # fmt: skip
    return Town(centre, columns, rows, block, plain.bearing, plain.streets, townships)


def _street_names(rng: np.random.Generator, count: int) -> tuple[str, ...]:
    words = invented(STREET_FIRST, STREET_LAST)
    kinds = rng.choice(["路", "街", "巷"], count, p=[0.45, 0.4, 0.15])
    return tuple(words[i] + kind for i, kind in zip(rng.permutation(len(words)), kinds, strict=False))


def _spread(rng: np.random.Generator, area: BaseGeometry, seat: Point, count: int) -> list[Point]:
    """So many places in an area, far from each other and farther from the seat (best of 30 candidates)."""
    taken, clear_m = [seat], [4_000.0]
    for _ in range(count):
        candidates = _inside(rng, area, 30)
        gaps = metres_between(candidates[:, None], np.array(taken)[None]) - np.array(clear_m)
        best = candidates[gaps.min(axis=1).argmax()]
        taken.append((round(float(best[0]), 6), round(float(best[1]), 6)))
        clear_m.append(0.0)
    return taken[1:]


def _inside(rng: np.random.Generator, area: BaseGeometry, count: int) -> np.ndarray:
    """So many random places within an area."""
    west, south, east, north = area.bounds
    found = np.empty((0, 2))
    while len(found) < count:
        tries = rng.uniform((west, south), (east, north), (count, 2))
        found = np.vstack((found, tries[shapely.contains_xy(area, tries[:, 0], tries[:, 1])]))
    return found[:count]


def _villages(rng: np.random.Generator, area: BaseGeometry, towns: tuple[Town, ...]) -> tuple[Village, ...]:
    """Six to fourteen villages around each town's centre, 1–6 km out, where the county reaches so far."""
    words = invented(VILLAGE_FIRST, VILLAGE_LAST)
    out: list[Village] = []
    for town in towns:
        names = rng.permutation(len(words))
        reach = max(town.columns, town.rows) * town.block_m * 0.75 + 500
        distance = rng.uniform(reach, reach + 4_500, rng.integers(6, 15))
        turn = rng.uniform(0, 2 * np.pi, len(distance))
        lon, lat = stepped(town.centre, distance * np.cos(turn), distance * np.sin(turn))
        inside = shapely.contains_xy(area, lon, lat)
        out += [
            Village(words[names[i]] + "村", town.townships[i % len(town.townships)],
                    (round(float(lon[i]), 6), round(float(lat[i]), 6)),
                    float(rng.uniform(0, np.pi)), float(rng.integers(3, 9) * 100))
            for i in np.flatnonzero(inside)
        ]  # fmt: skip
    return tuple(out)
