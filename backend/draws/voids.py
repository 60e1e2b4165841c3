"""Making a lot void: one person asks with a reason, another one signs; it stays in the log, and a new attempt may follow.

No lot is drawn again for a better list: attempts are counted by the log, and every bundle shows them all (DRAWS §4).
"""

from uuid import UUID

from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.rules import SUPERVISORS, Actor, Role
from backend.draws import log
from backend.draws.acts import WAITING, locked_lot
from backend.draws.models import Lot, LotState, RoundState
from backend.draws.plans import SamePerson
from backend.problems import BadInput, Conflict, NotAllowed

ASK = (Role.DRAW_OPERATOR, Role.PLAN_MANAGER)
BACK_TO = {"entities": RoundState.FROZEN, "teams": RoundState.TOURED}
NOTHING_RESTS_ON_IT = {
    "entities": (RoundState.COMMITTED, RoundState.DRAWN, RoundState.TOURED),
    "teams": (RoundState.TEAMS_COMMITTED,),
}
"""The states of the round in which a lot of each kind may still be void; later, only members are replaced"""


def propose_void(session: Session, *, actor: Actor, lot_id: UUID, reason: str) -> Lot:
    """Ask that a lot be void; asking again replaces the reason. Raises BadInput, Conflict, NotAllowed."""
    lot = _voidable(session, lot_id)
    if not actor.reaches(ASK, lot.round.unit.path, lot.round.district):
        raise NotAllowed(need="ask that a lot be void")
    if not reason.strip():
        raise BadInput({"reason": ["请写明作废理由 / say why"]})
    lot.void = {"reason": reason.strip(), "title": actor.title(*ASK), "person": str(actor.person_id)}
    ledger.record(session, "void.proposed", lot.id, actor=actor, chain=lot.round.unit.code)
    return lot


def confirm_void(session: Session, *, actor: Actor, lot_id: UUID) -> Lot:
    """Sign that the lot is void: a supervisor, not the one who asked. Raises SamePerson, Conflict, NotAllowed."""
    lot = _voidable(session, lot_id)
    if not actor.reaches(SUPERVISORS, lot.round.unit.path, lot.round.district):
        raise NotAllowed(need="sign that a lot is void")
    if lot.void is None:
        raise Conflict(what="作废申请 void", state="not proposed")
    if lot.void["person"] == str(actor.person_id):
        raise SamePerson(deed="申请与确认作废 / asking for and signing a void lot")
    by = [lot.void["title"], actor.title(*SUPERVISORS)]
    log.append(
        session, {"type": "void", "lot": lot.name, "attempt": lot.attempt, "reason": lot.void["reason"], "by": by}
    )
    lot.void = {"reason": lot.void["reason"], "by": by}
    lot.state, lot.round.state = LotState.VOID, BACK_TO[lot.kind]
    ledger.record(session, "lot.voided", lot.id, actor=actor, chain=lot.round.unit.code, kind=lot.kind)
    return lot


def _voidable(session: Session, lot_id: UUID) -> Lot:
    lot = locked_lot(session, lot_id, *WAITING, LotState.DRAWN)
    if lot.round.state not in NOTHING_RESTS_ON_IT[lot.kind]:
        raise Conflict(what="抽查任务 round", state=lot.round.state.value)
    return lot
