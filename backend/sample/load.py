"""Loading the invented world into the embedded database, by the product's own commands. Never into an outside one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.commands import enter_person, enter_unit, hash_password
from backend.accounts.models import Level, Person, Unit
from backend.config import settings
from backend.disclosure.models import Notice
from backend.draws.commands import declare_recusal
from backend.problems import Problem
from backend.registry import commands as registry
from backend.registry.calendar import seed_calendar
from backend.registry.checklist_restaurant import ship_restaurant_checklist
from backend.registry.imports import take_entities
from backend.registry.models import Entity, EntityOwner, Inspector
from backend.risk.commands import adopt_scorecard, default_rows, districts_to_score, record_facts, score_district
from backend.sample.accounts import PASSWORD, accounts
from backend.sample.chance import SEED, SOURCE
from backend.sample.counties import BY_CODE, COUNTIES, DEFAULT
from backend.sample.districts import districts
from backend.sample.entities import Row, entities
from backend.sample.history import History, histories
from backend.sample.items import items
from backend.sample.osm import write_pbf
from backend.sample.people import SampleInspector, experts, inspectors, recusals
from backend.sample.roads import road_network
from backend.sample.round import load_round
from backend.sample.steps import Steps, Tell
from backend.sample.units import units
from backend.times import local_today

SMALL = 3000
"""Entities of the default sample, all of one county"""
RECUSED = 2000
"""Of the first so many entities, some are those of an inspector's family"""


class SampleOutside(Problem):
    """The sample and its accounts exist only on the embedded database."""

    status = 409
    zh = ("不能写入示例数据", "示例数据和示例账号只能用于内置数据库；当前设置了 DATABASE_URL。")
    en = ("No sample here", "The sample and its accounts exist only on the embedded database; DATABASE_URL is set.")


class AlreadyFilled(Problem):
    """There are entities already."""

    status = 409
    zh = ("已有数据", "数据库中已有 {count} 户主体，示例只能装入空库。请换一个 DATA 目录。")
    en = (
        "Not empty",
        "There are {count} entities already; the sample goes into an empty database. Choose another DATA.",
    )


@dataclass(frozen=True)
class ShownAccount:
    """A sample account as the launcher prints it."""

    username: str
    password: str
    role: str
    unit: str


def accounts_to_show() -> list[ShownAccount]:
    """The sample accounts, with role and unit."""
    names = {unit.code: unit.name for unit in units(SEED)}
    return [
        ShownAccount(a.username, PASSWORD, "+".join(role.value for role in a.roles), names[a.unit_code])
        for a in accounts(SEED, local_today())
    ]


def load_sample(session: Session, *, count: int = SMALL, tell: Tell = print) -> None:
    """Fill an empty embedded database: one county when small, the whole city from 20,000 entities on.

    Raises SampleOutside, AlreadyFilled.
    """
    _refuse_elsewhere(session)
    on, steps = local_today(), Steps(tell)
    chosen = (DEFAULT,) if count < 20_000 else tuple(county.code for county in COUNTIES)
    with steps.step("districts, units, people"):
        load_ground(session, on)
    _load_entities(session, steps, on, count, chosen)
    with steps.step("roads"):
        write_pbf(road_network(SEED, chosen), settings().roads)
    with steps.step("scores"):
        for district in steps.bar(districts_to_score(session), len(chosen)):
            score_district(session, district=district, cause="sample")
    with steps.step("a round in the middle of its course"):
        load_round(session, on)
    _name_owner(session)
    ledger.record(session, "sample.loaded", str(SEED), count=count)
    for line in steps.figures(session):
        tell(line)


def _name_owner(session: Session) -> None:
    """The owner's account signs in for the entity whose result is public already."""
    entity_id = session.scalar(select(Notice.entity_id).where(Notice.entity_id.is_not(None)).order_by(Notice.number))
    person_id = session.scalar(select(Person.id).where(Person.username == "owner"))
    if entity_id and person_id:
        session.add(EntityOwner(person_id=person_id, entity_id=entity_id))


def _load_entities(session: Session, steps: Steps, on: date, count: int, chosen: Sequence[str]) -> None:
    """The register, and what is known of each. Rows are made twice rather than kept: a city's would fill the memory."""
    with steps.step(f"{count:,} entities"):
        take_entities(session, enumerate(steps.bar(entities(SEED, on, count, chosen), count), start=1), SOURCE)
    officers = inspectors(SEED, on)
    with steps.step("what is known of them"):
        load_history(session, histories(steps.bar(entities(SEED, on, count, chosen), count), SEED, on, officers))
    with steps.step("recusals"):
        _load_recusals(session, on, officers, list(islice(entities(SEED, on, count, chosen), RECUSED)))


