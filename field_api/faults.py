"""Refusals: told like everywhere, and what was refused for good is kept for a person to look at."""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import structlog
from flask import g, request
from flask.typing import ResponseReturnValue

from backend.db import transaction
from backend.inspections.aside.faulty import is_for_good, keep_faulty
from backend.problems import Problem
from backend.replies import as_problem, explain

log = structlog.get_logger()
View = Callable[..., Any]


class Payload(NamedTuple):
    """What a phone sent: ``operation`` is the id that it gave or has in its address."""

    kind: str
    operation: str
    data: bytes


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


def keep_if_for_good(problem: Problem, payload: Payload) -> bool:
    """Keep a payload when sending it again is of no use. Returns whether that is so."""
    if not is_for_good(problem):
        return False
    keep_faulty(g.session, actor=g.actor, problem=problem, **payload._asdict())
    return True


def keeps_faulty(kind: str) -> Callable[[View], View]:
    """A door whose refused payloads are kept: ``@keeps_faulty("submission")``, right below ``@allows``."""

    def around(view: View) -> View:
        @wraps(view)
        def kept(*args: Any, **path: Any) -> Any:
            g.payload = Payload(kind, str(next(iter(path.values()), "")), request.get_data())
            return view(*args, **path)

        return kept

    return around


def explain_and_keep(error: Exception) -> ResponseReturnValue:
    """Every error as a problem; what had been done is undone by now, and a payload that stays refused is kept."""
    if payload := g.pop("payload", None):
        with transaction() as g.session:
            keep_if_for_good(as_problem(error), payload)
    return explain(error)
