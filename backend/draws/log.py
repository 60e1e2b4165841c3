"""The public log: an append-only Merkle log of the lots' records with signed heads (DRAWS §5)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
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
    return append_all(session, [record])[0]


def append_all(session: Session, records: Sequence[dict[str, Any]]) -> list[str]:
    """Add records at once, under one new head. Returns their hashes. Raises RecordNotAsRuled."""
    session.execute(text("select pg_advisory_xact_lock(hashtext('public log'))"))
    now, size = utc_now(), _size(session)
    rows = [_row(size + n, checked({**record, "at": stamp(now)}), now) for n, record in enumerate(records)]
    session.add_all(rows)
    session.flush()
    _sign_head(session, size + len(rows))
    return [row.hash for row in rows]


def _row(index: int, record: dict[str, Any], now: datetime) -> LogRecord:
    return LogRecord(
        index=index, lot=record["lot"], type=record["type"], record=canonical_json(record).decode(),
        hash=canonical_hash(record), at=now,
    )  # fmt: skip


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


def head_covering(session: Session, record_hash: str) -> Head:
    """The first head that covers a record: since when it has lain in public. Raises NoResultFound."""
    index = select(LogRecord.index).where(LogRecord.hash == record_hash).scalar_subquery()
    row = session.scalars(select(LogHead).where(LogHead.size > index).order_by(LogHead.size).limit(1)).one()
    return Head(row.size, row.root, row.time, row.key, row.signature)


@dataclass(frozen=True)
class Entry:
    """A record where it stands in the log."""

    index: int
    lot: str
    type: str
    hash: str
    record: dict[str, Any]


def entries(session: Session, *lots: str) -> list[Entry]:
    """The records of one or more lots in log order."""
    rows = session.scalars(select(LogRecord).where(LogRecord.lot.in_(lots)).order_by(LogRecord.index))
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
