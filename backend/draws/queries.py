"""What people can ask of draws: plans with their rounds, a round with its lots, a lot with its public records."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.accounts.rules import Actor, district_reach
from backend.draws import log
from backend.draws.models import Lot, Plan, PlanState, PoolExclusion, PoolMember, Round, RoundState, Witnessing
from backend.draws.terms import Terms, terms_from
from backend.problems import NotFound
from backend.registry.models import Entity


@dataclass(frozen=True)
class PlanView:
    """A plan in a list."""

    id: UUID
    code: str
    year: int
    title: str
    unit: str
    state: str
    joint: bool
    version: int
    published_at: datetime | None
    rounds: int
    participants: list[str]
    changes: str
    terms: Terms


def plans(session: Session, actor: Actor | None = None, limit: int = 200) -> list[PlanView]:
    """Plans, newest first: those within the actor's reach, or the published ones for the public."""
    count = select(func.count()).where(Round.plan_id == Plan.id).scalar_subquery()
    query = select(Plan, count).options(joinedload(Plan.unit)).order_by(Plan.id.desc()).limit(limit)
    query = (
        query.where(Plan.state == PlanState.PUBLISHED)
        if actor is None
        else query.where(Plan.district.startswith(reach_of(actor)))
    )
    return [_plan_view(plan, rounds) for plan, rounds in session.execute(query)]


def reach_of(actor: Actor) -> str:
    """The district prefix that an actor's unit stands for: 610700 reaches all of 6107."""
    return district_reach(actor.district)


def plan(session: Session, plan_id: UUID) -> PlanView:
    """One plan. Raises NotFound."""
    found = session.get(Plan, plan_id)
    if found is None:
        raise NotFound(what="计划 plan", id=str(plan_id))
    return _plan_view(found, session.scalar(select(func.count()).where(Round.plan_id == plan_id)) or 0)


def seen_plan(session: Session, actor: Actor, plan_id: UUID) -> PlanView:
    """One plan within the actor's reach. Raises NotFound, also for those elsewhere."""
    found = session.get(Plan, plan_id)
    if found is None or not found.district.startswith(reach_of(actor)):
        raise NotFound(what="计划 plan", id=str(plan_id))
    return plan(session, plan_id)


def _plan_view(found: Plan, rounds: int) -> PlanView:
    return PlanView(found.id, found.code, found.year, found.title, found.unit.name, found.state.value, found.joint,
                    found.version, found.published_at, rounds, found.participants, found.changes,
                    terms_from(found.terms))  # fmt: skip


@dataclass(frozen=True)
class LotView:
    """A lot as the ceremony's page shows it."""

    id: UUID
    name: str
    kind: str
    attempt: int
    state: str
    dice: str | None
    seed: str | None
    witnesses: list[str]
    witnessed_by: list[UUID]
    operator: UUID
    commit_hash: str


@dataclass(frozen=True)
class RoundView:
    """A round with everything that its page shows."""

    id: UUID
    code: str
    number: str
    title: str
    plan_id: UUID
    item: str
    state: str
    n: int
    reserve: int
    team_size: int
    starts: date
    ends: date
    filter: dict[str, Any]
    weights: dict[str, Any]
    minimums: dict[str, Any]
    accepted: dict[str, Any] | None
    """{by, reason}: who took an aim beyond the bounds"""
    pool: dict[str, int]
    excluded: dict[str, int]
    lots: list[LotView]


def rounds(
    session: Session, *, plan_id: UUID | None = None, actor: Actor | None = None, limit: int = 200
) -> list[RoundView]:
    """Rounds of a plan, or all within the actor's reach, newest first; as many queries for one as for all."""
    query = select(Round).options(joinedload(Round.item)).order_by(Round.id.desc()).limit(limit)
    if plan_id:
        query = query.where(Round.plan_id == plan_id)
    if actor:
        query = query.where(Round.district.startswith(reach_of(actor)))
    return _round_views(session, list(session.scalars(query)))


def round_(session: Session, round_id: UUID) -> RoundView:
    """One round. Raises NotFound."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    return _round_views(session, [found])[0]


def seen_round(session: Session, actor: Actor, round_id: UUID) -> RoundView:
    """One round within the actor's reach. Raises NotFound, also for those elsewhere."""
    found = session.get(Round, round_id)
    if found is None or not found.district.startswith(reach_of(actor)):
        raise NotFound(what="抽查任务 round", id=str(round_id))
    return _round_views(session, [found])[0]


