"""Promises of the invented past."""

from collections import Counter, defaultdict
from datetime import date
from functools import cache

from backend.risk.card import Audience, Indicator, Scorecard, audiences_of
from backend.risk.commands import default_rows
from backend.risk.rules import Fact, refuse_bad_fact, score
from backend.sample.chance import SEED
from backend.sample.entities import Row, entities
from backend.sample.history import History, histories
from backend.sample.people import inspectors
from backend.sample.roads import WHOLE_CITY
from backend.sample.visits import SampleVisit

ON = date(2026, 11, 23)
CARD = {row["code"]: Indicator.from_row(row) for row in default_rows()}
BY_THE_REGISTER = {"G101", "G102", "P208"}


@cache
def rows() -> list[Row]:
    return list(entities(SEED, ON, 6_000, WHOLE_CITY))


@cache
def past(complete: bool = False) -> History:
    parts = list(histories(rows(), SEED, ON, inspectors(SEED, ON), complete=complete))
    return History([f for p in parts for f in p.facts], [v for p in parts for v in p.visits])


def key(row: Row) -> str:
    return row["uscc"] or row["reg_no"]


def of_indicator(code: str) -> dict[str, str]:
    return {key(fact): fact["value"] for fact in past().facts if fact["indicator"] == code}


def test_every_value_can_be_scored() -> None:
    for fact in past(complete=True).facts:
        refuse_bad_fact(CARD[fact["indicator"]], fact["value"])


def test_all_73_indicators_are_told_by_facts_or_by_the_register() -> None:
    told = {fact["indicator"] for fact in past(complete=True).facts}
    assert told | BY_THE_REGISTER == set(CARD)


def test_facts_are_sparse_unless_asked_to_be_complete() -> None:
    assert len(past().facts) < 12 * len(rows()) < len(past(complete=True).facts)


def test_facts_concern_only_entities_that_their_indicator_applies_to() -> None:
    audiences = {key(r): audiences_of(r["entity_type"], r["industry"].split(";"), r["licence_no"]) for r in rows()}
    for fact in past().facts:
        assert CARD[fact["indicator"]].audience in audiences[key(fact)]


def test_no_fact_is_older_than_its_entity_or_younger_than_today() -> None:
    born = {key(row): row["est_date"] for row in rows()}
    assert all(born[key(fact)] <= fact["as_of"] <= ON.isoformat() for fact in past().facts)


def test_each_source_record_is_told_once() -> None:
    records = [(key(f), f["indicator"], f["source"], f["source_id"]) for f in past(complete=True).facts]
    assert len(set(records)) == len(records)


def test_only_records_that_repair_removes_are_repaired() -> None:
    repaired = [fact for fact in past().facts if fact["repaired"] == "true"]
    assert repaired
    assert all(CARD[fact["indicator"]].removes for fact in repaired)


def test_an_entity_has_the_same_past_whoever_else_is_in_the_file() -> None:
    some = rows()[100:140]
    alone = next(histories(some, SEED, ON, inspectors(SEED, ON)))
    keys = {key(row) for row in some}
    assert sorted(map(str, alone.facts)) == sorted(str(f) for f in past().facts if key(f) in keys)
    assert sorted(map(str, alone.visits)) == sorted(str(v) for v in past().visits if v.entity_key in keys)


def test_indicators_of_one_matter_agree() -> None:
    assert of_indicator("G306").keys() == of_indicator("G307").keys()
    assert of_indicator("P204").keys() == of_indicator("P205").keys()
    assert of_indicator("G301").keys() == of_indicator("G303").keys() <= of_indicator("G302").keys()


def test_troubles_come_together() -> None:
    late, fined = of_indicator("G201").keys(), of_indicator("G306").keys()
    alike = len(late & fined) / len(fined)
    assert alike > 1.5 * len(late) / len(rows())


def test_visits_come_in_order_and_agree_with_the_facts() -> None:
    newest: dict[str, SampleVisit] = {}
    for visit in past().visits:
        assert visit.entity_key not in newest or newest[visit.entity_key].on < visit.on
        newest[visit.entity_key] = visit
    latest = of_indicator("G312")
    assert latest
    assert all(newest[entity].result == value for entity, value in latest.items())


def test_a_visit_concludes_as_its_failed_items_demand() -> None:
    conclusions = {v.conclusion for v in past().visits}
    assert conclusions == {None, "F1", "F2", "F3"}
    for visit in past().visits:
        if visit.conclusion:
            worst = bool(visit.key_failed) or visit.general_failed > 8
            assert visit.conclusion == ("F3" if worst else "F2" if visit.general_failed else "F1")


def test_two_different_officers_of_the_entitys_office_made_each_visit() -> None:
    unit_of = {row.card_no: row.unit_code for row in inspectors(SEED, ON)}
    pairs: Counter[tuple[str, ...]] = Counter()
    for visit in past().visits:
        first, second = visit.officers
        assert first != second
        assert unit_of[first] == unit_of[second] == visit.unit_code
        pairs[visit.officers] += 1
    assert len(pairs) > 100


def test_food_businesses_fall_into_all_four_classes_and_most_are_at_ease() -> None:
    card = Scorecard.from_rows("test", default_rows())
    facts = defaultdict(list)
    for f in past(complete=True).facts:
        told = Fact(f["indicator"], f["value"], date.fromisoformat(f["as_of"]), f["repaired"] == "true", f["source_id"])
        facts[key(f)].append(told)
    classes: Counter[str] = Counter()
    for row in rows():
        audiences = audiences_of(row["entity_type"], row["industry"].split(";"), row["licence_no"])
        if Audience.FOOD in audiences and row["licence_no"]:
            valid = Fact("P102", "valid", ON)
            classes[score(card, [*facts[key(row)], valid], audiences, ON).credit_class] += 1
    assert classes["A"] > classes["B"] > classes["C"] > classes["D"] > 0
