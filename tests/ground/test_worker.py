"""The relay tells every event to its reactions, surely and once in effect, whatever dies in between."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend import ledger, outbox, queues, relay, worker
from backend.inspections.evidence import uploads
from backend.ledger import Delivery
from backend.times import utc_now
from media.faults import NoSuchUpload

SEEN: list[str] = []


def notice(_session: Session, event: ledger.Event) -> None:
    """A reaction that remembers."""
    SEEN.append(event.subject)


def stumble(_session: Session, event: ledger.Event) -> None:
    """A reaction that fails until its third telling."""
    SEEN.append(event.subject)
    if len(SEEN) < 3:
        raise RuntimeError("not yet")


@pytest.fixture(autouse=True)
def reactions(monkeypatch: pytest.MonkeyPatch):
    SEEN.clear()
    monkeypatch.setitem(worker.REACTIONS, "thing.done", (notice,))
    monkeypatch.setitem(worker.REACTIONS, "thing.hard", (stumble,))
    monkeypatch.setattr(worker, "reaction_name", lambda r: f"tests.{r.__name__}")


def deliveries(session: Session) -> dict[str, str]:
    return {d.reaction: d.state for d in session.scalars(select(Delivery))}


def test_an_event_reaches_its_reaction_once(session, drain):
    ledger.record(session, "thing.done", "a")
    drain()
    drain()
    assert SEEN == ["a"]
    assert deliveries(session) == {"tests.notice": "done"}


def test_an_event_that_nobody_waits_for_leaves_nothing_behind(session, drain):
    ledger.record(session, "thing.unheard", "a")
    drain()
    assert deliveries(session) == {}


def test_a_job_told_twice_does_its_work_once(session, drain):
    id_ = ledger.record(session, "thing.done", "a")
    drain()
    worker.react(str(id_), "tests.notice")
    assert SEEN == ["a"]


def test_a_failure_is_tried_again_with_growing_pauses(session, drain):
    ledger.record(session, "thing.hard", "a")
    for _ in range(3):
        drain()
        session.execute(update(Delivery).where(Delivery.state == "waiting").values(due_at=utc_now()))
    assert SEEN == ["a", "a", "a"]
    assert deliveries(session) == {"tests.stumble": "done"}


def test_what_fails_for_good_lies_visibly_dead_and_can_be_given_another_try(session, drain, monkeypatch):
    monkeypatch.setattr(worker, "ATTEMPTS", 1)
    id_ = ledger.record(session, "thing.hard", "a")
    drain()
    letters = outbox.dead_letters(session)
    assert [(letter.event_id, letter.error) for letter in letters] == [(id_, "RuntimeError: not yet")]
    outbox.try_again(session, id_, "tests.stumble", "test")
    assert deliveries(session)["tests.stumble"] == "waiting"


def test_what_a_lost_redis_forgot_is_sent_again(session, drain):
    ledger.record(session, "thing.done", "a")
    session.commit()
    relay.relay_once()
    queues.redis().flushdb()
    later = utc_now() + timedelta(seconds=5)
    session.expire_all()
    assert all(d.due_at > later for d in session.scalars(select(Delivery)))
    assert relay.resend_if_forgotten(session, queues.redis())
    drain()
    assert SEEN == ["a"]


def test_what_still_waits_in_a_long_queue_is_not_sent_again(session, redis):
    ledger.record(session, "thing.done", "a")
    session.commit()
    relay.relay_once()
    session.execute(update(Delivery).values(due_at=utc_now()))
    session.commit()
    assert relay.relay_once() == 0
    session.expire_all()
    assert [d.sends for d in session.scalars(select(Delivery))] == [1]


def test_a_queue_that_is_lost_again_and_again_is_no_failure(session, redis, drain):
    ledger.record(session, "thing.done", "a")
    session.commit()
    for _ in range(worker.ATTEMPTS + 2):
        relay.relay_once()
        queues.redis().flushdb()
        relay.resend_if_forgotten(session, queues.redis())
        session.commit()
    drain()
    assert SEEN == ["a"]
    assert deliveries(session) == {"tests.notice": "done"}


def test_a_job_that_kills_its_worker_each_time_lies_dead_at_last(session, redis):
    id_ = ledger.record(session, "thing.hard", "a")
    session.commit()
    for _ in range(worker.ATTEMPTS + 1):
        relay.relay_once()
        for queue in queues.queues():
            queue.empty()
        worker._count_beginning(id_, "tests.stumble")
        session.execute(update(Delivery).values(due_at=utc_now()))
        session.commit()
    (letter,) = outbox.dead_letters(session)
    assert (letter.attempts, letter.error) == (worker.ATTEMPTS, "begun many times, never finished")


def test_a_database_that_went_away_is_not_held_against_the_event(session, redis):
    id_ = ledger.record(session, "thing.done", "a")
    session.commit()
    relay.relay_once()
    worker._count_beginning(id_, "tests.notice")
    worker._note_failure(
        id_, "tests.notice", OperationalError("select", {}, Exception("gone"), connection_invalidated=True)
    )
    session.expire_all()
    (delivery,) = session.scalars(select(Delivery))
    assert (delivery.state, delivery.attempts) == ("waiting", 0)


def test_the_chores_of_a_day_are_queued_once_however_often_the_relay_looks(session, redis):
    for _ in range(3):
        relay._see_to_chores()
    assert [job.func_name for job in queues.queues()[1].jobs] == ["backend.worker.chores"]


def test_an_upload_that_its_phone_gave_up_is_gone_after_a_week_and_a_fresh_one_stays(services, redis):
    given_up, fresh = "0198c2f0-0000-7000-8000-00000000000a", "0198c2f0-0000-7000-8000-00000000000b"
    for id_ in (given_up, fresh):
        uploads().create(id_, length=10, sha256="0" * 64, facts={})
    info = next(uploads().folder.glob(f"*/{given_up}/info.json"))
    info.write_text(info.read_text().replace(str(uploads().get(given_up).created), "1.0"))
    worker.chores()
    assert uploads().get(fresh).length == 10
    with pytest.raises(NoSuchUpload):
        uploads().get(given_up)
    uploads().remove(fresh)
