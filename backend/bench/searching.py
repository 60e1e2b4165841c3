"""Search in the imported register: by code, by words of name and address, and by place."""

import random
from collections.abc import Callable
from functools import partial

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.bench.rows import EAST, NORTH, SEED, SOUTH, WEST, code
from backend.bench.told import Spread, spread
from backend.db import transaction
from backend.registry.queries import search_entities

TIMES = 100


def search_spreads(count: int) -> list[Spread]:
    """Each kind of question asked a hundred times about entities that exist."""
    chance = random.Random(SEED + 1)
    with transaction() as session:
        names = [name for (name,) in session.execute(_SOME_NAMES, {"step": max(1, count // TIMES)})][:TIMES]
        return [spread(f"search among {count:,}: {kind}", deeds)
                for kind, deeds in _questions(session, chance, names, count).items()]  # fmt: skip


_SOME_NAMES = text("select name from (select name, row_number() over () as n from entities) e where n % :step = 0")


def _questions(
    session: Session, chance: random.Random, names: list[str], count: int
) -> dict[str, list[Callable[[], object]]]:
    ask = partial(partial, search_entities, session)
    return {
        "credit code": [ask(words=code(chance.randrange(count))) for _ in range(TIMES)],
        "whole name": [ask(words=name) for name in names],
        "two characters of the name": [ask(words=name[:2]) for name in names],
        "name and street": [ask(words=f"{name[:3]} 东大街") for name in names],
        "within 500 m": [ask(near=(*_spot(chance), 500.0)) for _ in range(TIMES)],
    }


def _spot(chance: random.Random) -> tuple[float, float]:
    return chance.uniform(WEST, EAST), chance.uniform(SOUTH, NORTH)
