"""How an entity is scored: facts in force, points with reasons, the class with its floors (DOMAIN §4.2–4.3, §4.6).

No term of the score knows who inspected (DRAWS §7). All sums are of whole numbers: they come out alike in any order, and in
PostgreSQL (``backend.risk.spread``), which scores many entities at once by the same rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from backend.problems import Problem
from backend.risk.card import CLASSES, Audience, Combining, Indicator, Scorecard
from backend.risk.grammar import WHOLE, OverrideKind, ValueOutsideRule, months_before, number_in

COMPLETE_ENOUGH = 70
POINT = 100 * WHOLE
"""A point of the card in units of cost: weight x per cent x billionths kept."""
LONGEST_MANUAL_MONTHS = 6
FLOORS: dict[str, str] = {OverrideKind.FLOOR_B: "B", OverrideKind.FLOOR_C: "C"}
FORCES: frozenset[str] = frozenset({OverrideKind.FORCE_D})


class NothingApplies(Problem):
    """No indicator of the card concerns this entity, so it has no score."""

    status = 422
    zh = ("没有适用指标", "评分卡 {version} 中没有适用于该主体的指标，无法评分。")
    en = ("No indicator applies", "The card {version} has no indicator for this entity; it cannot be scored.")


@dataclass(frozen=True)
class Fact:
    """What one source record says of an entity on one indicator.

    ``value`` is a number, a token, ``true`` or ``false``; what else an override asks stands after a bar:
    ``true|industry ban``, ``1|confirmed responsible``. Counts are told per event, or summed up in one record.
    """

    indicator: str
    value: str
    as_of: date
    repaired: bool = False
    source: str | int | None = None
    """Id of the kept fact, or a word for what is not kept as one"""

    @property
    def bare(self) -> str:
        """The value without its qualifiers."""
        return self.value.partition("|")[0].strip()

    @property
    def qualifiers(self) -> frozenset[str]:
        """What stands after bars."""
        return frozenset(part.strip() for part in self.value.split("|")[1:])


@dataclass(frozen=True)
class Standing:
    """What the facts on one indicator come to on a day; ``value`` None where nothing in force is told."""

    value: str | None
    percent: int
    kept: int
    """Billionths that age has left of the weight"""
    known: bool
    sources: tuple[str | int, ...] = ()
    qualifiers: frozenset[str] = frozenset()


def standing(indicator: Indicator, facts: Iterable[Fact], on: date) -> Standing:
    """The facts of one indicator, combined, aged and repaired, on a day. Raises ValueOutsideRule."""
    told = sorted((f for f in facts if f.as_of <= on), key=_order)
    if not told:
        return Standing(None, indicator.missing, WHOLE, known=False)
    if indicator.combining == Combining.NEWEST:
        return _newest(indicator, told[-1], on)
    lasting = [f for f in told if _counts(indicator, f) and indicator.decay.kept(f.as_of, on)]
    if not lasting:
        return Standing(None, 0, WHOLE, known=True)
    return (_sum if indicator.combining == Combining.SUM else _worst)(indicator, lasting, on)


def _order(fact: Fact) -> tuple[date, int, str, str]:
    """From the oldest on; of one day the one recorded last comes last, after what no record tells."""
    return fact.as_of, fact.source if isinstance(fact.source, int) else 0, str(fact.source), fact.value


def _counts(indicator: Indicator, fact: Fact) -> bool:
    return not (indicator.removes and fact.repaired)


def _newest(indicator: Indicator, fact: Fact, on: date) -> Standing:
    if not _counts(indicator, fact):
        return Standing(None, 0, WHOLE, known=True)
    if not indicator.decay.kept(fact.as_of, on):
        return Standing(None, indicator.missing, WHOLE, known=False)
    return _told(indicator, fact, on)


def _told(indicator: Indicator, fact: Fact, on: date) -> Standing:
    percent = indicator.percent(fact.bare)
    return Standing(fact.bare, percent, indicator.decay.kept(fact.as_of, on), True, _sources([fact]), fact.qualifiers)


def _worst(indicator: Indicator, facts: Sequence[Fact], on: date) -> Standing:
    return max((_told(indicator, f, on) for f in facts), key=lambda s: s.percent * s.kept)


def _sum(indicator: Indicator, facts: Sequence[Fact], on: date) -> Standing:
    """Events add up; the newest of them gives the age (DOMAIN §4.2)."""
    counted = [(f, _count(indicator, f)) for f in facts]
    events = [f for f, count in counted if count]
    total = f"{sum((count for _, count in counted), Decimal()):f}"
    newest = max((f.as_of for f in events), default=on)
    qualifiers = frozenset[str]().union(*(f.qualifiers for f in events))
    percent = indicator.percent(total)
    return Standing(total, percent, indicator.decay.kept(newest, on), True, _sources(events), qualifiers)


def _count(indicator: Indicator, fact: Fact) -> Decimal:
    count = number_in(fact.bare)
    if count is None or count < 0:
        raise ValueOutsideRule(value=fact.value, rule=indicator.rule.text, indicator=indicator.code)
    return count


def _sources(facts: Sequence[Fact]) -> tuple[str | int, ...]:
    return tuple(f.source for f in facts if f.source is not None)


def refuse_bad_fact(indicator: Indicator, value: str) -> None:
    """Refuse a value that the indicator cannot be scored with. Raises ValueOutsideRule."""
    fact = Fact(indicator.code, value, date.min)
    if indicator.combining == Combining.SUM:
        _count(indicator, fact)
    indicator.percent(fact.bare)


@dataclass(frozen=True)
class Reason:
    """What one indicator adds to the sum, before the sum is scaled to 1,000."""

    indicator: str
    group: str
    cost: int
    """In units of which ``POINT`` make a point of the card"""
    standing: Standing

    @property
    def points(self) -> float:
        """In points of the card."""
        return self.cost / POINT


@dataclass(frozen=True)
class Bound:
    """Why a class is not the one that the points alone give; or a flag beside the class."""

    cause: str
    """An indicator's code, ``completeness`` or ``manual``"""
    kind: str


