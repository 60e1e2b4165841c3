"""What people can do with tours and tasks: hand the tours to the second lot, open tasks, move a task on."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, selectinload

from backend import ledger
from backend.accounts.rules import Actor
from backend.draws import lots
from backend.draws.models import Lot, Match, Round
from backend.draws.sources import Sources
from backend.draws.staff import TourToMatch
from backend.problems import Conflict, NotFound
from backend.registry.checklists import version_on
from backend.registry.models import Checklist
from backend.times import utc_now
from backend.tours.models import Source, Task, TaskOfficer, TaskState, Tour

ALLOWED = {
    TaskState.ASSIGNED: {TaskState.ON_SITE, TaskState.SUBMITTED, TaskState.CANCELLED},
    TaskState.ON_SITE: {TaskState.SUBMITTED, TaskState.CANCELLED},
    TaskState.SUBMITTED: {TaskState.RETURNED, TaskState.APPROVED},
    TaskState.RETURNED: {TaskState.SUBMITTED},
    TaskState.APPROVED: {TaskState.PUBLISHED},
    TaskState.PUBLISHED: set(),
    TaskState.CANCELLED: set(),
}


def commit_teams(session: Session, *, actor: Actor, round_id: UUID, sources: Sources = lots.USUAL) -> Lot:
    """Hand a round's anonymous tours to the second lot as values. Raises Conflict, NotAllowed."""
    tours = session.scalars(
        select(Tour).where(Tour.round_id == round_id).options(selectinload(Tour.stops)).order_by(Tour.bundle)
    ).all()
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    need = (round_.item.qualification,) if round_.item.qualification else ()
    bundles: dict[tuple[str, str], list[UUID]] = defaultdict(list)
    for tour in tours:
        bundles[tour.bundle, tour.group] += [stop.entity_id for stop in tour.stops]
    together = _last_pairs(session, [entity for entities in bundles.values() for entity in entities])
    handed = [
        TourToMatch(bundle, group, need, tuple(entities), _avoided(entities, together))
        for (bundle, group), entities in bundles.items()
    ]
    return lots.commit_teams(session, actor=actor, round_id=round_id, tours=handed, sources=sources)


def _last_pairs(session: Session, entities: list[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Who went to each entity the last time."""
    newest = (
        select(Task.id, Task.entity_id)
        .where(Task.entity_id.in_(entities), Task.state != TaskState.CANCELLED)
        .ext(distinct_on(Task.entity_id))
        .order_by(Task.entity_id, Task.day.desc())
        .subquery()
    )
    rows = session.execute(
        select(newest.c.entity_id, TaskOfficer.inspector_id).join(TaskOfficer, TaskOfficer.task_id == newest.c.id)
    )
    teams: dict[UUID, list[UUID]] = defaultdict(list)
    for entity, inspector in rows:
        teams[entity].append(inspector)
    return {entity: tuple(sorted(team)) for entity, team in teams.items()}


def _avoided(entities: list[UUID], together: dict[UUID, tuple[UUID, ...]]) -> tuple[tuple[UUID, UUID], ...]:
    teams = {together[entity] for entity in entities if entity in together}
    pairs = {(a, b) for team in teams for i, a in enumerate(team) for b in team[i + 1 :]}
    return tuple(sorted(pairs))


def open_tasks(session: Session, *, lot_id: UUID) -> int:
    """Open a task for every stop of a round whose teams are matched; opening again changes nothing. Returns how many."""
    lot = session.get_one(Lot, lot_id)
    round_ = lot.round
    teams: dict[str, list[Match]] = defaultdict(list)
    for match in session.scalars(select(Match).where(Match.lot_id == lot_id)):
        teams[match.tour].append(match)
    known = set(session.scalars(select(Task.entity_id).where(Task.round_id == round_.id)))
    fresh = 0
    for tour in session.scalars(
        select(Tour).where(Tour.round_id == round_.id).options(selectinload(Tour.stops)).order_by(Tour.label)
    ):
        checklist = version_on(session, round_.item.checklist_code or round_.item.code, tour.day)
        tasks = _tasks_of(round_, tour, teams[tour.bundle], checklist, known)
        session.add_all(tasks)
        fresh += len(tasks)
    ledger.record(session, "tasks.opened", round_.id, chain=round_.unit.code, count=fresh)
    return fresh


def _tasks_of(round_: Round, tour: Tour, team: list[Match], checklist: Checklist, known: set[UUID]) -> list[Task]:
    tasks = []
    for stop in tour.stops:
        if stop.entity_id in known:
            continue
        task = Task(
            number=f"{round_.number}-{tour.label[1:]}-{stop.seq:02d}", source=Source.DRAW, entity_id=stop.entity_id,
            round_id=round_.id, tour_id=tour.id, checklist_id=checklist.id, unit_id=round_.unit_id, day=tour.day,
            seq=stop.seq, due=round_.ends, district=tour.district, opens_at=round_.opens_at or utc_now(),
        )  # fmt: skip
        task.officers = [TaskOfficer(inspector_id=match.inspector_id, leader=match.leader) for match in team]
        tasks.append(task)
    return tasks


def advance_task(task: Task, state: TaskState) -> None:
    """Move a task on, only along the ways of DOMAIN §2.7. Raises Conflict."""
    if state not in ALLOWED[task.state]:
        raise Conflict(what="任务 task", state=task.state.value)
    task.state, task.changed_at = state, utc_now()
