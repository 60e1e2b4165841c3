"""The card's grammar reads what the catalogue writes and refuses the rest."""

from datetime import date

import pytest

from backend.risk.card import Audience, CardNotUsable, Scorecard, audiences_of
from backend.risk.grammar import WHOLE, Decay, Override, Rule, RuleNotUnderstood, ValueOutsideRule, months_before

ROW = {
    "code": "X1", "name_zh": "例", "name_en": "Example", "category_code": "G1", "applies_to": "ALL",
    "value_type": "int", "unit": "times", "scoring_rule": "BAND(0=0;>=1=100)", "weight_points": "10",
    "validity_decay": "WINDOW(12m)", "repair_effect": "NA", "missing_value_pct": "0", "override": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "value", "percent"),
    [
        ("MAP(a=0;b=40)", "b", 40), ("BAND(<0.5=0;<1=30;<2=60;>=2=100)", "0.5", 30),
        ("BAND(<=3=0;<=10=40;>10=100)", "3", 0), ("BAND(<=3=0;<=10=40;>10=100)", "10.01", 100),
        ("BAND(no_check=0;0=0;<=0.34=40;<=1=100)", "no_check", 0), ("BAND(0=0;<10000=20;>=10000=80)", "0.00", 0),
        ("BOOL(true=100) only if confirmed", "true", 100), ("BOOL(true=100)", "false", 0),
    ],
)  # fmt: skip
def test_the_first_matching_case_gives_the_percentage(rule, value, percent):
    assert Rule.read(rule).percent(value) == percent


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ("MAP(a=0)", "A"),
        ("BAND(<=1=100)", "1.1"),
        ("BAND(<1=0)", "few"),
        ("BAND(<1=0)", "nan"),
        ("BOOL(true=100)", "1"),
    ],
)
def test_a_value_without_a_case_is_refused(rule, value):
    with pytest.raises(ValueOutsideRule):
        Rule.read(rule).percent(value)


@pytest.mark.parametrize(
    "rule",
    ["", "MAP", "MAP()", "MAP(a)", "MAP(a=101)", "MAP(a=-1)", "BAND(<x=1)", "BAND(<=5)", "BOOL(false=1)", "SUM(a=1)"],
)
def test_what_is_no_rule_is_told_in_both_languages(rule):
    with pytest.raises(RuleNotUnderstood) as told:
        Rule.read(rule)
    assert told.value.told("zh")["detail"]
    assert told.value.told("en")["detail"]


def test_notes_after_the_bracket_are_kept_for_people():
    assert Rule.read("BOOL(true=100) only if confirmed").note == "only if confirmed"


@pytest.mark.parametrize("text", ["ALWAYS", "WINDOW(24)", "HALF(12m)", "HALF(0m,36m)"])
def test_what_is_no_decay_is_refused(text):
    with pytest.raises(RuleNotUnderstood):
        Decay.read(text)


def test_what_is_no_override_is_refused():
    with pytest.raises(RuleNotUnderstood):
        Override.read("FLOOR_A")


def test_a_half_life_halves_and_ends():
    decay, on = Decay.read("HALF(12m,36m)"), date(2026, 11, 22)
    kept = [decay.kept(months_before(on, months), on) for months in (0, 12, 24, 36, 37)]
    assert kept == [WHOLE, WHOLE // 2, WHOLE // 4, WHOLE // 8, 0]


def test_months_end_where_the_month_ends():
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 13) == date(2024, 12, 15)


@pytest.mark.parametrize(
    "change",
    [{"weight_points": "0"}, {"weight_points": "2.5"}, {"applies_to": "SHOPS"}, {"missing_value_pct": "101"},
     {"unit": None}],
)  # fmt: skip
def test_a_row_that_cannot_be_scored_with_names_its_indicator(change):
    with pytest.raises(CardNotUsable) as told:
        Scorecard.from_rows("1", [{**ROW, **change}])
    assert "X1" in told.value.told("zh")["detail"]


def test_a_card_needs_different_codes_and_rising_thresholds():
    with pytest.raises(CardNotUsable):
        Scorecard.from_rows("1", [ROW, ROW])
    with pytest.raises(CardNotUsable):
        Scorecard.from_rows("1", [])
    with pytest.raises(CardNotUsable):
        Scorecard.from_rows("1", [ROW], {"B": 200, "C": 100, "D": 300})


@pytest.mark.parametrize(
    ("kind", "industry", "licence", "named"),
    [
        ("individual", ["6210"], None, {"FOOD", "CATERING"}),
        (
            "company",
            ["1411"],
            "SC12461070200015",
            {"COMPANY", "ENTERPRISE", "FOOD", "FOOD_PRODUCER", "PRODUCER_SELLER"},
        ),
        ("company", ["5213"], "JY16107020000013", {"COMPANY", "ENTERPRISE", "FOOD", "PRODUCER_SELLER"}),
        ("cooperative", ["0111"], None, {"ENTERPRISE"}),
        ("individual", ["8040"], None, set()),
    ],
)
def test_who_an_indicator_concerns(kind, industry, licence, named):
    assert audiences_of(kind, industry, licence) == {Audience.ALL, *map(Audience, named)}
