"""What people can ask of draws: plans with their rounds, a round with its lots, a lot with its public records."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.accounts.rules import Actor
from backend.draws import log
from backend.draws.models import Lot, Plan, PlanState, PoolExclusion, Round, Witnessing
from backend.draws.plans import strata_counts
from backend.problems import NotFound


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
    return actor.district.rstrip("0")


def plan(session: Session, plan_id: UUID) -> PlanView:
    """One plan. Raises NotFound."""
    found = session.get(Plan, plan_id)
    if found is None:
        raise NotFound(what="计划 plan", id=str(plan_id))
    return _plan_view(found, session.scalar(select(func.count()).where(Round.plan_id == plan_id)) or 0)


def _plan_view(found: Plan, rounds: int) -> PlanView:
    return PlanView(found.id, found.code, found.year, found.title, found.unit.name, found.state.value, found.joint,
                    found.version, found.published_at, rounds)  # fmt: skip


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
    pool: dict[str, int]
    excluded: dict[str, int]
    lots: list[LotView]


def rounds(session: Session, *, plan_id: UUID | None = None, actor: Actor | None = None) -> list[RoundView]:
    """Rounds of a plan, or all within the actor's reach, newest first."""
    query = select(Round).order_by(Round.id.desc()).limit(200)
    if plan_id:
        query = query.where(Round.plan_id == plan_id)
    if actor:
        query = query.where(Round.district.startswith(reach_of(actor)))
    return [_round_view(session, found) for found in session.scalars(query)]


def round_(session: Session, round_id: UUID) -> RoundView:
    """One round. Raises NotFound."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    return _round_view(session, found)


def _round_view(session: Session, found: Round) -> RoundView:
    excluded = session.execute(
        select(PoolExclusion.reason, func.count())
        .where(PoolExclusion.round_id == found.id)
        .group_by(PoolExclusion.reason)
    )
    lots = session.scalars(select(Lot).where(Lot.round_id == found.id).order_by(Lot.kind, Lot.attempt))
    return RoundView(
        found.id, found.code, found.number, found.title, found.plan_id, found.item.name, found.state.value, found.n,
        found.reserve, found.team_size, found.starts, found.ends, found.filter, found.weights,
        dict(sorted(strata_counts(session, found.id).items())), dict(excluded),
        [_lot_view(session, lot) for lot in lots],
    )  # fmt: skip


def _lot_view(session: Session, lot: Lot) -> LotView:
    titles = session.scalars(select(Witnessing.title).where(Witnessing.lot_id == lot.id).order_by(Witnessing.title))
    return LotView(
        lot.id, lot.name, lot.kind, lot.attempt, lot.state.value, lot.dice, lot.seed, list(titles), lot.commit_hash
    )


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
    found = session.scalars(select(Lot).order_by(Lot.id.desc()).limit(limit))
    return [PublicLot(lot.name, lot.kind, lot.round.code, lot.round.title, lot.state.value, []) for lot in found]


def public_lot(session: Session, name: str) -> PublicLot:
    """One lot with its records. Raises NotFound."""
    lot = session.scalar(select(Lot).where(Lot.name == name))
    if lot is None:
        raise NotFound(what="抽签 lot", id=name)
    return PublicLot(lot.name, lot.kind, lot.round.code, lot.round.title, lot.state.value, log.entries(session, name))
