"""The points card scores as DOMAIN §4.2 and §4.3 say."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backend.risk
from backend.risk import rules
from backend.risk.card import Scorecard, audiences_of, rows_of
from backend.risk.grammar import ValueOutsideRule, months_before

ROWS = rows_of((Path(backend.risk.__file__).parent / "catalogue/indicators.csv").read_text())
CARD = Scorecard.from_rows("1.0", ROWS)
ON = date(2026, 11, 22)
RESTAURANT = audiences_of("individual", ["6210"], "JY26107020000012")
AGES = {"G302": 10, "G306": 14, "G307": 14, "G308": 14}
CLEAN = """G103=own_or_leased_shop G104=1 G107=1 G108=verified G202=0 G204=0 G205=0 G207=active G209=normal
G301=false G303=none G304=false G305=false G309=false G310=0 G313=0 G314=0 G316=0 G317=0 G401=0 G402=false G405=false
G406=0 G502=0 G503=0 G504=false G505=0 G506=0 P102=valid P103=no P202=0 P204=0 P205=none P206=0 P207=0
P301=appointed_and_passed P303=1 P402=on_time P403=0 P404=0"""
GOLDEN = """G101=individual_household G102=2.4 G106=1 G109=higher G201=late_filed G302=1 G306=1 G307=lower_fine G308=5000
G311=0.5 G312=R05 P101=restaurant P104=180 P105=1 P106=minor P201=basically_conform P203=0.08 P208=13 P302=0.8
P304=0.8 P305=0.5 P306=none P401=0.85 G501=0.3"""


def facts(text, **ages):
    """``G101=value …`` as facts, of today but for those with an age in months."""
    pairs = (pair.split("=") for pair in text.split())
    return [rules.Fact(code, value, months_before(ON, ages.get(code, 0)), source=code) for code, value in pairs]


HOUSEHOLD = facts(f"{CLEAN} {GOLDEN}", **AGES)


def scored(told, audiences=RESTAURANT, **more):
    return rules.score(CARD, told, audiences, ON, **more)


def changed(code, **changes):
    return [replace(fact, **changes) if fact.indicator == code else fact for fact in HOUSEHOLD]


def test_the_catalogue_has_73_indicators_and_1000_points_in_nine_groups():
    assert len(CARD.indicators) == 73
    weights = {}
    for indicator in CARD.indicators:
        weights[indicator.group] = weights.get(indicator.group, 0) + indicator.weight
    assert weights == {"G1": 90, "G2": 90, "G3": 300, "G4": 60, "G5": 60, "P1": 100, "P2": 160, "P3": 80, "P4": 60}


def test_a_restaurant_of_an_individual_household_uses_64_indicators_of_929_points():
    used = CARD.for_audiences(RESTAURANT)
    assert (len(used), sum(i.weight for i in used)) == (64, 929)


def test_the_golden_household_scores_129_58_and_is_in_class_b():
    score = scored(HOUSEHOLD)
    assert (score.score, score.credit_class, score.completeness) == (12958, "B", 100)
    groups = {group: round(points, 2) for group, points in score.groups().items()}
    assert groups == {"G1": 19.8, "G2": 5.6, "G3": 34.18, "G4": 0, "G5": 0, "P1": 23.2, "P2": 20.2, "P3": 12.0, "P4": 5.4}  # fmt: skip
    assert round(sum(groups.values()), 2) == 120.38


def test_the_reasons_add_up_to_the_score_and_name_their_source():
    score = scored(HOUSEHOLD)
    told = score.as_json()
    assert abs(sum(reason["points"] for reason in told) - score.score) <= len(told)
    assert told[0] == {"indicator": "G311", "points": 1808, "value": "0.5", "fact": ["G311"], "known": True}
    assert [reason.indicator for reason in score.top(5)] == ["G311", "P101", "P201", "G109", "G201"]


@pytest.mark.parametrize(
    ("score", "name"),
    [(0, "A"), (9_999, "A"), (10_000, "B"), (21_999, "B"), (22_000, "C"), (37_999, "C"), (38_000, "D"), (100_000, "D")],
)
def test_classes_begin_at_100_220_and_380(score, name):
    assert CARD.class_of(score) == name


def test_a_repaired_record_costs_nothing_at_once():
    before, after = scored(HOUSEHOLD), scored(changed("G306", repaired=True))
    assert before.score > after.score
    assert "G306" not in [reason.indicator for reason in after.top()]
    assert after.completeness == 100


def test_a_mark_of_repair_changes_nothing_where_the_card_knows_no_repair():
    assert scored(changed("G311", repaired=True)).score == scored(HOUSEHOLD).score


@pytest.mark.parametrize(
    ("code", "value", "expected"),
    [
        ("G301", "true", "C"), ("G304", "true", "D"), ("G305", "true", "B"), ("G307", "revocation_or_industry_ban", "D"),
        ("G402", "true", "B"), ("G402", "true|industry ban", "C"), ("P102", "expired", "C"), ("P202", "3", "C"),
        ("P205", "illegal_additive", "D"), ("P403", "1", "B"), ("P403", "1|confirmed responsible", "D"),
    ],
)  # fmt: skip
def test_grave_facts_floor_or_force_the_class(code, value, expected):
    assert scored(changed(code, value=value, as_of=ON)).credit_class == expected


def test_repair_lifts_force():
    assert scored(changed("G304", value="true", repaired=True)).credit_class == "B"


def test_little_known_is_not_better_than_b():
    states = Scorecard.from_rows("x", [row for row in ROWS if row["code"] in ("G101", "G103", "G108")])
    score = rules.score(states, facts("G101=company"), RESTAURANT, ON)
    assert score.credit_class in "BCD"
    assert score.completeness < rules.COMPLETE_ENOUGH
    assert rules.Bound("completeness", "FLOOR_B") in score.bounds


def test_no_record_of_what_costs_nothing_is_itself_known():
    events = Scorecard.from_rows("x", [row for row in ROWS if row["code"] in ("G306", "G310", "G316")])
    assert rules.score(events, [], RESTAURANT, ON).completeness == 100


def test_what_is_missing_costs_what_the_card_says_and_is_told_as_unknown():
    score = scored([fact for fact in HOUSEHOLD if fact.indicator != "P208"])
    reason = next(r for r in score.reasons if r.indicator == "P208")
    assert (reason.points, reason.standing.known) == (7.0, False)


def test_an_event_out_of_its_window_is_forgotten():
    old = changed("P404", value="2", as_of=months_before(ON, 25))
    assert scored(old).score == scored(HOUSEHOLD).score
    edge = changed("P404", value="2", as_of=months_before(ON, 24))
    assert scored(edge).score > scored(HOUSEHOLD).score


def test_events_of_several_records_add_up_and_the_newest_gives_their_age():
    more = [*HOUSEHOLD, rules.Fact("G306", "1", months_before(ON, 2), source="case 2")]
    reason = next(r for r in scored(more).reasons if r.indicator == "G306")
    assert (reason.standing.value, reason.standing.percent) == ("2", 70)
    assert reason.points == pytest.approx(30 * 0.7 * 0.5 ** (2 / 12))


def test_of_several_kinds_of_penalty_the_worst_counts_while_it_lasts():
    worse = rules.Fact("G307", "suspension_or_downgrade", months_before(ON, 6))
    reason = next(r for r in scored([*HOUSEHOLD, worse]).reasons if r.indicator == "G307")
    assert reason.standing.value == "suspension_or_downgrade"


def test_later_facts_do_not_change_what_was_scored_as_of_a_day():
    later = rules.Fact("G304", "true", date(2026, 12, 1))
    assert scored([*HOUSEHOLD, later]) == scored(HOUSEHOLD)


def test_flags_stand_beside_the_class():
    gone = scored(changed("G207", value="revoked_not_deregistered")).flags
    due = scored(changed("P208", value="21")).flags
    assert [flag.kind for flag in gone] == ["EXCLUDE_FROM_DRAW"]
    assert [flag.kind for flag in due] == ["DUE_ALERT"]


def test_a_class_set_by_hand_holds_until_it_ends():
    manual = rules.Manual("C", date(2026, 11, 1), date(2026, 12, 1))
    assert scored(HOUSEHOLD, manual=manual).credit_class == "C"
    ended = replace(manual, ends=date(2026, 11, 21))
    assert scored(HOUSEHOLD, manual=ended).credit_class == "B"


@pytest.mark.parametrize(
    ("computed", "wanted", "ends", "fault"),
    [
        ("B", "C", "2027-05-01", None), ("B", "A", "2027-05-01", None), ("A", "D", "2027-05-01", None),
        ("A", "C", "2027-05-01", "step"), ("B", "B", "2027-05-01", "step"), ("B", "E", "2027-05-01", "class"),
        ("B", "C", "2027-05-02", "term"), ("B", "C", "2026-10-01", "term"),
    ],
)  # fmt: skip
def test_by_hand_one_step_or_to_d_for_six_months_at_most(computed, wanted, ends, fault):
    manual = rules.Manual(wanted, date(2026, 11, 1), date.fromisoformat(ends))
    assert rules.manual_fault(computed, manual) == fault


def test_a_value_outside_its_rule_is_an_error_and_not_a_zero():
    with pytest.raises(ValueOutsideRule) as told:
        scored(changed("G312", value="R99"))
    assert told.value.facts["indicator"] == "G312"
    with pytest.raises(ValueOutsideRule):
        rules.refuse_bad_fact(next(i for i in CARD.indicators if i.code == "G306"), "many")


def test_an_entity_that_no_indicator_concerns_has_no_score():
    food = Scorecard.from_rows("simple", [row for row in ROWS if row["applies_to"] == "FOOD"])
    with pytest.raises(rules.NothingApplies):
        rules.score(food, [], audiences_of("company", ["5231"], None), ON)


def test_a_simple_card_is_one_of_few_rows():
    simple = Scorecard.from_rows("simple", [row for row in ROWS if row["code"] in ("G311", "G312", "P201")])
    score = rules.score(simple, facts("G311=0.5 G312=R05 P201=basically_conform"), RESTAURANT, ON)
    assert score.score == round(100_000 * (16.8 + 5.4 + 12) / 72)


@given(st.permutations(HOUSEHOLD))
def test_the_order_of_facts_does_not_matter(told):
    assert scored(told) == scored(HOUSEHOLD)
