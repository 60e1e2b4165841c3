"""Havoc: ``kill -9`` of one part after another at random moments of the work, and how long each was away."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from backend.soak.instance import PARTS, Instance


@dataclass(frozen=True)
class Kill:
    """One kill: what, how many processes, after how many submissions, and the seconds until all was up again."""

    part: str
    processes: int
    after: int
    away: float


class Havoc(threading.Thread):
    """Kills each part ``times`` times while ``share()`` of the work goes from 0 to 1, in an order of its seed."""

    def __init__(
        self, instance: Instance, share: Callable[[], float], done: Callable[[], int], times: int, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.instance, self.share, self.done = instance, share, done
        self.chance = random.Random(f"{seed}/havoc")
        self.kills: list[Kill] = []
        self.faults: list[str] = []
        self.over = threading.Event()
        parts = [part for part in PARTS for _ in range(times)]
        self.chance.shuffle(parts)
        moments = sorted(self.chance.uniform(0.03, 0.9) for _ in parts)
        self.plan = list(zip(moments, parts, strict=True))

    def run(self) -> None:
        """Wait for each moment, kill, and wait until all is up again."""
        try:
            self._wreak()
        except Exception as fault:  # noqa: BLE001 - a soak without its kills shows nothing, so it is a finding
            self.faults.append(f"havoc ended early: {fault!r}")

    def _wreak(self) -> None:
        for moment, part in self.plan:
            while self.share() < moment and not self.over.is_set():
                time.sleep(0.05)
            if self.over.is_set():
                return
            time.sleep(self.chance.uniform(0, 0.5))
            self._kill(part)

    def _kill(self, part: str) -> None:
        after, begun = self.done(), time.monotonic()
        processes = self.instance.kill(part)
        # Health is told late of a dead worker; a moment passes before anybody notices anything.
        time.sleep(1.0)
        self.instance.await_health()
        self.kills.append(Kill(part, processes, after, time.monotonic() - begun))
