"""Counting after the soak: what phones remember beside what database, store and ledger hold. Each finding is a sentence."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend import keys, ledger
from backend.db import transaction
from backend.inspections.evidence import store
from backend.soak.phones import Done
from backend.soak.run import Outcome
from media.seal import verify_receipt

SETTLED_S = 3600.0
"""Ten thousand photos at the pace of one worker, and half as long again"""
OPEN = text("select count(*) from deliveries where state in ('waiting', 'sent')")
DEAD = text("select count(*) from deliveries where state = 'dead'")
SUBMISSIONS = text("select id::text, body_sha256 from submissions where task_id = any(cast(:tasks as uuid[]))")
RECEIPTS = text("select submission_id::text, manifest from receipts where submission_id = any(cast(:ids as uuid[]))")
EVIDENCE = text("select id::text, sha256, size, state from evidence where task_id = any(cast(:tasks as uuid[]))")
ARRIVALS = text("select id::text, 1 from arrivals where task_id = any(cast(:tasks as uuid[]))")
EVENTS = text("select subject, count(*) from events where name = :name and subject = any(:ids) group by subject")


def settle(seconds: float = SETTLED_S) -> float:
    """Wait, so long at most, until every event was told to its reactions. Returns the seconds it took."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds and _open():
        time.sleep(1.0)
    return time.monotonic() - begun


def _open() -> int:
    with transaction() as session:
        return session.scalar(OPEN) or 0


def findings(outcome: Outcome) -> list[str]:
    """What is not as it should be; empty when nothing was lost, doubled, altered or left behind."""
    with transaction() as session:
        return [*outcome.faults, *_bodies(session, outcome.done), *_receipts(session, outcome.done),
                *_photos(session, outcome.done), *_arrivals(session, outcome.done), *_events(session, outcome),
                *_ledger(session)]  # fmt: skip


def _tasks(done: Iterable[Done]) -> dict[str, Any]:
    return {"tasks": sorted({one.task for one in done})}


def differing(what: str, wanted: dict[str, Any], found: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """Sentences about what is missing, unknown, doubled or other than remembered."""
    rows = list(found)
    kept = dict(rows)
    yield from (f"{what} lost: {id_}" for id_ in wanted.keys() - kept.keys())
    yield from (f"{what} that no phone remembers: {id_}" for id_ in kept.keys() - wanted.keys())
    yield from (f"{what} altered: {id_}" for id_ in wanted.keys() & kept.keys() if wanted[id_] != kept[id_])
    if len(rows) != len(kept):
        yield f"{what} doubled: {len(rows) - len(kept)}"


def _bodies(session: Session, done: list[Done]) -> Iterator[str]:
    rows = session.execute(SUBMISSIONS, _tasks(done))
    yield from differing("submission", {one.submission: one.body_sha256 for one in done}, ((r[0], r[1]) for r in rows))


def _receipts(session: Session, done: list[Done]) -> Iterator[str]:
    """Each by the instance's public key and for the manifest that is kept; and that one names what the phone sent."""
    rows = session.execute(RECEIPTS, {"ids": [one.submission for one in done]}).all()
    manifests: dict[str, dict[str, Any]] = {row[0]: row[1] for row in rows}
    ours = {keys.public_hex("receipt")}
    for one in done:
        manifest = manifests.get(one.submission, {})
        if not manifest or not verify_receipt(one.receipt, ours, manifest):
            yield f"receipt does not hold: {one.submission}"
        if (manifest.get("body"), manifest.get("photos")) != (one.body_sha256, [one.photo_sha256]):
            yield f"receipt of other content: {one.submission}"


def _photos(session: Session, done: list[Done]) -> Iterator[str]:
    rows = session.execute(EVIDENCE, _tasks(done)).all()
    yield from differing("photo", {one.photo: one.photo_sha256 for one in done}, ((row[0], row[1]) for row in rows))
    for id_, sha256, size, state in rows:
        if state != "kept":
            yield f"photo {state}: {id_}"
        if store().size(sha256) != size:
            yield f"photo's bytes are gone: {id_}"


def _arrivals(session: Session, done: list[Done]) -> Iterator[str]:
    rows = session.execute(ARRIVALS, _tasks(done))
    yield from differing("arrival", {one.arrival: 1 for one in done}, ((row[0], row[1]) for row in rows))


def _events(session: Session, outcome: Outcome) -> Iterator[str]:
    """Each deed stands in the ledger once."""
    wanted = {"submission.accepted": [one.submission for one in outcome.done],
              "evidence.arrived": [one.photo for one in outcome.done],
              "submission.returned": outcome.returned}  # fmt: skip
    for name, ids in wanted.items():
        rows = session.execute(EVENTS, {"name": name, "ids": ids})
        yield from differing(name, dict.fromkeys(ids, 1), ((row[0], row[1]) for row in rows))


def _ledger(session: Session) -> Iterator[str]:
    _, faults = ledger.verify(session)
    yield from (f"ledger {fault.chain} #{fault.seq}: {fault.reason}" for fault in faults)
    if waiting := session.scalar(OPEN):
        yield f"{waiting} tellings still wait"
    if dead := session.scalar(DEAD):
        yield f"{dead} tellings failed for good"
