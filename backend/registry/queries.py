"""What people can ask of the registries: search, one entity's file, the lists."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, false, func, literal_column, or_, select, true
from sqlalchemy.orm import Session, joinedload

from backend.accounts.models import Person, Unit
from backend.db import view_of
from backend.problems import NotFound
from backend.registry.models import District, Entity, Expert, ImportRun, Inspector, Item
from backend.registry.rules import drawable
from backend.registry.scope import Scope


@dataclass(frozen=True)
class EntityView:
    """An entity as lists and its own page show it; coordinates are EPSG:4326 degrees."""

    id: UUID
    name: str
    uscc: str | None
    entity_type: str
    reg_state: str
    address: str
    district: str
    trade_format: str | None
    food: bool
    licence_no: str | None
    credit_class: str | None
    score: int | None
    last_check_at: date | None
    lon: float | None
    lat: float | None
    invented: bool


_VIEW = (
    Entity.id, Entity.name, Entity.uscc, Entity.entity_type, Entity.reg_state, Entity.address, Entity.district,
    Entity.trade_format, Entity.food, Entity.licence_no, Entity.credit_class, Entity.score,
    Entity.last_check_at, func.st_x(Entity.place).label("lon"), func.st_y(Entity.place).label("lat"), Entity.invented,
)  # fmt: skip


TRIGRAM = 3
_WORDS: ColumnElement[str] = literal_column("(entities.name || ' ' || entities.address)", Text)
"""As the index ``entities_words_idx`` has it"""


def search_entities(
    session: Session, *, words: str = "", district: str = "", credit_class: str = "",
    near: tuple[float, float, float] | None = None, limit: int = 50, skip: int = 0,
) -> list[EntityView]:  # fmt: skip
    """Entities by code, number, name or address words, district prefix, class, or within metres of (lon, lat, metres).

    A whole credit code, registration or licence number is looked up exactly. ``skip`` turns the pages: rows come in the
    order in which the table holds them (or by distance), which costs no sorting and stays while nothing is changed.
    """
    _read_in_order(session)
    query = select(*_VIEW).limit(limit).offset(skip)
    if words := words.strip():
        query = query.where(_matches(words))
    if district:
        query = query.where(Entity.district.startswith(district))
    if credit_class:
        query = query.where(Entity.credit_class == credit_class)
    if near:
        lon, lat, metres = near
        spot = func.st_setsrid(func.st_makepoint(lon, lat), 4326)
        box = func.st_expand(spot, metres / 80_000)
        away = func.st_distancesphere(Entity.place, spot)
        query = query.where(Entity.place.op("&&")(box), away <= metres).order_by(away)
    return [EntityView(**row) for row in session.execute(query).mappings()]


def _read_in_order(session: Session) -> None:
    """Let the pages of one search agree: no scan begins in the middle of the table, none is shared out to workers."""
    session.execute(
        select(
            func.set_config("synchronize_seqscans", "off", True),
            func.set_config("max_parallel_workers_per_gather", "0", True),
        )
    )


def _matches(words: str) -> Any:
    code = words.upper()
    if code.isascii() and code.isalnum() and len(code) >= 13:
        return (Entity.uscc == code) | (Entity.reg_no == code) | (Entity.licence_no == code)
    return and_(*(_holds(word) for word in words.split()))


def _holds(word: str) -> Any:
    """One condition for each word: PostgreSQL does not look into the trigram index for ``ilike all(…)``.

    Two characters, which is much in Chinese, are no trigram: the index would be read whole, the table is read faster.
    """
    if len(word) < TRIGRAM:
        return func.strpos(func.lower(_WORDS) if word.lower() != word.upper() else _WORDS, word.lower()) > 0
    return _WORDS.ilike(f"%{_plain(word)}%")


def _plain(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def entity(session: Session, entity_id: UUID, within: str = "") -> EntityView:
    """One entity. Raises NotFound, also for those outside the district prefix ``within``."""
    row = session.execute(select(*_VIEW).where(Entity.id == entity_id)).mappings().one_or_none()
    if row is None or not row["district"].startswith(within):
        raise NotFound(what="主体 entity", id=str(entity_id))
    return EntityView(**row)


@dataclass(frozen=True)
class RegistryCounts:
    """How many entities there are, by district and class."""

    district: str
    name: str
    total: int
    classes: dict[str, int]


def counts(session: Session, district: str = "") -> list[RegistryCounts]:
    """Entities by district and class within a district prefix, one pass."""
    rows = session.execute(
        select(Entity.district, Entity.credit_class, func.count())
        .where(Entity.district.startswith(district))
        .group_by(Entity.district, Entity.credit_class)
    )
    by_district: dict[str, dict[str, int]] = {}
    for district, grade, count in rows:
        by_district.setdefault(district, {})[grade or "-"] = count
    names = dict(session.execute(select(District.code, District.name)).all())
    return [
        RegistryCounts(code, names.get(code, code), sum(classes.values()), classes)
        for code, classes in sorted(by_district.items())
    ]


@dataclass(frozen=True)
class ImportView:
    """One import in the list, and with its report on its own page."""

    id: UUID
    kind: str
    file_name: str
    at: datetime
    read: int
    added: int
    changed: int
    unchanged: int
    refused: int
    report: list[Any]


def imports(session: Session, scope: Scope | None = None, limit: int = 30) -> list[ImportView]:
    """The latest imports; with ``scope`` those by people of its units."""
    query = select(ImportRun).order_by(ImportRun.at.desc()).limit(limit)
    return [view_of(ImportView, run) for run in session.scalars(query.where(_by_people_of(scope)) if scope else query)]


def import_run(session: Session, run_id: UUID, scope: Scope | None = None) -> ImportView:
    """One import with its report. Raises NotFound, also for those by people beyond ``scope``."""
    query = select(ImportRun).where(ImportRun.id == run_id)
    run = session.scalar(query.where(_by_people_of(scope)) if scope else query)
    if run is None:
        raise NotFound(what="导入 import", id=str(run_id))
    return view_of(ImportView, run)


def _by_people_of(scope: Scope) -> ColumnElement[bool]:
    """A report tells rows of a register: who imported stands in a unit of the reader's; the operator's are the city's."""
    if scope.whole_city:
        return true()
    within = or_(false(), *(Unit.path.startswith(path) for path, _ in scope.reaches))
    return ImportRun.by.in_(select(cast(Person.id, Text)).join(Unit, Person.unit_id == Unit.id).where(within))


