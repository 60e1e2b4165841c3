"""What people can do with accounts: sign in and out, and give roles."""

import hashlib
import secrets
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import ConsoleSession, Level, Person, RoleGrant, Unit
from backend.accounts.rules import Actor, Role, can_administer_unit
from backend.problems import NotAllowed, NotFound, Problem
from backend.times import utc_now

SESSION_HOURS = 12


class WrongSignIn(Problem):
    """No such name, or not this password: which of the two is not told."""

    status = 401
    zh = ("登录失败", "用户名或密码不正确。请检查后重试；忘记密码请联系本单位管理员。")
    en = (
        "Sign-in failed",
        "The name or the password is wrong. Try again, or ask your unit's administrator.",
    )


class NameTaken(Problem):
    """Usernames are unique."""

    status = 409
    zh = ("用户名已被使用", "用户名“{username}”已存在，请换一个。")
    en = ("Name is taken", "The username “{username}” exists already; choose another.")


def secret_hash(secret: str) -> str:
    """What is kept of a cookie, code or token: its SHA-256, hex. The secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(session: Session, *, username: str, password: str) -> tuple[str, Person]:
    """Check a name and password. Returns the secret for the session cookie, and the person.

    Raises WrongSignIn; takes the same time whether or not the name exists.
    """
    person = session.scalar(select(Person).where(Person.username == username.strip().lower()))
    known = person.password_hash if person and person.active else None
    if not _matches(known or _nobody(), password) or person is None or known is None:
        raise WrongSignIn
    secret = secrets.token_urlsafe(32)
    session.execute(delete(ConsoleSession).where(ConsoleSession.expires_at < utc_now()))
    session.add(
        ConsoleSession(
            secret_hash=secret_hash(secret),
            person_id=person.id,
            csrf=secrets.token_urlsafe(24),
            expires_at=utc_now() + timedelta(hours=SESSION_HOURS),
        )
    )
    ledger.record(session, "person.signed_in", person.id, actor=person.id, chain=person.unit.code)
    return secret, person


def sign_out(session: Session, *, secret: str) -> None:
    """End a console session."""
    session.execute(delete(ConsoleSession).where(ConsoleSession.secret_hash == secret_hash(secret)))


def enter_unit(session: Session, *, code: str, name: str, level: Level, district: str, department: str,
               parent: Unit | None = None, site: str | None = None,
               lon: float | None = None, lat: float | None = None) -> Unit:  # fmt: skip
    """Enter a unit below its parent."""
    path = f"{parent.path if parent else ''}{code}/"
    unit = Unit(code=code, name=name, level=level, district=district, department=department,
                parent_id=parent.id if parent else None, path=path, site=site, lon=lon, lat=lat)  # fmt: skip
    session.add(unit)
    session.flush()
    return unit


def enter_person(session: Session, *, unit: Unit, name: str, username: str | None = None,
                 password: str | None = None, roles: tuple[Role, ...] = (),
                 sample: bool = False) -> Person:  # fmt: skip
    """Enter a person of a unit, with roles over that unit's subtree. Raises NameTaken."""
    if username and session.scalar(select(Person.id).where(Person.username == username.lower())):
        raise NameTaken(username=username)
    person = Person(
        unit_id=unit.id,
        name=name,
        username=username.lower() if username else None,
        password_hash=hash_password(password) if password else None,
        sample=sample,
    )
    session.add(person)
    session.flush()
    session.add_all(RoleGrant(person_id=person.id, role=role, unit_id=unit.id) for role in roles)
    session.flush()
    return person


def grant_role(session: Session, *, actor: Actor, person_id: UUID, role: Role, district: str = "") -> None:
    """Give a person of the actor's units a role over the person's unit. Raises NotAllowed, NotFound."""
    person = person_within(session, actor, person_id)
    session.add(RoleGrant(person_id=person.id, role=role, unit_id=person.unit_id, district=district))
    ledger.record(session, "role.granted", person.id, actor=actor, chain=person.unit.code, role=role.value)


def person_within(session: Session, actor: Actor, person_id: UUID) -> Person:
    """A person whom this unit administrator answers for. Raises NotFound, NotAllowed."""
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound(what="人员 person", id=str(person_id))
    if not actor.reaches((Role.UNIT_ADMINISTRATOR,), person.unit.path, person.unit.district):
        raise NotAllowed(need=can_administer_unit.__doc__)
    return person


def hash_password(password: str) -> str:
    """Argon2id with the library's current defaults."""
    return _hasher().hash(password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return hash_password(secrets.token_urlsafe())


def _matches(known: str, password: str) -> Any:
    try:
        return _hasher().verify(known, password)
    except (VerifyMismatchError, InvalidHashError):
        return False
