"""What people can ask of accounts: who stands behind a cookie or a token, and who belongs to a unit."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend.accounts.commands import secret_hash
from backend.accounts.models import ConsoleSession, Device, DeviceToken, Person, RoleGrant, Unit
from backend.accounts.phones import DeviceRevoked, StaleToken
from backend.accounts.rules import Actor, Grant, Role
from backend.times import utc_now

RIGHTS = (
    joinedload(Person.unit, innerjoin=True),
    joinedload(Person.grants).joinedload(RoleGrant.unit, innerjoin=True),
)
"""Loads with a person, in the same statement, what they may: every request asks for that"""
WHOSE = joinedload(Device.person, innerjoin=True).options(*RIGHTS)
"""The same with a phone"""


def actor_of_person(person: Person, device_id: UUID | None = None) -> Actor:
    """A person with all their grants, as rules and commands want them."""
    unit = person.unit
    grants = sorted(person.grants, key=lambda grant: grant.role)
    return Actor(
        person_id=person.id,
        name=person.name,
        unit_id=unit.id,
        unit_code=unit.code,
        unit_name=unit.name,
        unit_path=unit.path,
        district=unit.district,
        grants=tuple(Grant(Role(grant.role), grant.unit.path, grant.district) for grant in grants),
        device_id=device_id,
    )


def actor_of_session(session: Session, secret: str) -> tuple[Actor, str] | None:
    """The person signed in with this cookie and the CSRF token of the session, or None."""
    kept = session.get(ConsoleSession, secret_hash(secret))
    if kept is None or kept.expires_at < utc_now():
        return None
    person = session.get_one(Person, kept.person_id, options=RIGHTS)
    return (actor_of_person(person), kept.csrf) if person.active else None


def device_of_token(session: Session, token: str) -> Device:
    """The phone that was given this token. Raises StaleToken; revoked phones have no tokens left."""
    whole = joinedload(DeviceToken.device, innerjoin=True).options(WHOSE)
    kept = session.get(DeviceToken, secret_hash(token), options=[whole])
    if kept is None or kept.expires_at < utc_now() or kept.device.revoked_at or not kept.device.person.active:
        raise StaleToken
    return kept.device


def actor_of_device(session: Session, device_id: UUID) -> Actor:
    """The person whose phone this is. Raises DeviceRevoked for a phone or a person that may not speak any more."""
    device = session.get(Device, device_id, options=[WHOSE])
    if device is None or device.revoked_at or not device.person.active:
        raise DeviceRevoked
    return actor_of_person(device.person, device.id)


@dataclass(frozen=True)
class PersonView:
    """A person as the unit's administrator sees them."""

    id: UUID
    name: str
    username: str | None
    unit: str
    roles: list[str]
    devices: list["DeviceView"]


@dataclass(frozen=True)
class DeviceView:
    """A phone as the unit's administrator sees it."""

    id: UUID
    name: str
    enrolled_at: datetime
    revoked_at: datetime | None


def people_of(
    session: Session, actor: Actor, words: str = "", *, first: Collection[UUID] = (), limit: int = 500
) -> list[PersonView]:
    """The people of the units that the actor administers, by unit and name, with roles and phones.

    ``words``: part of a name, username or unit. ``first``: ids of those who come before all others.
    """
    roots = [g.unit_path for g in actor.grants if g.role == Role.UNIT_ADMINISTRATOR]
    if not roots:
        return []
    reach = Unit.path.startswith(roots[0])
    for root in roots[1:]:
        reach = reach | Unit.path.startswith(root)
    query = (
        select(Person)
        .join(Unit)
        .where(reach)
        .order_by(Person.id.not_in(list(first)), Unit.path, Person.name)
        .limit(limit)
    )
    for word in words.split():
        text = func.concat_ws(" ", Person.name, Person.username, Unit.name)
        query = query.where(text.icontains(word, autoescape=True))
    return _viewed(session, list(session.scalars(query)))


def _viewed(session: Session, people: list[Person]) -> list[PersonView]:
    ids = [person.id for person in people]
    roles: dict[UUID, list[str]] = {}
    for person_id, role in session.execute(
        select(RoleGrant.person_id, RoleGrant.role).where(RoleGrant.person_id.in_(ids))
    ):
        roles.setdefault(person_id, []).append(role)
    devices: dict[UUID, list[DeviceView]] = {}
    for d in session.scalars(select(Device).where(Device.person_id.in_(ids)).order_by(Device.id)):
        view = DeviceView(d.id, d.name, d.enrolled_at, d.revoked_at)
        devices.setdefault(d.person_id, []).append(view)
    units = dict(session.execute(select(Unit.id, Unit.name)).all())
    return [
        PersonView(p.id, p.name, p.username, units[p.unit_id], sorted(roles.get(p.id, [])),
                   devices.get(p.id, []))
        for p in people
    ]  # fmt: skip


def unit_by_code(session: Session, code: str) -> Unit | None:
    """The unit with this code."""
    return session.scalar(select(Unit).where(Unit.code == code))


def phone_person(session: Session, person_id: UUID) -> dict[str, str]:
    """The person behind a phone, as the phone shows them."""
    person = session.get_one(Person, person_id)
    return {"id": str(person.id), "name": person.name, "unit": person.unit.name}


def has_sample(session: Session) -> bool:
    """Does this instance hold the invented sample?"""
    return session.scalar(select(Person.id).where(Person.sample).limit(1)) is not None
