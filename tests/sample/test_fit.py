"""Promises that the invented world fits the product: its import takes every row, its road graph drives the roads."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.commands import enter_unit
from backend.accounts.models import Level, Unit
from backend.registry.commands import enter_district, enter_item
from backend.registry.imports import take_entities
from backend.registry.models import Entity, Item
from backend.sample.chance import SEED, SOURCE
from backend.sample.counties import DEFAULT
from backend.sample.districts import districts
from backend.sample.entities import entities
from backend.sample.items import items
from backend.sample.osm import write_pbf
from backend.sample.places import settlements
from backend.sample.roads import road_network
from backend.sample.units import units
from geo.roads import Roads

ON = date(2026, 11, 23)


@pytest.fixture
def filled(session: Session) -> Session:
    """The sample's districts and units, entered by the product's own commands."""
    for d in districts(SEED):
        enter_district(
            session, code=d.code, name=d.name, name_en=d.name_en, level=d.level, area=d.geometry, invented=True
        )
    known: dict[str | None, Unit | None] = {None: None}
    for u in units(SEED):
        known[u.code] = enter_unit(session, code=u.code, name=u.name, level=Level(u.level), district=u.district,
                                   department=u.department, parent=known[u.parent_code], site=u.site)  # fmt: skip
    return session


def test_the_import_takes_every_invented_entity_and_knows_it_again(filled: Session) -> None:
    rows = list(enumerate(entities(SEED, ON, 1_000), start=2))
    first = take_entities(filled, rows, SOURCE)
    assert (first.added, first.refusals) == (1_000, [])
    again = take_entities(filled, rows, SOURCE)
    assert (again.unchanged, again.added, again.changed) == (1_000, 0, 0)
    assert filled.scalar(select(func.count()).where(Entity.invented)) == 1_000


def test_the_import_finds_the_same_districts_by_place(filled: Session) -> None:
    rows: list[tuple[int, dict[str, Any]]] = [
        (line, {**row, "district": ""}) for line, row in enumerate(entities(SEED, ON, 300, ("610702", DEFAULT)))
    ]
    told = take_entities(filled, rows, SOURCE)
    assert told.refusals == []
    found = filled.execute(select(Entity.district, func.count()).group_by(Entity.district)).all()
    assert dict(tuple(row) for row in found) == {"610702": 182, DEFAULT: 118}


def test_items_enter_the_registry(filled: Session) -> None:
    for row in items():
        enter_item(filled, **{name: value for name, value in row.items() if name != "source"})
    assert filled.scalar(select(func.count()).select_from(Item)) == len(items())


def test_the_road_graph_drives_from_the_seat_to_every_town(tmp_path: Path) -> None:
    path = tmp_path / "roads.osm.pbf"
    write_pbf(road_network(SEED), path)
    towns = [town.centre for town in settlements(SEED, DEFAULT).towns]
    found = Roads.load(path).matrix(towns)
    assert 0 < max(found.seconds[0]) < 3 * 3600
    assert min(found.seconds[0][1:]) > 60
