"""Visits of the past three years: when, on which item, with what result (DOMAIN §2.7, §3.2)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtr

from backend.sample.chance import SOURCE
from backend.sample.cohort import Cohort
from backend.sample.items import item_for
from backend.sample.people import SampleInspector
from backend.sample.trades import BY_INDUSTRY_AND_FORMAT, Trade

FOOD_CHANCE, OTHER_CHANCE = (0.68, 0.60, 0.45), (0.055, 0.045, 0.04)
"""The chance of a visit in the last year, the one before, and the one before that."""
OTHER_RESULTS = (("R05", 0.6), ("R02", 0.75), ("R04", 0.88), ("R08", 0.95), ("R03", 0.985), ("R06", 1.0))
"""What a problem comes to where no checklist is filled; each with the upper edge of its luck."""
KEY_ITEMS, GENERAL_ITEMS = 17, 21
"""Of the restaurant checklist (DOMAIN §3.4); other food checks are told in the same measure."""
CONCLUSION = {"F1": "conform", "F2": "basically_conform", "F3": "non_conform"}


@dataclass(frozen=True)
class SampleVisit:
    """One past visit; the officers are card numbers, the conclusion F1–F3 for food and none for others."""

    visit_no: str
    entity_key: str
    unit_code: str
    on: date
    cause: str
    item_code: str
    result: str
    conclusion: str | None
    key_failed: int
    general_failed: int
    officers: tuple[str, ...]
    source: str = SOURCE


def trade_of(row: dict[str, str]) -> Trade:
    """The trade that an entity row was made from."""
    return BY_INDUSTRY_AND_FORMAT[row["industry"], row["trade_format"]]


def visits(cohort: Cohort, officers: Sequence[SampleInspector] = ()) -> Iterator[SampleVisit]:
    """The past visits of some entities, each entity's from the oldest on."""
    trades = [trade_of(row) for row in cohort.rows]
    tendency = cohort.tendency(trade.grade for trade in trades)
    food = np.array([trade.food for trade in trades])
    pairs = _cards_by_unit(officers, cohort.on)
    for year in (2, 1, 0):
        chance = np.where(food, FOOD_CHANCE[year], OTHER_CHANCE[year]) * ndtr(1.2 + 0.25 * tendency)
        days_ago = (365 * (year + cohort.luck(f"day{year}"))).astype(int) + 1
        came = (cohort.luck(f"visit{year}") < chance) & (cohort.on.toordinal() - days_ago > cohort.born + 30)
        severity = 0.75 * tendency + 0.66 * cohort.normal(f"severity{year}")
        lots = [cohort.luck(f"{name}{year}") for name in ("kind", "cause", "pair")]
        for i in np.flatnonzero(came).tolist():
            yield _visit(cohort, i, trades[i], int(days_ago[i]), float(severity[i]), [float(x[i]) for x in lots], pairs)


def _visit(cohort: Cohort, i: int, trade: Trade, days_ago: int, severity: float, lots: list[float],
           pairs: dict[str, list[str]]) -> SampleVisit:  # fmt: skip
    day = date.fromordinal(cohort.on.toordinal() - days_ago)
    key, general = _failed(severity, lots[0]) if trade.food else (0, 0)
    conclusion = _conclusion(key, general) if trade.food else None
    cards = pairs.get(cohort.rows[i]["unit_code"], [])
    first = int(lots[2] * len(cards))
    return SampleVisit(
        visit_no=f"V{day:%Y%m%d}-{cohort.keys[i]}",
        entity_key=cohort.keys[i],
        unit_code=cohort.rows[i]["unit_code"],
        on=day,
        cause="complaint" if lots[1] < 0.06 else "draw" if lots[1] < 0.75 else "routine",
        item_code=item_for(trade.kind),
        result=_food_result(conclusion) if conclusion else _other_result(severity, lots[0]),
        conclusion=conclusion,
        key_failed=key,
        general_failed=general,
        officers=tuple((cards + cards)[first : first + 2]) if len(cards) > 1 else (),
    )


def _failed(severity: float, luck: float) -> tuple[int, int]:
    """Failed key and general items: none for the better half, many for the worst."""
    general = int(np.clip((severity + 0.1) * 4 * (0.5 + luck), 0, GENERAL_ITEMS))
    key = int(np.clip((severity - 1.15) * 3.0 * (0.4 + luck), 0, KEY_ITEMS))
    return key, general


def _conclusion(key: int, general: int) -> str:
    """符合, 基本符合 or 不符合 by the counts of DOMAIN §3.2."""
    if key or general > 8:
        return "F3"
    return "F2" if general else "F1"


def _food_result(conclusion: str) -> str:
    return {"F1": "R01", "F2": "R05", "F3": "R08"}[conclusion]


def _other_result(severity: float, luck: float) -> str:
    if severity < 1.0:
        return "R07" if luck < 0.02 else "R01"
    return next(result for result, edge in OTHER_RESULTS if luck <= edge)


def _cards_by_unit(officers: Sequence[SampleInspector], on: date) -> dict[str, list[str]]:
    """The cards of each unit's officers who are there and whose card holds."""
    out: dict[str, list[str]] = defaultdict(list)
    for officer in officers:
        if officer.state == "active" and officer.card_valid_to >= on.isoformat():
            out[officer.unit_code].append(officer.card_no)
    return out
