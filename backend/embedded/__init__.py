"""Embedded services: a private PostgreSQL with PostGIS and a private Redis for one DATA folder.

They listen on Unix sockets only. ``start`` makes them on first use, attaches when they run, and
brings them back after any kind of death; ``stop`` ends them. DESIGN §4 tells what was tried.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.embedded import place, postgres, redis_server
from backend.embedded.place import Place

POSTGRES, REDIS = "postgres", "redis"
BOTH = frozenset({POSTGRES, REDIS})

__all__ = ["BOTH", "POSTGRES", "REDIS", "Services", "remove", "running", "start", "stop"]


@dataclass(frozen=True)
class Services:
    """Where the services of one instance answer; None for one that was not asked for."""

    database_url: str | None
    owner_url: str | None
    redis_url: str | None


def start(data: Path, *, fast: bool = False, need: frozenset[str] = BOTH) -> Services:
    """Start what is needed of PostgreSQL and Redis for ``data`` and write DATA/instance.json.

    Idempotent: what runs already is left alone. ``fast`` makes a throw-away cluster without fsync,
    removed by ``stop``. Raises ``ProgramMissing``, ``ClusterGone`` or ``DidNotStart``.
    """
    data = data.absolute()
    with _alone(data):
        home = place.settle(data, fast=fast)
        if POSTGRES in need:
            postgres.start(home)
        if REDIS in need:
            redis_server.start(home)
        services = _addresses(home, need)
        place.remember(home, vars(services))
    return services


def running(data: Path, need: frozenset[str] = BOTH) -> bool:
    """Do all needed services of ``data`` answer right now?"""
    home = place.known(data.absolute())
    return home is not None and all(
        service.answers(home) for name, service in ((POSTGRES, postgres), (REDIS, redis_server)) if name in need
    )


def stop(data: Path) -> None:
    """Stop the services within ten seconds and remove a throw-away cluster. Idempotent."""
    data = data.absolute()
    if place.known(data) is None:
        return
    with _alone(data):
        home = place.known(data)
        if home is not None:
            _end(home)


def remove(data: Path) -> None:
    """Stop the services of ``data`` and remove their files: the next ``start`` begins anew."""
    data = data.absolute()
    if (home := place.known(data)) is None:
        return
    with _alone(data):
        redis_server.stop(home)
        postgres.stop(home)
        _forget(home)


def _end(home: Place) -> None:
    redis_server.stop(home)
    postgres.stop(home)
    if home.fast:
        _forget(home)
    elif home.sockets != home.root:
        shutil.rmtree(home.sockets, ignore_errors=True)


def _forget(home: Place) -> None:
    for folder in (home.root, home.sockets):
        shutil.rmtree(folder, ignore_errors=True)
    (home.data / "services").unlink(missing_ok=True)
    place.instance_file(home.data).unlink(missing_ok=True)


def _addresses(home: Place, need: frozenset[str]) -> Services:
    cluster = POSTGRES in need
    return Services(
        database_url=postgres.url(home, postgres.APPLICATION) if cluster else None,
        owner_url=postgres.url(home, postgres.OWNER) if cluster else None,
        redis_url=redis_server.url(home) if REDIS in need else None,
    )


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """One starter or stopper at a time for each DATA; the lock dies with its process."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "services.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
