"""Where invented entities stand: beside the streets of a county's towns and villages, with an address to match."""

from dataclasses import dataclass

import numpy as np

from backend.sample.chance import pick_many
from backend.sample.places import Settlements, Town, Township, Village
from backend.sample.plane import METRES_PER_LAT, METRES_PER_LON, Point, stepped, turned

URBAN, RURAL = (0.50, 0.32, 0.18), (0.04, 0.16, 0.80)
"""Parts of the entities at the seat, in other towns and in villages: of most trades, and of farming."""


@dataclass(frozen=True)
class Street:
    """One street with the townships along it (a seat's streets cross several subdistricts)."""

    name: str
    start: Point
    end: Point
    metres: float
    townships: tuple[Township, ...]
    """In order from start to end."""
    where: int
    """0 at the seat, 1 in another town, 2 in a village"""


@dataclass(frozen=True)
class Spots:
    """Places of many entities, as columns of equal length; degrees in EPSG:4326."""

    lon: np.ndarray
    lat: np.ndarray
    address: list[str]
    township: list[Township]
    grid: list[str]
    quality: np.ndarray


def streets_of(here: Settlements) -> list[Street]:
    """All streets of a county on which somebody can have an address."""
    out = [street for number, town in enumerate(here.towns) for street in _town_streets(town, min(number, 1))]
    return out + [_village_street(village) for village in here.villages]


def spots(rng: np.random.Generator, county_name: str, streets: list[Street], rural: np.ndarray) -> Spots:
    """A spot for each entity, 8–20 m beside a street; ``rural`` tells which entities are at home in villages."""
    chosen = np.where(rural, _pick(rng, streets, RURAL, len(rural)), _pick(rng, streets, URBAN, len(rural)))
    along = rng.uniform(0.02, 0.98, len(rural))
    side = rng.integers(0, 2, len(rural))
    lon, lat = _beside(streets, chosen, along, np.where(side, 1, -1) * rng.uniform(8, 20, len(rural)))
    homes, addresses, grids = [], [], []
    for index, part, odd in zip(chosen.tolist(), along.tolist(), side.tolist(), strict=True):
        street = streets[index]
        township = street.townships[int(part * len(street.townships))]
        homes.append(township)
        addresses.append(f"陕西省汉中市{county_name}{township.name}{street.name}{_number(street, part, odd)}")
        grids.append(f"{township.code}-{index % 9 + 1:02}")
    village = np.array([street.where == 2 for street in streets])[chosen]
    quality = np.where(village, "VILLAGE", np.where(rng.random(len(rural)) < 0.75, "ROOFTOP", "STREET"))
    return _roughened(rng, Spots(lon, lat, addresses, homes, grids, quality))


def _roughened(rng: np.random.Generator, found: Spots) -> Spots:
    """One in fifty is known no better than by its township's point."""
    rough = np.flatnonzero(rng.random(len(found.lon)) < 0.02)
    for i in rough.tolist():
        found.lon[i], found.lat[i] = found.township[i].place
    found.quality[rough] = "TOWNSHIP"
    return found


def _town_streets(town: Town, where: int) -> list[Street]:
    """Columns lie within one township, rows run through all of them."""
    last_column, last_row, homes = town.columns - 1, town.rows - 1, town.townships
    columns = [
        Street(town.streets[c], town.at(c, 0), town.at(c, last_row), last_row * town.block_m,
               (homes[min(c * len(homes) // last_column, len(homes) - 1)],), where)
        for c in range(town.columns)
    ]  # fmt: skip
    return columns + [
        Street(town.streets[town.columns + r], town.at(0, r), town.at(last_column, r),
               last_column * town.block_m, homes, where)
        for r in range(town.rows)
    ]  # fmt: skip


def _village_street(village: Village) -> Street:
    half = village.length_m / 2
    start, end = (stepped(village.place, *turned(reach, 0.0, village.bearing)) for reach in (-half, half))
    return Street(village.name, start, end, village.length_m, (village.township,), 2)


def _pick(rng: np.random.Generator, streets: list[Street], shares: tuple[float, ...], count: int) -> np.ndarray:
    """So many street indices: by kind of place first, then by length."""
    metres = np.array([street.metres for street in streets])
    where = np.array([street.where for street in streets])
    totals = np.bincount(where, weights=metres, minlength=3)
    return pick_many(rng, metres / totals[where] * np.array(shares)[where], count)


def _beside(streets: list[Street], chosen: np.ndarray, along: np.ndarray, away_m: np.ndarray) -> tuple[np.ndarray, ...]:
    """Longitudes and latitudes at a part of the way along each chosen street, so many metres to its left."""
    start = np.array([street.start for street in streets])[chosen]
    end = np.array([street.end for street in streets])[chosen]
    metres = np.array([street.metres for street in streets])[chosen]
    step_m = (end - start) * (METRES_PER_LON, METRES_PER_LAT)
    left = np.column_stack((-step_m[:, 1], step_m[:, 0])) / metres[:, None]
    at = start + (end - start) * along[:, None]
    lon, lat = (at + left * away_m[:, None] / (METRES_PER_LON, METRES_PER_LAT)).T.round(6)
    return lon, lat


def _number(street: Street, along: float, odd: int) -> str:
    """A house number that grows along the street, odd on one side; villages have groups."""
    house = int(along * street.metres / 8) * 2 + odd + 1
    return f"{house}号" if street.where < 2 else f"{int(along * 5) + 1}组{house}号"
