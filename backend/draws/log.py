"""The public log: an append-only Merkle log of the lots' records with signed heads (DRAWS §5)."""

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from backend import keys
from backend.draws import merkle
from backend.draws.models import LogHead, LogRecord
from backend.draws.records import checked
from backend.times import stamp, utc_now
from media.canonical import canonical_hash, canonical_json


def append(session: Session, record: dict[str, Any]) -> str:
    """Add a record (with ``type``, ``lot``; ``at`` is set here) and sign a new head. Returns the record's hash.

    Raises RecordNotAsRuled for anything but the exact fields of DRAWS §4: what is in the log stays in the log.
    """
    session.execute(text("select pg_advisory_xact_lock(hashtext('public log'))"))
    now = utc_now()
    record = checked({**record, "at": stamp(now)})
    data = canonical_json(record)
    index = session.scalar(select(func.count()).select_from(LogRecord)) or 0
    digest = canonical_hash(record)
    session.add(
        LogRecord(
            index=index,
            lot=record["lot"],
            type=record["type"],
            record=data.decode(),
            hash=digest,
            at=now,
        )
    )
    session.flush()
    _sign_head(session, index + 1)
    return digest


def _sign_head(session: Session, size: int) -> None:
    head = {
        "size": size,
        "root": merkle.root(leaves(session, size)).hex(),
        "time": stamp(utc_now()),
    }
    signature = keys.signer("log").sign(canonical_json(head)).hex()
    session.add(LogHead(**head, key=keys.public_hex("log"), signature=signature))
    session.flush()


def leaves(session: Session, size: int) -> list[bytes]:
    """The leaf hashes of the first ``size`` records."""
    rows = session.scalars(select(LogRecord.record).where(LogRecord.index < size).order_by(LogRecord.index))
    return [merkle.leaf_hash(record.encode()) for record in rows]


@dataclass(frozen=True)
class Head:
    """A signed head: Ed25519 over the canonical JSON of size, root and time; key and signature in hex."""

    size: int
    root: str
    time: str
    key: str
    signature: str


def head(session: Session, size: int | None = None) -> Head | None:
    """The newest head, or the one of a given size."""
    query = select(LogHead).order_by(LogHead.size.desc()).limit(1)
    row = session.scalar(query if size is None else query.where(LogHead.size == size))
    return Head(row.size, row.root, row.time, row.key, row.signature) if row else None


@dataclass(frozen=True)
class Entry:
    """A record where it stands in the log."""

    index: int
    lot: str
    type: str
    hash: str
    record: dict[str, Any]


def entries(session: Session, lot: str) -> list[Entry]:
    """A lot's records in log order."""
    rows = session.scalars(select(LogRecord).where(LogRecord.lot == lot).order_by(LogRecord.index))
    return [Entry(r.index, r.lot, r.type, r.hash, json.loads(r.record)) for r in rows]


def inclusion(session: Session, index: int, size: int) -> list[str]:
    """The path of a record to the head of a size, hex from leaf to root. Raises ValueError when there is none."""
    if not 0 <= index < size <= _size(session):
        raise ValueError("index < size <= log size")
    return [step.hex() for step in merkle.inclusion_path(leaves(session, size), index)]


def consistency(session: Session, first: int, second: int) -> list[str]:
    """The proof that head ``first`` is a beginning of head ``second``, hex. Raises ValueError when there is none."""
    if not 0 < first <= second <= _size(session):
        raise ValueError("0 < first <= second <= log size")
    return [step.hex() for step in merkle.consistency_path(leaves(session, second), first)]


def _size(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(LogRecord)) or 0
