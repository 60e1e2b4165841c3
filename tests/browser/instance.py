"""A whole Fieldlot in a process of its own: launcher, embedded services, the sample, all faces on one port."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from backend import embedded

READY_WITHIN_S = 240
OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL", "HOST", "HTTPS", "PUBLIC_URL", "ROADS")


@dataclass(frozen=True)
class Instance:
    """Where it answers, and where it keeps its things."""

    url: str
    data: Path
    process: subprocess.Popen[str]

    @property
    def environment(self) -> dict[str, str]:
        """For commands that speak to it, such as ``fieldlot demo``."""
        return {**_clean(), "DATA": str(self.data)}

    def fieldlot(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``fieldlot WORDS`` against it."""
        command = [str(Path(sys.executable).with_name("fieldlot")), *words]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)


@contextmanager
def an_instance(*, sample: bool = True) -> Iterator[Instance]:
    """Start one in a folder of its own; stopped and swept away afterwards."""
    data = Path(tempfile.mkdtemp(prefix="fieldlot-browser-"))
    try:
        with _running(data, _free_port(), sample) as instance:
            yield instance
    finally:
        embedded.remove(data)
        shutil.rmtree(data, ignore_errors=True)


@contextmanager
def _running(data: Path, port: int, sample: bool) -> Iterator[Instance]:
    environment = {**_clean(), "PORT": str(port), "DATA": str(data), "SAMPLE": "1" if sample else "0"}
    with (data / "launcher.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "backend.launcher"], env=environment, stdout=log, stderr=log, text=True
        )
    try:
        _await_health(f"http://localhost:{port}", process, data / "launcher.log")
        yield Instance(f"http://localhost:{port}", data, process)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _await_health(url: str, process: subprocess.Popen[str], log: Path) -> None:
    ends = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < ends:
        assert process.poll() is None, log.read_text()
        try:
            if requests.get(f"{url}/healthz", timeout=5).ok:
                return
        except requests.RequestException:
            pass
        time.sleep(0.3)
    raise AssertionError(f"not healthy after {READY_WITHIN_S} s\n{log.read_text()}")


def _clean() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OUTSIDE}


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])
