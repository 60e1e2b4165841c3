"""The ledger: the audit trail that is also the outbox.

``record`` notes what happened in the transaction of the deed itself. At commit the notes are chained by hash,
one chain a unit, and stand in ``events``, which the application's role can only insert into and read. What is still
to be delivered stands beside it in ``deliveries``; ``worker`` takes it from there. Payloads carry ids, never names,
aliases together with their entities, or keys.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

import structlog
from sqlalchemy import BigInteger, ForeignKey, Index, Text, event, select, text
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from backend.db import Model, new_id
from backend.times import utc_now
from media.canonical import canonical_hash

SYSTEM = "system"
START = "0" * 64
# In one statement each: every deed of every face waits for these. What is inserted in the order of its names is locked in it.
LOCK = text("""
    insert into chain_heads select chain, 0, :start from unnest(cast(:chains as text[])) chain order by chain
    on conflict (chain) do update set seq = chain_heads.seq returning chain, seq, hash
""")
WRITE = text("""
    with noted as (
        insert into events select * from jsonb_populate_recordset(null::events, cast(:rows as jsonb)) returning id
    ), told as (
        insert into deliveries (event_id, reaction, state, attempts, due_at) select id, '*', 'waiting', 0, :now from noted
    ), ended as (
        update chain_heads set seq = e.seq, hash = e.hash
        from jsonb_populate_recordset(null::chain_heads, cast(:ends as jsonb)) e where e.chain = chain_heads.chain
    )
    select pg_notify('deliveries', '')
""")


class Event(Model):
    """One thing that happened. Append-only: the application's role has neither UPDATE nor DELETE here."""

    __tablename__ = "events"
    chain: Mapped[str] = mapped_column(primary_key=True)
    """Code of the unit in whose chain it stands, or ``system``."""
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str]
    """Id of the person who did it, or ``system``."""
    subject: Mapped[str]
    payload: Mapped[dict[str, Any]]
    request: Mapped[str | None]
    prev: Mapped[str]
    hash: Mapped[str]
    __table_args__ = (Index(None, "subject"), Index(None, "name", "at"))


class ChainHead(Model):
    """The end of each chain; its row lock puts the writers of one unit in a line."""

    __tablename__ = "chain_heads"
    chain: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str]


class Delivery(Model):
    """What is still to be told of an event: first to everyone (``*``), then to each reaction by its name."""

    __tablename__ = "deliveries"
    event_id: Mapped[UUID] = mapped_column(ForeignKey("events.id"), primary_key=True)
    reaction: Mapped[str] = mapped_column(primary_key=True, default="*")
    state: Mapped[str] = mapped_column(default="waiting")
    """waiting → sent → done, or dead after the last attempt."""
    attempts: Mapped[int] = mapped_column(default=0)
    """How often its job began; only so often can it have failed"""
    sends: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was put in the queue, which a lost Redis forgets"""
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    error: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (Index("deliveries_open_idx", "due_at", postgresql_where=text("state in ('waiting', 'sent')")),)


@dataclass(frozen=True)
class Note:
    """An event before it is chained."""

    chain: str
    id: UUID
    name: str
    at: datetime
    actor: str
    subject: str
    payload: dict[str, Any]
    request: str | None


def record(
    session: Session,
    name: str,
    subject: object,
    *,
    actor: object = SYSTEM,
    chain: str = SYSTEM,
    **payload: Any,
) -> UUID:
    """Note that ``name`` happened to ``subject``; it is written when the transaction commits.

    ``name`` is constant and in the past (``draw.held``); ``actor`` is a person's id; ``chain`` the code of the unit
    answering for it. Payload values are texts, integers, booleans, None, or lists and objects of them.
    """
    request = structlog.contextvars.get_contextvars().get("request_id")
    note = Note(chain, new_id(), name, utc_now(), str(actor), str(subject), payload, request)
    session.info.setdefault("notes", []).append(note)
    return note.id


def event_hash(values: dict[str, Any]) -> str:
    """The hash of an event's row: SHA-256 of the canonical JSON of all its members but the hash itself."""
    at = values["at"]
    plain = {key: values[key] for key in values if key != "hash"}
    return canonical_hash({**plain, "id": str(values["id"]), "at": f"{at.timestamp():.6f}"})


