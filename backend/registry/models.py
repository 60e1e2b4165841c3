"""What the registry keeps: districts, entities, items, inspectors, experts, checklists, exclusions, the calendar.

Entities, items, inspectors and experts are system-versioned: a trigger keeps every earlier state in ``registry_history``,
so that the list of any past day can be asked for (DOMAIN §11 row 36).
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Person, Unit
from backend.db import Model, kept_by_value, new_id
from backend.times import utc_now


class EntityType(StrEnum):
    """Kinds of market entity (经营主体)."""

    COMPANY = "company"
    INDIVIDUAL = "individual"
    COOPERATIVE = "cooperative"
    BRANCH = "branch"
    OTHER = "other"


class RegState(StrEnum):
    """Registration state (登记状态)."""

    ACTIVE = "active"
    DORMANT = "dormant"
    LIQUIDATION = "liquidation"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    ANNULLED = "annulled"
    MOVED_OUT = "moved_out"


class District(Model):
    """An administrative division (GB/T 2260) with its area."""

    __tablename__ = "districts"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_en: Mapped[str]
    level: Mapped[str]
    area: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", srid=4326, spatial_index=False))
    invented: Mapped[bool] = mapped_column(default=False)


class DistrictPart(Model):
    """A small piece of a district's area (ST_Subdivide), for finding the district of many points."""

    __tablename__ = "district_parts"
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("districts.code"))
    part: Mapped[WKBElement] = mapped_column(Geometry("POLYGON", srid=4326, spatial_index=False))
    __table_args__ = (Index("district_parts_part_idx", "part", postgresql_using="gist"),)


class Entity(Model):
    """An object of inspection (检查对象, DOMAIN §1.2). ``id`` never changes; codes and names may."""

    __tablename__ = "entities"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, server_default=text("gen_random_uuid()"))
    source: Mapped[str] = mapped_column(default="")
    """Registry that the row came from; with ``source_id`` it makes imports repeatable."""
    source_id: Mapped[str]
    """The uscc, else the registration number, else the foreign system's own key."""
    uscc: Mapped[str | None]
    reg_no: Mapped[str | None]
    name: Mapped[str]
    entity_type: Mapped[EntityType] = mapped_column(kept_by_value(EntityType))
    est_date: Mapped[date | None]
    reg_state: Mapped[RegState] = mapped_column(kept_by_value(RegState), default=RegState.ACTIVE)
    reg_org: Mapped[str | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    """The unit that supervises it (属地监管所)."""
    grid: Mapped[str | None]
    address: Mapped[str]
    district: Mapped[str]
    place: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4326, spatial_index=False))
    crs_source: Mapped[str | None]
    """WGS84, GCJ02 or BD09: what the coordinates were given in (EPSG:4326 is what is kept)."""
    coord_quality: Mapped[str | None]
    industry: Mapped[list[str]] = mapped_column(ARRAY(Text))
    trade_format: Mapped[str | None]
    food: Mapped[bool] = mapped_column(default=False)
    licence_no: Mapped[str | None]
    licence_valid_to: Mapped[date | None]
    licence_issuer: Mapped[str | None]
    phone: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text))
    credit_class: Mapped[str | None]
    """A–D as ``classify`` last set it; risk decides, the registry keeps."""
    score: Mapped[int | None]
    """Hundredths of a point, so that public JSON needs no floats."""
    model_version: Mapped[str | None]
    scored_at: Mapped[datetime | None]
    last_check_at: Mapped[date | None]
    invented: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=text("now()"))
    __table_args__ = (
        UniqueConstraint("source", "source_id"),
        Index("entities_uscc_idx", "uscc", unique=True, postgresql_where=text("uscc is not null")),
        Index(None, "district", "credit_class"),
        Index("entities_place_idx", "place", postgresql_using="gist"),
        Index(
            "entities_words_idx",
            text("(name || ' ' || address) gin_trgm_ops"),
            postgresql_using="gin",
        ),
        Index(None, "reg_no", postgresql_where=text("reg_no is not null")),
        Index(None, "licence_no", postgresql_where=text("licence_no is not null")),
    )


class EntityOwner(Model):
    """A person who signs in for an entity (经营者, DOMAIN §8) and sees its file, and nobody else's."""

    __tablename__ = "entity_owners"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    named_at: Mapped[datetime] = mapped_column(default=utc_now)
    __table_args__ = (Index(None, "entity_id"),)


