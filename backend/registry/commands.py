"""What people can do with the registries: enter, retire and classify entities; enter districts, items and
inspectors; declare exclusions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Person, RoleGrant, Unit
from backend.accounts.rules import Role
from backend.db import new_id
from backend.problems import BadInput, NotFound, Problem
from backend.registry.entity_rows import Refusal
from backend.registry.imports import take_entities
from backend.registry.models import (
    District,
    Entity,
    Exclusion,
    Expert,
    Inspector,
    InspectorState,
    Item,
    RegState,
)
from backend.registry.sheets import Row


class EntityRefused(Problem):
    """A single entity's fields did not pass the same checks that an import makes."""

    status = 422
    zh = ("主体信息有误", "{summary}")
    en = ("The entity's fields are wrong", "{summary}")

    def __init__(self, refusals: list[Refusal]) -> None:
        rows = [refusal.as_json() for refusal in refusals]
        summary = "; ".join(f"{r['column_zh']} {r['column']}: {r['zh']} / {r['en']}" for r in rows)
        super().__init__(summary=summary, errors=rows)


def enter_entity(session: Session, *, row: Row, actor: object) -> Entity:
    """Enter one entity, or change it when its key is known, by the same rules as an import. Raises EntityRefused."""
    report = take_entities(session, [(1, row)])
    if report.refusals:
        raise EntityRefused(report.refusals)
    key = row.get("source_id") or row.get("uscc", "").upper() or row.get("reg_no")
    entity = session.scalars(select(Entity).where(Entity.source == "", Entity.source_id == key)).one()
    ledger.record(session, "entity.entered", entity.id, actor=actor)
    return entity


def retire_entity(session: Session, *, entity_id: UUID, state: RegState, actor: object) -> Entity:
    """Take an entity out of the pools, the same day; its history stays. Raises NotFound."""
    entity = session.get(Entity, entity_id)
    if entity is None:
        raise NotFound(what="主体 entity", id=str(entity_id))
    entity.reg_state = state
    ledger.record(session, "entity.retired", entity.id, actor=actor, state=state.value)
    return entity


def classify(session: Session, *, entity_id: UUID, credit_class: str, score: int, version: str,
             at: datetime, cause: str) -> None:  # fmt: skip
    """Keep the class that risk found; draws read it here. A change of class is an event."""
    entity = session.get_one(Entity, entity_id)
    before = entity.credit_class
    entity.credit_class, entity.score = credit_class, score
    entity.model_version, entity.scored_at = version, at
    if before != credit_class:
        ledger.record(session, "entity.classified", entity_id, before=before or "",
                      credit_class=credit_class, cause=cause)  # fmt: skip


def enter_district(session: Session, *, code: str, name: str, name_en: str, level: str,
                   area: dict[str, Any], invented: bool = False) -> None:  # fmt: skip
    """Enter a district with its area (GeoJSON MultiPolygon, EPSG:4326), cut into small parts for quick questions."""
    geometry = f"SRID=4326;{_wkt(session, area)}"
    session.merge(District(code=code, name=name, name_en=name_en, level=level, area=geometry, invented=invented))
    session.flush()
    session.execute(text("delete from district_parts where code = :code"), {"code": code})
    session.execute(
        text("insert into district_parts (code, part) select code, st_subdivide(area, 64) from districts "
             "where code = :code and level = 'county'"),
        {"code": code},
    )  # fmt: skip


def _wkt(session: Session, area: dict[str, Any]) -> str:
    return session.execute(
        text("select st_astext(st_multi(st_geomfromgeojson(:area)))"), {"area": json.dumps(area)}
    ).scalar_one()


def enter_item(session: Session, **fields: Any) -> Item:
    """Enter an item of inspection, or a new state of it."""
    item = session.scalar(select(Item).where(Item.code == fields["code"])) or Item(code=fields["code"])
    for name, value in fields.items():
        setattr(item, name, value)
    session.add(item)
    session.flush()
    return item