@dataclass(frozen=True)
class Score:
    """A score with everything that explains it. ``score`` is in hundredths of a point."""

    version: str
    score: int
    credit_class: str
    completeness: int
    """Per cent of the applicable weight on which something is known, rounded down"""
    weight: int
    """Points of all applicable indicators"""
    reasons: tuple[Reason, ...]
    """Every applicable indicator, in the card's order"""
    bounds: tuple[Bound, ...]
    flags: tuple[Bound, ...]
    """EXCLUDE_FROM_DRAW and DUE_ALERT"""

    def groups(self) -> dict[str, float]:
        """Points of the card by group (G1 … P4)."""
        parts: dict[str, int] = defaultdict(int)
        for reason in self.reasons:
            parts[reason.group] += reason.cost
        return {group: cost / POINT for group, cost in parts.items()}

    def top(self, count: int | None = None) -> list[Reason]:
        """What costs most, first; indicators that cost nothing are left out (DOMAIN §4.6 asks for five)."""
        costly = sorted((r for r in self.reasons if r.cost), key=lambda r: (-r.cost, r.indicator))
        return costly[:count]

    def as_json(self) -> list[dict[str, Any]]:
        """The reasons as they are kept: ``points`` in hundredths of the score, so that they add up to it (±rounding)."""
        return [
            {"indicator": r.indicator, "points": scaled(r.cost, self.weight), "value": r.standing.value,
             "fact": list(r.standing.sources), "known": r.standing.known}
            for r in self.top()
        ]  # fmt: skip


@dataclass(frozen=True)
class Manual:
    """A class set by hand for a time, proposed and approved by two people (DOMAIN §4.6)."""

    credit_class: str
    starts: date
    ends: date


