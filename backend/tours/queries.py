"""What people can ask of tours: a round's tours with their stops, times and team."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from backend.accounts.models import Person
from backend.draws.models import Lot, Match
from backend.registry.models import Entity, Inspector
from backend.times import utc_now
from backend.tours.models import Stop, Task, TaskOfficer, TaskState, Tour, UnplannedStop


@dataclass(frozen=True)
class StopView:
    """A stop: arrival and departure in seconds after local midnight."""

    seq: int
    entity_id: UUID
    entity: str
    address: str
    arrive_s: int
    depart_s: int
    state: str | None


@dataclass(frozen=True)
class TourView:
    """A day tour; travel in seconds and metres; ``degraded`` quality must be shown wherever its numbers are."""

    id: UUID
    label: str
    bundle: str
    group: str
    day: date
    travel_s: int
    travel_m: int
    quality: str
    engine: str
    path: dict[str, Any]
    team: list[str]
    stops: list[StopView]


def tours_of(session: Session, round_id: UUID) -> list[TourView]:
    """A round's tours, each with its stops and, once matched, its team."""
    tours = session.scalars(
        select(Tour)
        .where(Tour.round_id == round_id)
        .options(selectinload(Tour.stops).joinedload(Stop.entity))
        .order_by(Tour.label)
    ).all()
    states = {entity: state.value for entity, state in session.execute(
        select(Task.entity_id, Task.state).where(Task.round_id == round_id))}  # fmt: skip
    teams = _teams(session, round_id)
    return [
        TourView(
            t.id, t.label, t.bundle, t.group, t.day, t.travel_s, t.travel_m, t.quality, t.engine, t.path,
            teams.get(t.bundle, []),
            [StopView(s.seq, s.entity_id, s.entity.name, s.entity.address, s.arrive_s, s.depart_s,
                      states.get(s.entity_id)) for s in t.stops],
        )
        for t in tours
    ]  # fmt: skip


def _teams(session: Session, round_id: UUID) -> dict[str, list[str]]:
    rows = session.execute(
        select(Match.tour, Person.name)
        .join(Lot, Lot.id == Match.lot_id)
        .join(Inspector, Inspector.id == Match.inspector_id)
        .join(Person, Person.id == Inspector.person_id)
        .where(Lot.round_id == round_id)
        .order_by(Match.leader.desc(), Person.name)
    )
    teams: dict[str, list[str]] = {}
    for tour, name in rows:
        teams.setdefault(tour, []).append(name)
    return teams


def unplanned(session: Session, round_id: UUID) -> dict[str, str]:
    """Entities that no tour could take, by name, with the planner's reason."""
    rows = session.execute(
        select(Entity.name, UnplannedStop.reason)
        .join(Entity, Entity.id == UnplannedStop.entity_id)
        .where(UnplannedStop.round_id == round_id)
    )
    return dict(rows.all())


@dataclass(frozen=True)
class TaskRow:
    """A task of an entity or a round in a list."""

    id: UUID
    number: str
    entity: str
    entity_id: UUID
    state: str
    day: date
    due: date


def tasks(session: Session, *, round_id: UUID | None = None, entity_id: UUID | None = None) -> list[TaskRow]:
    """Tasks of a round or an entity, in the order of their days."""
    query = select(Task).options(joinedload(Task.entity)).order_by(Task.day, Task.number).limit(500)
    if round_id:
        query = query.where(Task.round_id == round_id)
    if entity_id:
        query = query.where(Task.entity_id == entity_id)
    return [
        TaskRow(t.id, t.number, t.entity.name, t.entity_id, t.state.value, t.day, t.due) for t in session.scalars(query)
    ]


def how_many(session: Session, district: str = "") -> dict[str, int]:
    """Tasks by state within a district prefix."""
    rows = session.execute(
        select(Task.state, func.count()).where(Task.district.startswith(district)).group_by(Task.state)
    )
    return {state.value: count for state, count in rows}


TO_DO = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


def visits_to_do(session: Session) -> dict[UUID, int]:
    """How many visits each person has on their phone and not behind them; who has none is left out."""
    rows = session.execute(
        select(Inspector.person_id, func.count())
        .join(TaskOfficer, TaskOfficer.inspector_id == Inspector.id)
        .join(Task)
        .where(Task.state.in_(TO_DO), Task.opens_at <= utc_now())
        .group_by(Inspector.person_id)
    )
    return dict(rows.all())