def enter_inspector(session: Session, *, person: Person, unit: Unit, card_no: str, card_valid_to: date,
                    qualifications: list[str], expert: bool = False,
                    state: InspectorState = InspectorState.ACTIVE) -> Inspector:  # fmt: skip
    """Enter a person into the inspectors' register."""
    inspector = Inspector(
        person_id=person.id, unit_id=unit.id, card_no=card_no, card_valid_to=card_valid_to,
        qualifications=qualifications, expert=expert, state=state, district=unit.district,
    )  # fmt: skip
    session.add(inspector)
    session.flush()
    return inspector


@dataclass(frozen=True)
class NewInspector:
    """An officer to be entered, person and register row together."""

    unit: Unit
    name: str
    card_no: str
    card_valid_to: date
    qualifications: list[str]
    username: str | None = None
    password_hash: str | None = None
    state: str = "active"
    sample: bool = False


def enter_inspectors(session: Session, officers: Sequence[NewInspector]) -> int:
    """Enter many officers at once: people, their role over their unit, and the register. Returns how many."""
    ids = [new_id() for _ in officers]
    people = [
        {"id": id_, "unit_id": o.unit.id, "name": o.name, "username": o.username, "password_hash": o.password_hash,
         "active": True, "sample": o.sample}
        for id_, o in zip(ids, officers, strict=True)
    ]  # fmt: skip
    session.execute(insert(Person), people)
    session.execute(
        insert(RoleGrant),
        [{"person_id": p["id"], "role": Role.INSPECTOR, "unit_id": p["unit_id"]} for p in people],
    )
    rows = [
        {"person_id": id_, "unit_id": o.unit.id, "card_no": o.card_no, "card_valid_to": o.card_valid_to,
         "qualifications": o.qualifications, "state": InspectorState(o.state), "district": o.unit.district}
        for id_, o in zip(ids, officers, strict=True)
    ]  # fmt: skip
    session.execute(insert(Inspector), rows)
    return len(rows)


def enter_expert(session: Session, **fields: Any) -> Expert:
    """Enter somebody who advises and never counts toward the two officers (DOMAIN §1.4)."""
    expert = Expert(**fields)
    session.add(expert)
    return expert


def note_last_checks(session: Session, days: Mapping[UUID, date]) -> None:
    """Keep when entities were last visited, from a history that is brought in."""
    if days:
        session.execute(
            text("update entities e set last_check_at = d.day from unnest(cast(:ids as uuid[]), cast(:days as date[])) "
                 "as d (id, day) where e.id = d.id"),
            {"ids": list(days), "days": list(days.values())},
        )  # fmt: skip
        session.expire_all()


def exclude(session: Session, *, entity: Entity, reason: str, evidence: str, starts: date, ends: date,
            item_code: str | None = None, approver: str | None = None) -> Exclusion:  # fmt: skip
    """Keep an entity out of pools for a time, with evidence and an end. Raises BadInput."""
    if not evidence.strip() or ends < starts:
        raise BadInput(
            {
                "evidence": ["必须填写依据 / evidence is needed"],
                "ends": ["应晚于开始 / must not be before the start"],
            }
        )
    exclusion = Exclusion(
        entity_id=entity.id, reason=reason, evidence=evidence, starts=starts, ends=ends, item_code=item_code,
        approver=approver, district=entity.district,
    )  # fmt: skip
    session.add(exclusion)
    return exclusion


def note_check(session: Session, *, entity_id: UUID, on: date, item_code: str, evidence: str) -> None:
    """Keep that an entity was visited: its last check, and its exclusion from further lots on the item this year."""
    entity = session.get_one(Entity, entity_id)
    entity.last_check_at = max(entity.last_check_at or on, on)
    known = select(Exclusion.id).where(Exclusion.entity_id == entity_id, Exclusion.evidence == evidence)
    if session.scalar(known) is None:
        exclude(session, entity=entity, reason="CHECKED_THIS_YEAR_SAME_ITEM", evidence=evidence,
                starts=on, ends=date(on.year, 12, 31), item_code=item_code)  # fmt: skip
