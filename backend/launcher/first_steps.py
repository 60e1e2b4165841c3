"""What comes before the faces: migrations, and the sample in an empty embedded database."""

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg

from backend import embedded
from backend.config import settings
from backend.embedded.processes import DidNotStart, tail
from backend.launcher import words
from backend.launcher.children import marked
from backend.launcher.folder import Folder

SAMPLE = "backend.sample.load"
FIELDLOT = Path(sys.executable).with_name("fieldlot")


def migrate(folder: Folder) -> None:
    """Bring the database to the newest migration; raises DidNotStart with the end of its log."""
    _run_to_the_end(folder, "migrate")


def sample_when_empty(folder: Folder, need: frozenset[str]) -> None:
    """Make the sample in a database where nothing ever happened, or where its making was cut short.

    An unfinished sample is worth nothing and may not be repeatable, so the database begins anew.
    """
    unfinished = folder.data / "sample.unfinished"
    if unfinished.exists():
        words.say("redoing")
        _begin_anew(folder, need)
    elif not (_is_empty() and _has_sample()):
        return
    words.say("sampling")
    unfinished.touch()
    _run_to_the_end(folder, "sample", show=True)
    unfinished.unlink()


def _begin_anew(folder: Folder, need: frozenset[str]) -> None:
    embedded.remove(folder.data)
    embedded.start(folder.data, need=need)
    migrate(folder)


def _is_empty() -> bool:
    """Has nothing ever been recorded in the ledger?"""
    url = settings().database_url.replace("+psycopg", "", 1)
    with psycopg.connect(url) as connection:
        return connection.execute("select 1 from events limit 1").fetchone() is None


def _has_sample() -> bool:
    return importlib.util.find_spec(SAMPLE) is not None


def _run_to_the_end(folder: Folder, command: str, *, show: bool = False) -> None:
    """Run ``fieldlot COMMAND``; its output goes to its log, or with ``show`` to the terminal."""
    log = folder.logs / f"{command}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        done = subprocess.run(
            [str(FIELDLOT), command],
            stdin=subprocess.DEVNULL,
            stdout=None if show else out,
            stderr=out,
            env=marked(f"{folder.mark}:{command}"),
            check=False,
        )
    if done.returncode:
        raise DidNotStart(service=f"fieldlot {command}", log=str(log), tail=tail(log))


def sample_accounts() -> list[Any]:
    """Username, password, role and unit of those who can sign in to the embedded sample."""
    if not (settings().embedded and _has_sample()):
        return []
    return list(importlib.import_module(SAMPLE).accounts_to_show())
