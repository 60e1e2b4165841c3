"""What every test may ask for: a real database and Redis, a session that is rolled back, clients of both doors."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Connection, create_engine
from sqlalchemy.orm import Session, sessionmaker

settings.register_profile("fieldlot", deadline=None)
settings.load_profile("fieldlot")
"""No timed assertions: the machine is shared"""

BROWSER = Path(__file__).parent / "browser"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """When two processes test, a file stays in one of them, and all that drives a browser in one, with one instance."""
    for item in items:
        group = "browser" if BROWSER in item.path.parents else str(item.path)
        item.add_marker(pytest.mark.xdist_group(group))


SHARED = Path(os.environ.get("FIELDLOT_SHARED", Path(__file__).parents[2] / "shared"))


@pytest.fixture(scope="session")
def services() -> Iterator[None]:
    """PostgreSQL with PostGIS and Redis, started for this run in a folder of their own and migrated once."""
    from backend import embedded
    from backend.migrations import migrate

    folder = Path(tempfile.mkdtemp(prefix="fieldlot-test-"))
    os.environ["DATA"] = str(folder)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL"):
        os.environ.pop(name, None)
    embedded.start(folder, fast=True)
    try:
        migrate()
        yield
    finally:
        embedded.remove(folder)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def connection(services: None) -> Iterator[Connection]:
    """A connection whose outermost transaction is rolled back after the test."""
    from backend.config import read_settings

    engine = create_engine(read_settings().database_url)
    with engine.connect() as connection, connection.begin() as outer:
        yield connection
        outer.rollback()
    engine.dispose()


@pytest.fixture
def session(connection: Connection, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session on that connection; doors and jobs of this test use the same connection."""
    from backend import db

    bound = sessionmaker(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
    monkeypatch.setattr(db, "sessions", lambda: bound)
    with bound() as session:
        yield session


@pytest.fixture
def redis(services: None) -> None:
    """An empty Redis."""
    from backend.worker import redis

    redis().flushdb()


@pytest.fixture
def app(session: Session, redis: None) -> Flask:
    """The office door."""
    from backend.app import create_app

    return create_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser at the office door, not signed in."""
    return app.test_client()


@pytest.fixture
def field_client(session: Session, redis: None) -> FlaskClient:
    """A phone at the field door, not enrolled."""
    from field_api.app import create_app
    from tests.field.phone import PhoneClient

    app = create_app()
    app.test_client_class = PhoneClient
    return app.test_client()


@pytest.fixture
def drain(session: Session, redis: None):
    """Tell every event recorded so far to its reactions, until nothing is left to tell."""
    from rq import SimpleWorker

    from backend import worker

    def work() -> None:
        session.commit()
        while worker.relay_once():
            SimpleWorker(worker.queues(), connection=worker.redis()).work(burst=True, logging_level="WARNING")
        session.expire_all()

    return work


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared sample data, or a skip where it is not."""
    if not (SHARED / "data").exists():
        pytest.skip(f"no shared data at {SHARED}")
    return SHARED
