"""Corrections: which returned version a submission replaces, and what it changed; the original stays (DOMAIN §2.7)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.inspections.models import Submission
from backend.problems import Problem

BESIDE = frozenset(
    {"answers", "task_id", "replaces", "started_at", "finished_at", "read_back_at", "clock_offset_ms", "app_version"}
)
"""Members of a body that are told apart otherwise, or that differ in any two visits"""


class ReplacesAnother(Problem):
    """A correction names another version than the one that was returned."""

    status = 409
    zh = (
        "更正的版本不符",
        "被退回的版本是 {expected}，而提交所更正的是 {told}。请同步后在最新的退回版本上更正；内容仍在手机上。",
    )
    en = (
        "It corrects another version",
        "{expected} was returned, and this corrects {told}. Pull, and correct the version that was returned; the phone keeps it all.",
    )


def replaced_version(earlier: Sequence[Submission], told: UUID | None) -> Submission | None:
    """The version that a new submission replaces: the latest of its task's. Raises ReplacesAnother when it names another."""
    latest = max(earlier, key=lambda one: one.version, default=None)
    expected = latest.id if latest else None
    if told is not None and told != expected:
        raise ReplacesAnother(expected=str(expected or "-"), told=str(told))
    return latest


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs between two bodies as JSON keeps them: ``items`` by number, and the names of other ``fields``."""
    old, new = (_answers(body) for body in (before, after))
    items = sorted(item for item in old.keys() | new.keys() if old.get(item) != new.get(item))
    names = (before.keys() | after.keys()) - BESIDE
    return {"items": items, "fields": sorted(name for name in names if before.get(name) != after.get(name))}


def changes_of(session: Session, submission: Submission) -> dict[str, list[Any]] | None:
    """What a submission changed of the version that it replaces, or None for a first version."""
    if submission.replaces is None:
        return None
    return changes(session.get_one(Submission, submission.replaces).body, submission.body)


def _answers(body: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    return {answer["item"]: (answer["value"], answer.get("remark", "")) for answer in body.get("answers", [])}
