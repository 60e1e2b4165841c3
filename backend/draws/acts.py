"""What every act of a ceremony asks first: the lot in its state, the right role, and whether chance may enter yet."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.rules import Actor, Role, can_hold_draw, can_witness
from backend.draws import log
from backend.draws.models import Lot, LotState, Round
from backend.problems import Conflict, NotAllowed, NotFound, Problem
from backend.times import utc_now

WAITING = (LotState.COMMITTED, LotState.DICE_ENTERED)
"""Committed, and not yet drawn"""


class TooEarly(Problem):
    """The commit must lie in public for its lead before chance enters."""

    status = 409
    zh = ("尚未到时间", "承诺须先公开一段时间，请在 {wait} 秒后再录入。")
    en = ("Too early", "The commit must lie in public first; enter this in {wait} seconds.")


def not_before(session: Session, lot: Lot) -> datetime:
    """When chance may enter: the time of the head that covers the commit, and the lead after it."""
    head = log.head_covering(session, lot.commit_hash)
    return datetime.fromisoformat(head.time) + timedelta(seconds=lot.seed_plan["lead"])


def refuse_early(session: Session, lot: Lot) -> None:
    """Refuse chance before the commit has lain in public for its lead. Raises TooEarly."""
    wait = (not_before(session, lot) - utc_now()).total_seconds()
    if wait > 0:
        raise TooEarly(wait=int(wait) + 1)


def locked_lot(session: Session, lot_id: UUID, *states: LotState) -> Lot:
    """A lot, locked, in one of the states that the deed needs. Raises NotFound, Conflict."""
    lot = session.get(Lot, lot_id, with_for_update=True)
    if lot is None:
        raise NotFound(what="抽签 lot", id=str(lot_id))
    if lot.state not in states:
        raise Conflict(what="抽签 lot", state=lot.state.value)
    return lot


def refuse_unless_operator(actor: Actor, round_: Round) -> None:
    """Only a draw operator of the round's unit. Raises NotAllowed."""
    if not actor.reaches((Role.DRAW_OPERATOR,), round_.unit.path, round_.district):
        raise NotAllowed(need=can_hold_draw.__doc__)


def refuse_unless_witness(actor: Actor, round_: Round) -> None:
    """Only a witness of the round's unit. Raises NotAllowed."""
    if not actor.reaches((Role.WITNESS,), round_.unit.path, round_.district):
        raise NotAllowed(need=can_witness.__doc__)
