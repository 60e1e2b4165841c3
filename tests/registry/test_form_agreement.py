"""The phone and the server agree: forms and answers that Hypothesis makes up, judged by both evaluators."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from backend.registry.forms.build import FORMAT
from backend.registry.forms.grammar import Tree
from backend.registry.forms.patterns import same_everywhere
from tests.registry.forms import JUDGEMENT, TODAY, a_form, findings

ROOT = Path(__file__).parents[2]
Ask = Callable[..., dict[str, Any]]
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking, which takes minutes for whole forms; the form that failed is told as it is."""


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The phone's evaluator, built by the front end's own bundler."""
    built = tmp_path_factory.mktemp("phone") / "runner.mjs"
    source = ROOT / "tests/phone/form_runner.ts"
    bundle = [ROOT / "node_modules/.bin/rolldown", source, "--file", built, "--format", "esm", "--platform", "node"]
    subprocess.run(list(map(str, bundle)), check=True, capture_output=True, cwd=ROOT)
    return built


@pytest.fixture(scope="module")
def phone(runner: Path) -> Iterator[Ask]:
    """The phone's evaluator, run by node."""
    with run_by_node(runner) as ask:
        yield ask


@contextmanager
def run_by_node(built: Path) -> Iterator[Ask]:
    with subprocess.Popen(["node", str(built)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as node:
        yield lambda **asked: _asked(node, asked)
        node.stdin.close()


def _asked(node: subprocess.Popen[str], asked: dict[str, Any]) -> dict[str, Any]:
    node.stdin.write(json.dumps(asked) + "\n")
    node.stdin.flush()
    return json.loads(node.stdout.readline())


KINDS = {
    "one": "select_one judgement", "many": "select_multiple judgement", "words": "text", "whole": "integer",
    "part": "decimal", "day": "date", "place": "geopoint", "sign": "image",
}  # fmt: skip
NAMES = ["one", "many", "words", "whole", "part", "day", "place", "sign"]
INSIDE = ["weight", "kind"]
TEXTS = st.sampled_from(
    ["", "yes", "no", "na", " ", "7", "-2.50", "1e3", "０", "2026-02-29", "2024-02-29", "汉字𠮷", "a b", "x" * 2001]
)
NUMBERS = st.one_of(
    st.integers(-5, 5), st.floats(), st.sampled_from([1e15, 1e-7, 0.1, 2**53, 1e21, -0.0, 999_999_999_999])
)
ODD = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, st.lists(TEXTS, max_size=3), st.just({"a": 1}))
LITERALS = st.one_of(
    st.integers(0, 40).map(str),
    st.sampled_from(["0.1", ".5", "2.", "2.45", "'yes'", "'no'", "''", "'2024-02-29'", "'a b'", '"7"']),
    st.sampled_from(["1000000000000000", "today()", "true()", "false()"]),
)
PATTERNS = [
    "^[0-9]{2,4}$",
    r"\d+",
    r"\w*\s?\w*",
    "[^a-z]+",
    "汉.{1,2}",
    "(ab)?c|yes",
    r"-?\d+(\.\d{1,2})?",
    r"[\d.-]*",
    "a.b",
]


def _expressions(names: list[str], own: list[str], *, depth: int = 3, repeated: bool = False) -> st.SearchStrategy[str]:
    """Texts of expressions over questions of one value, and ``own`` ones that only aggregates may take; ``repeated`` within a repeat."""
    places = [f"${{{name}}}" for name in names] + ["position(..)"] * repeated
    leaves = st.one_of(LITERALS, st.sampled_from(places))
    many = st.sampled_from(
        [f"{f}(${{{name}}})" for f in ("sum", "count", "count-non-empty", "min", "max") for name in own] or ["0"]
    )
    both = st.one_of(leaves, many)
    operators = st.sampled_from(["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"])
    one = st.sampled_from(["not", "number", "string", "string-length", "int", "round", "date", "count-selected"])
    two = st.sampled_from(["selected", "coalesce", "contains", "starts-with", "concat", "round", "min", "max"])
    any_number = st.sampled_from(["concat", "min", "max"])

    def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(
            st.tuples(inner, operators, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
            st.tuples(one, inner).map(lambda t: f"{t[0]}({t[1]})"),
            st.tuples(two, inner, inner).map(lambda t: f"{t[0]}({t[1]}, {t[2]})"),
            st.tuples(any_number, st.lists(inner, min_size=3, max_size=5)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
            st.tuples(inner, st.sampled_from(PATTERNS)).map(lambda t: f"regex({t[0]}, '{t[1]}')"),
            st.tuples(inner, inner, inner).map(lambda t: f"if({', '.join(t)})"),
            inner.map(lambda t: f"-{t}"),
        )

    return st.recursive(both, wider, max_leaves=depth * 2)


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Survey rows: every kind of question, a group, a repeat, calculations, with rules here and there.

    A rule of relevance looks only at rows above it, so that no circles come up; constraints look anywhere.
    """
    rows: list[dict[str, Any]] = []
    seen: list[str] = []
    for name in draw(st.permutations(NAMES)):
        rows.append(_ruled(draw, {"type": KINDS[name], "name": name}, seen, [], anywhere=NAMES))
        seen.append(name)
    inside = [
        _ruled(draw, {"type": "decimal", "name": "weight"}, seen, [], anywhere=[*NAMES, "weight"], repeated=True),
        _ruled(
            draw,
            {"type": "select_one judgement", "name": "kind"},
            [*seen, "weight"],
            [],
            anywhere=[*NAMES, *INSIDE],
            repeated=True,
        ),
        {"type": "calculate", "name": "double", "calculation": draw(_expressions([*seen, *INSIDE], [], repeated=True))},
    ]
    rows += [
        _ruled(draw, {"type": "begin_repeat", "name": "samples"}, seen, [], anywhere=[]),
        *inside,
        {"type": "end_repeat"},
    ]
    total = {
        "type": "calculate",
        "name": "total",
        "calculation": draw(_expressions(NAMES, [*INSIDE, "double", "samples"])),
    }
    last = _ruled(draw, {"type": "begin_group", "name": "last"}, [*NAMES, "total"], ["weight"], anywhere=[])
    return [
        *rows,
        total,
        last,
        _ruled(draw, {"type": "text", "name": "end"}, [*NAMES, "total"], INSIDE, anywhere=NAMES),
        {"type": "end_group"},
    ]


def _ruled(
    draw: st.DrawFn,
    row: dict[str, Any],
    seen: list[str],
    own: list[str],
    *,
    anywhere: list[str],
    repeated: bool = False,
) -> dict[str, Any]:
    if seen and draw(st.booleans()):
        row["relevant"] = draw(_expressions(seen, own, repeated=repeated))
    if anywhere and draw(st.booleans()):
        row["constraint"] = draw(_expressions(anywhere, own, repeated=repeated)) + draw(
            st.sampled_from(["", " or . != 'no'", " and . > 1"])
        )
    if anywhere and draw(st.booleans()):
        row["required"] = draw(st.one_of(st.just("yes"), _expressions(anywhere, own, repeated=repeated)))
    if row["type"].endswith("judgement") and draw(st.booleans()):
        row["choice_filter"] = (
            f"hue = {draw(_expressions(seen or ['words'], own, repeated=repeated))} or name != 'na'"
            if seen
            else "hue = 'b'"
        )
    return row


HUED = [{**row, "hue": hue} for row, hue in zip(JUDGEMENT, ("a", "b", "7"), strict=True)]


@st.composite
def answers(draw: st.DrawFn) -> dict[str, Any]:
    """Answers, mostly fitting, some odd, some to no question."""
    fitting: dict[str, st.SearchStrategy[Any]] = {
        "one": st.sampled_from(["yes", "no", "na", "maybe"]), "words": TEXTS, "whole": NUMBERS, "part": NUMBERS,
        "many": st.lists(st.sampled_from(["yes", "na"]), max_size=2), "sign": TEXTS,
        "day": st.sampled_from(["2026-11-23", "2024-02-29", "0999-01-01", "9999-12-31", "2026-13-01"]),
        "place": st.sampled_from(["33.07 107.03", "33.07 107.03 500 12.5", "91 0", "33.07, 107.03"]), "end": TEXTS,
    }  # fmt: skip
    found = {name: draw(st.one_of(fitting[name], fitting[name], ODD)) for name in fitting if draw(st.booleans())}
    instance = st.fixed_dictionaries(
        {}, optional={"weight": st.one_of(NUMBERS, ODD), "kind": fitting["one"], "zz": TEXTS, "double": TEXTS}
    )
    found["samples"] = draw(st.one_of(st.lists(instance, max_size=3), st.just("none"), st.none()))
    return {
        **found,
        **draw(st.dictionaries(st.sampled_from(["constructor", "toString", "未知", "total", "last"]), ODD, max_size=2)),
    }


def plain(value: Any) -> Any:
    """Answers as JSON carries them: it knows neither NaN nor infinity."""
    return json.loads(json.dumps(value), parse_constant=lambda _name: None)


LEAVES: list[Tree] = [
    "", " ", "yes", "a b", "7", " -2.50 ", "1e3", "2024-02-29", "2026-02-29", "汉字𠮷", ".", "0", "false",
    0, 1, -1, 0.5, 1.5, 2.5, -2.5, 0.1, 0.2, 1e-7, 123456.789, 1e15, 1e21, -1e300, 45.4449, 20000,
    ["date", "2024-02-29"], ["date", 0.9], ["date", "nonsense"], ["today"], ["true"], ["false"],
    ["div", 0, 0], ["div", 1, 0], ["neg", ["div", 1, 0]], ["neg", 0],
]  # fmt: skip
"""Values of every sort, with their edges."""
ONE = ["neg", "not", "number", "string", "string-length", "int", "round", "date", "count-selected"]
TWO = ["or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "selected", "coalesce", "contains",
       "starts-with", "concat", "round", "min", "max"]  # fmt: skip


def differences(ask: Ask) -> list[tuple[Tree, str, str]]:
    """Where the phone, so asked, and the server differ: every operation over every pair of values."""
    trees: list[Tree] = [[name, leaf] for name in ONE for leaf in LEAVES]
    trees += [[name, left, right] for name in TWO for left in LEAVES for right in LEAVES]
    trees += [["regex", leaf, same_everywhere(pattern)] for pattern in PATTERNS for leaf in LEAVES]
    nodes = [
        {"name": f"c{at}", "kind": "calculate", "label": {}, "calculate": ["string", tree]}
        for at, tree in enumerate(trees)
    ]
    form = {"format": FORMAT, "nodes": nodes, "choices": {}, "order": [node["name"] for node in nodes]}
    told, ours = ask(form=form, answers={}, today=TODAY, needed=True)["values"], findings(form, {})["values"]
    assert len(ours) > 30_000
    values = [(tree, told[f"c{at}"], ours[f"c{at}"]) for at, tree in enumerate(trees)]
    return [value for value in values if value[1] != value[2]]


def test_phone_and_server_agree_on_every_operation_over_every_pair_of_values(phone):
    assert differences(phone) == []


@pytest.mark.parametrize(
    ("sound", "broken"),
    [
        ("number * scale + .5", "number * scale + .4"),
        ("edge(Math.min, values)", "edge(Math.max, values)"),
        ("(a, b) => a <= b", "(a, b) => a < b"),
        ("toText(value).startsWith", "toText(value).endsWith"),
    ],
    ids=["rounding", "smallest", "at most", "beginning"],
)
def test_an_evaluator_that_is_a_little_wrong_is_noticed(runner, tmp_path, sound, broken):
    source = runner.read_text()
    assert source.count(sound) == 1
    (tmp_path / "broken.mjs").write_text(source.replace(sound, broken))
    with run_by_node(tmp_path / "broken.mjs") as ask:
        assert differences(ask)


@given(rows=forms(), drafts=st.lists(answers(), min_size=6, max_size=6), needed=st.booleans())
@settings(max_examples=50, phases=QUICKLY, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_phone_and_server_judge_every_form_and_answer_alike(phone, rows, drafts, needed):
    form = a_form(rows, HUED)
    for asked in map(plain, drafts):
        assert phone(form=form, answers=asked, today=TODAY, needed=needed) == findings(form, asked, needed=needed)


FILLED = st.fixed_dictionaries(
    {
        "one": st.sampled_from(["yes", "no"]), "words": TEXTS, "whole": st.integers(-1000, 1000),
        "part": st.one_of(st.floats(-1e15, 1e15), st.decimals(-100, 100, places=2).map(float)),
        "many": st.lists(st.sampled_from(["yes", "no", "na"]), max_size=3, unique=True),
        "day": st.dates(min_value=date(1000, 1, 1)).map(str), "place": st.just("33.07 107.03"), "sign": st.just("7"),
        "samples": st.lists(st.fixed_dictionaries({"weight": st.floats(-1e9, 1e9)}), max_size=4),
    }
)  # fmt: skip


@given(texts=st.lists(_expressions(NAMES, ["weight", "samples"]), min_size=15, max_size=15), given_=FILLED)
@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_phone_and_server_calculate_alike(phone, texts, given_):
    questions = [{"type": kind, "name": name} for name, kind in KINDS.items()]
    samples = [
        {"type": "begin_repeat", "name": "samples"},
        {"type": "decimal", "name": "weight"},
        {"type": "end_repeat"},
    ]
    sums = [{"type": "calculate", "name": f"c{at}", "calculation": text} for at, text in enumerate(texts)]
    form = a_form([*questions, *samples, *sums])
    asked = plain(given_)
    assert phone(form=form, answers=asked, today=TODAY, needed=True)["values"] == findings(form, asked)["values"]