def public_round(session: Session, code: str) -> tuple[RoundView, PlanView]:
    """A committed round with its plan, as anybody may see them. Raises NotFound."""
    found = session.scalar(select(Round).where(Round.code == code))
    if found is None or found.state in (RoundState.DRAFT, RoundState.FROZEN):
        raise NotFound(what="抽查任务 round", id=code)
    return _round_views(session, [found])[0], plan(session, found.plan_id)


@dataclass(frozen=True)
class KeptOutView:
    """An entity that a rule kept out of a round's pool."""

    entity_id: UUID
    entity: str
    reason: str
    evidence: str


def kept_out(session: Session, round_id: UUID, limit: int = 1000) -> list[KeptOutView]:
    """Whom a round's pool left out, by reason and name; at most ``limit`` of them."""
    rows = session.execute(
        select(PoolExclusion.entity_id, Entity.name, PoolExclusion.reason, PoolExclusion.evidence)
        .join(Entity, Entity.id == PoolExclusion.entity_id)
        .where(PoolExclusion.round_id == round_id)
        .order_by(PoolExclusion.reason, Entity.name)
        .limit(limit)
    )
    return [KeptOutView(*row) for row in rows]


def round_of_lot(session: Session, lot_id: UUID) -> UUID:
    """The round that a lot is of. Raises NotFound."""
    found = session.get(Lot, lot_id)
    if found is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    return found.round_id


def _round_views(session: Session, found: list[Round]) -> list[RoundView]:
    ids = [round_.id for round_ in found]
    pool = _counted(session, PoolMember.round_id, PoolMember.stratum, ids)
    excluded = _counted(session, PoolExclusion.round_id, PoolExclusion.reason, ids)
    lots: dict[UUID, list[LotView]] = {}
    for round_id, view in _lot_views(session, ids):
        lots.setdefault(round_id, []).append(view)
    return [
        RoundView(
            r.id, r.code, r.number, r.title, r.plan_id, r.item.name, r.state.value, r.n, r.reserve, r.team_size,
            r.starts, r.ends, r.filter, r.weights, r.minimums, r.accepted, pool.get(r.id, {}), excluded.get(r.id, {}), lots.get(r.id, []),
        )
        for r in found
    ]  # fmt: skip


def _counted(session: Session, round_id: Any, name: Any, ids: list[UUID]) -> dict[UUID, dict[str, int]]:
    """How many rows each round has under each name."""
    rows = session.execute(
        select(round_id, name, func.count()).where(round_id.in_(ids)).group_by(round_id, name).order_by(name)
    )
    counts: dict[UUID, dict[str, int]] = {}
    for found, key, count in rows:
        counts.setdefault(found, {})[key] = count
    return counts


def _lot_views(session: Session, rounds: list[UUID]) -> Iterator[tuple[UUID, LotView]]:
    lots = session.scalars(select(Lot).where(Lot.round_id.in_(rounds)).order_by(Lot.kind, Lot.attempt)).all()
    signed: dict[UUID, list[Witnessing]] = {}
    for witnessing in session.scalars(
        select(Witnessing).where(Witnessing.lot_id.in_([lot.id for lot in lots])).order_by(Witnessing.title)
    ):
        signed.setdefault(witnessing.lot_id, []).append(witnessing)
    for lot in lots:
        by = signed.get(lot.id, [])
        yield lot.round_id, LotView(
            lot.id, lot.name, lot.kind, lot.attempt, lot.state.value, lot.dice, lot.seed, [w.title for w in by],
            [w.person_id for w in by], lot.operator, lot.commit_hash,
        )  # fmt: skip


@dataclass(frozen=True)
class PublicLot:
    """A lot as anybody may see it: its records as they stand in the log."""

    name: str
    kind: str
    round: str
    title: str
    state: str
    entries: list[log.Entry]


def public_lots(session: Session, limit: int = 100) -> list[PublicLot]:
    """All lots, newest first, without their records."""
    found = session.scalars(select(Lot).options(joinedload(Lot.round)).order_by(Lot.id.desc()).limit(limit))
    return [PublicLot(lot.name, lot.kind, lot.round.code, lot.round.title, lot.state.value, []) for lot in found]


def public_lot(session: Session, name: str) -> PublicLot:
    """One lot with its records. Raises NotFound."""
    lot = session.scalar(select(Lot).where(Lot.name == name))
    if lot is None:
        raise NotFound(what="抽签 lot", id=name)
    return PublicLot(lot.name, lot.kind, lot.round.code, lot.round.title, lot.state.value, log.entries(session, name))
