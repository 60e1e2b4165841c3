"""What tours keep: tours with their stops, and tasks (one visit of one entity)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, FetchedValue, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.db import Model, kept_by_value, new_id
from backend.draws.models import Round
from backend.registry.models import Checklist, Entity, Inspector
from backend.times import utc_now


class Tour(Model):
    """One day of one team, planned before anybody knows the team. Times are seconds after local midnight."""

    __tablename__ = "tours"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    bundle: Mapped[str]
    """The tour's label in the teams lot (``t01``): a bundle of day tours that one team takes"""
    label: Mapped[str]
    group: Mapped[str]
    day: Mapped[date]
    depot: Mapped[str]
    """Where it starts and ends: "lon,lat", EPSG:4326"""
    travel_s: Mapped[int]
    travel_m: Mapped[int]
    leave_s: Mapped[int | None]
    """When the team leaves the depot; none in tours of before"""
    back_s: Mapped[int | None]
    quality: Mapped[str]
    """``road`` or ``degraded``"""
    engine: Mapped[str]
    data_version: Mapped[str]
    path: Mapped[dict[str, Any]]
    """GeoJSON LineString, EPSG:4326"""
    district: Mapped[str]
    round: Mapped[Round] = relationship()
    stops: Mapped[list["Stop"]] = relationship(back_populates="tour", order_by="Stop.seq")
    __table_args__ = (UniqueConstraint("round_id", "label"), Index(None, "round_id", "bundle"))


class Stop(Model):
    """A visit's place in a tour."""

    __tablename__ = "stops"
    tour_id: Mapped[UUID] = mapped_column(ForeignKey("tours.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    arrive_s: Mapped[int]
    """When the visit begins: later than the team is there where a window has yet to open"""
    depart_s: Mapped[int]
    leg_s: Mapped[int | None]
    """Travel from the stop before, or the depot; none in tours of before"""
    tour: Mapped[Tour] = relationship(back_populates="stops")
    entity: Mapped[Entity] = relationship()
    __table_args__ = (Index(None, "entity_id"),)


class UnplannedStop(Model):
    """An entity that no tour could take, with the planner's reason; reported, never dropped."""

    __tablename__ = "unplanned_stops"
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    reason: Mapped[str]


class TaskState(StrEnum):
    """DOMAIN §2.7; APPROVED and PUBLISHED tell what later rooms reported by events."""

    ASSIGNED = "assigned"
    ON_SITE = "on_site"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class Source(StrEnum):
    """Where a task comes from; only draws enter the random estimates (DRAWS §7)."""

    DRAW = "draw"
    COMPLAINT = "complaint"
    RECHECK = "recheck"
    AD_HOC = "ad_hoc"


class Task(Model):
    """One visit of one entity by one team."""

    __tablename__ = "tasks"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(unique=True)
    source: Mapped[Source] = mapped_column(kept_by_value(Source))
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"))
    round_id: Mapped[UUID | None] = mapped_column(ForeignKey("rounds.id"))
    tour_id: Mapped[UUID | None] = mapped_column(ForeignKey("tours.id"))
    checklist_id: Mapped[UUID] = mapped_column(ForeignKey("checklists.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    state: Mapped[TaskState] = mapped_column(kept_by_value(TaskState), default=TaskState.ASSIGNED)
    day: Mapped[date]
    seq: Mapped[int]
    opens_at: Mapped[datetime]
    due: Mapped[date]
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_xid: Mapped[int] = mapped_column(BigInteger, server_default="0", server_onupdate=FetchedValue())
    """The transaction that last changed the task, its team or its entity; triggers keep it (inspections/pulls.py)"""
    district: Mapped[str]
    entity: Mapped[Entity] = relationship()
    round: Mapped[Round | None] = relationship()
    tour: Mapped[Tour | None] = relationship()
    checklist: Mapped[Checklist] = relationship()
    officers: Mapped[list["TaskOfficer"]] = relationship(back_populates="task", order_by="TaskOfficer.leader.desc()")
    """The leader first"""
    __table_args__ = (
        UniqueConstraint("round_id", "entity_id"),
        Index(None, "district", "state"),
        Index(None, "entity_id"),
        Index(None, "tour_id"),
    )


class TaskOfficer(Model):
    """An inspector of a task's team."""

    __tablename__ = "task_officers"
    task_id: Mapped[UUID] = mapped_column(ForeignKey("tasks.id"), primary_key=True)
    inspector_id: Mapped[UUID] = mapped_column(ForeignKey("inspectors.id"), primary_key=True)
    leader: Mapped[bool]
    task: Mapped[Task] = relationship(back_populates="officers")
    inspector: Mapped[Inspector] = relationship()
    __table_args__ = (Index(None, "inspector_id"),)
