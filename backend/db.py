"""The one database: engine, session, and the base of every table.

One request, or one job, is one transaction: faces and workers open it with ``transaction()``; commands take
the session first and never commit.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import DateTime, Engine, Enum, MetaData, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeEngine
from uuid6 import uuid7

from backend.config import settings

V = TypeVar("V")
KEEP_ROWS = "insert into {table} select * from jsonb_populate_recordset(null::{table}, cast(:{table} as jsonb))"
NAMES = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


class Model(DeclarativeBase):
    """Base of every table. Constraints are named by convention, so that the database's own "no" can be told."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it from the class
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
    }


def new_id() -> UUID:
    """A UUID that sorts by the time it was made (version 7)."""
    return UUID(bytes=uuid7().bytes)


def kept_by_value(kind: type[StrEnum], length: int = 32) -> TypeEngine[Any]:
    """A column type that stores an enum by its value as text, so that a migration need not alter types."""
    return Enum(kind, native_enum=False, length=length, values_callable=lambda k: [m.value for m in k])


def view_of(kind: type[V], row: Model, **more: Any) -> V:
    """A frozen view of a row: each field from the row's attribute of that name, but for those given in ``more``."""
    names = [field.name for field in fields(kind) if field.name not in more]  # type: ignore[arg-type]
    return kind(**{name: getattr(row, name) for name in names}, **more)


def insert_rows(session: Session, rows: Mapping[type[Model], list[dict[str, Any]]]) -> None:
    """Insert plain rows of some tables, however many, in one statement; a row names all its columns, for no default applies."""
    told = {kind.__tablename__: json.dumps(those, default=str) for kind, those in rows.items()}
    inserts = ", ".join(f"{table}_kept as ({KEEP_ROWS.format(table=table)})" for table in told)
    session.execute(text(f"with {inserts} select 1"), told)


@cache
def engine() -> Engine:
    """The application role's engine, one for each process."""
    return create_engine(
        settings().database_url,
        pool_size=10,
        max_overflow=10,
        pool_pre_ping=True,
        pool_recycle=1800,
        hide_parameters=True,  # of errors that are kept with a delivery
    )


@cache
def sessions() -> sessionmaker[Session]:
    """Makes sessions; tests rebind it to a connection that they roll back."""
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits when the block ends well and rolls back when it does not."""
    with sessions()() as session, session.begin():
        yield session
