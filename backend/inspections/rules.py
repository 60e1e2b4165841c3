"""How a visit is judged: conclusion, result codes, and which answers need a photo (DOMAIN §2.7, §3.2, §3.4)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Answer(StrEnum):
    """是, 否, 不适用."""

    YES = "yes"
    NO = "no"
    NA = "na"


class PhotoRule(StrEnum):
    """When an item wants a photo: whenever it applies, only when it failed, or never."""

    ALWAYS = "ALWAYS"
    ON_FAIL = "ON_FAIL"
    NEVER = "NEVER"


class Conclusion(StrEnum):
    """符合, 基本符合, 不符合."""

    CONFORM = "conform"
    BASICALLY_CONFORM = "basically_conform"
    NON_CONFORM = "non_conform"


BY_GRAVITY = ("R06", "R03", "R04", "R08", "R02", "R05", "S01", "S02", "S03", "S04", "S05", "R07", "R01")
"""Worst first (DOMAIN §2.7); S02–S05, which it does not place, stand beside S01."""
EXCLUSIVE = frozenset({"R01", "R04", "R07", "S01", "S02", "S03", "S04", "S05"})
"""Codes that stand alone on an item."""
PROBLEMS = frozenset({"R02", "R03", "R04", "R05", "R06", "R08"})
"""Codes that count as a problem found (result_codes.csv, is_problem)."""
NOTHING_TO_CHECK = EXCLUSIVE - {"R01"} | {"R06"}
"""With these the visit could not take place: no answers are asked for."""
AT_THE_DOOR = frozenset({"R04", "R07", "S01"})
"""With these at least one photo of the site is asked for (result_codes.csv, requires_evidence)."""
DERIVED = {Conclusion.CONFORM: "R01", Conclusion.BASICALLY_CONFORM: "R05", Conclusion.NON_CONFORM: "R08"}


@dataclass(frozen=True)
class CheckItem:
    """An item of a checklist as the rules need it; ``key`` items are marked ``*``."""

    no: int
    key: bool
    photo: PhotoRule


@dataclass(frozen=True)
class ConclusionRule:
    """How many failed items still make 基本符合; kept with each checklist version (DOMAIN §3.2)."""

    general_max_for_basic: int = 8
    key_max_for_basic: int = 0


@dataclass(frozen=True)
class JudgedBy:
    """The items and the conclusion rule of one checklist version."""

    items: tuple[CheckItem, ...]
    rule: ConclusionRule = ConclusionRule()

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> "JudgedBy":
        """From a checklist's compact JSON: ``items: [{no, key, photo}]``, ``conclusion: {…_max_for_basic}``."""
        items = tuple(CheckItem(i["no"], bool(i["key"]), PhotoRule(i["photo"])) for i in body["items"])
        return cls(items, ConclusionRule(**body.get("conclusion", {})))


class AnswerFault(StrEnum):
    """What is wrong with one answer."""

    MISSING = "missing"
    UNKNOWN_ITEM = "unknown_item"
    TWICE = "twice"
    VALUE = "value"


def answer_faults(
    checklist: JudgedBy, answers: Iterable[tuple[int, str]], *, needed: bool = True
) -> dict[int, AnswerFault]:
    """What is wrong with (item, value) pairs, by item. ``needed`` False allows items to stay open (see answers_needed)."""
    known = {item.no for item in checklist.items}
    seen: set[int] = set()
    faults: dict[int, AnswerFault] = {}
    for no, value in answers:
        if fault := _answer_fault(no, value, known, seen):
            faults[no] = fault
        seen.add(no)
    open_items = known - seen if needed else set()
    return faults | dict.fromkeys(sorted(open_items), AnswerFault.MISSING)


def _answer_fault(no: int, value: str, known: Collection[int], seen: Collection[int]) -> AnswerFault | None:
    if no not in known:
        return AnswerFault.UNKNOWN_ITEM
    if no in seen:
        return AnswerFault.TWICE
    return None if value in set(Answer) else AnswerFault.VALUE


@dataclass(frozen=True)
class Tally:
    """How many items were asked (不适用 left out) and how many failed."""

    key_asked: int
    key_failed: int
    general_asked: int
    general_failed: int

    @property
    def failed(self) -> int:
        """Failed items of both kinds."""
        return self.key_failed + self.general_failed


def tally(checklist: JudgedBy, answers: Mapping[int, str]) -> Tally:
    """Count the answers by item number; open items count like 不适用."""
    asked = [(item.key, answers[item.no]) for item in checklist.items if answers.get(item.no) in ("yes", "no")]
    return Tally(
        key_asked=sum(key for key, _ in asked),
        key_failed=sum(key and value == Answer.NO for key, value in asked),
        general_asked=sum(not key for key, _ in asked),
        general_failed=sum(not key and value == Answer.NO for key, value in asked),
    )


