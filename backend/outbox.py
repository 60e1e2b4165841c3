"""The outbox as supervisors see it: what could not be told, and giving it another try."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.ledger import Delivery, Event
from backend.problems import NotFound
from backend.times import utc_now


@dataclass(frozen=True)
class DeadLetter:
    """A delivery that failed for good, as supervisors see it."""

    event_id: UUID
    event: str
    reaction: str
    attempts: int
    error: str


def dead_letters(session: Session) -> list[DeadLetter]:
    """What could not be told, oldest first."""
    rows = session.execute(
        select(Delivery, Event.name)
        .join(Event, Event.id == Delivery.event_id)
        .where(Delivery.state == "dead")
        .order_by(Event.at)
    )
    return [DeadLetter(d.event_id, n, d.reaction, d.attempts, d.error or "") for d, n in rows]


def try_again(session: Session, event_id: UUID, reaction: str, actor: object) -> None:
    """Give a dead delivery new attempts. Raises NotFound, also when it is not dead any more."""
    delivery = session.get(Delivery, (event_id, reaction), with_for_update=True)
    if delivery is None or delivery.state != "dead":
        raise NotFound(what="未送达事项 dead letter", id=f"{event_id}/{reaction}")
    delivery.state, delivery.attempts, delivery.due_at = "waiting", 0, utc_now()
    ledger.record(session, "delivery.retried", event_id, actor=actor, reaction=reaction)


def waiting(session: Session) -> int:
    """How many deliveries are on their way."""
    query = select(func.count()).select_from(Delivery).where(Delivery.state.in_(["waiting", "sent"]))
    return session.scalar(query) or 0
