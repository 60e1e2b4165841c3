"""Promises of the invented units, people and accounts."""

from collections import Counter, defaultdict
from datetime import date

from backend.accounts.rules import Role
from backend.sample.accounts import accounts
from backend.sample.chance import SEED
from backend.sample.counties import DEFAULT
from backend.sample.people import experts, inspectors, recusals
from backend.sample.units import MARKET, units

ON = date(2026, 11, 23)


def test_279_units_are_one_tree_with_parents_first() -> None:
    seen: set[str] = set()
    for unit in units(SEED):
        assert unit.parent_code in seen or (unit.parent_code is None and not seen)
        seen.add(unit.code)
    assert len(seen) == 279
    assert Counter(unit.level for unit in units(SEED)) == {"township": 177, "county": 77, "city": 25}


def test_every_township_has_exactly_one_office() -> None:
    offices = [unit.township for unit in units(SEED) if unit.township]
    assert len(offices) == len(set(offices)) == 177


def test_every_unit_has_a_pair_that_can_be_drawn_and_market_units_know_catering() -> None:
    pairs = defaultdict(list)
    for row in inspectors(SEED, ON):
        if row.state == "active" and row.card_valid_to > "2027-06-01":
            pairs[row.unit_code].append(row)
    for unit in units(SEED):
        assert len(pairs[unit.code]) >= 2
        if unit.department == MARKET:
            assert any("food_catering" in row.qualifications for row in pairs[unit.code])


def test_a_few_cards_have_expired_and_no_card_is_given_twice() -> None:
    rows = inspectors(SEED, ON)
    expired = sum(row.card_valid_to < ON.isoformat() for row in rows)
    assert 0.01 < expired / len(rows) < 0.06
    assert len({row.card_no for row in rows}) == len({row.username for row in rows}) == len(rows)


def test_people_are_the_same_for_a_seed_and_marked_as_invented() -> None:
    rows = inspectors(SEED, ON)
    assert rows == inspectors(SEED, ON) != inspectors(SEED + 1, ON)
    alone = [unit for unit in units(SEED) if unit.district == DEFAULT]
    assert inspectors(SEED, ON, alone) == [row for row in rows if row.district == DEFAULT]
    assert {row.source for row in [*rows, *experts(SEED, ON), *units(SEED)]} == {"sample"}


def test_nobody_can_be_called() -> None:
    assert all(row.phone.startswith("100") and len(row.phone) == 11 for row in inspectors(SEED, ON))


def test_recusals_name_officers_and_entities_that_exist() -> None:
    rows = inspectors(SEED, ON)
    found = recusals(SEED, ON, rows, ["one", "two"])
    assert found
    assert {r.card_no for r in found} < {row.card_no for row in rows}
    assert {r.entity_key for r in found} == {"one", "two"}
    assert recusals(SEED, ON, rows, []) == []


def test_there_is_a_sample_account_for_every_role() -> None:
    assert {role for account in accounts(SEED, ON) for role in account.roles} == set(Role)


def test_accounts_keep_apart_the_duties_that_must_be_apart() -> None:
    found = accounts(SEED, ON)
    assert len({account.username for account in found}) == len(found)
    assert all(len(account.roles) == 1 for account in found)


def test_inspector_accounts_belong_to_rows_of_the_register() -> None:
    register = {row.card_no: row for row in inspectors(SEED, ON)}
    cards = [account for account in accounts(SEED, ON) if account.card_no]
    assert [account.username for account in cards] == ["inspector1", "inspector2", "inspector3", "inspector4"]
    for account in cards:
        row = register[account.card_no or ""]
        assert (account.name, account.unit_code, account.username) == (row.name, row.unit_code, row.username)
