"""A throw-away instance for measuring: embedded services that really write to disk, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend import embedded
from backend.migrations import migrate

OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL", "KEYS")


@contextmanager
def instance(*, redis: bool = False) -> Iterator[None]:
    """A migrated, empty database with fsync on, and Redis where it is asked for; must be entered before anything reads the settings."""
    data = Path(tempfile.mkdtemp(prefix="fieldlot-bench-"))
    for name in OUTSIDE:
        os.environ.pop(name, None)
    os.environ["DATA"] = str(data)
    embedded.start(data, need=frozenset({embedded.POSTGRES, embedded.REDIS} if redis else {embedded.POSTGRES}))
    try:
        migrate()
        yield
    finally:
        embedded.remove(data)
        shutil.rmtree(data, ignore_errors=True)
