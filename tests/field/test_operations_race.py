"""Batches that race: phones send the same work in opposite order at the same moment; nobody waits in a circle, nothing is twice."""

import threading
from collections import Counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from backend import db, ledger
from backend.accounts.models import Device
from backend.inspections.models import Arrival
from backend.tours.models import Task
from field_api.app import create_app
from tests.field.phone import PhoneClient, TestPhone
from tests.field.test_operations import an_arrival
from tests.field.test_pulls_never_miss import World, world  # noqa: F401 - fixture

RACERS, ROUNDS = 4, 5


@pytest.fixture
def clients(world: World, redis, monkeypatch) -> list:  # noqa: F811
    """Phones of the world's officer at the field door; each request is a transaction of its own that commits."""
    monkeypatch.setattr(db, "sessions", lambda: sessionmaker(world.engine, expire_on_commit=False))
    app = create_app()
    app.test_client_class = PhoneClient
    return [app.test_client() for _ in range(RACERS)]


def signed_in(world: World, client) -> None:  # noqa: F811
    key = TestPhone()
    with Session(world.engine) as session, session.begin():
        session.add(Device(id=key.id, person_id=world.actor.person_id, name="p", public_key=key.jwk))
    client.sign_in(key)


def race(clients, batches: list[list[dict]]) -> list[list[str]]:
    """Send each batch by its client at the same moment. Returns the statuses."""
    start, told = threading.Barrier(len(clients)), [[] for _ in clients]

    def send(n: int) -> None:
        start.wait()
        answer = clients[n].post("/v1/operations", json={"operations": batches[n]})
        assert answer.status_code == 200, answer.get_json()
        told[n] = [result["status"] for result in answer.get_json()["results"]]

    threads = [threading.Thread(target=send, args=(n,)) for n in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return told


def test_the_same_batch_in_opposite_orders_at_once_is_applied_once(world, clients):  # noqa: F811
    for client in clients:
        signed_in(world, client)
    with Session(world.engine) as session:
        tasks = list(session.scalars(select(Task).order_by(Task.id)))
    for done in range(1, ROUNDS + 1):
        work = [an_arrival(task) for task in tasks]
        told = race(clients, [work[::step] for step in [1, -1] * (RACERS // 2)])
        assert Counter(status for batch in told for status in batch) == {
            "applied": len(work), "already-applied": (RACERS - 1) * len(work),
        }  # fmt: skip
        with Session(world.engine) as session:
            assert session.scalar(select(func.count()).select_from(Arrival)) == done * len(work)
    with Session(world.engine) as session:
        assert ledger.verify(session)[1] == []
