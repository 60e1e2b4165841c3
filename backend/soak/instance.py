"""The soak's own instance: a launcher in a process of its own, and ``kill -9`` for each of its parts."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psutil
import requests

from backend import embedded
from backend.embedded import place
from backend.embedded.processes import tail, working_in

PARTS = ("web", "worker", "postgres", "redis")
OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL", "KEYS", "PUBLIC_URL", "HOST")
UP_S = 300.0


class Instance:
    """A throw-away Fieldlot with the sample; leaving the ``with`` block stops and removes it, unless it is to be kept."""

    def __init__(self, *, keep: bool = False) -> None:
        self.data, self.port, self.keep = Path(tempfile.mkdtemp(prefix="fieldlot-soak-")), _free_port(), keep
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers, without the bad network."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start and wait until all is up. Raises TimeoutError with the end of the launcher's log."""
        for name in OUTSIDE:
            os.environ.pop(name, None)
        # What we count afterwards is read with the settings of that instance.
        os.environ.update(DATA=str(self.data), PORT=str(self.port), BEHIND_PROXY="1")
        with (self.data / "launcher.log").open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "backend.launcher"], stdout=log, stderr=log)
        self.await_health(UP_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(60)
        if not self.keep:
            embedded.remove(self.data)
            shutil.rmtree(self.data, ignore_errors=True)

    def await_health(self, seconds: float = UP_S) -> None:
        """Wait until /healthz says that everything is up. Raises TimeoutError."""
        ends = time.monotonic() + seconds
        while not self.healthy():
            if time.monotonic() > ends or (self.process and self.process.poll() is not None):
                raise TimeoutError(f"the instance is not up; {tail(self.data / 'launcher.log')}")
            time.sleep(0.3)

    def healthy(self) -> bool:
        """Is everything up?"""
        try:
            return requests.get(f"{self.url}/healthz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def kill(self, part: str) -> int:
        """``kill -9`` every process of a part of PARTS, at once. Returns how many there were."""
        found = self._processes(part)
        for process in found:
            # PostgreSQL's other processes end by themselves once the first is gone.
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        return len(found)

    def _processes(self, part: str) -> list[psutil.Process]:
        home = place.known(self.data)
        if home is None:
            return []
        if part == "postgres":
            return working_in(home.cluster, "postgres")
        if part == "redis":
            return working_in(home.memory, "redis-server")
        word = "gunicorn" if part == "web" else part
        return [process for process in psutil.process_iter() if self._is_ours(process, word)]

    def _is_ours(self, process: psutil.Process, word: str) -> bool:
        try:
            return process.environ().get("DATA") == str(self.data) and word in process.cmdline()[1:4]
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess, OSError):
            return False


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
