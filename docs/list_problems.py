"""Writes docs/problems.md from the Problem classes of the code: .venv/bin/python docs/list_problems.py"""

import importlib
import pkgutil
from pathlib import Path

from backend.problems import Problem

PACKAGES = ("backend", "field_api", "media", "geo")
BESIDE = ("__main__", "versions", "env", "wsgi", "solver_child", "bench")
"""Modules that run something when they are imported, or that only tests and benches have."""
HEAD = """# Problems

Every refusal that a person can act on, as `application/problem+json` (RFC 9457) and as a page. `type` is `/problems/CODE`; members beside
`code`, `status`, `title` and `detail` are the facts in the braces. Written by `docs/list_problems.py`; `tests/ground/test_docs.py` sees that none is missing.

| code | status | 中文 | English | when |
|---|---|---|---|---|
"""


def problems() -> list[type[Problem]]:
    """Every class of problem, by its code; imports all modules of the house."""
    for package in map(importlib.import_module, PACKAGES):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not set(module.name.split(".")) & set(BESIDE):
                importlib.import_module(module.name)
    ours = {kind for kind in _below(Problem) if kind.__module__.split(".")[0] in PACKAGES and hasattr(kind, "zh")}
    return sorted(ours, key=lambda kind: kind.code())


def _below(kind: type[Problem]) -> set[type[Problem]]:
    return set(kind.__subclasses__()).union(*(_below(child) for child in kind.__subclasses__()))


def row(kind: type[Problem]) -> str:
    """One line of the table."""
    when = (kind.__doc__ or "").strip().split("\n", 1)[0]
    told = [f"**{title}** {detail}".replace("|", "\\|").replace("\n", " ") for title, detail in (kind.zh, kind.en)]
    return f"| `{kind.code()}` | {kind.status} | {told[0]} | {told[1]} | {when} |\n"


if __name__ == "__main__":
    Path(__file__).with_name("problems.md").write_text(HEAD + "".join(map(row, problems())))
