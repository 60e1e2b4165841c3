"""Invented people: inspectors with cards and qualifications, staff of the bureaus, experts. No name is a real person's."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from backend.sample.chance import SOURCE, chance
from backend.sample.counties import DEFAULT
from backend.sample.units import MARKET, SampleUnit, units
from backend.sample.words import (
    EMPLOYERS,
    EXPERT_TITLES,
    GIVEN_FIRST,
    GIVEN_LAST,
    SPECIALITIES,
    SURNAMES,
)

STRENGTH = {"city": (8, 14), "county": (6, 12), "township": (4, 8)}
"""Inspectors of a market-supervision unit, from … to."""
GUEST_STRENGTH = (2, 5)
"""Inspectors of another department's unit."""
QUALIFICATIONS = {"general": 0.9, "food_catering": 0.55, "food_production": 0.2, "food_sales": 0.4, "equipment": 0.1}
"""How many of the officers of market supervision hold each (DOMAIN §1.3)."""
SHOWN = {f"{DEFAULT}{MARKET}{tail}": f"inspector{number}"
         for number, tail in enumerate(("00000", "00001", "00100", "00101"), start=1)}  # fmt: skip
"""Officers of the default county whose user names are easy to type: two of the bureau, two of the first office."""


@dataclass(frozen=True)
class SampleInspector:
    """An inspector's row, by the headings of the import; lists are joined by ``;``."""

    name: str
    unit_code: str
    card_no: str
    card_valid_to: str
    qualifications: str
    expert: str
    phone: str
    state: str
    username: str
    district: str
    source: str = SOURCE


@dataclass(frozen=True)
class SampleExpert:
    """Somebody who advises (DOMAIN §1.4)."""

    name: str
    employer: str
    specialities: tuple[str, ...]
    title: str
    valid_to: date
    unit_code: str
    source: str = SOURCE


@dataclass(frozen=True)
class SampleRecusal:
    """An officer who must not visit an entity, and why (DOMAIN §2.4)."""

    card_no: str
    entity_key: str
    """The entity's credit code, else its registration number."""
    ground: str
    declared_on: date
    source: str = SOURCE


def inspectors(seed: int, on: date, chosen: Iterable[SampleUnit] | None = None) -> list[SampleInspector]:
    """The inspectors of all 279 units, or of the chosen ones, who are the same persons either way.

    One card in thirty or so has expired on the day ``on``; in every unit two officers can be drawn for long after it,
    and in every unit of market supervision they are qualified for catering.
    """
    return [row for unit in chosen or units(seed) for row in _unit_inspectors(seed, on, unit)]


def person_name(rng: np.random.Generator) -> str:
    """An invented name of two or three characters."""
    given = _one(rng, GIVEN_FIRST) if rng.random() < 0.7 else ""
    return _one(rng, SURNAMES) + given + _one(rng, GIVEN_LAST)


def experts(seed: int, on: date, count: int = 24) -> list[SampleExpert]:
    """Experts of the city, a few of them past their term."""
    rng = chance(seed, "experts")
    return [
        SampleExpert(
            person_name(rng),
            _one(rng, EMPLOYERS),
            tuple(sorted(rng.choice(SPECIALITIES, 2, replace=False).tolist())),
            _one(rng, EXPERT_TITLES),
            on + timedelta(days=int(rng.integers(-60, 900))),
            units(seed)[0].code,
        )
        for _ in range(count)
    ]


def recusals(seed: int, on: date, officers: list[SampleInspector], entity_keys: list[str]) -> list[SampleRecusal]:
    """Declared interests: about every eighth officer has one, with an entity of the given ones."""
    rng = chance(seed, "recusals")
    grounds = ("relative", "interest", "former_employer", "place_of_origin")
    if not entity_keys:
        return []
    return [
        SampleRecusal(
            officer.card_no,
            entity_keys[int(rng.integers(len(entity_keys)))],
            _one(rng, grounds),
            on - timedelta(days=int(rng.integers(30, 700))),
        )
        for officer in officers
        if rng.random() < 0.125
    ]


def _unit_inspectors(seed: int, on: date, unit: SampleUnit) -> Iterator[SampleInspector]:
    rng = chance(seed, "inspectors", unit.code)
    low, high = STRENGTH[unit.level] if unit.department == MARKET else GUEST_STRENGTH
    for number in range(int(rng.integers(low, high + 1))):
        row = _inspector(rng, on, unit, number)
        yield _sure(row, on) if number < 2 else row


def _inspector(rng: np.random.Generator, on: date, unit: SampleUnit, number: int) -> SampleInspector:
    """One officer; names, card numbers and user names begin with the unit's code, so they are unique."""
    expired = rng.random() < 0.033
    days = int(rng.integers(-300, -5) if expired else rng.integers(40, 1600))
    serial = f"{unit.code}{number:02}"
    return SampleInspector(
        name=person_name(rng),
        unit_code=unit.code,
        card_no=f"S{serial}",
        card_valid_to=(on + timedelta(days=days)).isoformat(),
        qualifications=_qualifications(rng, unit),
        expert="true" if rng.random() < 0.06 else "false",
        # No number range in China begins so: nobody is ever called.
        phone=f"100{int(rng.integers(10**8)):08}",
        state=str(rng.choice(["active", "suspended", "left"], p=[0.955, 0.03, 0.015])),
        username=SHOWN.get(serial, f"i{serial[2:]}"),
        district=unit.district,
    )


def _sure(row: SampleInspector, on: date) -> SampleInspector:
    """An officer who can be drawn, so that no unit stands without a pair."""
    catering = {"food_catering"} if row.unit_code[6:8] == MARKET else set()
    held = sorted({*row.qualifications.split(";"), "general", *catering} - {""})
    until = max(date.fromisoformat(row.card_valid_to), on + timedelta(days=400))
    return replace(row, state="active", card_valid_to=until.isoformat(), qualifications=";".join(held))


def _qualifications(rng: np.random.Generator, unit: SampleUnit) -> str:
    if unit.department != MARKET:
        return f"department_{unit.department}"
    return ";".join(sorted(name for name, part in QUALIFICATIONS.items() if rng.random() < part))


def _one(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(rng.integers(len(words)))]
