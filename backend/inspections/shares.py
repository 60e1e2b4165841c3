"""Two officers on one visit: each shares what they found so far, the leader takes it over and submits (DOMAIN §2.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import Person
from backend.accounts.rules import Actor
from backend.inspections.models import Share
from backend.inspections.visits import own_task
from backend.problems import Conflict, Problem
from backend.registry.models import Inspector
from backend.times import utc_now
from backend.tours.models import Task, TaskOfficer, TaskState

OPEN = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


class ShareDiffers(Problem):
    """This officer shared other content under the same number."""

    status = 409
    zh = ("共享内容不一致", "同一序号 {seq} 已共享过不同的内容，原内容已保留。请修改后以更大的序号重新共享。")
    en = ("The share differs", "Number {seq} was shared before with other content, which is kept. Share again under a greater one.")  # fmt: skip


class LeaderSubmits(Problem):
    """A visit of several officers is submitted by the team's leader alone, so that there is one record of it."""

    status = 403
    zh = ("由组长提交", "本次检查由组长 {leader} 提交。请把您的记录共享给组长；您填写的内容仍保存在手机上。")
    en = ("The leader submits", "{leader} leads this visit and submits it. Share your record with them; it stays on your phone.")  # fmt: skip


@dataclass(frozen=True)
class ShareView:
    """An officer's share as colleagues see it; ``body`` as it came over the border, with plain JSON values."""

    inspector_id: UUID
    name: str
    leader: bool
    seq: int
    at: datetime
    received_at: datetime
    body: dict[str, Any]


def keep_share(
    session: Session, *, actor: Actor, task_id: UUID, seq: int, at: datetime, body: dict[str, Any], body_sha256: str
) -> tuple[Share, bool]:
    """Keep an officer's share of a visit that is not submitted yet. Returns the latest share and whether this is it, anew.

    A smaller number than the latest changes nothing. Raises NotFound, Conflict, ShareDiffers.
    """
    task = own_task(session, actor, task_id, lock=True)
    me = _inspector(session, actor, task)
    known = session.get(Share, (task.id, me))
    if known is not None and known.seq >= seq:
        if known.seq == seq and known.body_sha256 != body_sha256:
            raise ShareDiffers(seq=seq)
        return known, False
    if task.state not in OPEN:
        raise Conflict(what="任务 task", state=task.state.value)
    share = Share(
        task_id=task.id, inspector_id=me, seq=seq, at=at, received_at=utc_now(), device_id=actor.device_id, body=body,
        body_sha256=body_sha256,
    )  # fmt: skip
    share = session.merge(share)
    session.flush()
    return share, True


def shares_of_colleagues(session: Session, actor: Actor, task_id: UUID) -> list[ShareView]:
    """What the other officers of one's own team shared of a task, the leader's first. Raises NotFound."""
    task = own_task(session, actor, task_id)
    rows = session.execute(
        select(Share, Person.name, TaskOfficer.leader)
        .join(Inspector, Inspector.id == Share.inspector_id)
        .join(Person, Person.id == Inspector.person_id)
        .join(TaskOfficer, (TaskOfficer.task_id == Share.task_id) & (TaskOfficer.inspector_id == Share.inspector_id))
        .where(Share.task_id == task.id, Inspector.person_id != actor.person_id)
        .order_by(TaskOfficer.leader.desc(), Share.inspector_id)
    )
    return [
        ShareView(share.inspector_id, name, leader, share.seq, share.at, share.received_at, share.body)
        for share, name, leader in rows
    ]


class Officer(NamedTuple):
    """An officer of a team."""

    inspector_id: UUID
    person_id: UUID
    name: str
    leader: bool


def team_of(session: Session, task: Task) -> list[Officer]:
    """The officers of a task."""
    rows = session.execute(
        select(Inspector.id, Inspector.person_id, Person.name, TaskOfficer.leader)
        .join(TaskOfficer, TaskOfficer.inspector_id == Inspector.id)
        .join(Person, Person.id == Inspector.person_id)
        .where(TaskOfficer.task_id == task.id)
    )
    return [Officer(*row) for row in rows]


def refuse_but_leader(actor: Actor, team: Sequence[Officer]) -> None:
    """Raise LeaderSubmits unless the actor leads the team. A team that has no leader is led by each of its officers."""
    leaders = [officer for officer in team if officer.leader]
    if leaders and actor.person_id not in {officer.person_id for officer in leaders}:
        raise LeaderSubmits(leader=leaders[0].name)


def _inspector(session: Session, actor: Actor, task: Task) -> UUID:
    return session.scalars(
        select(TaskOfficer.inspector_id)
        .join(Inspector, Inspector.id == TaskOfficer.inspector_id)
        .where(TaskOfficer.task_id == task.id, Inspector.person_id == actor.person_id)
    ).one()
