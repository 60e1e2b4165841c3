"""Checklists: published from workbooks, version by version; the one valid on a visit's day judges the visit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from backend import ledger
from backend.accounts.rules import Actor
from backend.problems import NotFound, Problem
from backend.registry.forms.answers import ANSWERED
from backend.registry.forms.compile import Compiled, compile_workbook
from backend.registry.models import Checklist
from backend.times import local_today

MOST_BODIES = 100
"""How many versions a process remembers"""


class ChecklistNotTaken(Problem):
    """A version cannot stand beside the versions that are there."""

    status = 409
    zh = ("检查表版本有冲突", "检查表 {checklist} 第 {version} 版没有保存：{zh_why}")
    en = ("The version clashes", "Version {version} of the checklist {checklist} was not kept: {en_why}")


class ChecklistInUse(Problem):
    """A version by which visits are made or were judged stays."""

    status = 409
    zh = (
        "检查表已被使用",
        "检查表 {checklist} 第 {version} 版已用于检查任务，不能撤回。请上传新版本，并填写新的生效日期。",
    )
    en = (
        "The version is in use",
        "Version {version} of the checklist {checklist} is used by visits and stays. Upload a new version with a later date.",
    )


def publish_checklist(session: Session, *, file: str, data: bytes, actor: Actor) -> tuple[Checklist, bool]:
    """Keep a workbook's checklist as a new version. Returns it and whether it is new; the same one again changes nothing.

    Raises WorkbookUnreadable, WorkbookRefused, ChecklistNotTaken.
    """
    checklist, new = keep_checklist(session, compile_workbook(file, data), data, today=local_today())
    if new:
        ledger.record(
            session, "checklist.published", checklist.id, actor=actor, chain=actor.unit_code,
            code=checklist.code, version=checklist.version, sha256=checklist.sha256,
        )  # fmt: skip
    return checklist, new


def keep_checklist(session: Session, made: Compiled, workbook: bytes, *, today: date) -> tuple[Checklist, bool]:
    """Keep a compiled checklist unless it is there. Raises ChecklistNotTaken."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"checklist {made.code}"))))  # one upload at a time
    others = session.scalars(select(Checklist).where(Checklist.code == made.code)).all()
    known = next((one for one in others if one.version == made.version), None)
    if known is not None and known.sha256 == made.sha256:
        return known, False
    _refuse_clash(made, others, known, today)
    checklist = Checklist(
        code=made.code, version=made.version, title=made.title, body=made.body, sha256=made.sha256, workbook=workbook,
        valid_from=made.valid_from, valid_to=made.valid_to,
    )  # fmt: skip
    session.add(checklist)
    session.flush()
    return checklist, True


def _refuse_clash(made: Compiled, others: Sequence[Checklist], known: Checklist | None, today: date) -> None:
    if known is not None:
        why = ("该版本号已有不同内容，请换一个版本号", "this version number has other content; choose another")
    elif any(one.valid_from == made.valid_from for one in others):
        why = ("已有版本从同一天生效", "another version is valid from the same day")
    elif others and made.valid_from < today:
        why = (
            "新版本不能追溯生效，请填写今天或以后的日期",
            "a new version is not valid in the past; give today or later",
        )
    else:
        return
    raise ChecklistNotTaken(checklist=made.code, version=made.version, zh_why=why[0], en_why=why[1])


def withdraw_checklist(session: Session, *, checklist_id: UUID, actor: Actor) -> None:
    """Remove a version that no visit has used. Raises NotFound, ChecklistInUse."""
    checklist = _checklist(session, checklist_id)
    facts = {"code": checklist.code, "version": checklist.version}
    try:
        with session.begin_nested():
            session.delete(checklist)
            session.flush()
    except IntegrityError as used:  # the tasks' foreign key: a later room says no
        raise ChecklistInUse(checklist=facts["code"], version=facts["version"]) from used
    ledger.record(session, "checklist.withdrawn", checklist_id, actor=actor, chain=actor.unit_code, **facts)


