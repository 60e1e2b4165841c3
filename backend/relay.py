"""The relay: what was recorded is sent to the worker, surely, and at least once.

It claims waiting deliveries and enqueues them in RQ under an id of their own; what a lost Redis forgot is sent again.
"""

from datetime import UTC, timedelta
from uuid import UUID

import psycopg
import structlog
from redis import Redis
from rq.exceptions import DuplicateJobError, NoSuchJobError
from rq.job import Job, JobStatus
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from backend import worker
from backend.config import settings
from backend.db import transaction
from backend.ledger import Delivery, Event
from backend.queues import queue_of, queues, redis, show_alive
from backend.times import local_today, utc_now

log = structlog.get_logger()
RESEND_AFTER = timedelta(seconds=30)
HEARTBEAT_LOST = timedelta(seconds=60)
BATCH = 200


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
        {"event_id": event_id, "reaction": worker.reaction_name(reaction)}
        for event_id, name in names
        for reaction in worker.REACTIONS.get(name, ())
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
    if delivery.attempts >= worker.ATTEMPTS:
        delivery.state = "dead"
        delivery.error = delivery.error or "begun many times, never finished"
        log.error("delivery_dead", event_id=str(delivery.event_id), reaction=delivery.reaction)
        return False
    delivery.state = "sent"
    delivery.sends += 1
    delivery.due_at = utc_now() + RESEND_AFTER * min(delivery.sends, worker.ATTEMPTS)
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


def _see_to_chores() -> None:
    """Put the day's chores in the queue, once: their id is the day, and their trace is kept until the day is over."""
    day = f"chores-{local_today()}"
    try:
        queues()[1].enqueue_call("backend.worker.chores", job_id=day, unique=True, timeout=1800, result_ttl=2 * 86400)
        log.info("chores_queued", day=day)
    except DuplicateJobError:
        return
