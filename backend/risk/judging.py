"""Judging each distinct value once, by the rules, so that SQL need only spread the judgements over all who have them.

Rows come out as the scratch tables of ``backend.risk.spread`` want them. Costs are in the units of ``rules.POINT``.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from itertools import accumulate
from operator import xor
from typing import Any

from backend.risk.card import Audience, Combining, Indicator, Scorecard, audiences_of
from backend.risk.grammar import WHOLE, Decay, OverrideKind, ValueOutsideRule, months_before, number_in
from backend.risk.register import SOURCE, TOLD
from backend.risk.rules import Fact, Score, Standing, bounds_of, scaled, standing

BOUND_BITS: dict[str, int] = {OverrideKind.FLOOR_B: 1, OverrideKind.FLOOR_C: 2, OverrideKind.FORCE_D: 4}
AUDIENCE_BITS = {audience: 1 << n for n, audience in enumerate(Audience)}
REMEMBERED = 50_000
"""Values that a judge keeps in mind"""
LICENCE_KIND = 3
"""Characters of a food licence's number that tell its kind"""
Row = tuple[Any, ...]


def mark_of(indicator: str, shown: str | None) -> int:
    """A number for what a reason shows, by which a changed reason is noticed."""
    return int.from_bytes(hashlib.blake2b(f"{indicator}={shown}".encode(), digest_size=7).digest())


def bits_of(bounds: Iterable[str]) -> int:
    """What bounds the class, as one number."""
    found = 0
    for kind in bounds:
        found |= BOUND_BITS.get(kind, 0)
    return found


def marked(card: Scorecard, score: Score) -> dict[str, Any]:
    """What the mark of one entity's score is made of, as ``spread.MARK_ONE`` takes it and ``spread.FOUND`` makes it."""
    combining = {indicator.code: indicator.combining for indicator in card.indicators}
    told = [r for r in score.reasons if r.standing.known and r.standing.value is not None]
    found = (score.score, score.credit_class, score.completeness, score.weight, score.version)
    keys = [_key(r.indicator, combining[r.indicator], r.standing) for r in told]
    return {"found": "|".join(map(str, found)), "keys": keys, "costs": [r.cost for r in told]}


def _key(code: str, combining: Combining, stands: Standing) -> int:
    """A number for the facts and what is shown of them; ages in the register grow daily and are no news."""
    ids = [source for source in stands.sources if isinstance(source, int)]
    if combining != Combining.SUM and not ids and number_in(str(stands.value)) is not None:
        return 0
    return reduce(xor, ids, 0) ^ mark_of(code, stands.value)


