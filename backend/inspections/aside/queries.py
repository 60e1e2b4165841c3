"""What unit administrators and supervisors see of what lies aside: refused payloads, and what revoked phones handed over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from backend.accounts.models import Device, Person, Unit
from backend.accounts.rules import SUPERVISORS, Actor, Role
from backend.inspections.aside.models import FaultyPayload, QuarantinedPiece
from backend.problems import NotFound

SEE = (Role.UNIT_ADMINISTRATOR, *SUPERVISORS)
MOST = 500


@dataclass(frozen=True)
class PayloadView:
    """A refused payload; ``problem`` is {code, status, zh, en} as the phone was told."""

    id: UUID
    person: str
    unit: str
    kind: str
    operation: str
    size: int
    sha256: str
    problem: dict[str, Any]
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class PieceView:
    """A piece in quarantine, with whose phone it came from."""

    device_id: UUID
    device: str
    person: str
    unit: str
    kind: str
    id: UUID
    size: int
    sha256: str
    at: datetime


def faulty_payloads(session: Session, actor: Actor) -> list[PayloadView]:
    """Refused payloads of people within the actor's reach, newest first."""
    rows = session.execute(
        select(FaultyPayload, Person.name, Unit.name)
        .join(Person, Person.id == FaultyPayload.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(_within(actor, SEE))
        .order_by(FaultyPayload.last_at.desc())
        .limit(MOST)
    )
    return [
        PayloadView(p.id, person, unit, p.kind, p.operation, p.size, p.sha256, p.problem, p.times, p.first_at, p.last_at)
        for p, person, unit in rows
    ]  # fmt: skip


def faulty_payload(session: Session, actor: Actor, payload_id: UUID) -> bytes:
    """The bytes of a refused payload. Raises NotFound, also beyond the actor's reach."""
    found = session.scalar(
        select(FaultyPayload.data)
        .join(Person, Person.id == FaultyPayload.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(FaultyPayload.id == payload_id, _within(actor, SEE))
    )
    if found is None:
        raise NotFound(what="来件 payload", id=str(payload_id))
    return found


def quarantined_pieces(session: Session, actor: Actor) -> list[PieceView]:
    """What revoked phones of people within the actor's reach handed over, newest first."""
    query = _pieces(_within(actor, SEE)).order_by(QuarantinedPiece.at.desc()).limit(MOST)
    return [_piece(*row) for row in session.execute(query)]


def quarantined_piece(session: Session, actor: Actor, device_id: UUID, kind: str, piece_id: UUID) -> PieceView:
    """A piece, for supervisors alone. Raises NotFound, also beyond the actor's reach."""
    one = (QuarantinedPiece.device_id == device_id, QuarantinedPiece.kind == kind, QuarantinedPiece.id == piece_id)
    row = session.execute(_pieces(and_(*one, _within(actor, SUPERVISORS)))).one_or_none()
    if row is None:
        raise NotFound(what="隔离内容 piece", id=str(piece_id))
    return _piece(*row)


def _pieces(condition: ColumnElement[bool]) -> Any:
    return (
        select(QuarantinedPiece, Device.name, Person.name, Unit.name)
        .join(Device, Device.id == QuarantinedPiece.device_id)
        .join(Person, Person.id == Device.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(condition)
    )


def _piece(p: QuarantinedPiece, device: str, person: str, unit: str) -> PieceView:
    return PieceView(p.device_id, device, person, unit, p.kind, p.id, p.size, p.sha256, p.at)


def _within(actor: Actor, roles: tuple[Role, ...]) -> ColumnElement[bool]:
    """People of the units and districts over which the actor holds one of the roles."""
    grants = [grant for grant in actor.grants if grant.role in roles]
    reach = [and_(Unit.path.startswith(g.unit_path), Unit.district.startswith(g.district)) for g in grants]
    return or_(false(), *reach)