def version_on(session: Session, code: str, day: date) -> Checklist:
    """The version of a checklist that judges visits of that local day (DOMAIN §1.1). Raises NotFound."""
    found = session.scalar(
        select(Checklist)
        .where(Checklist.code == code, Checklist.valid_from <= day)
        .where((Checklist.valid_to.is_(None)) | (Checklist.valid_to >= day))
        .order_by(Checklist.valid_from.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(what="检查表 checklist", id=f"{code} @ {day}")
    return found


def body_of(checklist: Checklist) -> Mapping[str, Any]:
    """What a version asks. It never changes once it is kept, so each process reads and parses it once."""
    if checklist.id not in _bodies:
        if len(_bodies) == MOST_BODIES:
            _bodies.clear()
        _bodies[checklist.id] = checklist.body
    return _bodies[checklist.id]


_bodies: dict[UUID, Mapping[str, Any]] = {}


@dataclass(frozen=True)
class ChecklistView:
    """A version in the list of checklists."""

    id: UUID
    code: str
    version: str
    title: dict[str, str]
    valid_from: date
    valid_to: date | None
    sha256: str
    items: int
    key_items: int
    entered_at: datetime
    in_force: bool
    """Is it the version that judges visits of the day asked for?"""
    has_workbook: bool


def checklists(session: Session, *, on: date) -> list[ChecklistView]:
    """All versions, the newest of each code first."""
    query = select(Checklist).order_by(Checklist.code, Checklist.valid_from.desc())
    rows = session.scalars(query.options(undefer(Checklist.body))).all()
    return [_view(session, row, on) for row in rows]


def _view(session: Session, row: Checklist, on: date) -> ChecklistView:
    keys = sum(bool(item["key"]) for item in row.body["items"])
    return ChecklistView(row.id, row.code, row.version, row.title, row.valid_from, row.valid_to, row.sha256,
                         len(row.body["items"]), keys, row.entered_at, _in_force(session, row, on),
                         row.sha256 != "")  # fmt: skip


def _in_force(session: Session, row: Checklist, on: date) -> bool:
    try:
        return version_on(session, row.code, on).id == row.id
    except NotFound:
        return False


@dataclass(frozen=True)
class ChecklistDetail:
    """A version with what it asks: sections and items as phones get them, and the questions beside the items."""

    version: ChecklistView
    sections: list[dict[str, Any]]
    items: list[dict[str, Any]]
    conclusion: dict[str, int]
    further: list[dict[str, Any]]
    """[{name, kind, label}]"""


def checklist(session: Session, checklist_id: UUID, *, on: date) -> ChecklistDetail:
    """One version, whole. Raises NotFound."""
    row = _checklist(session, checklist_id)
    body, nodes = row.body, list(_questions(row.body.get("form", {}).get("nodes", [])))
    further = [{key: node[key] for key in ("name", "kind", "label")} for node in nodes if "item" not in node]
    return ChecklistDetail(_view(session, row, on), body["sections"], body["items"], body["conclusion"], further)


def _questions(nodes: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All questions that take an answer, those in groups and repeats too."""
    for node in nodes:
        if node["kind"] in ANSWERED:
            yield node
        yield from _questions(node.get("children", []))


def checklist_workbook(session: Session, checklist_id: UUID) -> tuple[str, bytes]:
    """The workbook of a version, with the name of its file. Raises NotFound."""
    checklist = session.get(Checklist, checklist_id, options=[undefer(Checklist.workbook)])
    if checklist is None or checklist.workbook is None:
        raise NotFound(what="检查表 checklist", id=str(checklist_id))
    return f"{checklist.code}-{checklist.version}.xlsx", checklist.workbook


def _checklist(session: Session, checklist_id: UUID) -> Checklist:
    checklist = session.get(Checklist, checklist_id)
    if checklist is None:
        raise NotFound(what="检查表 checklist", id=str(checklist_id))
    return checklist
