"""Refusals: told like everywhere, and what was refused for good is kept for a person to look at."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from flask import g, request

from backend.inspections.aside.faulty import is_for_good, keep_faulty
from backend.problems import Problem
from backend.replies import as_problem, explain

log = structlog.get_logger()
View = Callable[..., Any]


def attempt(deed: Callable[[], Any]) -> Any | Problem:
    """What a deed returns, in a savepoint of its own; or the problem it ended in, and then nothing of it is left.

    Raises what concerns the whole request: a service that is down.
    """
    try:
        with g.session.begin_nested():
            return deed()
    except Exception as error:
        problem = as_problem(error)
        if problem.status == 503:
            raise
        if problem.status >= 500:
            log.exception("payload_failed")
        return problem


def keep_if_for_good(problem: Problem, kind: str, operation: str, data: bytes) -> bool:
    """Keep a payload when sending it again is of no use. Returns whether that is so."""
    if not is_for_good(problem):
        return False
    keep_faulty(g.session, actor=g.actor, kind=kind, operation=operation, data=data, problem=problem)
    return True


def keeps_faulty(kind: str) -> Callable[[View], View]:
    """A door whose refused payloads are kept: ``@keeps_faulty("submission")``, right below ``@allows``."""

    def around(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **path: Any) -> Any:
            outcome = attempt(lambda: view(*args, **path))
            if isinstance(outcome, Problem):
                keep_if_for_good(outcome, kind, str(next(iter(path.values()), "")), request.get_data())
                return explain(outcome)
            return outcome

        return kept

    return around
