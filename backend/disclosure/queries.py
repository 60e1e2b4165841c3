"""What the public can ask: notices by words, by kind, one by its number."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Unit
from backend.accounts.rules import READERS, Actor, Role
from backend.db import view_of
from backend.disclosure.commands import held_parts
from backend.disclosure.models import Notice, NoticeState
from backend.problems import NotFound

OPEN = (NoticeState.PUBLISHED, NoticeState.CORRECTED)


@dataclass(frozen=True)
class NoticeView:
    """A published notice."""

    number: str
    version: int
    kind: str
    title: str
    body: dict[str, Any]
    state: str
    occurred_on: date
    due_on: date
    published_at: datetime | None
    unit: str
    entity_id: UUID | None


def notices(session: Session, *, words: str = "", kind: str = "", limit: int = 20, offset: int = 0) -> list[NoticeView]:
    """Published notices whose words hold all the words asked for, newest first."""
    query = select(Notice, Unit.name).join(Unit).where(Notice.state.in_(OPEN))
    for word in words.split()[:8]:
        query = query.where(Notice.words.icontains(word, autoescape=True))
    if kind:
        query = query.where(Notice.kind == kind)
    rows = session.execute(query.order_by(Notice.published_at.desc()).limit(limit).offset(offset))
    return [_view(notice, unit) for notice, unit in rows]


def notice(session: Session, number: str) -> NoticeView:
    """The newest version of a published notice. Raises NotFound."""
    row = session.execute(
        select(Notice, Unit.name)
        .join(Unit)
        .where(Notice.number == number, Notice.state.in_(OPEN))
        .order_by(Notice.version.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound(what="公示 notice", id=number)
    return _view(row[0], row[1])


def notices_of_entity(session: Session, entity_id: UUID) -> list[NoticeView]:
    """All published notices about an entity."""
    rows = session.execute(
        select(Notice, Unit.name).join(Unit).where(Notice.entity_id == entity_id, Notice.state.in_(OPEN))
    )
    return [_view(notice, unit) for notice, unit in rows]


@dataclass(frozen=True)
class HeldNotice:
    """A notice that waits for a person: what the privacy filter found, and the day by which law wants it public."""

    id: UUID
    number: str
    kind: str
    title: str
    body: dict[str, Any]
    found: list[str]
    due_on: date
    unit: str


def held_notices(session: Session, actor: Actor) -> list[HeldNotice]:
    """Notices within the actor's reach that the filter held back, the most urgent first."""
    rows = session.scalars(
        select(Notice).where(Notice.state == NoticeState.DUE).order_by(Notice.due_on, Notice.number)
    )  # fmt: skip
    seen = (n for n in rows if actor.reaches((Role.PUBLICITY_OFFICER, *READERS), n.unit.path, n.district))
    return [HeldNotice(n.id, n.number, n.kind, n.title, n.body, held_parts(n), n.due_on, n.unit.name) for n in seen]


def how_many(session: Session) -> dict[str, int]:
    """Published notices by kind."""
    rows = session.execute(select(Notice.kind, func.count()).where(Notice.state.in_(OPEN)).group_by(Notice.kind))
    return dict(rows.all())


def _view(notice: Notice, unit: str) -> NoticeView:
    return view_of(NoticeView, notice, unit=unit)
