"""Makers of what tests need, by the product's own commands."""

from datetime import date, timedelta

from sqlalchemy.orm import Session

from backend.accounts import queries as accounts
from backend.accounts.commands import enter_person, enter_unit
from backend.accounts.models import Level, Unit
from backend.accounts.rules import Actor, Role
from backend.draws import lots, plans, rounds, sources
from backend.registry import commands as registry
from backend.registry.calendar import seed_calendar
from backend.registry.checklist_restaurant import ship_restaurant_checklist
from backend.registry.imports import take_entities
from backend.registry.models import Entity, Inspector
from backend.registry.rules import check_character, organisation_check
from backend.risk.commands import adopt_scorecard, default_rows, score_all
from backend.times import local_today

DISTRICT = "610702"
SQUARE = {"type": "MultiPolygon", "coordinates": [[[[107, 33], [107.2, 33], [107.2, 33.2], [107, 33.2], [107, 33]]]]}
PASSWORD = "a long enough password"
DICE = "12345612345612345612"


def a_code(n: int, kind: str = "91") -> str:
    """The n-th valid credit code."""
    body = f"MA6{n:05d}"
    first17 = f"{kind}{DISTRICT}{body}{organisation_check(body)}"
    return first17 + check_character(first17)


def a_unit(session: Session, code: str = "HT", parent: Unit | None = None) -> Unit:
    """A county bureau in the square district."""
    registry.enter_district(session, code=DISTRICT, name="汉台区", name_en="Hantai", level="county", area=SQUARE)
    return enter_unit(session, code=code, name="汉台区市场监管局", level=Level.COUNTY, district=DISTRICT,
                      department="SAMR", parent=parent, lon=107.1, lat=33.1)  # fmt: skip


def an_actor(session: Session, unit: Unit, *roles: Role, name: str = "某人") -> Actor:
    """A person of the unit with these roles, ready to act."""
    username = f"u{abs(hash((unit.code, roles, name))) % 10**8}"
    person = enter_person(session, unit=unit, name=name, username=username, password=PASSWORD, roles=roles)
    return accounts.actor_of_person(person)


def entities(session: Session, count: int, *, food: bool = True) -> list[Entity]:
    """Entities spread over the square district, restaurants unless told otherwise."""
    rows = [
        (n, {"uscc": a_code(n), "name": f"第{n}饭店", "address": f"东大街{n}号", "district": DISTRICT,
             "lon": f"{107.01 + (n % 17) * 0.01:.4f}", "lat": f"{33.01 + (n % 13) * 0.013:.4f}",
             "industry": "6210" if food else "5231", "est_date": "2019-05-01"})
        for n in range(1, count + 1)
    ]  # fmt: skip
    report = take_entities(session, rows)
    assert not report.refusals, report.refusals[:3]
    return list(session.query(Entity).order_by(Entity.uscc))


def inspectors(session: Session, unit: Unit, count: int) -> list[Inspector]:
    """Officers of the unit whose cards are valid for years."""
    out = []
    for n in range(count):
        person = enter_person(session, unit=unit, name=f"执法员{n}", roles=(Role.INSPECTOR,))
        out.append(
            registry.enter_inspector(session, person=person, unit=unit, card_no=f"{unit.code}{n:04d}",
                                     card_valid_to=date(2040, 1, 1), qualifications=["food_catering"])
        )  # fmt: skip
    return out


def a_scored_district(session: Session, count: int = 60, officers: int = 8) -> Unit:
    """A unit with scored restaurants, officers, the restaurant item and checklist, a card and a calendar."""
    unit = a_unit(session)
    seed_calendar(session, 2025, 2028)
    adopt_scorecard(session, version="1.0", rows=default_rows(), effective=date(2020, 1, 1), actor="test")
    ship_restaurant_checklist(session)
    registry.enter_item(
        session, code="610701000101", name="餐饮服务食品安全检查", department="SAMR", level="county",
        object_types=["company", "individual"], legal_basis=[{"law": "食品安全法"}], item_class="KEY",
        qualification="food_catering", checklist_code="restaurant", published_at=date(2022, 1, 1),
        valid_from=date(2022, 1, 1),
    )  # fmt: skip
    entities(session, count)
    inspectors(session, unit, officers)
    score_all(session)
    return unit


class Ceremony:
    """The people who hold a round's draws, and the steps they take."""

    def __init__(self, session: Session, unit: Unit) -> None:
        self.session, self.unit = session, unit
        self.planner = an_actor(session, unit, Role.PLAN_MANAGER)
        self.supervisor = an_actor(session, unit, Role.COUNTY_SUPERVISOR)
        self.operator = an_actor(session, unit, Role.DRAW_OPERATOR)
        self.witnesses = [an_actor(session, unit, Role.WITNESS, name=f"见证{n}") for n in "甲乙"]

    def a_round(self, n: int = 6):
        """A round of a published plan, over the next days."""
        plan = plans.draft_plan(self.session, actor=self.planner, year=2026, title="餐饮检查计划")
        plans.file_plan(self.session, actor=self.planner, plan_id=plan.id)
        plans.publish_plan(self.session, actor=self.supervisor, plan_id=plan.id)
        starts = local_today() + timedelta(days=1)
        return rounds.draft_round(self.session, actor=self.planner, plan_id=plan.id, title="第一批", n=n, starts=starts,
                                 item_code="610701000101", ends=starts + timedelta(days=14), reserve=2)  # fmt: skip

    def draw(self, round_):
        """Freeze, commit, dice, witnesses, draw."""
        rounds.freeze_pool(self.session, actor=self.operator, round_id=round_.id)
        lot = lots.commit_entities(self.session, actor=self.operator, round_id=round_.id)
        self.dice(lot)
        return lots.hold_draw(self.session, actor=self.operator, lot_id=lot.id)

    def dice(self, lot) -> None:
        """Enter the dice and have both witnesses sign them."""
        sources.enter_dice(self.session, actor=self.operator, lot_id=lot.id, dice=DICE)
        for witness in self.witnesses:
            sources.witness_dice(self.session, actor=witness, lot_id=lot.id)
