"""Whole submissions with ten findings over HTTP, beside an endpoint that inserts one row: the same clients, the same kind of server."""

import io
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import requests
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from backend.accounts.models import Person
from backend.accounts.phones import show_enrolment
from backend.accounts.queries import actor_of_person
from backend.accounts.rules import Actor, Grant, Role
from backend.bench.bare import TABLE
from backend.bench.told import Ratio, timed
from backend.config import settings
from backend.db import transaction
from backend.demo.phone import Phone
from backend.inspections.evidence import store
from backend.inspections.visits import FixInfo, attach_evidence
from backend.sample.finding import Scene, submission_of
from backend.times import utc_now

FINDINGS = 10
CLIENTS = 8
ROWS = 6
"""Bare rows for each submission: they are soon done, and a short run says little"""
Deed = Callable[[], object]


def submission_ratio(people: list[str], each: int) -> Ratio:
    """``each`` visits by the phone of each of these persons, their photos there already; every deed once, unmeasured ones before."""
    owner = create_engine(settings().database_owner_url)
    with owner.begin() as connection:
        connection.execute(text(TABLE))
    owner.dispose()
    with _server("field_api.wsgi:app") as url:
        phones = [_phone(url, person) for person in people]
        deeds = [deed for phone in phones for deed in _submissions(phone)]
        ours = _seconds(deeds)
    with _server("backend.bench.bare:create_app()") as url:
        for phone in phones:
            phone.caller.url = url
        bare = _seconds([deed for phone in phones for deed in _rows(phone, each * ROWS)]) / ROWS
    work = f"{len(deeds)} submissions with {FINDINGS} findings : one bare row each"
    return Ratio(work, ours, bare, 1 / 0.4)


def _seconds(deeds: list[Deed]) -> float:
    """The deeds by ``CLIENTS`` clients at once, after one in eight of them was done unmeasured."""
    warm = len(deeds) // 8
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda deed: deed(), deeds[:warm]))
        with timed() as watch:
            list(pool.map(lambda deed: deed(), deeds[warm:]))
    return watch.seconds


def _phone(url: str, person_id: str) -> Phone:
    with transaction() as session:
        admin = actor_of_person(session.scalars(select(Person).where(Person.username == "admin")).one())
        # The sample's administrator answers for one county; the bench's officers sit in all of them.
        everywhere = replace(admin, grants=(Grant(Role.UNIT_ADMINISTRATOR, ""),))
        code, _ = show_enrolment(session, actor=everywhere, person_id=UUID(person_id))
    return Phone(url, code, "bench")


def _submissions(phone: Phone) -> Iterator[Deed]:
    checklist: dict[str, Any] = {}
    for task in phone.ask("GET", "/tasks")["tasks"]:
        if task["team"][0]["name"] == phone.person["name"] and task["state"] == "assigned":
            checklist = checklist or phone.ask("GET", f"/checklists/{task['checklist']['id']}")
            body = _body(phone, task, checklist)
            path = f"/submissions/{uuid.uuid4()}"
            yield lambda path=path, body=body: phone.ask("PUT", path, json=body)  # type: ignore[misc]


def _rows(phone: Phone, count: int) -> Iterator[Deed]:
    row = {"body": "x" * 6000}
    for _ in range(count):
        path = f"/rows/{uuid.uuid4()}"
        yield lambda path=path: phone.caller.json("PUT", path, json=row)  # type: ignore[misc]


def _body(phone: Phone, task: dict[str, Any], checklist: dict[str, Any]) -> dict[str, Any]:
    """Ten items fail; every photo that the list asks for has arrived."""
    items = checklist["items"]
    scene = Scene(UUID(task["id"]), utc_now() - timedelta(minutes=40), 107.0, 33.0, items)
    failed = {item["no"] for item in items[-FINDINGS:]}
    answers = [{"item": i["no"], "value": "no" if i["no"] in failed else "yes", "remark": ""} for i in items]
    wanted = [i["no"] for i in items if i["photo"] == "ALWAYS" or (i["photo"] == "ON_FAIL" and i["no"] in failed)]
    with transaction() as session:
        actor = actor_of_person(session.get_one(Person, UUID(phone.person["id"])), UUID(phone.id))
        photos = [_photo(session, actor, scene, no, seq) for seq, no in enumerate(wanted, 1)]
    return submission_of(scene, checklist["id"], answers, photos, task["team"], "bench-1")


def _photo(session: Session, actor: Actor, scene: Scene, item: int, seq: int) -> dict[str, Any]:
    """A photo that has arrived, by the command that the upload door uses."""
    id_, data = uuid.uuid4(), f"{scene.task_id} {item}".encode()
    digest = store().put(io.BytesIO(data))
    attach_evidence(session, actor=actor, task_id=scene.task_id, evidence_id=id_, item=item, sha256=digest,
                    size=len(data), mime="image/jpeg", whole=True, fix=FixInfo(utc_now(), None, None, None, 0))  # fmt: skip
    return {
        "id": str(id_),
        "item": item,
        "sha256": digest,
        "size": len(data),
        "taken_at": scene.started.isoformat(),
        "seq": seq,
    }


@contextmanager
def _server(app: str) -> Iterator[str]:
    """gunicorn as the launcher starts it."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", app, "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread",
               "--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "warning"]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ, stdout=subprocess.DEVNULL)
    try:
        _await(f"http://127.0.0.1:{port}/")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _await(url: str) -> None:
    for _ in range(300):
        try:
            requests.get(url, timeout=5, headers={"Accept": "application/json"})
            return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError(url)
