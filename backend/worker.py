"""The worker: what happened is told to whom it concerns.

``REACTIONS`` says which event wakes which job. A job marks its delivery done in its own transaction, so that a killed worker or
a second telling loses and doubles nothing. What fails is tried again with growing pauses, and at last lies visibly dead.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from redis.client import Pipeline
from rq import Worker
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, configure_mappers

from backend.db import transaction
from backend.disclosure import jobs as disclosure
from backend.disclosure import photos as public_photos
from backend.inspections import evidence as inspections
from backend.inspections import outcomes
from backend.inspections.aside.expiry import expire_aside
from backend.ledger import Delivery, Event
from backend.oversight import comparing as oversight
from backend.queues import queues, redis, show_alive
from backend.registry import jobs as registry
from backend.risk import jobs as risk
from backend.times import utc_now
from backend.tours import jobs as tours
from media.looking import get_ready

log = structlog.get_logger()
ATTEMPTS = 8
"""How often a job may begin and fail"""
Reaction = Callable[[Session, Event], Any]

REACTIONS: dict[str, tuple[Reaction, ...]] = {
    "entity.entered": (risk.score_entered,),
    "plan.published": (disclosure.publish_plan,),
    "draw.held": (tours.plan_drawn_round, disclosure.publish_lot),
    "pick.skipped": (tours.follow_skipped_pick,),
    "tours.planned": (tours.prepare_maps,),
    "teams.matched": (tours.open_matched_tasks,),
    "inspector.replaced": (tours.follow_replaced_inspector,),
    "comparison.asked": (oversight.compare_officers,),
    "evidence.arrived": (inspections.examine_evidence,),
    "photo.proposed": (public_photos.make_public_copy,),
    "result.confirmed": (
        registry.note_result,
        risk.score_result,
        disclosure.publish_result,
        outcomes.close_visited_round,
    ),
}
"""Which happening wakes which jobs; DESIGN §3 draws it as the main path."""


def reaction_name(reaction: Reaction) -> str:
    """The stable name under which a delivery of this reaction is kept: ``room.function``."""
    return f"{reaction.__module__.split('.')[1]}.{reaction.__name__}"


def react(event_id: str, name: str) -> None:
    """The job: tell one event to one reaction, in one transaction with the mark that it is done."""
    structlog.contextvars.bind_contextvars(event_id=event_id, reaction=name)
    try:
        _count_beginning(UUID(event_id), name)
        with transaction() as session:
            delivery = _mine(session, UUID(event_id), name)
            if delivery is not None:
                event = session.scalars(select(Event).where(Event.id == UUID(event_id))).one()
                _reaction(event.name, name)(session, event)
                delivery.state, delivery.error = "done", None
        log.info("reaction_done")
    except Exception as error:
        log.exception("reaction_failed")
        _note_failure(UUID(event_id), name, error)
    finally:
        structlog.contextvars.unbind_contextvars("event_id", "reaction")


def _count_beginning(event_id: UUID, name: str) -> None:
    """Kept whatever happens to the job: one that kills its worker each time must end, one that only got lost in the queue must not."""
    with transaction() as session:
        delivery = _mine(session, event_id, name)
        if delivery is not None:
            delivery.attempts += 1


def _mine(session: Session, event_id: UUID, name: str) -> Delivery | None:
    """The delivery, locked, unless it is done or another worker is at it."""
    return session.scalar(
        select(Delivery)
        .where(Delivery.event_id == event_id, Delivery.reaction == name, Delivery.state == "sent")
        .with_for_update(skip_locked=True)
    )


def _reaction(event_name: str, name: str) -> Reaction:
    return next(r for r in REACTIONS.get(event_name, ()) if reaction_name(r) == name)


def _note_failure(event_id: UUID, name: str, error: Exception) -> None:
    with transaction() as session:
        delivery = session.get_one(Delivery, (event_id, name), with_for_update=True)
        if delivery.state != "sent":
            return
        delivery.error = f"{type(error).__name__}: {error}"[:2000]
        delivery.attempts -= _was_cut_off(error)
        delivery.due_at = utc_now() + timedelta(seconds=2**delivery.attempts)
        delivery.state = "dead" if delivery.attempts >= ATTEMPTS else "waiting"


def _was_cut_off(error: Exception) -> bool:
    """Did the database go away? That says nothing of the event."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def chores() -> None:
    """The job of every day: what nobody waits for."""
    removed = inspections.tidy_uploads()
    log.info("uploads_tidied", removed=len(removed))
    with transaction() as session:
        forgotten = expire_aside(session)
    log.info("aside_expired", **forgotten)


class Hand(Worker):
    """An RQ worker that shows it is alive at every heartbeat: RQ's own list of workers does not
    come back after Redis has lost its memory, and keeps killed ones for minutes.
    """

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ's heartbeat, and ours."""
        super().heartbeat(timeout, pipeline)
        show_alive("worker", redis())


def work(*, burst: bool = False) -> None:
    """Run the RQ worker: a process of its own for each job. What all of them would begin with is done here, once."""
    configure_mappers()
    get_ready()
    hand = Hand(queues(), connection=redis(), worker_ttl=20, job_monitoring_interval=10)
    hand.work(burst=burst, logging_level="WARNING")
