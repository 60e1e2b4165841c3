"""What the draws keep: plans, rounds, pools, lots with their picks and matches, recusals, and the public log."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from backend.accounts.models import Unit
from backend.db import Model, kept_by_value, new_id
from backend.registry.models import Item
from backend.times import utc_now


class PlanState(StrEnum):
    """DOMAIN §2.1"""

    DRAFT = "draft"
    FILED = "filed"
    """Handed to the next higher level, not yet approved"""
    PUBLISHED = "published"
    AMENDING = "amending"
    """Published once; its next version is being written"""
    WITHDRAWN = "withdrawn"


class Plan(Model):
    """A unit's yearly plan of inspections (年度抽查工作计划)."""

    __tablename__ = "plans"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    year: Mapped[int]
    title: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    joint: Mapped[bool] = mapped_column(default=False)
    participants: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default="[]")
    """Departments that take part in a joint plan; its own unit leads"""
    filed_at: Mapped[datetime | None]
    changes: Mapped[str] = mapped_column(default="", server_default="")
    """What the present version changed, and why"""
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    """The authority's own numbers of the present version (``Terms``); the usual where absent"""
    state: Mapped[PlanState] = mapped_column(kept_by_value(PlanState), default=PlanState.DRAFT)
    made_by: Mapped[UUID]
    approved_by: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    unit: Mapped[Unit] = relationship()


class RoundState(StrEnum):
    """How far a round has come; each step is taken by one command."""

    DRAFT = "draft"
    FROZEN = "frozen"
    COMMITTED = "committed"
    DRAWN = "drawn"
    TOURED = "toured"
    TEAMS_COMMITTED = "teams_committed"
    MATCHED = "matched"
    DONE = "done"


class Round(Model):
    """One batch of a plan (抽查任务): an item, a filter, how many, when, and by which weights."""

    __tablename__ = "rounds"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    """``汉市监抽查〔2026〕3号`` for people"""
    number: Mapped[str] = mapped_column(unique=True)
    """18 digits for exchange (DOMAIN §2.2); also the round's name in public records"""
    plan_id: Mapped[UUID] = mapped_column(ForeignKey("plans.id"))
    title: Mapped[str]
    item_id: Mapped[UUID] = mapped_column(ForeignKey("items.id"))
    directed: Mapped[bool]
    filter: Mapped[dict[str, Any]]
    """{district: prefix, food: bool, trade_format: [..], entity_type: [..], classes: [..]}; absent = all"""
    weights: Mapped[dict[str, Any]]
    """{A: 1, B: 2, C: 4, D: 8}"""
    minimums: Mapped[dict[str, Any]]
    n: Mapped[int]
    reserve: Mapped[int]
    accepted: Mapped[dict[str, Any] | None]
    """{by, reason}: a named approver took a plan that breaks a bound of DRAWS §2"""
    team_size: Mapped[int] = mapped_column(default=2)
    starts: Mapped[date]
    ends: Mapped[date]
    opens_at: Mapped[datetime | None]
    """When tasks open on the phones; at once where absent"""
    state: Mapped[RoundState] = mapped_column(kept_by_value(RoundState), default=RoundState.DRAFT)
    district: Mapped[str]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    made_by: Mapped[UUID]
    plan: Mapped[Plan] = relationship()
    item: Mapped[Item] = relationship()
    unit: Mapped[Unit] = relationship()
    __table_args__ = (Index(None, "plan_id"),)


class PoolMember(Model):
    """An entity in a round's frozen pool, with the class and model version it had at that moment."""

    __tablename__ = "pool_members"
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    stratum: Mapped[str]
    model_version: Mapped[str | None]
    district: Mapped[str]


class PoolExclusion(Model):
    """An entity that the filter found and a rule kept out of the pool."""

    __tablename__ = "pool_exclusions"
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    reason: Mapped[str]
    evidence: Mapped[str]


class LotState(StrEnum):
    """Where the ceremony stands (DRAWS: commit → dice and beacon → seed → result)."""

    COMMITTED = "committed"
    DICE_ENTERED = "dice_entered"
    DRAWN = "drawn"
    VOID = "void"


