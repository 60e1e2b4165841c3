"""Words: every key that a page asks for is in its catalogue, in both languages, with the same facts, and none lies idle."""

import json
import re
from pathlib import Path

import pytest

from backend.accounts.rules import Role
from backend.disclosure.models import ObjectionState
from backend.draws.models import LotState, PlanState, RoundState
from backend.inspections.models import SubmissionState
from backend.registry.models import EntityType, InspectorState, RegState
from backend.tours.models import TaskState

BACKEND = Path(__file__).parents[2] / "backend"
LITERAL = re.compile(r"""\bt\(\s*'([^']+)'\s*[,)]""")
HOLES = re.compile(r"{(\w+)}")
DYNAMIC = {
    "role": Role, "plan_state": PlanState, "round_state": RoundState, "lot_state": LotState, "reg": RegState,
    "state": [*TaskState, *SubmissionState], "type": EntityType, "step.said": RoundState,
    "objection_state": ObjectionState,
    "inspector": [s for s in InspectorState if s != "active"],
}  # fmt: skip


def catalogue(face: str) -> dict[str, dict[str, str]]:
    return json.loads((BACKEND / face / "texts.json").read_text(encoding="utf-8"))


def source(face: str) -> str:
    files = [*(BACKEND / face).rglob("*.html"), *(BACKEND / face).rglob("*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("face", ["console", "public", "look"])
def test_every_key_that_is_asked_for_is_there(face):
    known = catalogue(face).keys() | catalogue("look").keys()
    assert set(LITERAL.findall(source(face))) - known == set()


@pytest.mark.parametrize("face", ["console", "public", "look"])
def test_both_languages_speak_of_the_same_facts(face):
    for key, entry in catalogue(face).items():
        assert entry["zh"].strip(), key
        assert entry["en"].strip(), key
        assert set(HOLES.findall(entry["zh"])) == set(HOLES.findall(entry["en"])), key


@pytest.mark.parametrize("kind", DYNAMIC)
def test_every_state_and_role_has_words(kind):
    known = catalogue("console").keys() | catalogue("look").keys()
    assert {f"{kind}.{value}" for value in DYNAMIC[kind]} - known == set()


@pytest.mark.parametrize("face", ["console", "public", "look"])
def test_no_words_lie_idle(face):
    asked = source(face) + (source("console") + source("public") if face == "look" else "")
    quoted = set(re.findall(r"""['"]([\w.]+)['"]""", asked))
    dynamic = {key.rstrip(".") for key in quoted}

    def used(key: str) -> bool:
        return key in quoted or any(key.startswith(f"{kind}.") and kind in dynamic for kind in _beginnings(key))

    assert [key for key in catalogue(face) if not used(key)] == []


def _beginnings(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts))]
