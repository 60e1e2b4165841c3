"""The registers as they stood: one row at a past moment, and the register of entities on any past day (DOMAIN §11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.problems import NotFound

KINDS = ("entities", "items", "inspectors", "experts")


@dataclass(frozen=True)
class PastState:
    """What a register held of something at a past moment, and since when it had stood so."""

    id: UUID
    since: datetime
    row: dict[str, Any]


def state_at(session: Session, kind: str, row_id: UUID, moment: datetime) -> PastState | None:
    """The state of a register's row at a past moment, or None before it was. Raises NotFound."""
    if kind not in KINDS:
        raise NotFound(what="名录 register", id=kind)
    found = session.execute(
        text(f"""
        select row, since from (
          select row, since from registry_history where kind = :kind and row_id = :id and since <= :at and :at < until
          union all
          select to_jsonb(t), changed_at from {kind} t where id = :id and changed_at <= :at
        ) states order by since desc limit 1"""),  # noqa: S608 - kind is one of four words
        {"kind": kind, "id": row_id, "at": moment},
    ).one_or_none()
    return PastState(row_id, found.since, found.row) if found else None


def as_of(session: Session, kind: str, row_id: UUID, moment: datetime) -> dict[str, Any] | None:
    """Only the row of ``state_at``."""
    state = state_at(session, kind, row_id, moment)
    return state.row if state else None


def register_as_of(session: Session, moment: datetime, district: str = "") -> Iterator[dict[str, Any]]:
    """The whole register of entities as it stood at a past moment."""
    rows = session.execute(
        text("""
        select to_jsonb(t) as row from entities t where changed_at <= :at and district like :district
        union all
        select row from registry_history where kind = 'entities' and since <= :at and :at < until
          and row->>'district' like :district"""),
        {"at": moment, "district": district + "%"},
        execution_options={"yield_per": 2000},
    )
    yield from (row.row for row in rows)


def entities_at(session: Session, moment: datetime, *, words: str = "", district: str = "", limit: int = 50,
                after: UUID | None = None) -> list[PastState]:  # fmt: skip
    """Entities of a district prefix as they stood at a past moment, by words of name, address or code, in the order of
    their ids; ``after`` continues behind one."""
    found = session.execute(
        text("""
        select id, since, row from (
          select id, changed_at as since, to_jsonb(t) as row from entities t
          where changed_at <= :at and district like :district and id > :after
            and (concat_ws(' ', name, address, uscc)) ilike all (cast(:words as text[]))
          union all
          select row_id, since, row from registry_history where kind = 'entities' and since <= :at and :at < until
            and row->>'district' like :district and row_id > :after
            and (concat_ws(' ', row->>'name', row->>'address', row->>'uscc')) ilike all (cast(:words as text[]))
        ) states order by id limit :limit"""),
        {"at": moment, "district": district + "%", "after": after or UUID(int=0), "limit": limit,
         "words": [f"%{_plain(word)}%" for word in words.split()]},
    )  # fmt: skip
    return [PastState(row.id, row.since, row.row) for row in found]


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
