"""What jobs and publicity officers can do with notices: make one against its legal clock, publish it, or hold it back."""

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Unit
from backend.accounts.rules import Actor, Role, can_publish
from backend.disclosure.models import LegalTerm, Notice, NoticeState
from backend.disclosure.rules import private_parts
from backend.problems import BadInput, NotAllowed, NotFound, Problem
from backend.registry.calendar import deadline
from backend.times import local_today, utc_now
from backend.tours.commands import advance_task
from backend.tours.models import Task, TaskState
from media.canonical import canonical_json

SHORTEST_REASON = 4


class TermMissing(Problem):
    """No value is configured for a legal term on that day."""

    status = 409
    zh = ("缺少法定期限", "没有配置期限 {key} 在 {day} 的取值。")
    en = ("A legal term is missing", "No value of {key} is configured for {day}.")


def term(session: Session, key: str, on: date) -> int:
    """A number that law sets, as in force on a day. Raises TermMissing."""
    value = session.scalar(
        select(LegalTerm.value)
        .where(LegalTerm.key == key, LegalTerm.effective <= on)
        .order_by(LegalTerm.effective.desc())
        .limit(1)
    )
    if value is None:
        raise TermMissing(key=key, day=str(on))
    return value


def publish_notice(
    session: Session, *, number: str, kind: str, subject: str, title: str, body: dict[str, Any], words: str,
    occurred_on: date, unit: Unit, district: str, term_key: str = "pub.result.wd", entity_id: UUID | None = None,
    version: int = 1,
) -> Notice:  # fmt: skip
    """Make a notice and publish it at once, unless the privacy filter finds something: then it stays due and is reported.

    The same number again gives the notice that is there.
    """
    known = session.scalar(select(Notice).where(Notice.number == number).order_by(Notice.version.desc()).limit(1))
    if known is not None:
        return known
    due = deadline(session, occurred_on, term(session, term_key, occurred_on))
    notice = Notice(
        number=number, version=version, kind=kind, subject=subject, title=title, body=body, words=words, state=NoticeState.DUE,
        occurred_on=occurred_on, due_on=due, unit_id=unit.id, district=district, entity_id=entity_id,
    )  # fmt: skip
    session.add(notice)
    session.flush()
    _release(session, notice, unit)
    return notice


def release_notice(session: Session, *, actor: Actor, notice_id: UUID, reason: str) -> Notice:
    """Publish a notice that the privacy filter held back: by a publicity officer who read it and says why it may go out.

    Releasing again changes nothing. Raises NotFound, NotAllowed, BadInput.
    """
    notice = session.get(Notice, notice_id, with_for_update=True)
    if notice is None:
        raise NotFound(what="公示 notice", id=str(notice_id))
    if not actor.reaches((Role.PUBLICITY_OFFICER,), notice.unit.path, notice.district):
        raise NotAllowed(need=can_publish.__doc__)
    if notice.state == NoticeState.DUE:
        if len(reason.strip()) < SHORTEST_REASON:
            raise BadInput({"reason": ["请说明为何可以公示（至少 4 个字） / say why it may be public"]})
        _publish(session, notice, notice.unit, actor=actor, reason=reason.strip()[:500])
    return notice


def held_parts(notice: Notice) -> list[str]:
    """What the privacy filter finds in a notice today: ``id_number``, ``mobile``, ``bank_card``."""
    return private_parts(f"{notice.title} {canonical_json(notice.body).decode()}", local_today())


def _release(session: Session, notice: Notice, unit: Unit) -> None:
    if found := held_parts(notice):
        ledger.record(session, "notice.held", notice.id, chain=unit.code, found=found)
        return
    _publish(session, notice, unit)


def _publish(session: Session, notice: Notice, unit: Unit, *, actor: Actor | None = None, **why: str) -> None:
    """Make it public; a visit whose result is public has come to its end (DOMAIN §2.7)."""
    notice.state, notice.published_at = NoticeState.PUBLISHED, utc_now()
    if notice.kind == "result":
        task = session.get_one(Task, UUID(notice.subject))
        if task.state == TaskState.APPROVED:
            advance_task(task, TaskState.PUBLISHED)
    ledger.record(session, "notice.published", notice.id, actor=actor, chain=unit.code, kind=notice.kind, **why)
