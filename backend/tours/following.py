"""How tours follow what changes after a draw: a skipped entity's stop goes to its reserve, a team's tasks to the one who joins."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from backend.draws.models import Lot, Match
from backend.times import utc_now
from backend.tours.commands import ALLOWED, advance_task
from backend.tours.models import Stop, Task, TaskOfficer, TaskState, Tour, UnplannedStop

UNDER_WAY = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


def follow_skip(session: Session, *, round_id: UUID, entity_id: UUID, reserve_id: UUID | None) -> None:
    """Call the skipped entity's task off; its stop and its team's next task are the reserve's. Told twice, it changes nothing."""
    task = session.scalar(select(Task).where(Task.round_id == round_id, Task.entity_id == entity_id))
    if task is not None and TaskState.CANCELLED in ALLOWED[task.state]:
        advance_task(task, TaskState.CANCELLED)
    if reserve_id is None:
        return
    stop = session.scalar(select(Stop).join(Tour).where(Tour.round_id == round_id, Stop.entity_id == entity_id))
    if stop is not None:
        stop.entity_id = reserve_id
    elif (unplanned := session.get(UnplannedStop, (round_id, entity_id))) is not None:
        unplanned.entity_id = reserve_id
    if task is not None and task.state == TaskState.CANCELLED:
        _hand_on(session, task, reserve_id)


def _hand_on(session: Session, task: Task, reserve_id: UUID) -> None:
    known = session.scalar(select(Task.id).where(Task.round_id == task.round_id, Task.entity_id == reserve_id))
    if known is not None:
        return
    fresh = Task(
        number=f"{task.number}r", source=task.source, entity_id=reserve_id, round_id=task.round_id, tour_id=task.tour_id,
        checklist_id=task.checklist_id, unit_id=task.unit_id, day=task.day, seq=task.seq, due=task.due,
        district=task.district, opens_at=max(task.opens_at, utc_now()),
    )  # fmt: skip
    fresh.officers = [TaskOfficer(inspector_id=o.inspector_id, leader=o.leader) for o in task.officers]
    session.add(fresh)


def follow_replacement(session: Session, *, lot_id: UUID, bundle: str) -> None:
    """Give the open tasks of a tour to its team as it stands now. Told twice, it changes nothing."""
    lot = session.get_one(Lot, lot_id)
    team = session.scalars(select(Match).where(Match.lot_id == lot_id, Match.tour == bundle)).all()
    tasks = session.scalars(
        select(Task)
        .join(Tour, Tour.id == Task.tour_id)
        .where(Task.round_id == lot.round_id, Tour.bundle == bundle, Task.state.in_(UNDER_WAY))
        .options(selectinload(Task.officers))
    )
    for task in tasks.all():
        _reassign(session, task, team)


def _reassign(session: Session, task: Task, team: Sequence[Match]) -> None:
    members = {match.inspector_id: match.leader for match in team}
    for officer in list(task.officers):
        if officer.inspector_id not in members:
            session.delete(officer)
        else:
            officer.leader = members.pop(officer.inspector_id)
    session.add_all(TaskOfficer(task_id=task.id, inspector_id=id_, leader=leads) for id_, leads in members.items())
    task.changed_at = utc_now()
    session.flush()
    session.expire(task, ["officers"])
