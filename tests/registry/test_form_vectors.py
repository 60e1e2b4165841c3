"""Forms as written down: the vectors that the phone's tests read too, and what a workbook may not hold."""

import json
from pathlib import Path
from typing import Any

import pytest

from backend.registry.forms.evaluate import Place, evaluate
from backend.registry.forms.grammar import ExpressionRefused, parse
from backend.registry.forms.model import Filled
from backend.registry.forms.patterns import PatternRefused, same_everywhere
from backend.registry.forms.values import to_text
from tests.registry.forms import TODAY, a_form

VECTORS = json.loads((Path(__file__).parent / "form_vectors.json").read_text(encoding="utf-8"))
CHOICES = VECTORS["choices"]
CASES = [(form, case) for form in VECTORS["forms"] for case in form["cases"]]


@pytest.mark.parametrize("vector", VECTORS["expressions"], ids=lambda vector: vector["text"])
def test_an_expression_is_read_and_evaluated_as_written_down(vector):
    tree = parse(vector["text"])
    assert tree == vector["tree"]
    filled = Filled(VECTORS["form"], vector["answers"], today=TODAY)
    assert to_text(evaluate(tree, Place(filled, filled.today))) == vector["is"]


@pytest.mark.parametrize("text", VECTORS["refused"])
def test_what_is_outside_the_subset_is_refused_in_both_languages(text):
    with pytest.raises(ExpressionRefused) as refused:
        parse(text)
    assert refused.value.zh != refused.value.en


@pytest.mark.parametrize(
    "form",
    [VECTORS | {"survey": VECTORS["questions"]}, *VECTORS["forms"]],
    ids=lambda form: form.get("name", "questions"),
)
def test_a_form_is_compiled_as_written_down(form):
    assert a_form(form["survey"], CHOICES) == form["form"]


@pytest.mark.parametrize(("form", "case"), CASES)
def test_answers_are_judged_as_written_down(form: dict[str, Any], case: dict[str, Any]):
    filled = Filled(form["form"], case["answers"], today=TODAY)
    assert [[f.path, f.code] for f in filled.faults(needed=case.get("needed", True))] == case["faults"]
    values = {filled.path(*key): to_text(filled.value(*key)) for key, shown in filled.relevant.items() if shown}
    assert {path: values[path] for path in case["values"]} == case["values"]


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+$",
        "(a|a)*$",
        "(a*)*b",
        "((ab)*c)+",
        "(?P<n>a)",
        "a{1,999}",
        "a**",
        "^*",
        "[[:alpha:]]",
        r"\bx",
        r"\1",
        "(?i)x",
        ".*.*.*.*x",
    ],
)
def test_a_pattern_that_could_hold_a_phone_or_means_two_things_is_refused(pattern):
    with pytest.raises(PatternRefused):
        same_everywhere(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["^1[3-9][0-9]{9}$", r"\d{4}-\d{2}-\d{2}", "^(JY|YB)[0-9]{14}$", "([0-9]{3},)*", r"[\w.-]+@[\w-]+\.[a-z]{2,8}"],
)
def test_patterns_of_daily_use_are_taken(pattern):
    assert same_everywhere(pattern)


def test_a_long_answer_does_not_hold_the_server():
    tree = parse("regex(${words}, '[a-z]*[a-y]*[a-x]*!')")
    filled = Filled(VECTORS["form"], {"words": "a" * 2000}, today=TODAY)
    assert evaluate(tree, Place(filled, filled.today)) is False
