"""A submission and its checklist's form: which version judges, which items are asked, what the answers lack.

The rules of forms are the registry's (``backend.registry.forms``), the same as the phone's; here they meet a visit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inspections.models import Arrival
from backend.inspections.rules import JudgedBy, answers_needed
from backend.problems import NotFound, Problem
from backend.registry.checklists import version_on
from backend.registry.forms.model import Fault, Filled
from backend.registry.models import Checklist
from backend.times import local, local_today
from backend.tours.models import Task, TaskState

Body = Mapping[str, Any]
PICTURES = frozenset({"image", "signature"})
"""Kinds of questions that a photo answers"""


class ChecklistChanged(Problem):
    """Another version of the checklist judges visits of that day; the phone opens its draft with it and sends again."""

    status = 409
    zh = (
        "检查表版本已更换",
        "{day} 的检查适用检查表第 {version} 版。请更新后核对答案再提交；已填写的内容都保留在手机上。",
    )
    en = (
        "The checklist has changed",
        "Visits of {day} are judged by version {version}. Update, look over the answers, send again; the phone keeps all of them.",
    )


def day_of_visit(body: Body) -> date:
    """The local day on which the visit began, by the server's clock: the phone's offset is taken off."""
    return local(body["started_at"] - timedelta(milliseconds=body["clock_offset_ms"])).date()


def judging_checklist(session: Session, task: Task, body: Body) -> Checklist:
    """The version valid on the day of the visit (DOMAIN §1.1), which must be the one that was filled. Raises ChecklistChanged."""
    day = day_of_visit(body)
    judging = _version(session, task.checklist, day)
    if body["checklist_id"] != judging.id:
        raise ChecklistChanged(day=str(day), version=judging.version, checklist_id=str(judging.id))
    return judging


def _version(session: Session, checklist: Checklist, day: date) -> Checklist:
    """The version of that day; where none is valid any more, the one that the task was opened with stays."""
    try:
        return version_on(session, checklist.code, day)
    except NotFound:
        return checklist


def checklists_to_fill(session: Session, tasks: Sequence[Task]) -> dict[UUID, Checklist]:
    """By task, the version that will judge it: of the day of arrival, else of the tour's day or today's, whichever is later.

    A task that is out of the team's hands keeps its own.
    """
    open_ = [task for task in tasks if task.state in (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)]
    arrived = _arrived_on(session, [task.id for task in open_])
    days = {task.id: arrived.get(task.id) or max(task.day, local_today()) for task in open_}
    versions: dict[tuple[str, date], Checklist] = {}
    for task in open_:
        key = (task.checklist.code, days[task.id])
        if key not in versions:
            versions[key] = _version(session, task.checklist, key[1])
    return {task.id: versions[task.checklist.code, days[task.id]] for task in open_}


def _arrived_on(session: Session, tasks: list[UUID]) -> dict[UUID, date]:
    """The local day of each task's first arrival, by the server's clock."""
    rows = session.execute(
        select(Arrival.task_id, Arrival.at, Arrival.clock_offset_ms).where(Arrival.task_id.in_(tasks))
    )
    moments: dict[UUID, date] = {}
    for task, at, offset in rows:
        day = local(at - timedelta(milliseconds=offset)).date()
        moments[task] = min(day, moments.get(task, day))
    return moments


@dataclass(frozen=True)
class Judged:
    """A submission as the checklist that judges it reads it; ``by`` and ``answers`` are of the items that are asked."""

    body: Body
    form: Filled | None
    by: JudgedBy
    answers: list[dict[str, Any]]
    form_faults: list[dict[str, Any]]
    """What the form finds beside missing items and odd values of items: [{item, path, code}]"""

    @property
    def values(self) -> list[tuple[int, str]]:
        """The answers as (item, value)."""
        return [(answer["item"], answer["value"]) for answer in self.answers]


def judged(checklist: Body, body: Body) -> Judged:
    """Read a submission by what a version of a checklist asks."""
    form = filled(checklist, body)
    return Judged(
        body, form, judged_by(checklist, form), asked_answers(checklist, form, body), form_faults(checklist, form, body)
    )


def filled(checklist: Body, body: Body) -> Filled | None:
    """The form with a submission's answers, the items' among them; None for a checklist that has no form."""
    form = checklist.get("form")
    if form is None:
        return None
    names = _names(checklist)
    items = {names[answer["item"]]: answer["value"] for answer in body["answers"] if answer["item"] in names}
    return Filled(form, {**body.get("form_answers", {}), **items}, today=str(day_of_visit(body)))


def judged_by(checklist: Body, form: Filled | None) -> JudgedBy:
    """The items that are asked, given the answers: those that are relevant."""
    every = JudgedBy.from_body(checklist)
    if form is None:
        return every
    names = _names(checklist)
    return JudgedBy(tuple(item for item in every.items if form.relevant[names[item.no], None]), every.rule)


def asked_answers(checklist: Body, form: Filled | None, body: Body) -> list[dict[str, Any]]:
    """The answers to items that are asked, or that the checklist does not know; those to irrelevant items are left out."""
    names = _names(checklist)
    return [
        answer
        for answer in body["answers"]
        if form is None or answer["item"] not in names or form.relevant[names[answer["item"]], None]
    ]


def form_faults(checklist: Body, form: Filled | None, body: Body) -> list[dict[str, Any]]:
    """What the form finds beside missing items and odd values of items, which the visit's rules tell: [{item, path, code}]."""
    if form is None:
        return []
    numbers = {name: no for no, name in _names(checklist).items()}
    found = form.faults(needed=answers_needed(body.get("result_code")))
    told = [_told(fault, numbers.get(fault.path)) for fault in found if _not_told_elsewhere(fault, numbers)]
    return told + [{"item": None, "path": path, "code": "photo"} for path in _without_photo(form, body)]


def _names(checklist: Body) -> dict[int, str]:
    return {item["no"]: item["name"] for item in checklist["items"] if "name" in item}


def _not_told_elsewhere(fault: Fault, numbers: Mapping[str, int]) -> bool:
    return fault.path not in numbers or fault.code == "constraint"


def _told(fault: Fault, item: int | None) -> dict[str, Any]:
    words = {"message": dict(fault.message)} if fault.message else {}
    return {"item": item, "path": fault.path, "code": fault.code, **words}


def _without_photo(form: Filled, body: Body) -> list[str]:
    """Image and signature questions whose answer names no photo of this submission."""
    photos = {str(photo["id"]) for photo in body["photos"]}
    pictures = {name for name, spot in form.spots.items() if spot.node["kind"] in PICTURES}
    return [form.path(*key) for key, value in form.values.items() if key[0] in pictures and value not in photos]
