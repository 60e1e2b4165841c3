"""One instance from its beginning to its end: services, first steps, faces, supervision, stop."""

import os
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import requests
import urllib3

from backend import embedded
from backend.config import settings
from backend.embedded.place import write_instance
from backend.embedded.processes import DidNotStart, tail
from backend.launcher import words
from backend.launcher.address import Address
from backend.launcher.certificate import certificate, network_address
from backend.launcher.children import Child, end_marked, end_together
from backend.launcher.first_steps import FIELDLOT, migrate, sample_accounts, sample_when_empty
from backend.launcher.folder import AlreadyRunning, Folder

READY_SECONDS = 90
FALTERINGS = 3
WEB_WORKERS, WEB_THREADS = 2, 8


@dataclass
class Instance:
    """A DATA folder, an address, and what runs for them; leaving the ``with`` block ends it all."""

    folder: Folder
    address: Address
    need: frozenset[str]
    wants_sample: bool
    children: list[Child] = field(default_factory=list)
    service_deaths: int = 0
    next_service_look: float = 0.0

    @classmethod
    def of(cls, environment: Mapping[str, str], here: Path) -> Self:
        """What PORT, HOST, HTTPS, DATA, DATABASE_URL, REDIS_URL and SAMPLE describe; raises BadPort."""
        outside = {embedded.POSTGRES: "DATABASE_URL", embedded.REDIS: "REDIS_URL"}
        return cls(
            folder=Folder(here / (environment.get("DATA") or ".fieldlot")),
            address=Address.of(environment),
            need=frozenset(name for name, url in outside.items() if not environment.get(url)),
            wants_sample=environment.get("SAMPLE", "1") != "0",
        )

    def __enter__(self) -> Self:
        """Take the folder, end what a killed run left, refuse a taken port; then things start."""
        try:
            self.folder.take()
        except AlreadyRunning:
            self.address.refuse_when_taken()
            raise
        self.folder.end_last_run()
        self.address.refuse_when_taken()
        self.folder.sign()
        os.environ.update(DATA=str(self.folder.data), PORT=str(self.address.port))
        if self.address.https:
            os.environ.setdefault("PUBLIC_URL", f"https://{network_address()}:{self.address.port}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the children, then the services, within fifteen seconds."""
        self.folder.sign(stopping=True)
        end_together(self.children)
        end_marked(self.folder.mark)
        if self.need:
            embedded.stop(self.folder.data)
        self.folder.leave()

    def bring_up(self) -> None:
        """Start everything and tell where it is; a Problem says what did not start."""
        if self.need:
            words.say("services")
            embedded.start(self.folder.data, need=self.need)
        words.say("migrating")
        migrate(self.folder)
        if self.wants_sample and embedded.POSTGRES in self.need:
            sample_when_empty(self.folder, self.need)
        write_instance(self.folder.data, {"port": self.address.port})
        words.say("faces")
        self._start_children()
        self._await_health()
        accounts = sample_accounts() if self.wants_sample else []
        words.show_addresses(settings().public_url, self.folder.logs, accounts)

    def keep_up(self) -> None:
        """Supervise for ever: what dies is started again, the services first."""
        while True:
            if self.need:
                self._look_after_services()
            for child in self.children:
                child.look_after()
            time.sleep(0.5)

    def _start_children(self) -> None:
        commands = {
            "web": _gunicorn(self.address) + self._tls(),
            "worker": [str(FIELDLOT), "worker"],
            "relay": [str(FIELDLOT), "relay"],
        }
        for name, command in commands.items():
            log, mark = self.folder.logs / f"{name}.log", f"{self.folder.mark}:{name}"
            self.children.append(Child(name, command, log, mark))
            self.children[-1].start()

    def _tls(self) -> list[str]:
        if not self.address.https:
            return []
        chain, key = certificate(self.folder.data / "tls", network_address())
        return ["--certfile", str(chain), "--keyfile", str(key)]

    def _await_health(self) -> None:
        """Wait until GET /healthz answers 200; raises DidNotStart with the log of what falters."""
        end = time.monotonic() + READY_SECONDS
        while not _answers(self.address.health_url):
            for child in self.children:
                child.look_after()
            faltering = [c for c in self.children if c.deaths >= FALTERINGS]
            if faltering or time.monotonic() > end:
                child = (faltering or self.children)[0]
                raise DidNotStart(service=child.name, log=str(child.log), tail=tail(child.log))
            time.sleep(0.2)

    def _look_after_services(self) -> None:
        """Bring PostgreSQL and Redis back when they do not answer, with growing pauses."""
        if time.monotonic() < self.next_service_look:
            return
        pause = 1.0
        if not embedded.running(self.folder.data, self.need):
            pause = self._bring_services_back()
        self.next_service_look = time.monotonic() + pause

    def _bring_services_back(self) -> float:
        """Seconds until the next look."""
        words.say("service_died")
        try:
            embedded.start(self.folder.data, need=self.need)
        except DidNotStart as problem:
            self.service_deaths += 1
            words.explain(problem)
            return min(30.0, 2.0**self.service_deaths)
        self.service_deaths = 0
        words.say("service_back")
        return 1.0


def _answers(url: str) -> bool:
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    try:
        # We ask ourselves, under a certificate of our own making.
        return requests.get(url, timeout=5, verify=False).status_code == 200  # noqa: S501
    except requests.RequestException:
        return False


def _gunicorn(address: Address) -> list[str]:
    """Both doors on one port. gthread keeps the bytes of an upload that is cut (DESIGN §2)."""
    return [
        *(sys.executable, "-m", "gunicorn", "field_api.wsgi:app"),
        *("--bind", str(address), "--worker-class", "gthread"),
        *("--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)),
        *("--graceful-timeout", "5", "--timeout", "120", "--keep-alive", "15"),
        *("--no-control-socket", "--log-level", "warning"),
    ]