def conclude(counts: Tally, rule: ConclusionRule) -> Conclusion:
    """符合 without failures; 不符合 above either limit; 基本符合 between (DOMAIN §3.2)."""
    if not counts.failed:
        return Conclusion.CONFORM
    too_many = counts.general_failed > rule.general_max_for_basic or counts.key_failed > rule.key_max_for_basic
    return Conclusion.NON_CONFORM if too_many else Conclusion.BASICALLY_CONFORM


def wants_photo(rule: PhotoRule, value: str) -> bool:
    """Does an answer need at least one photo? Never where the item does not apply."""
    return (rule == PhotoRule.ALWAYS and value != Answer.NA) or (rule == PhotoRule.ON_FAIL and value == Answer.NO)


def items_without_photo(
    checklist: JudgedBy, answers: Mapping[int, str], photographed: Collection[int | None]
) -> list[int]:
    """The answered items that need a photo and have none; ``photographed`` are the item numbers of the photos."""
    return [
        item.no
        for item in checklist.items
        if item.no in answers and wants_photo(item.photo, answers[item.no]) and item.no not in photographed
    ]


def answers_needed(stated: str | None) -> bool:
    """Must every item be answered, given what result the team states? Not where the visit could not take place."""
    return stated not in NOTHING_TO_CHECK


def site_photo_needed(stated: str | None) -> bool:
    """Must there be a photo of the site itself, of no item? Where nobody or nothing was found there."""
    return stated in AT_THE_DOOR


def signature_faults(
    officers: Collection[str], signed: Collection[str], *, entity: bool, stated: str | None
) -> list[str]:
    """Whose confirmation lacks (DOMAIN §2.6 and §2.7), as the phone names it: ``officer`` for each, ``entity``.

    ``officers`` of the task by id, ``signed`` those who confirmed; ``entity``: it signed, or its refusal is noted. Where nobody was
    met, nobody can sign for the entity.
    """
    faults = ["officer"] * len(set(officers) - set(signed))
    return faults if entity or site_photo_needed(stated) else [*faults, "entity"]


def drawn_signatures(body: Mapping[str, Any]) -> set[str]:
    """The hashes of all drawn signatures that a submission names: officers', the entity's, a witness's."""
    drawn = {one.get("sha256") for one in body["signatures"]}
    drawn.add((body.get("refusal") or {}).get("witness_sha256"))
    return {sha256 for sha256 in drawn if sha256}


def rights_fault(recusal: Mapping[str, Any] | None) -> str | None:
    """``recusal`` where recusal is asked for and no ``decision`` on it is told: until then the visit waits (DOMAIN §2.6)."""
    waits = recusal and recusal["asked"] and not (recusal.get("decision") or "").strip()
    return "recusal" if waits else None


class CodeFault(StrEnum):
    """Why result codes do not go together."""

    NONE = "none"
    UNKNOWN = "unknown"
    EXCLUSIVE = "exclusive"
    FAILURES = "failures"


def codes_fault(codes: Collection[str]) -> CodeFault | None:
    """Why these codes cannot stand on one item, if so: none, an unknown one, or an exclusive one in company."""
    if not codes:
        return CodeFault.NONE
    if set(codes) - set(BY_GRAVITY):
        return CodeFault.UNKNOWN
    return CodeFault.EXCLUSIVE if len(set(codes)) > 1 and EXCLUSIVE.intersection(codes) else None


def headline(codes: Iterable[str]) -> str:
    """The visit's one code: the worst of its items' (DOMAIN §2.7). Raises ValueError for none or an unknown one."""
    return min(codes, key=BY_GRAVITY.index)


def stated_fault(stated: str | None, failed: int) -> CodeFault | None:
    """Why the team's own result cannot stand: an unknown code, or an exclusive one although items failed."""
    if stated is None:
        return None
    if stated not in BY_GRAVITY:
        return CodeFault.UNKNOWN
    return CodeFault.FAILURES if failed and stated in EXCLUSIVE else None


def visit_result(conclusion: Conclusion, stated: str | None) -> str:
    """The visit's result code: what the checklist says (R01, R05, R08), or the team's own where that is worse.

    A team that found nothing wrong on the list may still state any code: the list does not see everything.
    """
    if stated is None:
        return DERIVED[conclusion]
    return stated if conclusion == Conclusion.CONFORM else headline([DERIVED[conclusion], stated])
