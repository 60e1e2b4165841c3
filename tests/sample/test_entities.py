"""Promises of the invented entities."""

import time
from collections import Counter
from datetime import date
from functools import cache

import numpy as np
import pytest
import shapely

from backend.registry.entity_rows import FIELDS, parse_entity
from backend.registry.rules import credit_code_fault, is_food
from backend.sample.chance import SEED
from backend.sample.codes import with_check_digit
from backend.sample.counties import DEFAULT
from backend.sample.districts import districts
from backend.sample.entities import Row, entities
from backend.sample.items import item_for, items
from backend.sample.roads import WHOLE_CITY, road_network
from backend.sample.trades import TRADES
from backend.sample.units import units
from geo.crs import Crs, convert

ON = date(2026, 11, 23)


@cache
def city() -> list[Row]:
    """20,000 entities all over the city."""
    return list(entities(SEED, ON, 20_000, WHOLE_CITY))


def wgs84(row: Row) -> tuple[float, float]:
    return convert(float(row["lon"]), float(row["lat"]), Crs(row["crs"]), Crs.WGS84)


def test_as_many_come_as_were_asked_for_and_always_the_same() -> None:
    assert len(city()) == 20_000
    assert city()[:50] == list(entities(SEED, ON, 20_000, WHOLE_CITY))[:50]
    assert [len(list(entities(SEED, ON, n))) for n in (0, 1, 7)] == [0, 1, 7]


def test_every_row_passes_the_checks_of_the_import() -> None:
    for line, row in enumerate(city(), start=2):
        parse_entity(line, row)
    assert set(city()[0]) - {"source"} == set(FIELDS) - {"source_id"}


def test_credit_codes_are_valid_and_every_entity_has_a_key_of_its_own() -> None:
    codes = [row["uscc"] for row in city() if row["uscc"]]
    assert not [code for code in codes if credit_code_fault(code)]
    assert all(code[8:10] == "MX" for code in codes)
    assert len({row["uscc"] or row["reg_no"] for row in city()}) == 20_000
    old = [row for row in city() if not row["uscc"]]
    assert old
    assert all(row["entity_type"] == "individual" and row["est_date"] < "2015-10-01" for row in old)


def test_every_entity_stands_inside_its_district() -> None:
    areas = {district.code: district.area for district in districts(SEED)}
    for code in WHOLE_CITY:
        places = np.array([wgs84(row) for row in city() if row["district"] == code])
        assert shapely.contains_xy(areas[code], places[:, 0], places[:, 1]).all()


def test_entities_stand_near_a_road() -> None:
    net = road_network(SEED)
    lines = [shapely.LineString([net.nodes[i] for i in way.nodes]) for way in net.ways]
    rows = list(entities(SEED, ON, 500))
    places = [shapely.Point(wgs84(row)) for row in rows if row["coord_quality"] != "TOWNSHIP"]
    _, distances = shapely.STRtree(lines).query_nearest(places, return_distance=True, all_matches=False)
    assert distances.max() < 0.0003  # about 30 m


def test_the_office_of_an_entity_is_a_unit_of_its_district() -> None:
    offices = {unit.code: unit.district for unit in units(SEED) if unit.township}
    assert all(offices[row["unit_code"]] == row["district"] for row in city())


def test_kinds_food_and_states_come_in_the_proportions_of_the_city() -> None:
    kinds = Counter(row["entity_type"] for row in city())
    assert set(kinds) == {"company", "individual", "cooperative", "branch", "other"}
    assert kinds["individual"] > 0.7 * 20_000
    food = sum(is_food(row["licence_no"], row["industry"].split(";")) for row in city())
    assert 0.10 < food / 20_000 < 0.12
    states = Counter(row["reg_state"] for row in city())
    assert states["active"] > 0.9 * 20_000
    assert {"dormant", "cancelled", "revoked"} < set(states)


def test_food_trades_are_just_those_that_the_register_takes_for_food() -> None:
    for trade in TRADES:
        assert trade.food == is_food(None, [trade.industry])


def test_licences_have_fourteen_digits_and_a_true_check_digit() -> None:
    licences = [row["licence_no"] for row in city() if row["licence_no"]]
    assert len(set(licences)) == len(licences)
    digits = np.array([licence[2:15] for licence in licences])
    assert with_check_digit(digits).tolist() == [licence[2:] for licence in licences]
    assert {licence[:2] for licence in licences} == {"JY", "YB", "SC"}


def test_an_unknown_county_is_refused() -> None:
    with pytest.raises(KeyError, match="999999"):
        next(entities(SEED, ON, 10, ("999999",)))


def test_items_are_published_with_a_legal_basis_and_every_kind_has_one() -> None:
    rows = items()
    assert all(row["legal_basis"] and row["published_at"] for row in rows)
    assert all(len(row["code"]) == 12 for row in rows)
    assert {item_for(trade.kind) for trade in TRADES} <= {row["code"] for row in rows}


@pytest.mark.long
def test_the_whole_city_is_made_within_a_minute() -> None:
    start = time.monotonic()
    count = sum(1 for _ in entities(SEED, ON, 400_000, WHOLE_CITY))
    assert count == 400_000
    assert time.monotonic() - start < 60


def test_the_default_county_is_one_of_the_eleven() -> None:
    assert {row["district"] for row in entities(SEED, ON, 30)} == {DEFAULT}
