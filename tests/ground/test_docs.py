"""The documents keep up with the code: settings, events, problems, dependencies."""

import ast
import importlib.util
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text()


def trees(*folders: str) -> Iterator[ast.Module]:
    for folder in folders:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if "node_modules" not in file.parts:
                yield ast.parse(file.read_text())


def settings_read() -> set[str]:
    """Every environment variable that the settings, the keys and the launcher look at."""
    files = ["backend/config.py", "backend/keys.py", *(f"backend/launcher/{f}.py" for f in ("instance", "address"))]
    code = "".join((ROOT / file).read_text() for file in files)
    named = set(re.findall(r"(?:environ|environment)(?:\.get\(|\[)\s*\"([A-Z_]+)\"", code))
    keys = importlib.import_module("backend.keys").NAMES
    return named | {f"KEY_{name.upper()}" for name in keys}


def events_recorded() -> set[str]:
    """The names given to ``ledger.record`` anywhere."""
    calls = (node for tree in trees("backend", "field_api") for node in ast.walk(tree) if isinstance(node, ast.Call))
    named = (call for call in calls if ast.unparse(call.func).split(".")[-1] == "record" and len(call.args) > 1)
    return {str(call.args[1].value) for call in named if isinstance(call.args[1], ast.Constant)}


def documented(name: str) -> set[str]:
    """What stands in the first column of a page's tables."""
    return set(re.findall(r"^\| `([^`]+)`", read(name), re.MULTILINE))


def test_every_setting_is_explained():
    told = set(re.findall(r"`([A-Z_]+)`", read("operations.md")))
    assert settings_read() - told == set(), "explain these in docs/operations.md"


def test_every_event_is_explained_and_none_that_is_not():
    recorded = events_recorded()
    assert "draw.held" in recorded
    assert recorded == documented("events.md"), "docs/events.md and the code differ"


def test_what_each_event_wakes_is_told():
    from backend.worker import REACTIONS, reaction_name

    told = dict(re.findall(r"^\| `([^`]+)` \|[^|]*\|([^|]*)\|$", read("events.md"), re.MULTILINE))
    wakes = {event: set(re.findall(r"`([^`]+)`", jobs)) for event, jobs in told.items()}
    for event, reactions in REACTIONS.items():
        assert wakes[event] == {reaction_name(r) for r in reactions}, event


@pytest.fixture(scope="module")
def lister() -> ModuleType:
    spec = importlib.util.spec_from_file_location("list_problems", DOCS / "list_problems.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_problem_is_explained(lister):
    codes = {kind.code() for kind in lister.problems()}
    assert {"not-signed-in", "bad-input"} <= codes
    assert codes == documented("problems.md"), "run .venv/bin/python docs/list_problems.py"


def test_every_problem_speaks_both_languages(lister):
    silent = [k.code() for k in lister.problems() if not re.search("[一-鿿]", k.zh[0]) or re.search("[一-鿿]", k.en[0])]
    assert silent == []


def test_every_direct_dependency_is_explained():
    lines = (ROOT / "requirements.in").read_text() + (ROOT / "requirements-dev.in").read_text()
    python = set(re.findall(r"^([a-z][a-z0-9-]*)", lines, re.MULTILINE))
    front = json.loads((ROOT / "package.json").read_text())
    told = set(re.findall(r"`([^`]+)`", read("dependencies.md")))
    assert {*python, *front["dependencies"], *front["devDependencies"]} - told == set()


def test_links_between_documents_lead_somewhere():
    pages = [*DOCS.rglob("*.md"), ROOT / "README.md"]
    links = [(page, link) for page in pages for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text())]
    assert [str(page.name) + " → " + link for page, link in links if not (page.parent / link).exists()] == []
