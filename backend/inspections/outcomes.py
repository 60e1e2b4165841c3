"""How a round ends: when every drawn entity was visited or called off, its outcomes go into the public log at once (DRAWS §4)."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import SUPERVISORS, Actor, Role
from backend.draws.changes import record_outcomes
from backend.draws.lots import lot_of
from backend.draws.models import Pick, Round, RoundState
from backend.inspections.models import Result
from backend.ledger import Event
from backend.problems import Conflict, NotAllowed, NotFound, Problem
from backend.tours.models import Task, TaskState

OUT_OF_SCOPE = ("R07", "S01", "S02", "S03", "S04", "S05")
"""Result codes that say that there was nothing to inspect (DOMAIN §2.7); the log is told no more than that"""
SHORTEST_REASON = 4
ENDED = (TaskState.APPROVED, TaskState.PUBLISHED, TaskState.CANCELLED)


class VisitsOpen(Problem):
    """Not everybody who was drawn has been visited, and nobody said why the round should end all the same."""

    status = 422
    zh = ("还有检查未完成", "还有 {count} 户尚未检查完。要提前结束，请写明理由；未检查的将记为“未检查”并写入公开日志。")
    en = (
        "Visits are still open",
        "{count} of those drawn have not been visited. To end the round all the same, say why; they will be told as not visited in the public log.",
    )


def close_visited_round(session: Session, event: Event) -> None:
    """After ``result.confirmed``: close the round if this was the last visit."""
    round_id = session.scalar(select(Task.round_id).where(Task.id == event.subject))
    if round_id is not None and not open_visits(session, round_id):
        record_outcomes(session, round_id=round_id, states=_states(session, round_id))


def close_round(session: Session, *, actor: Actor, round_id: UUID, reason: str = "") -> int:
    """Close a round; while visits are open only with a reason, and who was not visited is told so.

    Returns how many outcomes. Raises NotFound, NotAllowed, Conflict, VisitsOpen.
    """
    round_ = session.get(Round, round_id)
    if round_ is None:
        raise NotFound(what="抽查任务 round", id=str(round_id))
    if not actor.reaches((Role.PLAN_MANAGER, *SUPERVISORS), round_.unit.path, round_.district):
        raise NotAllowed(need="结束抽查任务 / close a round")
    if round_.state != RoundState.MATCHED:
        raise Conflict(what="抽查任务 round", state=round_.state.value)
    if (count := open_visits(session, round_id)) and len(reason.strip()) < SHORTEST_REASON:
        raise VisitsOpen(count=count)
    if count:
        ledger.record(session, "round.cut_short", round_id, actor=actor, chain=round_.unit.code, open=count,
                      reason=reason.strip()[:500])  # fmt: skip
    return record_outcomes(session, round_id=round_id, states=_states(session, round_id))


def open_visits(session: Session, round_id: UUID) -> int:
    """How many of those drawn have no ended task."""
    lot = lot_of(session, round_id, "entities")
    ended = select(Task.entity_id).where(Task.round_id == round_id, Task.state.in_(ENDED))
    waiting = select(func.count()).where(Pick.lot_id == lot.id, Pick.state == "drawn", Pick.entity_id.not_in(ended))
    return session.scalar(waiting) or 0


def _states(session: Session, round_id: UUID) -> dict[UUID, str]:
    rows = session.execute(
        select(Result.entity_id, Result.result_code)
        .join(Task, Task.id == Result.task_id)
        .where(Task.round_id == round_id)
    )
    return {entity: "out of scope" if code in OUT_OF_SCOPE else "visited" for entity, code in rows}
