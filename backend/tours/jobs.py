"""What tours do when something happened elsewhere: a held draw is toured, matched teams get their tasks,
skips and replacements are followed."""

from uuid import UUID

from sqlalchemy.orm import Session

from backend.ledger import Event
from backend.tours.commands import open_tasks
from backend.tours.following import follow_replacement, follow_skip
from backend.tours.maps import prepare_map_data
from backend.tours.planning import plan_round


def plan_drawn_round(session: Session, event: Event) -> None:
    """After ``draw.held``: plan the round's tours."""
    plan_round(session, round_id=UUID(event.payload["round"]))


def open_matched_tasks(session: Session, event: Event) -> None:
    """After ``teams.matched``: open the round's tasks."""
    open_tasks(session, lot_id=UUID(event.subject))


def follow_skipped_pick(session: Session, event: Event) -> None:
    """After ``pick.skipped``: the reserve takes the stop and the task."""
    told = event.payload
    reserve = UUID(told["reserve"]) if told["reserve"] else None
    follow_skip(session, round_id=UUID(told["round"]), entity_id=UUID(event.subject), reserve_id=reserve)


def follow_replaced_inspector(session: Session, event: Event) -> None:
    """After ``inspector.replaced``: the tour's open tasks go to the team as it is now."""
    follow_replacement(session, lot_id=UUID(event.subject), bundle=event.payload["tour"])


def prepare_maps(_session: Session, _event: Event) -> None:
    """After ``tours.planned``: make the map's files, so that no phone waits for them."""
    prepare_map_data()
