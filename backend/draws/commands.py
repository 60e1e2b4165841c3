"""What people can do before a draw: declare that an inspector must not visit an entity (回避)."""

from uuid import UUID

from sqlalchemy.orm import Session

from backend import ledger
from backend.draws.models import Recusal


def declare_recusal(
    session: Session, *, inspector_id: UUID, entity_id: UUID, ground: str, actor: object = ledger.SYSTEM
) -> Recusal:
    """Keep an inspector away from an entity; the second lot respects it. Declaring it again changes nothing."""
    known = session.get(Recusal, (inspector_id, entity_id))
    if known is not None:
        return known
    recusal = Recusal(inspector_id=inspector_id, entity_id=entity_id, ground=ground)
    session.add(recusal)
    ledger.record(session, "recusal.declared", inspector_id, actor=actor, entity=str(entity_id))
    return recusal
