"""The relay and the worker: what happened is told to whom it concerns, surely, and at least once.

``REACTIONS`` says which event wakes which job. The relay claims waiting deliveries and enqueues them in RQ under
an id of their own; the job marks its delivery done in its own transaction, so a lost Redis, a killed worker or a second
telling loses and doubles nothing. What fails is tried again with growing pauses, and at last lies visibly dead.
"""

from collections.abc import Callable
from datetime import UTC, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import psycopg
import structlog
from redis import Redis
from redis.client import Pipeline
from rq import Queue, Worker
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, configure_mappers

from backend.config import settings
from backend.db import transaction
from backend.disclosure import jobs as disclosure
from backend.disclosure import photos as public_photos
from backend.inspections import evidence as inspections
from backend.inspections import outcomes
from backend.inspections.aside.expiry import expire_aside
from backend.ledger import Delivery, Event
from backend.oversight import comparing as oversight
from backend.registry import jobs as registry
from backend.risk import jobs as risk
from backend.times import local_today, utc_now
from backend.tours import jobs as tours
from media.looking import get_ready

log = structlog.get_logger()
ATTEMPTS = 8
RESEND_AFTER = timedelta(seconds=30)
HEARTBEAT_LOST = timedelta(seconds=60)
BATCH = 200
CAN_WAIT = frozenset({"inspections.examine_evidence", "disclosure.make_public_copy", "oversight.compare_officers"})
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


def relay_once() -> int:
    """One pass: expand new events into deliveries, claim what is due, and send it once the claim is committed.

    Returns how many were sent. A crash before the sending only means that they are due again soon.
    """
    with transaction() as session:
        _expand(session)
    with transaction() as session:
        claimed = _claim_due(session)
    for event_id, name, send in claimed:
        enqueue(str(event_id), name, send)
    return len(claimed)


def _expand(session: Session) -> None:
    fresh = list(
        session.scalars(
            select(Delivery)
            .where(Delivery.reaction == "*", Delivery.state == "waiting")
            .order_by(Delivery.due_at)
            .limit(BATCH)
            .with_for_update(skip_locked=True)
        )
    )
    ids = [delivery.event_id for delivery in fresh]
    names = session.execute(select(Event.id, Event.name).where(Event.id.in_(ids)))
    rows = [
        {"event_id": event_id, "reaction": reaction_name(reaction)}
        for event_id, name in names
        for reaction in REACTIONS.get(name, ())
    ]
    if rows:
        session.execute(upsert(Delivery).values(rows).on_conflict_do_nothing())
    session.execute(delete(Delivery).where(Delivery.reaction == "*", Delivery.event_id.in_(ids)))


def _claim_due(session: Session) -> list[tuple[UUID, str, int]]:
    due = session.scalars(
        select(Delivery)
        .where(
            Delivery.reaction != "*",
            Delivery.state.in_(["waiting", "sent"]),
            Delivery.due_at <= utc_now(),
        )
        .order_by(Delivery.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    return [(d.event_id, d.reaction, d.sends) for d in due if _claim(d)]


def _claim(delivery: Delivery) -> bool:
    if delivery.state == "sent" and _is_on_its_way(delivery):
        delivery.due_at = utc_now() + RESEND_AFTER
        return False
    if delivery.attempts >= ATTEMPTS:
        delivery.state = "dead"
        delivery.error = delivery.error or "begun many times, never finished"
        log.error("delivery_dead", event_id=str(delivery.event_id), reaction=delivery.reaction)
        return False
    delivery.state = "sent"
    delivery.sends += 1
    delivery.due_at = utc_now() + RESEND_AFTER * min(delivery.sends, ATTEMPTS)
    return True


def _is_on_its_way(delivery: Delivery) -> bool:
    """Does the job of the last sending still wait in its queue, or is a living worker at it?"""
    try:
        job = Job.fetch(_job_id(str(delivery.event_id), delivery.reaction, delivery.sends), connection=redis())
    except NoSuchJobError:
        return False
    status = job.get_status()
    if status == JobStatus.STARTED and job.last_heartbeat:
        return utc_now() - job.last_heartbeat.replace(tzinfo=UTC) < HEARTBEAT_LOST
    return status == JobStatus.QUEUED


def _job_id(event_id: str, name: str, send: int) -> str:
    return f"{event_id}-{name}-{send}".replace(".", "_")


def enqueue(event_id: str, name: str, send: int) -> None:
    """Put one telling in the queue, under an id of its own that makes a second one collapse into the first."""
    job_id = _job_id(event_id, name, send)
    try:
        queue_of(name).enqueue_call(
            "backend.worker.react",
            args=(event_id, name),
            job_id=job_id,
            unique=True,
            timeout=1800,
            result_ttl=0,
            failure_ttl=86400,
        )
    except DuplicateJobError:
        log.info("telling_already_queued", job_id=job_id)


def resend_if_forgotten(session: Session, redis: Redis) -> bool:
    """When Redis lost its memory (its epoch key is gone), everything sent and not done is due again."""
    if not redis.set("fieldlot:epoch", utc_now().isoformat(), nx=True):
        return False
    session.execute(update(Delivery).where(Delivery.state == "sent").values(due_at=utc_now()))
    log.warning("redis_forgot")
    return True


def relay() -> None:
    """Run for ever: wake at every commit that recorded something, and sweep every few seconds regardless."""
    url = settings().database_url.replace("+psycopg", "", 1)
    with psycopg.connect(url, autocommit=True) as ear:
        ear.execute("listen deliveries")
        while True:
            _beat()
            while relay_once() >= BATCH:
                pass
            for _ in ear.notifies(timeout=2, stop_after=1):
                pass


def _beat() -> None:
    connection = redis()
    with transaction() as session:
        resend_if_forgotten(session, connection)
    _see_to_chores()
    show_alive("relay", connection)


def chores() -> None:
    """The job of every day: what nobody waits for."""
    removed = inspections.tidy_uploads()
    log.info("uploads_tidied", removed=len(removed))
    with transaction() as session:
        forgotten = expire_aside(session)
    log.info("aside_expired", **forgotten)


def _see_to_chores() -> None:
    """Put the day's chores in the queue, once: their id is the day, and their trace is kept until the day is over."""
    day = f"chores-{local_today()}"
    try:
        queues()[1].enqueue_call("backend.worker.chores", job_id=day, unique=True, timeout=1800, result_ttl=2 * 86400)
        log.info("chores_queued", day=day)
    except DuplicateJobError:
        return


def show_alive(name: str, connection: Redis) -> None:
    """Let /healthz know that this process is alive; it must be said again within half a minute."""
    connection.set(f"fieldlot:alive:{name}", utc_now().isoformat(), ex=30)


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


@cache
def redis() -> Redis:
    """The Redis of this instance."""
    return Redis.from_url(settings().redis_url)


def queues() -> list[Queue]:
    """The queues in the order in which they are worked: what people wait for, then what can wait."""
    return [Queue(name, connection=redis()) for name in ("fieldlot", "fieldlot-later")]


def queue_of(name: str) -> Queue:
    """The queue of a reaction: looking at photos must not hold up a notice."""
    return queues()[name in CAN_WAIT]