class Lot(Model):
    """One lot of a round: ``entities`` or ``teams``; its public records stand in the log under ``name``."""

    __tablename__ = "lots"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    """Its name in public records: ``{round number}-e1``, ``-t1``: kind and attempt"""
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str]
    attempt: Mapped[int]
    state: Mapped[LotState] = mapped_column(kept_by_value(LotState), default=LotState.COMMITTED)
    alias_key: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed under the instance key"""
    nonces: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed JSON {party: hex}"""
    dice: Mapped[str | None]
    seed: Mapped[str | None]
    committed_at: Mapped[datetime] = mapped_column(default=utc_now)
    operator: Mapped[UUID]
    commit_hash: Mapped[str]
    staff: Mapped[dict[str, Any] | None]
    """Teams lots: {inspectors, tours} as committed, by alias"""
    seed_plan: Mapped[dict[str, Any]] = mapped_column(server_default="{}", default=dict)
    """As committed (DRAWS §4): what the seed comes from"""
    drand: Mapped[dict[str, Any] | None]
    """{round, signature, randomness} once the beacon's round is in"""
    void: Mapped[dict[str, Any] | None]
    """{reason, title, person}: who asks that the lot be void, until another person signs"""
    round: Mapped[Round] = relationship()
    __table_args__ = (UniqueConstraint("round_id", "kind", "attempt"),)


class Witnessing(Model):
    """A witness's signature under a lot's dice, given in their own signed-in session."""

    __tablename__ = "witnessings"
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"), primary_key=True)
    title: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now)


class OfferedNonce(Model):
    """A witness's own contribution to a seed: its SHA-256 is committed, the nonce itself is revealed with the draw."""

    __tablename__ = "offered_nonces"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[UUID] = mapped_column(ForeignKey("rounds.id"))
    kind: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("people.id"))
    party: Mapped[str]
    """Its name in public records: role and unit, numbered where two are alike"""
    digest: Mapped[str]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The nonce, sealed under the instance key; absent while the witness keeps it"""
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lots.id"))
    """The lot that committed it; absent before"""
    __table_args__ = (Index(None, "round_id", "kind"), Index(None, "lot_id"))


class Pick(Model):
    """An entity that a lot drew, or its reserve, in ticket order within its stratum."""

    __tablename__ = "picks"
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    alias: Mapped[str]
    stratum: Mapped[str]
    position: Mapped[int]
    """0, 1, … within the stratum; reserves go on counting"""
    state: Mapped[str]
    """drawn, reserve, skipped"""
    district: Mapped[str]
    __table_args__ = (Index(None, "entity_id"),)


class Match(Model):
    """An inspector whom the second lot gave a tour."""

    __tablename__ = "matches"
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lots.id"), primary_key=True)
    inspector_id: Mapped[UUID] = mapped_column(ForeignKey("inspectors.id"), primary_key=True)
    tour: Mapped[str]
    """The tour's label in the lot: ``t01``"""
    leader: Mapped[bool]
    __table_args__ = (Index(None, "inspector_id"),)


class Recusal(Model):
    """An inspector who must not visit an entity (回避), declared in advance or raised on site."""

    __tablename__ = "recusals"
    inspector_id: Mapped[UUID] = mapped_column(ForeignKey("inspectors.id"), primary_key=True)
    entity_id: Mapped[UUID] = mapped_column(ForeignKey("entities.id"), primary_key=True)
    ground: Mapped[str]
    declared_at: Mapped[datetime] = mapped_column(default=utc_now)


class LogRecord(Model):
    """One record of the public log (DRAWS §4–5); append-only."""

    __tablename__ = "log_records"
    index: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lot: Mapped[str]
    type: Mapped[str]
    record: Mapped[str]
    """Canonical JSON, the leaf's data"""
    hash: Mapped[str]
    """Record hash, hex"""
    at: Mapped[datetime]
    __table_args__ = (Index(None, "lot"), Index(None, "hash"))


class LogHead(Model):
    """A signed head of the log; append-only."""

    __tablename__ = "log_heads"
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    root: Mapped[str]
    time: Mapped[str]
    key: Mapped[str]
    signature: Mapped[str]
