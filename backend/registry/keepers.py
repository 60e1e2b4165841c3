"""Who keeps the item list, the inspectors and the experts while a file comes in: known rows by key, checks, changes."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from backend.accounts.models import Person, RoleGrant, Unit
from backend.accounts.rules import Role
from backend.db import new_id
from backend.registry.models import Checklist, Entity, Expert, Inspector, InspectorState, Item
from backend.registry.scope import Scope

Expected = tuple[str, str, str]
"""A fault: column, reason, value"""
Recused = tuple[UUID, UUID, str]
"""An inspector who must not visit an entity, and the ground"""
Values = dict[str, Any]


def change(row: Any, values: Values) -> str:
    """Set what differs. Returns ``changed`` or ``unchanged``."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return "changed" if different else "unchanged"


class ItemKeeper:
    """The item list, known by the items' codes."""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        self.session, self.scope = session, scope
        self.recused: list[Recused] = []
        self.known = {item.code: item for item in session.scalars(select(Item))}
        self.checklists = set(session.scalars(select(Checklist.code)))

    def key(self, values: Values) -> object:
        """The item's code."""
        return values["code"]

    def faults(self, values: Values) -> Iterator[Expected]:
        """The list is the city's; a checklist that is named must be there."""
        if self.scope and not self.scope.holds_item(values["code"]):
            yield "code", "scope", values["code"]
        if values["checklist_code"] and values["checklist_code"] not in self.checklists:
            yield "checklist_code", "checklist", values["checklist_code"]

    def take(self, values: Values) -> str:
        """Enter the item, or a new state of it; earlier states stay in the history."""
        if item := self.known.get(values["code"]):
            return change(item, values)
        self.known[values["code"]] = item = Item(**values)
        self.session.add(item)
        return "added"


class InspectorKeeper:
    """The inspectors, known by their cards."""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        self.session, self.scope = session, scope
        self.recused: list[Recused] = []
        self.units = {unit.code: unit for unit in session.scalars(select(Unit))}
        rows = session.scalars(select(Inspector).options(joinedload(Inspector.person), joinedload(Inspector.unit)))
        self.known = {inspector.card_no: inspector for inspector in rows}

    def key(self, values: Values) -> object:
        """The card's number."""
        return values["card_no"]

    def faults(self, values: Values) -> Iterator[Expected]:
        """The unit must be there, and both the unit that had the officer and the one that gets them within scope."""
        unit, before = self.units.get(values["unit_code"]), self.known.get(values["card_no"])
        if unit is None:
            yield "unit_code", "unit", values["unit_code"]
        for held in (unit, before and before.unit):
            if held and self.scope and not self.scope.holds(held.path, held.district):
                yield "unit_code", "scope", values["unit_code"]
                break
        for code, _ in values["recusals"]:
            if self._entity(code) is None:
                yield "recusals", "entity", code

    def take(self, values: Values) -> str:
        """Enter the officer with their role over the unit, or what changed; a move of unit moves the role."""
        unit = self.units[values["unit_code"]]
        kept = {name: values[name] for name in ("card_valid_to", "qualifications", "expert")} | {
            "state": InspectorState(values["state"]), "unit_id": unit.id, "district": unit.district
        }  # fmt: skip
        inspector = self.known.get(values["card_no"])
        if inspector is None:
            self._recuse(self._enter(values, unit, kept), values)
            return "added"
        self._recuse(inspector, values)
        moved = inspector.unit_id != unit.id
        done = {change(inspector, kept), change(inspector.person, {"name": values["name"], "unit_id": unit.id})}
        if moved:
            self._move_role(inspector.person_id, unit.id)
        return "changed" if "changed" in done else "unchanged"

    def _entity(self, code: str) -> UUID | None:
        return self.session.scalar(select(Entity.id).where((Entity.uscc == code.upper()) | (Entity.source_id == code)))

    def _recuse(self, inspector: Inspector, values: Values) -> None:
        for code, ground in values["recusals"]:
            if entity_id := self._entity(code):
                self.recused.append((inspector.id, entity_id, ground))

    def _enter(self, values: Values, unit: Unit, kept: Values) -> Inspector:
        person = Person(unit_id=unit.id, name=values["name"], active=True)
        person.grants.append(RoleGrant(role=Role.INSPECTOR, unit_id=unit.id, district=""))
        inspector = Inspector(id=new_id(), person=person, card_no=values["card_no"], unit=unit, **kept)
        self.session.add(inspector)
        self.known[values["card_no"]] = inspector
        return inspector

    def _move_role(self, person_id: UUID, unit_id: UUID) -> None:
        self.session.execute(
            update(RoleGrant)
            .where(RoleGrant.person_id == person_id, RoleGrant.role == Role.INSPECTOR)
            .values(unit_id=unit_id)
        )


class ExpertKeeper:
    """The experts, known by their certificate, or by name and employer where they have none."""

    def __init__(self, session: Session, scope: Scope | None) -> None:
        self.session, self.scope = session, scope
        self.recused: list[Recused] = []
        self.units = {unit.code: unit for unit in session.scalars(select(Unit))}
        self.by_id = {unit.id: unit for unit in self.units.values()}
        self.known = {_expert_key(vars(expert)): expert for expert in session.scalars(select(Expert))}

    def key(self, values: Values) -> object:
        """The certificate, or name and employer."""
        return _expert_key(values)

    def faults(self, values: Values) -> Iterator[Expected]:
        """A unit that is named must be there; an expert of no unit belongs to everybody, so only the operator enters them."""
        code, before = values["unit_code"], self._known(values)
        if code and code not in self.units:
            yield "unit_code", "unit", code
            return
        if not self.scope:
            return
        held = [self.units.get(code or ""), *([self.by_id.get(before.unit_id)] if before and before.unit_id else [])]
        if any(unit is None or not self.scope.holds(unit.path, unit.district) for unit in held):
            yield "unit_code", "scope", code or ""

    def take(self, values: Values) -> str:
        """Enter the expert, or what changed."""
        unit = self.units.get(values["unit_code"] or "")
        kept = {name: value for name, value in values.items() if name != "unit_code"} | {"unit_id": unit and unit.id}
        if expert := self._known(values):
            return change(expert, kept)
        self.known[_expert_key(values)] = expert = Expert(**kept)
        self.session.add(expert)
        return "added"

    def _known(self, values: Values) -> Expert | None:
        """The expert of this row; one who was entered without a certificate may have got it since."""
        return self.known.get(_expert_key(values)) or self.known.get((values["name"], values["employer"]))


def _expert_key(values: Values) -> object:
    return values.get("qualification_no") or (values["name"], values["employer"])
