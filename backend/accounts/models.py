"""What accounts keep: units as a tree, people, their roles, console sessions, phones."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.rules import Role
from backend.db import Model, kept_by_value, new_id
from backend.times import utc_now


class Level(StrEnum):
    """Where a unit stands in the administration."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"


class Unit(Model):
    """An organisation that inspects or supervises (入驻单位, DOMAIN §1.5)."""

    __tablename__ = "units"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    level: Mapped[Level] = mapped_column(kept_by_value(Level))
    district: Mapped[str]
    """Administrative code GB/T 2260; scopes compare its prefix."""
    department: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    path: Mapped[str] = mapped_column(unique=True)
    """Codes from the root down, each followed by ``/``: a subtree is a prefix."""
    site: Mapped[str | None]
    """Where the unit publishes its plans."""
    lon: Mapped[float | None]
    lat: Mapped[float | None]
    """Where its teams leave from: degrees, EPSG:4326"""
    active: Mapped[bool] = mapped_column(default=True)


class Person(Model):
    """Somebody who signs in: at the console with a password, or in the field with a phone."""

    __tablename__ = "people"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str]
    username: Mapped[str | None] = mapped_column(unique=True)
    password_hash: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    sample: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[Unit] = relationship()
    grants: Mapped[list["RoleGrant"]] = relationship(back_populates="person")
    __table_args__ = (Index(None, "unit_id"),)


class RoleGrant(Model):
    """A role with its scope: the subtree of a unit and the districts that begin with a prefix (DOMAIN §8)."""

    __tablename__ = "role_grants"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    role: Mapped[Role] = mapped_column(kept_by_value(Role))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str] = mapped_column(default="")
    granted_at: Mapped[datetime] = mapped_column(default=utc_now)
    person: Mapped[Person] = relationship(back_populates="grants")
    unit: Mapped[Unit] = relationship()
    __table_args__ = (UniqueConstraint("person_id", "role", "unit_id", "district"),)


class ConsoleSession(Model):
    """A signed-in browser; the cookie holds a secret of which only the hash is kept."""

    __tablename__ = "console_sessions"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    csrf: Mapped[str]
    signed_in_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    __table_args__ = (Index(None, "person_id"),)


class Enrolment(Model):
    """A one-time code that a unit administrator shows, so that a person's phone may enrol."""

    __tablename__ = "enrolments"
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    shown_by: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Device(Model):
    """An inspector's phone; its private key was made on it and never leaves it."""

    __tablename__ = "devices"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str]
    public_key: Mapped[dict[str, Any]]
    """JWK of an EC P-256 key."""
    enrolled_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
    person: Mapped[Person] = relationship()
    __table_args__ = (Index(None, "person_id"),)


class DeviceNonce(Model):
    """A number used once: the phone signs it to get a token."""

    __tablename__ = "device_nonces"
    nonce: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    expires_at: Mapped[datetime]


class DeviceToken(Model):
    """A short-lived token bound to one phone; only its hash is kept."""

    __tablename__ = "device_tokens"
    secret_hash: Mapped[str] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("devices.id"))
    expires_at: Mapped[datetime]
    device: Mapped[Device] = relationship()
    __table_args__ = (Index(None, "expires_at"),)
