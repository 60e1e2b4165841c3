"""What every test may ask for: a real database and Redis, a session that is rolled back, clients of both doors."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from xdist.scheduler import LoadScopeScheduling

from tests.standing import bound, connected, undone

settings.register_profile("fieldlot", deadline=None)
settings.load_profile("fieldlot")
"""No timed assertions: the machine is shared"""


class ByFile(LoadScopeScheduling):
    """When two processes test, a file stays in one of them, and all that drives a browser in one, with one instance."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, _ = nodeid.partition("::")
        return "browser" if file.startswith("tests/browser/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile:
    """Marks of groups would say the same, but xdist 3.8 no longer finds them in items of pytest 9.2."""
    return ByFile(config, log)


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
def connection(request: pytest.FixtureRequest, services: None) -> Iterator[Connection]:
    """A connection on which all that a test did is rolled back. It begins with nothing, or on its file's ``ground`` (standing.py)."""
    stands = "ground" in request.fixturenames
    with undone(request.getfixturevalue("ground")[0]) if stands else connected() as connection:
        yield connection


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session on that connection; doors and jobs of this test use the same connection."""
    with bound(connection) as session:
        yield session


@pytest.fixture
def redis(services: None) -> None:
    """An empty Redis."""
    from backend.queues import redis

    redis().flushdb()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Argon2 all the same, but what slows down who guesses passwords would slow down every test too."""
    from argon2 import PasswordHasher

    from backend.accounts import commands

    commands._hasher = cache(lambda: PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.fixture(scope="session")
def office(services: None) -> Flask:
    """The office door, made once: it keeps nothing between requests."""
    from backend.app import create_app

    return create_app()


@pytest.fixture(scope="session")
def field(services: None) -> Flask:
    """The field door, made once: it keeps nothing between requests."""
    from field_api.app import create_app
    from tests.field.phone import PhoneClient

    app = create_app()
    app.test_client_class = PhoneClient
    return app


@pytest.fixture
def app(office: Flask, session: Session, redis: None) -> Flask:
    """The office door."""
    return office


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser at the office door, not signed in."""
    return app.test_client()


@pytest.fixture
def field_client(field: Flask, session: Session, redis: None) -> FlaskClient:
    """A phone at the field door, not enrolled."""
    return field.test_client()


@pytest.fixture
def drain(session: Session, redis: None):
    """Tell every event recorded so far to its reactions, until nothing is left to tell."""
    from tests.working import settle

    return partial(settle, session)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared sample data, or a skip where it is not."""
    if not (SHARED / "data").exists():
        pytest.skip(f"no shared data at {SHARED}")
    return SHARED
