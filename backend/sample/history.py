"""The past of invented entities: what every source knows of them, as rows of the fact import, and their visits."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy.special import ndtri

from backend.risk.commands import default_rows
from backend.sample.chance import SOURCE
from backend.sample.cohort import Cohort, Row, cohorts
from backend.sample.people import SampleInspector
from backend.sample.process import Course, courses
from backend.sample.visits import CONCLUSION, GENERAL_ITEMS, SampleVisit, trade_of, visits

STATE_DAYS, EVENT_DAYS = 150, 3 * 365
"""How long ago a state was last confirmed, and an event happened, at most."""
REPAIRED = 0.07
"""Part of the repairable records that are repaired."""
PROBLEMS = frozenset({"R02", "R03", "R04", "R05", "R06", "R08"})
REG_STATES = {
    "dormant": "dormant",
    "liquidation": "liquidation",
    "moved_out": "moved_out",
    "revoked": "revoked_not_deregistered",
}
PRODUCERS = {"general": "retail", "higher": "restaurant", "high": "central_kitchen_or_collective_delivery"}
"""The static risk (P101) of a producer by its trade's grade; others are told by their format."""
NEVER_VISITED = {"G311": "no_check", "G312": "none", "G313": "0"}


@dataclass(frozen=True)
class History:
    """What is known of some entities: facts (rows of the import) and past visits."""

    facts: list[Row]
    visits: list[SampleVisit]


def histories(
    rows: Iterable[Row],
    seed: int,
    on: date,
    officers: Sequence[SampleInspector] = (),
    *,
    complete: bool = False,
) -> Iterator[History]:
    """The past of entity rows, some thousands at a time; an entity's past does not depend on the others given.

    Facts have the headings uscc, reg_no, indicator, value, as_of, source, source_id, repaired. G101, G102, the licence's
    dates (P102) and the months since the last visit (P208) are left to the register, which tells them itself. Events have a
    fact only when they happened, so that facts stay sparse; with ``complete`` their absence is told too, as far as a source
    would know it.
    """
    for cohort in cohorts(rows, seed, on):
        past = list(visits(cohort, officers))
        told = (_drawn(cohort, complete), _registered(cohort, complete), _visited(cohort, past, complete))
        yield History([fact for facts in told for fact in facts], past)


def _drawn(cohort: Cohort, complete: bool) -> Iterator[Row]:
    """The indicators of the table in ``process``."""
    tendency = cohort.tendency(trade_of(row).grade for row in cohort.rows)
    removes = {row["code"] for row in default_rows() if row["repair_effect"] == "REMOVE"}
    for course in courses():
        yield from _course_facts(cohort, course, tendency, course.indicator in removes, complete)


def _course_facts(cohort: Cohort, course: Course, tendency: np.ndarray, removes: bool, complete: bool) -> Iterator[Row]:
    own = np.sqrt(1 - course.tendency**2) * cohort.normal(f"group {course.group}")
    edges = ndtri(np.cumsum(course.shares[:-1]) / np.sum(course.shares))
    index = np.searchsorted(edges, course.tendency * tendency + own)
    told = cohort.concerned(course.audience) & (complete | course.always | (index > 0))
    luck, when = cohort.luck(f"value {course.indicator}"), cohort.luck(f"when {course.group}")
    repaired = removes & (index > 0) & (cohort.luck(f"repair {course.group}") < REPAIRED)
    ago = np.where((index == 0) | course.always, when * STATE_DAYS, when**1.3 * EVENT_DAYS).astype(int)
    for i in np.flatnonzero(told).tolist():
        value = _between(course.values[index[i]], float(luck[i]))
        yield _fact(cohort, i, course.indicator, value, int(ago[i]), course.teller, repaired=bool(repaired[i]))


def _between(value: str, luck: float) -> str:
    """``a~b`` as a number in between: whole when both ends are, else with two places."""
    low, tilde, high = value.partition("~")
    if not tilde:
        return value
    number = float(low) + luck * (float(high) - float(low))
    return f"{number:.2f}" if "." in value else str(int(number))


def _registered(cohort: Cohort, complete: bool) -> Iterator[Row]:
    """What follows from the entity's own row: its industry's risk, licensed items, state, format, a missing licence."""
    many = cohort.luck("licensed items") > 0.75
    for i, row in enumerate(cohort.rows):
        trade = trade_of(row)
        licensed = (1 + bool(many[i])) if trade.food else int(trade.grade in ("higher", "high"))
        yield _fact(cohort, i, "G109", trade.grade, 1, "registration")
        if licensed or complete:
            yield _fact(cohort, i, "G106", str(licensed), 1, "registration")
        state = REG_STATES.get(row["reg_state"], "active")
        if state != "active" or complete:
            yield _fact(cohort, i, "G207", state, 1, "registration")
        if trade.food:
            static = PRODUCERS[trade.grade] if trade.kind == "producer" else trade.format
            yield _fact(cohort, i, "P101", static, 1, "food")
        if trade.food and not row["licence_no"]:
            yield _fact(cohort, i, "P102", "none", 1, "food")


def _visited(cohort: Cohort, past: list[SampleVisit], complete: bool) -> Iterator[Row]:
    """What the visits of the last two years say; a food business without any was never checked."""
    recent: dict[str, list[SampleVisit]] = {}
    for visit in past:
        if (cohort.on - visit.on).days < 730:
            recent.setdefault(visit.entity_key, []).append(visit)
    rechecks = cohort.luck("recheck")
    for i, key in enumerate(cohort.keys):
        food = trade_of(cohort.rows[i]).food
        if key in recent:
            values = _values_of(recent[key], food, float(rechecks[i]))
            newest = recent[key][-1]
            ago = (cohort.on - newest.on).days
            for indicator, value in values.items():
                yield _fact(cohort, i, indicator, value, ago, "visits", source_id=newest.visit_no)
            continue
        unseen = {"P201": "never_checked"} if food else {}
        for indicator, value in (unseen | (NEVER_VISITED if complete else {})).items():
            yield _fact(cohort, i, indicator, value, 1, "visits")


def _values_of(visits: list[SampleVisit], food: bool, luck: float) -> dict[str, str]:
    """The indicators that visits feed, oldest visit first (DOMAIN §4.2, G311–G313 and P2)."""
    newest = visits[-1]
    refused = sum(visit.result == "R06" for visit in visits)
    rate = sum(visit.result in PROBLEMS for visit in visits) / len(visits)
    out = {"G311": f"{rate:.2f}", "G312": newest.result} | ({"G313": str(refused)} if refused else {})
    if food and newest.conclusion:
        out |= {
            "P201": CONCLUSION[newest.conclusion],
            "P202": str(newest.key_failed),
            "P203": f"{newest.general_failed / GENERAL_ITEMS:.2f}",
        }
        if newest.conclusion == "F3" and luck < 0.2:
            out["P206"] = "1"
    return out


def _fact(cohort: Cohort, i: int, indicator: str, value: str, days_ago: int, teller: str, *,
          source_id: str = "", repaired: bool = False) -> Row:  # fmt: skip
    """One row of the fact import; nothing is older than the entity."""
    day = max(cohort.on.toordinal() - days_ago, int(cohort.born[i]))
    return {
        "uscc": cohort.rows[i]["uscc"],
        "reg_no": cohort.rows[i]["reg_no"],
        "indicator": indicator,
        "value": value,
        "as_of": date.fromordinal(day).isoformat(),
        "source": f"{SOURCE}/{teller}",
        "source_id": source_id or f"{indicator}-{cohort.keys[i]}",
        "repaired": "true" if repaired else "false",
    }