@dataclass(frozen=True)
class ItemView:
    """An item of inspection in the published list."""

    id: UUID
    code: str
    name: str
    department: str
    item_class: str
    checklist_code: str | None
    published_at: date | None


def items(session: Session) -> list[ItemView]:
    """The item list."""
    return [view_of(ItemView, item) for item in session.scalars(select(Item).order_by(Item.code))]


@dataclass(frozen=True)
class InspectorView:
    """An officer in the inspectors' register; ``drawable`` on the day that was asked for."""

    id: UUID
    name: str
    unit: str
    card_no: str
    card_valid_to: date
    qualifications: list[str]
    expert: bool
    state: str
    drawable: bool


def inspectors(
    session: Session, *, on: date, district: str = "", words: str = "", limit: int = 300
) -> list[InspectorView]:
    """Inspectors of a district prefix by part of name, card or unit, in the order of units."""
    query = (
        select(Inspector)
        .join(Inspector.person)
        .join(Inspector.unit)
        .options(joinedload(Inspector.person), joinedload(Inspector.unit))
        .where(Inspector.district.startswith(district))
        .order_by(Unit.path, Inspector.card_no)
        .limit(limit)
    )
    for word in words.split():
        place = func.concat_ws(" ", Person.name, Inspector.card_no, Unit.name)
        query = query.where(place.icontains(word, autoescape=True))
    return [
        InspectorView(i.id, i.person.name, i.unit.name, i.card_no, i.card_valid_to, i.qualifications, i.expert,
                      i.state.value, drawable(i.state, i.card_valid_to, on))
        for i in session.scalars(query)
    ]  # fmt: skip


@dataclass(frozen=True)
class ExpertView:
    """An expert in the register (DOMAIN §1.4)."""

    id: UUID
    name: str
    employer: str
    specialities: list[str]
    title: str | None
    qualification_no: str | None
    pledged: bool
    valid_to: date | None
    unit: str | None


def experts(session: Session, *, district: str = "", limit: int = 300) -> list[ExpertView]:
    """Experts of the units of a district prefix, and those of no unit, by name."""
    query = select(Expert, Unit.name).outerjoin(Unit, Expert.unit_id == Unit.id).order_by(Expert.name).limit(limit)
    rows = session.execute(query.where((Expert.unit_id.is_(None)) | Unit.district.startswith(district)))
    return [
        ExpertView(e.id, e.name, e.employer, e.specialities, e.title, e.qualification_no, e.pledged, e.valid_to, unit)
        for e, unit in rows
    ]