@event.listens_for(Session, "before_commit")
def write_notes(session: Session) -> None:
    """Chain and insert what was recorded, chains in order so that writers never wait in a circle.

    A savepoint writes nothing yet: heads are locked last of all, so that nobody waits for a row while holding one.
    """
    if session.in_nested_transaction():
        return
    notes: list[Note] = session.info.pop("notes", [])
    if not notes:
        return
    heads = _locked_heads(session, sorted({note.chain for note in notes}))
    rows = [_chained(note, heads) for note in notes]
    ends = [{"chain": chain, "seq": seq, "hash": digest} for chain, (seq, digest) in heads.items()]
    session.execute(WRITE, {"rows": json.dumps(rows, default=str), "ends": json.dumps(ends), "now": utc_now()})


@event.listens_for(Session, "after_transaction_create")
def mark_notes(session: Session, transaction: SessionTransaction) -> None:
    """Remember how many notes there were when a transaction or savepoint began."""
    marks = session.info.setdefault("note_marks", WeakKeyDictionary())
    marks[transaction] = len(session.info.get("notes", []))


@event.listens_for(Session, "after_soft_rollback")
def forget_notes(session: Session, transaction: SessionTransaction) -> None:
    """What was rolled back did not happen."""
    del session.info.get("notes", [])[session.info["note_marks"].get(transaction, 0) :]


def _locked_heads(session: Session, chains: list[str]) -> dict[str, tuple[int, str]]:
    return {chain: (seq, digest) for chain, seq, digest in session.execute(LOCK, {"chains": chains, "start": START})}


def _chained(note: Note, heads: dict[str, tuple[int, str]]) -> dict[str, Any]:
    seq, prev = heads[note.chain]
    row = {**note.__dict__, "seq": seq + 1, "prev": prev}
    row["hash"] = event_hash(row)
    heads[note.chain] = (seq + 1, row["hash"])
    return row


@dataclass(frozen=True)
class Fault:
    """A place where a chain does not hold."""

    chain: str
    seq: int
    reason: str


def verify(session: Session) -> tuple[int, list[Fault]]:
    """Recompute every hash of every chain. Returns how many events were read, and the faults found."""
    faults: list[Fault] = []
    count = 0
    ends: dict[str, tuple[int, str]] = {}
    query = select(Event).order_by(Event.chain, Event.seq).execution_options(yield_per=5000)
    for row in session.scalars(query):
        count += 1
        faults += _faults(row, ends.get(row.chain, (0, START)))
        ends[row.chain] = (row.seq, row.hash)
        session.expunge(row)
    return count, faults + _head_faults(session, ends)


def _faults(row: Event, before: tuple[int, str]) -> list[Fault]:
    values = {column.key: getattr(row, column.key) for column in Event.__table__.columns}
    checks = {
        "an event before this one is missing": row.seq == before[0] + 1,
        "it does not follow the event before it": row.prev == before[1],
        "its content was altered": event_hash(values) == row.hash,
    }
    return [Fault(row.chain, row.seq, reason) for reason, holds in checks.items() if not holds]


def _head_faults(session: Session, ends: dict[str, tuple[int, str]]) -> list[Fault]:
    heads = {h.chain: (h.seq, h.hash) for h in session.scalars(select(ChainHead)) if h.seq}
    return [
        Fault(
            chain,
            heads.get(chain, (0, START))[0],
            "the end of the chain is not where its head says",
        )
        for chain in sorted(heads.keys() | ends.keys())
        if heads.get(chain) != ends.get(chain)
    ]


def events_of(session: Session, subject: str, limit: int = 100) -> list[dict[str, Any]]:
    """The newest events, or those of one subject, as plain rows."""
    query = select(Event).order_by(Event.at.desc()).limit(limit)
    rows = session.scalars(query.where(Event.subject == subject) if subject else query)
    return [{column.key: getattr(row, column.key) for column in Event.__table__.columns} for row in rows]
