"""Pulls among real writers that commit late, in any order, or not at all: a phone that keeps pulling misses no row.

Rows that a test rolls back never become visible below the horizon, so this world is committed: a database of its own,
made from the migrated one as its template.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, make_url, select, text
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.config import read_settings
from backend.inspections import pulls
from backend.tours.models import Task
from tests.inspections.makers import tasks_of_one_officer

WRITERS, TASKS = 3, 6


@dataclass
class World:
    """A committed database with tasks of one officer."""

    engine: Engine
    actor: Actor
    tasks: list[uuid.UUID]
    written: int = 0

    def truth(self) -> dict[str, date]:
        """What a phone should hold: the day that was last written to each task."""
        with Session(self.engine) as session:
            return {str(id_): due for id_, due in session.execute(select(Task.id, Task.due))}


@pytest.fixture(scope="module")
def world(services: None) -> Iterator[World]:
    owner = make_url(read_settings().database_owner_url)
    name = f"committed_{uuid.uuid4().hex}"
    superuser = create_engine(owner.set(username="postgres", database="postgres"), isolation_level="AUTOCOMMIT")
    with superuser.connect() as admin:
        # A template must not be in use; pools of earlier tests may still hold idle connections to it.
        admin.execute(text("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'fieldlot'"))
        admin.execute(text(f"create database {name} template fieldlot owner fieldlot_owner"))
        engine = create_engine(owner.set(database=name), pool_size=WRITERS + 3)
        with Session(engine) as session:
            actor, tasks = tasks_of_one_officer(session, TASKS)
            session.commit()
            yield World(engine, actor, [task.id for task in tasks])
        engine.dispose()
        admin.execute(text(f"drop database {name} with (force)"))
    superuser.dispose()


@dataclass
class Writer:
    """One transaction at a time, open for as long as the steps want; it writes tasks that no other writer does."""

    world: World
    no: int
    connection: Connection | None = None

    def begin(self) -> Connection:
        if self.connection is None:
            self.connection = self.world.engine.connect()
            self.connection.execute(text("select pg_current_xact_id()"))
        return self.connection

    def write(self, n: int) -> None:
        self.world.written += 1
        task = self.world.tasks[self.no :: WRITERS][n]
        due = date(2026, 1, 1) + timedelta(days=self.world.written)
        self.begin().execute(text("update tasks set due = :due where id = :id"), {"due": due, "id": task})

    def end(self, *, well: bool) -> None:
        if self.connection is not None:
            self.connection.commit() if well else self.connection.rollback()
            self.connection.close()
            self.connection = None


@dataclass
class Puller:
    """A phone: it keeps what it was told, and its token."""

    world: World
    token: str | None = None
    held: dict[str, date] = field(default_factory=dict)

    def pull(self) -> None:
        with Session(self.world.engine) as session:
            pulled = pulls.pull(session, self.world.actor, self.token)
        if pulled.fresh:
            self.held.clear()
        self.held |= {str(task.id): task.due for task in pulled.tasks}
        self.token = pulled.token


writers, rows = st.integers(0, WRITERS - 1), st.integers(0, TASKS // WRITERS - 1)
STEP = st.one_of(
    st.just(("pull",)),
    st.tuples(st.just("begin"), writers),
    st.tuples(st.just("write"), writers, rows),
    st.tuples(st.just("commit"), writers),
    st.tuples(st.just("rollback"), writers),
)


def play(world: World, phone, steps: list[tuple]) -> None:
    """Take the steps; at the end every writer commits, in reverse order, and the phone pulls once more."""
    crew = [Writer(world, no) for no in range(WRITERS)]
    for what, *which in steps:
        if what == "pull":
            phone.pull()
        elif what == "begin":
            crew[which[0]].begin()
        elif what == "write":
            crew[which[0]].write(which[1])
        else:
            crew[which[0]].end(well=what == "commit")
    for writer in reversed(crew):
        writer.end(well=True)
    phone.pull()


@settings(max_examples=60)
@given(steps=st.lists(STEP, max_size=25))
def test_a_phone_that_keeps_pulling_misses_no_row_of_any_writer(world, steps):
    phone = Puller(world)
    phone.pull()
    play(world, phone, steps)
    assert phone.held == world.truth()


LATE = [("begin", 0), ("write", 1, 0), ("commit", 1), ("pull",), ("write", 0, 0), ("commit", 0)]
"""A transaction that began first writes and commits last, after a pull has seen what a younger one wrote"""


@dataclass
class Naive(Puller):
    """A phone whose cursor is the newest row that it has seen, as one would do it at first."""

    newest: int = -1

    def pull(self) -> None:
        with Session(self.world.engine) as session:
            rows = session.execute(
                select(Task.id, Task.due, Task.changed_xid).where(Task.changed_xid > self.newest)
            ).all()
        self.held |= {str(id_): due for id_, due, _ in rows}
        self.newest = max([self.newest, *(xid for _, _, xid in rows)])


def test_a_cursor_by_the_newest_row_would_lose_what_commits_late(world):
    """That this world can show a loss: the same steps, a phone with a simpler cursor."""
    naive, phone = Naive(world), Puller(world)
    naive.pull()
    play(world, naive, LATE)
    assert naive.held != world.truth()
    phone.pull()
    play(world, phone, LATE)
    assert phone.held == world.truth()