class Item(Model):
    """An item of inspection (抽查事项, DOMAIN §1.1). Usable only when published, valid and with a legal basis."""

    __tablename__ = "items"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    sub_name: Mapped[str] = mapped_column(default="")
    department: Mapped[str]
    level: Mapped[str]
    object_types: Mapped[list[str]] = mapped_column(ARRAY(Text))
    legal_basis: Mapped[list[Any]]
    """[{law, article, url, effective}]"""
    item_class: Mapped[str]
    """GENERAL or KEY"""
    ratio_min: Mapped[float | None]
    ratio_max: Mapped[float | None]
    frequency_cap: Mapped[int | None]
    qualification: Mapped[str | None]
    """The post qualification that one member of the team must hold."""
    expert_lead: Mapped[bool] = mapped_column(default=False)
    checklist_code: Mapped[str | None]
    published_at: Mapped[date | None]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)


class InspectorState(StrEnum):
    """DOMAIN §1.3; an expired card is told by its date, not by a state somebody must remember to set."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


class Inspector(Model):
    """An officer who may be drawn (执法检查人员)."""

    __tablename__ = "inspectors"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), unique=True)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    card_no: Mapped[str] = mapped_column(unique=True)
    card_valid_to: Mapped[date]
    qualifications: Mapped[list[str]] = mapped_column(ARRAY(Text))
    expert: Mapped[bool] = mapped_column(default=False)
    state: Mapped[InspectorState] = mapped_column(kept_by_value(InspectorState), default=InspectorState.ACTIVE)
    district: Mapped[str]
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    person: Mapped[Person] = relationship()
    unit: Mapped[Unit] = relationship()
    __table_args__ = (Index(None, "unit_id"),)


class Expert(Model):
    """Somebody who advises and never counts toward the two officers (DOMAIN §1.4)."""

    __tablename__ = "experts"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    employer: Mapped[str]
    specialities: Mapped[list[str]] = mapped_column(ARRAY(Text))
    title: Mapped[str | None]
    qualification_no: Mapped[str | None] = mapped_column(unique=True)
    """Of their certificate; by it a file's row is known again."""
    contract_type: Mapped[str | None]
    pledged: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    """Has signed the pledge of confidentiality"""
    valid_to: Mapped[date | None]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    changed_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=text("now()"))


class Checklist(Model):
    """One version of a checklist; a visit is judged by the version valid on its date. Never changed once it is kept."""

    __tablename__ = "checklists"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str]
    version: Mapped[str]
    title: Mapped[dict[str, Any]]
    body: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The compact JSON that phones fill: sections, items, answers, conclusion rule, form (docs/checklists.md)."""
    sha256: Mapped[str] = mapped_column(server_default="")
    """Canonical hash of ``body``."""
    workbook: Mapped[bytes | None] = mapped_column(deferred=True)
    """The XLSForm workbook that it was made from."""
    entered_at: Mapped[datetime] = mapped_column(default=utc_now, server_default=text("now()"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    __table_args__ = (UniqueConstraint("code", "version"),)


class Exclusion(Model):
    """Why an entity stays out of a pool for a time (DOMAIN §2.3), with evidence and an end."""

    __tablename__ = "exclusions"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    reason: Mapped[str]
    item_code: Mapped[str | None]
    """Only for this item; for all where absent."""
    evidence: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]
    approver: Mapped[str | None]
    district: Mapped[str]
    __table_args__ = (Index(None, "entity_id", "ends"),)


class CalendarDay(Model):
    """One day of the working calendar (DOMAIN §7.5)."""

    __tablename__ = "calendar_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    is_workday: Mapped[bool]
    source: Mapped[str]
    """chinesecalendar, provisional, or who edited it."""


class RegistryHistory(Model):
    """Earlier states of registry rows, written by trigger; ``row`` was true from ``since`` until ``until``."""

    __tablename__ = "registry_history"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    row_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime]
    row: Mapped[dict[str, Any]]
    __table_args__ = (Index(None, "kind", "row_id", "since"),)


class ImportRun(Model):
    """One import, with its report: what came in, what was refused and why."""

    __tablename__ = "import_runs"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    by: Mapped[str]
    read: Mapped[int]
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    report: Mapped[list[Any]]
    """[{line, column, value, code, zh, en}], the first 10,000"""
