"""The public records of a lot: exactly the fields of DRAWS §4, no more and no fewer.

A shape says what a value may be: a test from the first part of this file, or an object whose members all have shapes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

ALGORITHM = "hashdraw-1"
LARGEST = 2**53

Test = tuple[str, Callable[[Any], bool]]
Shape = Test | Mapping[str, "Shape"]


class RecordNotAsRuled(ValueError):
    """A record that DRAWS §4 does not know; ``faults`` names each place and what is expected there."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def _matches(pattern: str) -> Callable[[Any], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _whole(least: int) -> Test:
    return (
        f"a whole number of at least {least}",
        lambda v: isinstance(v, int) and not isinstance(v, bool) and least <= v < LARGEST,
    )


def _is_time(value: Any) -> bool:
    try:
        return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").strftime("%Y-%m-%dT%H:%M:%SZ") == value  # noqa: DTZ007 - Z is UTC
    except (TypeError, ValueError):
        return False


ID: Test = ("a text without blanks or control characters", _matches(r"[^\x00-\x20]+"))
TEXT: Test = ("a text that is not blank", _matches(r"(?s).*\S.*"))
HASH: Test = ("64 lower-case hex digits", _matches(r"[0-9a-f]{64}"))
HEX: Test = ("lower-case hex digits", _matches(r"([0-9a-f]{2})+"))
DIGITS: Test = ("a text of digits", _matches(r"[0-9]+"))
TIME: Test = ("a time like 2026-11-22T08:00:00Z", _is_time)
NATURAL, POSITIVE = _whole(0), _whole(1)


def _exactly(*values: object) -> Test:
    return " or ".join(map(repr, values)), lambda v: isinstance(v, str) and v in values


def _fits(shape: Shape, value: Any) -> bool:
    return not list(_faults(shape, value, ""))


def _maybe(shape: Shape) -> Test:
    return f"{_name(shape)}, or null", lambda v: v is None or _fits(shape, v)


def _many(shape: Shape, count: int | None = None, *, distinct: bool = False) -> Test:
    """A list of things of one shape, of a fixed length and all different where that is asked."""
    return (
        f"a list of {count or 'any number'} × {_name(shape)}{', all different' if distinct else ''}",
        lambda v: (
            isinstance(v, list)
            and (count is None or len(v) == count)
            and all(_fits(shape, item) for item in v)
            and (not distinct or len(set(v)) == len(v))
        ),
    )


def _by_name(shape: Shape) -> Test:
    return (
        f"an object from ids to {_name(shape)}",
        lambda v: isinstance(v, dict) and all(_fits(ID, k) and _fits(shape, item) for k, item in v.items()),
    )


def _name(shape: Shape) -> str:
    return shape[0] if isinstance(shape, tuple) else f"an object of {', '.join(shape)}"


_SEED_PLAN: Shape = {
    "dice": _maybe({"n": POSITIVE}),
    "drand": _maybe({"chain": HASH, "key": HEX, "genesis": POSITIVE, "period": POSITIVE, "round": POSITIVE}),
    "nonces": _by_name(HASH),
    "lead": NATURAL,
}
_COMMIT: Mapping[str, Shape] = {
    "algo": _exactly(ALGORITHM), "round": TEXT, "attempt": POSITIVE, "seed_plan": _SEED_PLAN, "by": TEXT,
}  # fmt: skip
SHAPES: Mapping[str, Mapping[str, Shape]] = {
    "commit entities": {
        **_COMMIT, "kind": _exactly("entities"), "pool": {"n": NATURAL, "root": HASH, "key": HASH},
        "strata": _by_name({"N": NATURAL, "weight": NATURAL, "min": NATURAL}), "n": NATURAL, "reserve": NATURAL,
    },
    "commit teams": {
        **_COMMIT, "kind": _exactly("teams"), "draw": ID, "staff": HASH, "key": HASH,
        "match": {"size": POSITIVE, "limit": POSITIVE},
    },
    "dice": {"commit": HASH, "dice": DIGITS, "witnesses": _many(TEXT, 2)},
    "seed": {
        "commit": HASH, "dice": _maybe(DIGITS), "nonces": _by_name(HASH), "seed": HASH,
        "drand": _maybe({"round": POSITIVE, "signature": HEX, "randomness": HASH}),
    },
    "result entities": {
        "seed": HASH, "alloc": _by_name(NATURAL), "drawn": _by_name(_many(ID, distinct=True)),
        "reserves": _by_name(_many(ID, distinct=True)),
    },
    "result teams": {"seed": HASH, "teams": _by_name(_many(ID, distinct=True)), "tries": _by_name(NATURAL)},
    "void": {"attempt": POSITIVE, "reason": TEXT, "by": _many(TEXT, 2, distinct=True)},
    "skip": {"id": ID, "stratum": ID, "reason": TEXT, "reserve": _maybe(ID)},
    "replace": {"tour": ID, "leaver": ID, "joiner": ID, "reason": TEXT},
    "outcome": {"id": ID, "state": _exactly("visited", "out of scope", "not visited")},
}  # fmt: skip
"""Fields beside ``type``, ``lot`` and ``at``, by type; commits and results by kind as well."""


