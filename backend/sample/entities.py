"""Invented entities of every kind, as rows of the entity import (headings of ``registry.entity_rows``), 400,000 in seconds."""

from collections.abc import Iterator, Sequence
from datetime import date

import numpy as np

from backend.sample import codes
from backend.sample.chance import SOURCE, chance, pick_many
from backend.sample.counties import BY_CODE, COUNTIES, DEFAULT, County
from backend.sample.places import settlements
from backend.sample.spots import Spots, spots, streets_of
from backend.sample.trades import KINDS, TRADES
from backend.sample.units import office_of
from backend.sample.words import SHOP_FIRST, SHOP_LAST
from geo.crs import Crs, convert

Row = dict[str, str]
STATES = {"active": 95.2, "dormant": 1.0, "cancelled": 2.2, "revoked": 0.8, "moved_out": 0.5, "liquidation": 0.3}
CLASSES = {"company": "91", "individual": "92", "cooperative": "93", "branch": "91", "other": "91"}
SYSTEMS = {Crs.WGS84: 95.0, Crs.GCJ02: 3.5, Crs.BD09: 1.5}
YEAR = 365.25
CODES_SINCE = date(2015, 10, 1).toordinal()
"""Credit codes were introduced; some old households have only their registration number (DOMAIN §1.2)."""
RENAMED = ("610703", "610721", date(2017, 9, 1).toordinal())
"""Nanzheng's codes from before it became a district keep the county's old number (DOMAIN §7.2)."""
COUNTY_ROOM = 40_000_000
"""Serial numbers of a county, so that no two counties share a credit code."""


def entities(seed: int, on: date, count: int, chosen: Sequence[str] = (DEFAULT,)) -> Iterator[Row]:
    """``count`` rows in the chosen counties, by their size; every date is told from the day ``on``.

    All values are text, dates ISO 8601, coordinates degrees in the system that ``crs`` names. Raises KeyError for a
    code that is none of the eleven counties.
    """
    shares = np.array([BY_CODE[code].share for code in chosen])
    ends = np.round(np.cumsum(shares) / shares.sum() * count).astype(int)
    for code, size in zip(chosen, np.diff(np.r_[0, ends]).tolist(), strict=True):
        if size:
            yield from _county_rows(seed, on, BY_CODE[code], size)


def _county_rows(seed: int, on: date, county: County, count: int) -> Iterator[Row]:
    rng = chance(seed, "entities", county.code)
    trade = pick_many(rng, np.array([t.share for t in TRADES]), count)
    kind = _kinds(rng, trade)
    born = _born(rng, on, count)
    where = spots(rng, county.name, streets_of(settlements(seed, county.code)),
                  np.array([t.rural for t in TRADES])[trade])  # fmt: skip
    columns = {
        **_identity(rng, county, kind, born),
        "name": _names(rng, county, trade, kind),
        "entity_type": np.array(KINDS)[kind].tolist(),
        "est_date": _days(born),
        "reg_state": np.array(list(STATES))[pick_many(rng, np.array(list(STATES.values())), count)].tolist(),
        "reg_org": [f"{county.name}市场监督管理局"] * count,
        **_place(rng, county, where),
        "industry": [TRADES[t].industry for t in trade.tolist()],
        "trade_format": [TRADES[t].format for t in trade.tolist()],
        **_licences(rng, on, county, trade, born),
        # No number range in China begins so: nobody is ever called.
        "phone": np.char.add("100", codes.padded(rng.integers(0, 10**8, count), 8)).tolist(),
        "tags": _tags(rng, trade),
        "source": [SOURCE] * count,
    }
    names = list(columns)
    for values in zip(*columns.values(), strict=True):
        yield dict(zip(names, values, strict=True))


def _kinds(rng: np.random.Generator, trade: np.ndarray) -> np.ndarray:
    """Each entity's type, by the profile of its trade."""
    edges = np.cumsum([t.profile for t in TRADES], axis=1)[trade]
    return np.minimum((edges < rng.random(len(trade))[:, None]).sum(axis=1), len(KINDS) - 1)


def _born(rng: np.random.Generator, on: date, count: int) -> np.ndarray:
    """Days of establishment as ordinals: most are young, none older than 40 years or younger than a day."""
    age_days = rng.exponential(5.5 * YEAR, count).clip(1, 40 * YEAR)
    return np.asarray(on.toordinal() - age_days.astype(int))


def _days(ordinals: np.ndarray) -> list[str]:
    epoch = date(1970, 1, 1).toordinal()
    days: list[str] = (ordinals - epoch).astype("datetime64[D]").astype(str).tolist()
    return days


