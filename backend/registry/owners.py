"""Owners of entities (经营者): who signs in for which entity, named by the administrator of the unit."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Person
from backend.accounts.queries import actor_of_person
from backend.accounts.rules import Actor, Role
from backend.problems import NotFound
from backend.registry.models import Entity, EntityOwner
from backend.registry.queries import EntityView, entity
from backend.registry.scope import scope_of


def name_owner(session: Session, *, actor: Actor, entity_id: UUID, username: str) -> None:
    """Let a person who holds the owner's role sign in for an entity of the actor's districts. Raises NotFound.

    Naming them again changes nothing.
    """
    found = session.get(Entity, entity_id)
    if found is None or not scope_of(session, actor).holds(None, found.district):
        raise NotFound(what="主体 entity", id=str(entity_id))
    person = session.scalar(select(Person).where(Person.username == username.strip().lower()))
    if person is None or not actor_of_person(person).has(Role.ENTITY_OWNER):
        raise NotFound(what="经营者账号 owner's account", id=username)
    if session.get(EntityOwner, (person.id, entity_id)) is None:
        session.add(EntityOwner(person_id=person.id, entity_id=entity_id))
        ledger.record(session, "owner.named", entity_id, actor=actor, owner=str(person.id))


def owned(session: Session, actor: Actor) -> list[EntityView]:
    """The entities that a person signs in for, in the order in which they were named."""
    ids = session.scalars(
        select(EntityOwner.entity_id).where(EntityOwner.person_id == actor.person_id).order_by(EntityOwner.named_at)
    )
    return [entity(session, id_) for id_ in ids]


def owned_entity(session: Session, actor: Actor, entity_id: UUID) -> EntityView:
    """One of them. Raises NotFound for all others, whether they exist or not."""
    if session.get(EntityOwner, (actor.person_id, entity_id)) is None:
        raise NotFound(what="主体 entity", id=str(entity_id))
    return entity(session, entity_id)
