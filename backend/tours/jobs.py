"""What tours do when something happened elsewhere: a held draw is toured, matched teams get their tasks."""

from uuid import UUID

from sqlalchemy.orm import Session

from backend.ledger import Event
from backend.tours.commands import open_tasks
from backend.tours.planning import plan_round


def plan_drawn_round(session: Session, event: Event) -> None:
    """After ``draw.held``: plan the round's tours."""
    plan_round(session, round_id=UUID(event.payload["round"]))


def open_matched_tasks(session: Session, event: Event) -> None:
    """After ``teams.matched``: open the round's tasks."""
    open_tasks(session, lot_id=UUID(event.subject))