def _refuse_elsewhere(session: Session) -> None:
    if not settings().embedded:
        raise SampleOutside
    if (known := session.query(Entity).limit(1).count()) != 0:
        raise AlreadyFilled(count=known)


def load_ground(session: Session, on: date) -> None:
    """Everything but entities: districts, units, people, items, checklist, calendar, points card."""
    for district in districts(SEED):
        registry.enter_district(
            session, code=district.code, name=district.name, name_en=district.name_en, level=district.level,
            area=district.geometry, invented=True,
        )  # fmt: skip
    seed_calendar(session, on.year - 3, on.year + 2)
    known = _load_units(session)
    _load_people(session, on, known)
    ship_restaurant_checklist(session)
    for row in items():
        registry.enter_item(session, **{key: value for key, value in row.items() if key != "source"})
    adopt_scorecard(session, version="1.0", rows=default_rows(), effective=on - timedelta(days=30), actor=SOURCE)


def _load_units(session: Session) -> dict[str, Unit]:
    known: dict[str, Unit] = {}
    for unit in units(SEED):
        seat = BY_CODE[unit.district].seat if unit.level == "county" else (None, None)
        known[unit.code] = enter_unit(
            session, code=unit.code, name=unit.name, level=Level(unit.level), district=unit.district,
            department=unit.department, parent=known.get(unit.parent_code or ""), site=unit.site, lon=seat[0], lat=seat[1],
        )  # fmt: skip
    return known


def _load_people(session: Session, on: date, known: dict[str, Unit]) -> None:
    """The desks that sign in, and every inspector of every unit; those with an account are the same people."""
    desks = {account.card_no: account for account in accounts(SEED, on) if account.card_no}
    for account in accounts(SEED, on):
        if not account.card_no:
            enter_person(session, unit=known[account.unit_code], name=account.name, username=account.username,
                         password=PASSWORD, roles=account.roles, sample=True)  # fmt: skip
    secret = hash_password(PASSWORD)
    registry.enter_inspectors(
        session, [_officer(row, known, secret, row.card_no in desks) for row in inspectors(SEED, on)]
    )
    for expert in experts(SEED, on):
        registry.enter_expert(
            session, name=expert.name, employer=expert.employer, specialities=list(expert.specialities),
            title=expert.title, valid_to=expert.valid_to, unit_id=known[expert.unit_code].id,
        )  # fmt: skip


def _officer(row: SampleInspector, known: dict[str, Unit], secret: str, signs_in: bool) -> registry.NewInspector:
    return registry.NewInspector(
        unit=known[row.unit_code], name=row.name, username=row.username, password_hash=secret if signs_in else None,
        card_no=row.card_no, card_valid_to=date.fromisoformat(row.card_valid_to),
        qualifications=[one for one in row.qualifications.split(";") if one], state=row.state, sample=True,
    )  # fmt: skip


def load_history(session: Session, told: Iterable[History]) -> None:
    """Facts and last visits of the entities, some thousands at a time."""
    known = _by_key(session)
    for history in told:
        record_facts(session, _facts(history.facts, known))
        last: dict[UUID, date] = {}
        for visit in history.visits:
            if found := known.get(visit.entity_key):
                last[found[0]] = max(visit.on, last.get(found[0], visit.on))
        registry.note_last_checks(session, last)


def _by_key(session: Session) -> dict[str, tuple[UUID, str]]:
    rows = session.execute(select(Entity.id, Entity.uscc, Entity.reg_no, Entity.district))
    return {key: (id_, district) for id_, uscc, reg_no, district in rows for key in (uscc, reg_no) if key}


def _facts(facts: Sequence[Row], known: dict[str, tuple[UUID, str]]) -> Iterator[dict[str, Any]]:
    for fact in facts:
        found = known.get(fact["uscc"] or fact["reg_no"])
        if found:
            yield {
                "entity_id": found[0], "district": found[1], "indicator": fact["indicator"], "value": fact["value"],
                "as_of": date.fromisoformat(fact["as_of"]), "source": fact["source"], "source_id": fact["source_id"],
                "repaired": fact["repaired"] == "true",
            }  # fmt: skip


def _load_recusals(session: Session, on: date, officers: list[SampleInspector], rows: list[Row]) -> None:
    known = _by_key(session)
    cards = {card: id_ for id_, card in session.execute(select(Inspector.id, Inspector.card_no))}
    for recusal in recusals(SEED, on, officers, [row["uscc"] or row["reg_no"] for row in rows]):
        if recusal.card_no in cards and recusal.entity_key in known:
            declare_recusal(session, inspector_id=cards[recusal.card_no], entity_id=known[recusal.entity_key][0],
                            ground=recusal.ground)  # fmt: skip
