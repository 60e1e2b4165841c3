"""Visits are judged as DOMAIN §2.7 and §3.2 say."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import backend.registry
from backend.inspections import rules
from backend.inspections.rules import AnswerFault, CodeFault, Conclusion, JudgedBy

CATALOGUE = Path(backend.registry.__file__).parent / "catalogue"


def rows(name):
    return list(csv.DictReader((CATALOGUE / name).read_text("utf-8-sig").splitlines()))


RESTAURANT = JudgedBy.from_body({
    "items": [{"no": int(r["item_no"]), "key": r["key_item"] == "*", "photo": r["photo_rule"]}
              for r in rows("checklist_restaurant.csv")],
    "conclusion": {"general_max_for_basic": 8, "key_max_for_basic": 0},
})  # fmt: skip
KEYS = [item.no for item in RESTAURANT.items if item.key]
GENERALS = [item.no for item in RESTAURANT.items if not item.key]


def answers(*failed, na=()):
    told = {item.no: "yes" for item in RESTAURANT.items}
    return told | dict.fromkeys(failed, "no") | dict.fromkeys(na, "na")


def concluded(told):
    return rules.conclude(rules.tally(RESTAURANT, told), RESTAURANT.rule)


def test_the_restaurant_checklist_has_38_items_17_of_them_key():
    assert (len(RESTAURANT.items), len(KEYS)) == (38, 17)
    photos = [item.photo for item in RESTAURANT.items]
    assert (photos.count("ALWAYS"), photos.count("NEVER")) == (20, 1)


@pytest.mark.parametrize(
    ("failed", "conclusion"),
    [
        ([], "conform"), (GENERALS[:1], "basically_conform"), (GENERALS[:8], "basically_conform"),
        (GENERALS[:9], "non_conform"), (KEYS[:1], "non_conform"), (KEYS[:1] + GENERALS[:1], "non_conform"),
    ],
)  # fmt: skip
def test_conclusions(failed, conclusion):
    assert concluded(answers(*failed)) == conclusion


def test_what_does_not_apply_is_ignored():
    told = answers(na=[item.no for item in RESTAURANT.items])
    assert rules.tally(RESTAURANT, told) == rules.Tally(0, 0, 0, 0)
    assert concluded(told) == Conclusion.CONFORM


def test_the_limits_come_from_the_checklists_own_version():
    lenient = JudgedBy(RESTAURANT.items, rules.ConclusionRule(10, 1))
    counts = rules.tally(lenient, answers(*GENERALS[:10], KEYS[0]))
    assert rules.conclude(counts, lenient.rule) == Conclusion.BASICALLY_CONFORM


@given(st.sets(st.sampled_from(GENERALS + KEYS)), st.sampled_from(GENERALS + KEYS))
def test_one_more_failure_never_makes_a_conclusion_better(failed, more):
    order = list(Conclusion)
    assert order.index(concluded(answers(*failed, more))) >= order.index(concluded(answers(*failed)))


@pytest.mark.parametrize(
    ("rule", "value", "wanted"),
    [
        ("ALWAYS", "yes", True), ("ALWAYS", "no", True), ("ALWAYS", "na", False),
        ("ON_FAIL", "yes", False), ("ON_FAIL", "no", True), ("ON_FAIL", "na", False),
        ("NEVER", "yes", False), ("NEVER", "no", False), ("NEVER", "na", False),
    ],
)  # fmt: skip
def test_which_answers_need_a_photo(rule, value, wanted):
    assert rules.wants_photo(rules.PhotoRule(rule), value) is wanted


def test_items_without_their_photo_are_named():
    always = [item.no for item in RESTAURANT.items if item.photo == "ALWAYS"]
    told = answers(3, na=always[1:2])
    assert rules.items_without_photo(RESTAURANT, told, always[:1]) == sorted([*always[2:], 3])
    assert rules.items_without_photo(RESTAURANT, told, [None, *always, 3]) == []


def test_answers_that_are_missing_unknown_twice_or_no_answers_are_named():
    told = [(no, "yes") for no in answers() if no > 2] + [(2, "maybe"), (3, "no"), (99, "yes")]
    assert rules.answer_faults(RESTAURANT, told) == {
        1: AnswerFault.MISSING, 2: AnswerFault.VALUE, 3: AnswerFault.TWICE, 99: AnswerFault.UNKNOWN_ITEM,
    }  # fmt: skip
    assert rules.answer_faults(RESTAURANT, [], needed=False) == {}


def test_the_codes_and_their_exclusiveness_are_those_of_the_catalogue():
    known = [row for row in rows("result_codes.csv") if row["set"] in ("NATIONAL8", "STATUS")]
    assert {row["code"] for row in known} == set(rules.BY_GRAVITY)
    assert {row["code"] for row in known if row["exclusive"] == "Y"} == rules.EXCLUSIVE
    assert {row["code"] for row in known if row["is_problem"] == "Y"} == rules.PROBLEMS


@pytest.mark.parametrize(
    ("codes", "worst"),
    [(["R01", "R05"], "R05"), (["R05", "R08", "R02"], "R08"), (["R04", "R03"], "R03"), (["R06", "R03"], "R06"),
     (["R07", "S01"], "S01"), (["R01", "R07"], "R07"), (["R01"], "R01")],
)  # fmt: skip
def test_the_headline_is_the_worst_code(codes, worst):
    assert rules.headline(codes) == rules.headline(codes[::-1]) == worst


@pytest.mark.parametrize(
    ("codes", "fault"),
    [([], CodeFault.NONE), (["R01", "R05"], CodeFault.EXCLUSIVE), (["R99"], CodeFault.UNKNOWN),
     (["S03", "R02"], CodeFault.EXCLUSIVE), (["R02", "R05"], None), (["R04"], None)],
)  # fmt: skip
def test_exclusive_codes_stand_alone(codes, fault):
    assert rules.codes_fault(codes) == fault


@pytest.mark.parametrize(
    ("conclusion", "stated", "result"),
    [("conform", None, "R01"), ("basically_conform", None, "R05"), ("non_conform", None, "R08"),
     ("conform", "R07", "R07"), ("basically_conform", "R06", "R06"), ("non_conform", "R02", "R08"),
     ("conform", "R02", "R02")],
)  # fmt: skip
def test_the_visits_result(conclusion, stated, result):
    assert rules.visit_result(Conclusion(conclusion), stated) == result


def test_a_team_cannot_state_no_problem_where_items_failed():
    assert rules.stated_fault("R01", 1) == CodeFault.FAILURES
    assert rules.stated_fault("R04", 1) == CodeFault.FAILURES
    assert rules.stated_fault("X", 0) == CodeFault.UNKNOWN
    assert rules.stated_fault("R06", 1) is rules.stated_fault(None, 1) is None


def test_where_nobody_was_met_the_list_stays_open_and_the_site_is_photographed():
    assert [code for code in rules.BY_GRAVITY if not rules.answers_needed(code)] == [
        "R06", "R04", "S01", "S02", "S03", "S04", "S05", "R07",
    ]  # fmt: skip
    assert rules.site_photo_needed("R04")
    assert not rules.site_photo_needed(None)


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3)), st.booleans(), st.sampled_from([None, "R01", "R04"]))
def test_each_officer_who_did_not_confirm_is_missed_and_nobody_signs_where_nobody_was_met(team, signed, entity, stated):
    faults = rules.signature_faults(team, signed, entity=entity, stated=stated)
    assert faults.count("officer") == len(team - signed)
    assert ("entity" in faults) == (not entity and stated != "R04")
