"""Bundles of opened lots for the tests of what reads them, and every way in which one field of them can be changed."""

import copy
from collections.abc import Iterator
from typing import Any

from backend.draws import bundles, lots
from backend.tours import commands as tours
from tests.makers import Ceremony


def opened(session, ceremony: Ceremony, drain) -> tuple[dict[str, Any], dict[str, Any]]:
    """The bundles of both lots of a small round."""
    round_ = ceremony.a_round()
    first = ceremony.draw(round_)
    drain()
    second = tours.commit_teams(session, actor=ceremony.operator, round_id=round_.id)
    ceremony.dice(second)
    lots.match_teams(session, actor=ceremony.operator, lot_id=second.id)
    return bundles.bundle(session, first.name), bundles.bundle(session, second.name)


def places(value: Any, at: tuple = ()) -> Iterator[tuple]:
    """The path of every value within a value, itself first."""
    yield at
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield from places(item, (*at, key))


def changes(bundle: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every bundle that differs in one field: changed, removed, added, doubled; each with what was done."""
    for at in places(bundle):
        value = _at(bundle, at)
        if at:
            yield f"removed {at}", _with(bundle, at, lambda parent, key: parent.pop(key))
            for other in _others(value):
                yield f"{at} = {other!r}", _with(bundle, at, lambda parent, key, o=other: parent.__setitem__(key, o))
        if isinstance(value, dict):
            yield f"added to {at}", _with(bundle, (*at, "more"), lambda parent, key: parent.__setitem__(key, 1))
        if isinstance(value, list):
            again = copy.deepcopy(value[-1]) if value else "00" * 32
            yield f"more in {at}", _with(bundle, (*at, 0), lambda parent, _key, a=again: parent.append(a))


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, bool) or value is None:
        yield 0
    elif isinstance(value, int):
        yield from (value + 1, float(value), str(value))
        if value < 2:
            yield bool(value)
    elif isinstance(value, str):
        yield from (value[:-1], value + "0", None)
        for at in {0, len(value) // 2, len(value) - 1} if value else ():
            yield value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1 :]
        if value.upper() != value:
            yield value.upper()
    else:
        yield None


def _at(bundle: Any, at: tuple) -> Any:
    for key in at:
        bundle = bundle[key]
    return bundle


def _with(bundle: dict[str, Any], at: tuple, deed) -> dict[str, Any]:
    changed = copy.deepcopy(bundle)
    deed(_at(changed, at[:-1]), at[-1])
    return changed
