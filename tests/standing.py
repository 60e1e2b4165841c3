"""States of the database that take long to build: built once for a file, and what each of its tests changes is undone.

Such a file has a fixture ``ground`` for the module, which yields what ``standing`` does; ORM objects are read anew from its ids.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session, sessionmaker

Ground = tuple[Connection, Any]
"""The connection, and what was told of what stands there"""


@contextmanager
def connected() -> Iterator[Connection]:
    """A connection whose outermost transaction is rolled back at the end."""
    from backend.config import read_settings

    engine = create_engine(read_settings().database_url)
    with engine.connect() as connection, connection.begin() as outer:
        yield connection
        outer.rollback()
    engine.dispose()


@contextmanager
def bound(connection: Connection) -> Iterator[Session]:
    """A session on that connection, as are meanwhile those of doors and jobs in this process."""
    from backend import db

    sessions = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    with pytest.MonkeyPatch.context() as patched, sessions() as session:
        patched.setattr(db, "sessions", lambda: sessions)
        yield session


@contextmanager
def standing(build: Callable[[Session], Any]) -> Iterator[Ground]:
    """What ``build`` made of an empty database, and the connection on which it stands."""
    from backend.queues import redis

    redis().flushdb()
    with connected() as connection:
        with bound(connection) as session:
            built = build(session)
            session.commit()
        yield connection, built


@contextmanager
def undone(connection: Connection) -> Iterator[Connection]:
    """The same connection; what is done on it meanwhile is undone."""
    with connection.begin_nested() as point:
        yield connection
        point.rollback()
