"""The child processes: each with its log, started again after growing pauses, ended in time."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import psutil

from backend.embedded.processes import alive, wait_until
from backend.launcher import words

MARK = "FIELDLOT_RUN"
"""By this environment variable all that a run started is found again, whoever its parent is."""
GRACE_SECONDS = 6
LONGEST_PAUSE = 30.0
LARGEST_LOG = 10 * 2**20


@dataclass
class Child:
    """One supervised process. ``deaths`` counts those since it last lived for a while."""

    name: str
    command: list[str]
    log: Path
    mark: str
    deaths: int = 0
    process: subprocess.Popen[bytes] | None = None
    started_at: float = field(default=0.0)
    due_at: float = 0.0

    def start(self) -> None:
        """Start it in a session of its own: Ctrl-C at the terminal is the launcher's to hear."""
        end_marked(self.mark)
        with _opened(self.log, anew=self.started_at == 0) as log:
            self.process = subprocess.Popen(
                [*_dying_with_us(), *self.command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=marked(self.mark),
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def look_after(self) -> None:
        """Notice a death and set a time for the next start, or start when that time has come."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due_at:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.deaths = 1 if now - self.started_at > LONGEST_PAUSE else self.deaths + 1
            pause = min(LONGEST_PAUSE, 0.5 * 2 ** (self.deaths - 1))
            self.process, self.due_at = None, now + pause
            words.say("died", name=self.name, code=code, pause=pause, log=self.log)

    def runs(self) -> bool:
        """Is it alive?"""
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        """Ask it to finish what it does and end."""
        if self.process is not None and self.runs():
            self.process.terminate()


def end_together(children: list[Child]) -> None:
    """End all children politely, and after GRACE_SECONDS with all that they started."""
    for child in children:
        child.ask_to_end()
    wait_until(lambda: not any(child.runs() for child in children), GRACE_SECONDS)
    for child in children:
        end_marked(child.mark)


def marked(mark: str) -> dict[str, str]:
    """Our environment with a mark on it."""
    return {**os.environ, MARK: mark}


def end_marked(mark: str) -> int:
    """Kill every process whose environment bears a mark that begins so; says how many."""
    found = [process for process in psutil.process_iter() if _bears(process, mark)]
    for process in found:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    wait_until(lambda: not any(map(alive, found)), 3)
    return len(found)


def _bears(process: psutil.Process, mark: str) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return process.environ().get(MARK, "").startswith(mark)
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess, OSError):
        return False


def _dying_with_us() -> list[str]:
    """When the launcher is killed its children are told to end: nothing serves unsupervised."""
    program = shutil.which("setpriv")
    return [program, "--pdeathsig", "TERM", "--"] if program else []


def _opened(log: Path, *, anew: bool) -> BinaryIO:
    """Each run begins its logs anew and keeps those of the run before."""
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and (anew or log.stat().st_size > LARGEST_LOG):
        log.replace(log.with_suffix(".log.1"))
    return log.open("ab")
