"""The ledger: what is recorded is chained, only added to, and any change of it is found."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend import ledger


def test_events_of_one_transaction_are_chained_in_order(session: Session):
    for n in range(3):
        ledger.record(session, "thing.done", n, chain="HZ", n=n)
    session.commit()
    assert ledger.verify(session) == (3, [])


def test_chains_of_units_stand_alone(session: Session):
    ledger.record(session, "thing.done", "a", chain="HZ")
    ledger.record(session, "thing.done", "b", chain="LY")
    session.commit()
    seqs = session.execute(text("select chain, seq from events order by chain")).all()
    assert [tuple(row) for row in seqs] == [("HZ", 1), ("LY", 1)]


def test_what_is_rolled_back_did_not_happen(session: Session):
    ledger.record(session, "thing.done", "kept", chain="HZ")
    savepoint = session.begin_nested()
    ledger.record(session, "thing.done", "lost", chain="HZ")
    savepoint.rollback()
    session.commit()
    assert [row[0] for row in session.execute(text("select subject from events"))] == ["kept"]


@pytest.mark.parametrize("statement", ["update events set payload = '{}'", "delete from events"])
def test_the_application_can_neither_change_nor_remove_events(session: Session, statement: str):
    ledger.record(session, "thing.done", "a")
    session.commit()
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text(statement))
    session.rollback()


def test_an_altered_event_is_found(session: Session):
    for n in range(3):
        ledger.record(session, "thing.done", n, chain="HZ", n=n)
    session.commit()
    events = session.scalars(ledger.select(ledger.Event).order_by(ledger.Event.seq)).all()
    values = {c.key: getattr(events[1], c.key) for c in ledger.Event.__table__.columns}
    assert ledger.event_hash(values) == events[1].hash
    assert ledger.event_hash({**values, "payload": {"n": 9}}) != events[1].hash