def checked(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record itself, once it is as DRAWS §4 rules. Raises RecordNotAsRuled."""
    if faults := faults_of(record):
        raise RecordNotAsRuled(faults)
    return dict(record)


def faults_of(record: Any) -> list[str]:
    """What keeps a value from being a record: each place with what is expected there; empty when nothing does."""
    if not isinstance(record, Mapping):
        return ["record: an object is expected"]
    name = _name_of(record)
    if name not in SHAPES:
        return [f"type: {record.get('type')!r} is no type of record"]
    shape = {"type": _exactly(record["type"]), "lot": ID, "at": TIME, **SHAPES[name]}
    return list(_faults(shape, record, "")) or list(_disagreements(name, record))


def _name_of(record: Mapping[str, Any]) -> str:
    type_ = str(record.get("type"))
    if type_ == "commit":
        return f"commit {record.get('kind')}"
    return f"result {'teams' if 'teams' in record else 'entities'}" if type_ == "result" else type_


def _faults(shape: Shape, value: Any, place: str) -> Iterator[str]:
    if isinstance(shape, tuple):
        if not shape[1](value):
            yield f"{place}: {shape[0]} is expected"
    elif not isinstance(value, Mapping):
        yield f"{place}: {_name(shape)} is expected"
    else:
        yield from (f"{place}{'.' * bool(place)}{key}: missing" for key in shape.keys() - value.keys())
        yield from (f"{place}{'.' * bool(place)}{key}: unknown field" for key in value.keys() - shape.keys())
        for key in shape.keys() & value.keys():
            yield from _faults(shape[key], value[key], f"{place}{'.' * bool(place)}{key}")


def _disagreements(name: str, record: Mapping[str, Any]) -> Iterator[str]:
    """What the fields of one record must say of each other."""
    if name.startswith("commit"):
        plan = record["seed_plan"]
        if sum([plan["dice"] is not None, plan["drand"] is not None, len(plan["nonces"])]) < 2:
            yield "seed_plan: at least two sources are expected"
    if name == "commit entities" and sum(s["N"] for s in record["strata"].values()) != record["pool"]["n"]:
        yield "strata: their N must add up to pool.n"
    if name == "result entities":
        yield from _result_disagreements(record)


def _result_disagreements(record: Mapping[str, Any]) -> Iterator[str]:
    alloc, drawn, reserves = record["alloc"], record["drawn"], record["reserves"]
    if not alloc.keys() == drawn.keys() == reserves.keys():
        yield "drawn: the strata of alloc, drawn and reserves must be the same"
    elif any(len(drawn[stratum]) != count for stratum, count in alloc.items()):
        yield "drawn: as many ids as allocated are expected"
    everyone = [id_ for group in (drawn, reserves) for ids in group.values() for id_ in ids]
    if len(set(everyone)) < len(everyone):
        yield "drawn: an id stands twice"