@dataclass(frozen=True)
class Judge:
    """A card on a day."""

    card: Scorecard
    on: date
    judged: dict[tuple[str, str], Row] = field(default_factory=dict)
    of_register: dict[tuple[str, str], Row] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[str, tuple[int, Indicator]]:
        """Each indicator by code, with its place on the card."""
        return {indicator.code: (n, indicator) for n, indicator in enumerate(self.card.indicators)}

    @cached_property
    def _spans(self) -> dict[Decay, list[int]]:
        """For every way of ageing: what is kept after 0, 1, 2 … days, until it lapses."""
        ageing = {indicator.decay for indicator in self.card.indicators if indicator.decay.months is not None}
        return {decay: self._kept(decay) for decay in sorted(ageing, key=str)}

    def _kept(self, decay: Decay) -> list[int]:
        since, today = months_before(self.on, decay.months or 0).toordinal(), self.on.toordinal()
        return [decay.kept(date.fromordinal(day), self.on) for day in range(today, since - 1, -1)]

    def ages(self) -> list[int]:
        """All spans, one after the other."""
        return [kept for span in self._spans.values() for kept in span] or [WHOLE]

    @cached_property
    def _starts(self) -> dict[Decay, int]:
        ends = accumulate(len(span) for span in self._spans.values())
        return {decay: end - len(self._spans[decay]) + 1 for decay, end in zip(self._spans, ends, strict=True)}

    def indicators(self) -> Iterator[Row]:
        """A row of ``scoring_places`` for each indicator."""
        for place, indicator in enumerate(self.card.indicators):
            yield (place, *self._silence(place, indicator), *self._ageing(indicator))

    def values(self, pairs: Iterable[tuple[str, str]]) -> Iterator[Row]:
        """A row of ``scoring_values`` for each (indicator, value) that the card knows: what it costs standing alone."""
        for number, (code, value) in enumerate(pair for pair in pairs if pair[0] in self.places):
            yield number, code, value, *self._remembered(code, value)

    def _remembered(self, code: str, value: str) -> Row:
        """What was judged once is not judged again in the next district."""
        if (code, value) not in self.judged:
            if len(self.judged) >= REMEMBERED:
                self.judged.clear()
            self.judged[code, value] = self._value(*self.places[code], value)
        return self.judged[code, value]

    def _value(self, place: int, indicator: Indicator, value: str) -> Row:
        fact = Fact(indicator.code, value, self.on)
        number = number_in(fact.bare)
        adds = indicator.combining == Combining.SUM and number is not None and number >= 0
        return (
            place, indicator.combining.value, indicator.removes, *self._ageing(indicator), AUDIENCE_BITS[indicator.audience],
            *self._silence(place, indicator), *self._charge(indicator, self._stands(indicator, fact)),
            f"{number:f}" if adds else None, "|".join(sorted(fact.qualifiers)), number is not None,
        )  # fmt: skip

    def _ageing(self, indicator: Indicator) -> Row:
        return self._starts.get(indicator.decay), len(self._spans.get(indicator.decay, ()))

    def _silence(self, place: int, indicator: Indicator) -> Row:
        """(bit, gone, weight): its own bit, and what is charged, and not known, while nothing is told."""
        gone, weight = indicator.weight * indicator.missing * WHOLE, indicator.weight if indicator.missing else 0
        return "0" * place + "1" + "0" * (len(self.card.indicators) - place - 1), gone, weight

    def _stands(self, indicator: Indicator, fact: Fact) -> Standing | None:
        try:
            return standing(indicator, [fact], self.on)
        except ValueOutsideRule:
            return None

    def _charge(self, indicator: Indicator, stands: Standing | None) -> Row:
        """(rate, bounds, mark, head): what is charged for a value before it ages, and the beginning of its reason."""
        if stands is None:
            return None, 0, 0, ""
        bounds = bits_of(bound.kind for bound in bounds_of(indicator, stands))
        head = json.dumps({"indicator": indicator.code, "known": True, "value": stands.value}, ensure_ascii=False)
        return indicator.weight * stands.percent, bounds, mark_of(indicator.code, stands.value), head[:-1]

    def totals(self, found: Iterable[tuple[int, str, str]]) -> Iterator[Row]:
        """A row of ``scoring_totals`` for each (place, total, qualifiers) that events add up to."""
        for place, total, qualifiers in found:
            indicator = self.card.indicators[place]
            fact = Fact(indicator.code, "|".join(filter(None, (total, qualifiers))), self.on)
            yield place, total, qualifiers, *self._charge(indicator, self._stands(indicator, fact))

    def kinds(self, found: Iterable[tuple[str, list[str], str]]) -> Iterator[Row]:
        """A row of ``scoring_kinds`` for each (entity type, trades, kind of licence) that the card concerns.

        (…, audiences, weight, base, known): the cost while nothing is known, and the weight on which that is news enough.
        """
        for entity_type, industry, licence in found:
            audiences = audiences_of(entity_type, industry, licence or None)
            used = self.card.for_audiences(audiences)
            if used:
                base = sum(indicator.weight * indicator.missing * WHOLE for indicator in used)
                known = sum(indicator.weight for indicator in used if not indicator.missing)
                bits = sum(AUDIENCE_BITS[audience] for audience in audiences)
                yield entity_type, industry, licence, bits, sum(i.weight for i in used), base, known

    def register(self, found: Iterable[tuple[str, str]]) -> Iterator[Row]:
        """A row of ``scoring_register`` for each (column, text) in the register, if the card asks for it."""
        for column, text in found:
            code, value = TOLD[column]
            if code in self.places:
                told = value(text if column == "entity_type" else date.fromisoformat(text), self.on)
                if (column, told) not in self.of_register:
                    self.of_register[column, told] = self._of_register(*self.places[code], told)
                yield column, text, code, told, *self.of_register[column, told]

    def _of_register(self, place: int, indicator: Indicator, value: str) -> Row:
        """(audience, cost beyond that of silence, weight, bounds, key of the mark, bit, what is wrong)."""
        stands = self._stands(indicator, Fact(indicator.code, value, self.on, source=SOURCE))
        bit, gone, weight = self._silence(place, indicator)
        rate, bounds, _, _ = self._charge(indicator, stands)
        key = _key(indicator.code, indicator.combining, stands) if stands else 0
        wrong = None if stands else f"{place}={value}"
        cost = 0 if stands is None else rate * WHOLE
        return AUDIENCE_BITS[indicator.audience], cost, gone, weight, bounds, key, bit, wrong

    def unknown(self, found: Iterable[tuple[int, str]]) -> Iterator[Row]:
        """A row of ``scoring_unknown`` for each (audiences, bits of what is told): the reasons that silence gives."""
        for audiences, told in found:
            used = [(n, i) for n, i in enumerate(self.card.indicators) if AUDIENCE_BITS[i.audience] & audiences]
            weight = sum(indicator.weight for _, indicator in used)
            yield audiences, told, ", ".join(
                json.dumps({"indicator": i.code, "points": scaled(i.weight * i.missing * WHOLE, weight),
                            "value": None, "fact": [], "known": False})
                for n, i in used if i.missing and told[n] == "0"
            )  # fmt: skip
