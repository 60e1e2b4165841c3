"""A real site for tests: three server processes on one spool, one database and one Redis of their own, with committed tasks."""

import json
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
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import requests

from backend import embedded
from backend.demo.phone import Phone

OUTSIDE = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "MEDIA_URL", "KEYS")
READY_S = 60


@dataclass
class Server:
    """One gunicorn with one worker process of eight threads."""

    port: int
    environment: dict[str, str]
    process: subprocess.Popen | None = None

    def start(self) -> None:
        command = ["-m", "gunicorn", "field_api.wsgi:app", "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
                   "--worker-class", "gthread", "--threads", "8", "--no-control-socket", "--log-level", "error"]  # fmt: skip
        with open(Path(self.environment["DATA"]) / f"web-{self.port}.log", "ab") as log:
            self.process = subprocess.Popen([sys.executable, *command], env=self.environment, stdout=log, stderr=log)

    def await_answer(self) -> None:
        ends = time.monotonic() + READY_S
        while time.monotonic() < ends:
            try:
                requests.options(f"http://127.0.0.1:{self.port}/field/v1/uploads", timeout=5)
                return
            except requests.RequestException:
                time.sleep(0.1)
        raise TimeoutError(self.port)

    def kill_worker(self) -> None:
        """``kill -9`` of the process that serves; its master starts another."""
        workers = psutil.Process(self.process.pid).children()
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
        # Its locks go with its last thread, a moment after the signal.
        psutil.wait_procs(workers, 10)

    def no_file_beyond(self, size: int) -> None:
        """No file of this server grows beyond ``size`` bytes from now on: the kernel says no, as on a full disk."""
        for worker in psutil.Process(self.process.pid).children():
            worker.rlimit(psutil.RLIMIT_FSIZE, (size, size))

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(8)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@dataclass
class Site:
    """Servers, and tasks whose leaders can enrol a phone."""

    data: Path
    servers: list[Server]
    tasks: list[dict[str, str]]
    phones: dict[str, Phone] = field(default_factory=dict)

    @property
    def ports(self) -> list[int]:
        return [server.port for server in self.servers]

    def url(self, number: int = 0) -> str:
        return f"http://127.0.0.1:{self.servers[number].port}"

    def phone(self, number: int = 0) -> Phone:
        """The phone of a task's leader."""
        told = self.tasks[number]
        if told["task"] not in self.phones:
            self.phones[told["task"]] = Phone(self.url(), told["code"], f"test {number}")
        return self.phones[told["task"]]

    @contextmanager
    def another_server(self, **settings: str) -> Iterator[int]:
        """One more server on the same spool, with other settings. Gives its number."""
        server = Server(_free_port(), self.servers[0].environment | settings)
        server.start()
        self.servers.append(server)
        try:
            server.await_answer()
            yield len(self.servers) - 1
        finally:
            self.servers.remove(server)
            server.stop()

    def upload_headers(self, number: int, metadata: dict[str, str], size: int) -> dict[str, str]:
        """What a stock tus client carries so that this upload is let in."""
        return self.phone(number).upload_headers(metadata, size)


@contextmanager
def standing_site(servers: int = 3, **settings: str) -> Iterator[Site]:
    """Stand a site up, and take everything away afterwards. ``settings`` are of the servers' environment."""
    data = Path(tempfile.mkdtemp(prefix="fieldlot-site-"))
    environment = {k: v for k, v in os.environ.items() if k not in OUTSIDE} | {"DATA": str(data)} | settings
    made = [Server(_free_port(), environment) for _ in range(servers)]
    try:
        told = subprocess.run([sys.executable, "-m", "tests.field.ground"], env=environment, stdout=subprocess.PIPE,
                              check=True, timeout=300).stdout  # fmt: skip
        for server in made:
            server.start()
        for server in made:
            server.await_answer()
        yield Site(data, made, json.loads(told.splitlines()[-1]))
    finally:
        for server in made:
            if server.process:
                server.stop()
        embedded.remove(data)
        shutil.rmtree(data, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]
