"""The soak's phones: each visits its tasks again and again, patient with network and server, and remembers what it did."""

import hashlib
import io
import json
import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import requests
from PIL import Image
from tusclient.exceptions import TusCommunicationError

from backend.demo.http import Refused
from backend.demo.phone import Phone
from media.seal import receipt_holds

NOBODY_THERE = "S01"
"""The result of these visits: one photo of the site, no answers (DOMAIN §2.7)"""
PATIENCE_S = 300.0
PASSING = {401, 408, 429, 500, 502, 503, 504}
"""Answers after which a phone asks again: its proof was repeated by the network, or the server is coming back"""
T = TypeVar("T")


@dataclass(frozen=True)
class Done:
    """One visit as its phone remembers it."""

    submission: str
    task: str
    arrival: str
    photo: str
    photo_sha256: str
    body_sha256: str
    receipt: dict[str, str]


@dataclass
class Beat:
    """One task that a phone visits, ``times`` times in all; each visit but the last is returned by the reviewer."""

    task: dict[str, Any]
    times: int
    returned: threading.Event = field(default_factory=threading.Event)


class SoakPhone:
    """A phone enrolled for one officer."""

    def __init__(self, url: str, code: str, number: int, seed: int) -> None:
        self.chance = random.Random(f"{seed}/phone {number}")
        self.asked = 0
        self.phone = self.patiently(lambda: Phone(url, code, f"soak {number}"))
        self.beats: list[Beat] = []

    def leads(self) -> dict[str, dict[str, Any]]:
        """The tasks whose team this phone's person leads, by id: the leader stands first."""
        told = self.patiently(lambda: self.phone.ask("GET", "/tasks"))
        return {task["id"]: task for task in told["tasks"] if task["team"][0]["me"]}

    def visit(self, beat: Beat, time_: int) -> Done:
        """Arrive, send the photo, submit, and check the receipt. Raises what patience does not overcome."""
        task, now = beat.task, datetime.now(UTC).isoformat()
        ids = {what: str(uuid.uuid5(uuid.UUID(task["id"]), f"{what} {time_}")) for what in ("come", "photo", "told")}
        spot = {"lon": task["entity"]["lon"], "lat": task["entity"]["lat"], "accuracy": 15.0}
        arrival = {"id": ids["come"], "at": now, "scanned": None, "clock_offset_ms": 0, **spot}
        self.patiently(lambda: self.phone.ask("POST", f"/tasks/{task['id']}/check-in", json=arrival))
        data = self._picture()
        facts = {"evidence_id": ids["photo"], "task_id": task["id"], "filetype": "image/jpeg", "taken_at": now}
        sha256 = self.patiently(lambda: self.phone.upload(data, facts))
        photo = {"id": ids["photo"], "item": None, "sha256": sha256, "size": len(data), "taken_at": now, "seq": 1}
        body = {**_empty(task, now), "photos": [photo]}
        told = self.patiently(lambda: self.phone.ask("PUT", f"/submissions/{ids['told']}", json=body))
        if not receipt_holds(told["receipt"]):
            raise ValueError(f"the receipt of {ids['told']} does not hold")
        digest = hashlib.sha256(json.dumps(body, allow_nan=False).encode()).hexdigest()
        return Done(ids["told"], task["id"], ids["come"], ids["photo"], sha256, digest, told["receipt"])

    def patiently(self, deed: Callable[[], T]) -> T:
        """Do it again until it is answered; everything asked here may be asked twice."""
        ends, pause = time.monotonic() + PATIENCE_S, 0.1
        while True:
            self.asked += 1
            try:
                return deed()
            except Refused as refused:
                if refused.status not in PASSING or time.monotonic() > ends:
                    raise
            # TypeError: tuspy, when the network bites the offset off an answer
            except (requests.RequestException, TusCommunicationError, TypeError, ValueError):
                if time.monotonic() > ends:
                    raise
            time.sleep(self.chance.uniform(0.5, 1) * pause)
            pause = min(pause * 2, 3.0)

    def _picture(self) -> bytes:
        out = io.BytesIO()
        noise = Image.frombytes("L", (96, 72), self.chance.randbytes(96 * 72))
        noise.resize((192, 144)).save(out, "JPEG", quality=70)
        return out.getvalue()


def _empty(task: dict[str, Any], now: str) -> dict[str, Any]:
    """The body of a visit at which nobody was met."""
    signed = [{"role": "officer", "name": o["name"], "inspector_id": o["inspector_id"]} for o in task["team"]]
    return {"task_id": task["id"], "checklist_id": task["checklist"]["id"], "started_at": now, "finished_at": now,
            "clock_offset_ms": 0, "app_version": "soak-1", "answers": [], "comment": "", "result_code": NOBODY_THERE,
            "refusal": None, "signatures": signed}  # fmt: skip