def score(
    card: Scorecard,
    facts: Iterable[Fact],
    audiences: frozenset[Audience],
    on: date,
    manual: Manual | None = None,
) -> Score:
    """Score an entity as of a day: points → floors → force → manual (DOMAIN §4.3). Raises NothingApplies, ValueOutsideRule.

    Facts on indicators that the card lacks, or that do not concern the entity, are left aside; so are later facts.
    """
    applicable = card.for_audiences(audiences)
    if not applicable:
        raise NothingApplies(version=card.version)
    told: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        told[fact.indicator].append(fact)
    reasons = tuple(_reason(indicator, told[indicator.code], on) for indicator in applicable)
    weight = sum(indicator.weight for indicator in applicable)
    # Where silence costs nothing, no record is itself the news: nothing happened.
    known = sum(i.weight for i, r in zip(applicable, reasons, strict=True) if r.standing.known or not i.missing)
    bounds, flags = _overrides(applicable, reasons)
    if (completeness := 100 * known // weight) < COMPLETE_ENOUGH:
        bounds = (Bound("completeness", OverrideKind.FLOOR_B), *bounds)
    if manual and manual.starts <= on <= manual.ends:
        bounds = (*bounds, Bound("manual", manual.credit_class))
    points = scaled(sum(reason.cost for reason in reasons), weight)
    credit_class = bounded(card.class_of(points), bounds)
    return Score(card.version, points, credit_class, completeness, weight, reasons, bounds, flags)


def _reason(indicator: Indicator, facts: Sequence[Fact], on: date) -> Reason:
    stands = standing(indicator, facts, on)
    return Reason(indicator.code, indicator.group, indicator.weight * stands.percent * stands.kept, stands)


def scaled(cost: int, weight: int) -> int:
    """What costs of a card of ``weight`` points come to, in hundredths of the score out of 1,000, halves upwards."""
    hundredth = weight * POINT // 100_000
    return (2 * cost + hundredth) // (2 * hundredth)


def bounds_of(indicator: Indicator, stands: Standing) -> list[Bound]:
    """What one indicator holds against the class, or flags beside it. A fact that lapsed or was repaired does neither."""
    if stands.value is None:
        return []
    return [
        Bound(indicator.code, override.kind)
        for override in indicator.overrides
        if override.holds(stands.value, stands.qualifiers, stands.percent)
    ]


def _overrides(
    applicable: Sequence[Indicator], reasons: Sequence[Reason]
) -> tuple[tuple[Bound, ...], tuple[Bound, ...]]:
    """What floors or forces the class, and the flags beside it."""
    held = [
        bound
        for indicator, reason in zip(applicable, reasons, strict=True)
        for bound in bounds_of(indicator, reason.standing)
    ]
    bounds = tuple(b for b in held if b.kind in FLOORS or b.kind in FORCES)
    return bounds, tuple(b for b in held if b not in bounds)


def bounded(credit_class: str, bounds: Sequence[Bound]) -> str:
    """The class after floors, then force, then what was set by hand."""
    floored = max([credit_class, *(FLOORS.get(bound.kind, "A") for bound in bounds)])
    forced = "D" if any(bound.kind in FORCES for bound in bounds) else floored
    return next((bound.kind for bound in bounds if bound.cause == "manual"), forced)


def manual_fault(credit_class: str, manual: Manual) -> str | None:
    """Why a class may not be set by hand: ``step`` (one class up or down, or to D), ``term`` (at most six months)."""
    if manual.credit_class not in CLASSES:
        return "class"
    step = abs(CLASSES.index(manual.credit_class) - CLASSES.index(credit_class))
    if step != 1 and not (manual.credit_class == "D" and step):
        return "step"
    in_term = manual.starts <= manual.ends and months_before(manual.ends, LONGEST_MANUAL_MONTHS) <= manual.starts
    return None if in_term else "term"
