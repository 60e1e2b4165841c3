"""What the registry does when something happened elsewhere: a confirmed result is an entity's last visit."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from backend.ledger import Event
from backend.registry.commands import note_check


def note_result(session: Session, event: Event) -> None:
    """After ``result.confirmed``: keep the visit, and the exclusion from further lots on the item this year."""
    told = event.payload
    note_check(
        session, entity_id=UUID(told["entity"]), on=date.fromisoformat(told["visited_on"]), item_code=told["item"],
        evidence=f"task {event.subject}",
    )  # fmt: skip