def _identity(rng: np.random.Generator, county: County, kind: np.ndarray, born: np.ndarray) -> dict[str, list[str]]:
    """Credit codes, and for some households from before them a registration number instead."""
    count = len(kind)
    serials = COUNTIES.index(county) * COUNTY_ROOM + np.arange(1, count + 1)
    code, old_code, until = RENAMED
    district = np.where((county.code == code) & (born < until), old_code, county.code)
    classes = np.array([CLASSES[name] for name in KINDS])[kind]
    uscc = codes.credit_codes(classes, district, serials)
    reg_no = codes.registration_numbers(district, np.arange(1, count + 1))
    old = (kind == KINDS.index("individual")) & (born < CODES_SINCE) & (rng.random(count) < 0.12)
    return {"uscc": np.where(old, "", uscc).tolist(), "reg_no": np.where(old, reg_no, "").tolist()}


def _names(rng: np.random.Generator, county: County, trade: np.ndarray, kind: np.ndarray) -> list[str]:
    """District, invented word, trade, form."""
    count = len(trade)
    picks = zip(
        trade.tolist(), kind.tolist(), rng.integers(0, len(SHOP_FIRST), count).tolist(),
        rng.integers(0, len(SHOP_LAST), (count, 2)).tolist(), rng.random(count).tolist(), strict=True,
    )  # fmt: skip
    out = []
    for t, k, first, (second, third), turn in picks:
        word = SHOP_FIRST[first] + SHOP_LAST[second] + (SHOP_LAST[third] if turn < 0.5 else "")
        shops, firm = TRADES[t].shops, TRADES[t].firm
        out.append(_name(KINDS[k], county.name, word, shops[int(turn * 997) % len(shops)], firm))
    return out


def _name(kind: str, county: str, word: str, shop: str, firm: str) -> str:
    if kind == "individual":
        return f"{county}{word}{shop}"
    if kind == "cooperative":
        return f"{county}{word}{firm}农民专业合作社"
    if kind == "other":
        return f"{county}{word}{shop}" if shop.endswith("食堂") else f"{county}{word}{firm}经营部"
    branch = f"{county[:-1] if len(county) > 2 else county}分公司" if kind == "branch" else ""
    return f"汉中{word}{firm}有限公司{branch}"


def _place(rng: np.random.Generator, county: County, where: Spots) -> dict[str, list[str]]:
    """Address, district and coordinates; a few come in the systems of consumer maps (DOMAIN §7.4)."""
    systems = list(SYSTEMS)
    system = [systems[i] for i in pick_many(rng, np.array(list(SYSTEMS.values())), len(where.address))]
    points = [
        (lon, lat) if crs is Crs.WGS84 else convert(lon, lat, Crs.WGS84, crs)
        for lon, lat, crs in zip(where.lon.tolist(), where.lat.tolist(), system, strict=True)
    ]
    return {
        "unit_code": [office_of(township.code) for township in where.township],
        "grid": where.grid,
        "address": where.address,
        "district": [county.code] * len(system),
        "lon": [f"{lon:.6f}" for lon, _ in points],
        "lat": [f"{lat:.6f}" for _, lat in points],
        "crs": [crs.value for crs in system],
        "coord_quality": where.quality.tolist(),
    }


def _licences(
    rng: np.random.Generator, on: date, county: County, trade: np.ndarray, born: np.ndarray
) -> dict[str, list[str]]:
    """Licence numbers of food businesses (DOMAIN §3.5), valid for five years; one in forty has none, a few ran out."""
    count = len(trade)
    prefix = np.array([t.licence for t in TRADES])[trade]
    prefix = np.where(rng.random(count) < 0.025, "", prefix)
    form = np.strings.slice(prefix, 2, None)
    serial = codes.counted_within(prefix)
    tail = np.where(np.char.str_len(form) == 3, codes.padded(serial, 4), codes.padded(serial, 6))
    numbers = _checked(np.char.add(np.char.add(form, county.code), tail), prefix)
    oldest = np.maximum(born, int(on.toordinal() - 5 * YEAR - 60))
    issued = oldest + (rng.random(count) * (on.toordinal() - oldest)).astype(int)
    has = prefix != ""
    return {
        "licence_no": numbers,
        "licence_valid_to": np.where(has, _days(issued + int(5 * YEAR)), "").tolist(),
        "licence_issuer": np.where(has, f"{county.name}市场监督管理局", "").tolist(),
    }


def _checked(digits: np.ndarray, prefix: np.ndarray) -> list[str]:
    """The two letters, the 13 digits and their check digit; nothing where there is no licence."""
    has = prefix != ""
    out = np.full(len(digits), "", dtype="U16")
    checked = codes.with_check_digit(digits[has].astype("U13"))
    out[has] = np.char.add(np.strings.slice(prefix[has], 0, 2), checked)
    return out.tolist()


def _tags(rng: np.random.Generator, trade: np.ndarray) -> list[str]:
    """What supervision keeps an eye on, several joined by ``;``."""
    school, online = rng.random(len(trade)) < 0.05, rng.random(len(trade)) < 0.3
    out = []
    for t, near, sells in zip(trade.tolist(), school.tolist(), online.tolist(), strict=True):
        kind = TRADES[t].kind
        tags = ["食品"] * TRADES[t].food + ["校园周边"] * (near and kind in ("catering", "seller"))
        out.append(";".join(tags + ["网络餐饮"] * (sells and kind == "catering")))
    return out
