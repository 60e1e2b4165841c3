"""What the visits of a round say of everybody in its pool: honest figures from aimed draws (DRAWS §7)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.draws import estimates
from backend.draws.estimates import Estimate, NothingVisited, Visits
from backend.draws.models import Lot, LotState, Pick, PoolMember, Round, RoundState
from backend.inspections.models import Result
from backend.inspections.outcomes import OUT_OF_SCOPE
from backend.problems import NotFound
from backend.tours.models import Task


@dataclass(frozen=True)
class Figures:
    """A round's figures: strata in order of class, and the estimate once somebody was visited."""

    code: str
    title: str
    item: str
    state: str
    lots: list[tuple[str, str]]
    """(kind, name) of every lot that was drawn or made void"""
    strata: list[Visits]
    estimate: Estimate | None
    class_rates: bool
    """May the rates of classes be shown to the public? Only where every cell has at least five"""
    trend: tuple[float, float] | None
    """(z, p) of the test whether worse classes have more problems"""


def figures(session: Session, round_id: UUID) -> Figures:
    """The figures of a round, for the console. Raises NotFound."""
    found = session.get(Round, round_id)
    if found is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    strata = visits_of(session, round_id)
    lots = session.execute(select(Lot.kind, Lot.name).where(Lot.round_id == round_id).order_by(Lot.kind, Lot.attempt))
    try:
        estimate = estimates.estimate(strata)
    except NothingVisited:
        estimate = None
    return Figures(
        found.code, found.title, found.item.name, found.state.value, [(kind, name) for kind, name in lots], strata,
        estimate, estimates.class_rates_may_be_public(strata), estimates.trend(strata) if estimate else None,
    )  # fmt: skip


def public_figures(session: Session, code: str) -> Figures:
    """What the public may see of a round: its lots at once, its estimates when it is over. Raises NotFound."""
    found = session.scalar(select(Round).where(Round.code == code))
    if found is None or found.state in (RoundState.DRAFT, RoundState.FROZEN):
        raise NotFound(what="抽查任务 round", id=code)
    told = figures(session, found.id)
    if found.state == RoundState.DONE:
        return told
    return Figures(told.code, told.title, told.item, told.state, told.lots, [], None, False, None)


def visits_of(session: Session, round_id: UUID) -> list[Visits]:
    """A round's strata by class: members, drawn and in scope, visited, problems. Visits for other reasons never enter."""
    members = session.execute(
        select(PoolMember.stratum, func.count()).where(PoolMember.round_id == round_id).group_by(PoolMember.stratum)
    ).all()
    drawn: Counter[str] = Counter()
    visited: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    for stratum, code, failed in session.execute(_outcomes(round_id)):
        in_scope, done = code not in OUT_OF_SCOPE, code is not None
        drawn[stratum] += in_scope
        visited[stratum] += in_scope and done
        problems[stratum] += bool(in_scope and done and failed)
    return [
        Visits(name, count, drawn[name], visited[name], problems[name])
        for name, count in sorted((str(row[0]), int(row[1])) for row in members)
    ]


def _outcomes(round_id: UUID) -> Any:
    """(stratum, result code or None, whether an item failed) of everybody who stands in the draw."""
    return (
        select(Pick.stratum, Result.result_code, Result.key_failed + Result.general_failed > 0)
        .join(Lot, Lot.id == Pick.lot_id)
        .outerjoin(Task, (Task.round_id == Lot.round_id) & (Task.entity_id == Pick.entity_id))
        .outerjoin(Result, Result.task_id == Task.id)
        .where(Lot.round_id == round_id, Lot.kind == "entities", Lot.state != LotState.VOID, Pick.state == "drawn")
    )
