"""The demo on a real register: import it with its history, give it an authority of its own, then play the same story.

The imports and the people are made in the instance that DATA names; the story itself goes through HTTP.
"""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.commands import enter_person, enter_unit
from backend.accounts.models import Level, Unit
from backend.accounts.queries import unit_by_code
from backend.accounts.rules import Role
from backend.config import settings
from backend.db import transaction
from backend.demo.play import Cast, Outcome, Play
from backend.problems import Problem
from backend.registry.calendar import seed_calendar
from backend.registry.checklist_restaurant import ship_restaurant_checklist
from backend.registry.commands import NewInspector, enter_inspectors, enter_item
from backend.registry.imports import ImportReport, import_entities
from backend.registry.models import Entity
from backend.registry.sheets import Mapping, read_mapping
from backend.risk.card import rows_of
from backend.risk.commands import adopt_scorecard, score_all
from backend.risk.imports import FactsReport, import_facts
from backend.times import local_today

OFFICERS = 24
DESKS = {
    "planner": Role.PLAN_MANAGER, "county": Role.COUNTY_SUPERVISOR, "operator": Role.DRAW_OPERATOR,
    "witness": Role.WITNESS, "witness2": Role.WITNESS, "admin": Role.UNIT_ADMINISTRATOR, "reviewer": Role.REVIEWER,
}  # fmt: skip
ITEM = "000001000101"


class RealNeedsMapping(Problem):
    """A foreign register cannot be read without its mapping, and the mapping must name source and district."""

    status = 422
    zh = ("缺少映射", "请用 --mapping 指定映射文件，其中须有 source 和 [constants] district。")
    en = ("A mapping is needed", "Give --mapping; it must name `source` and, in [constants], `district`.")


class OnlyEmbedded(Problem):
    """The demo makes accounts with a known password; only an embedded instance may have such."""

    status = 409
    zh = ("只能在内置数据库上演示", "演示会建立口令公开的账号，不能用于外部数据库。")
    en = ("Embedded only", "The demo makes accounts with a known password; never on an outside database.")


def perform_real(url: str, password: str, *, file: Path, mapping: Path | None, size: int) -> tuple[list[str], Outcome]:
    """Import, score, play. Returns the import's figures and how the story ended. Raises RealNeedsMapping, OnlyEmbedded."""
    if mapping is None:
        raise RealNeedsMapping
    chosen = read_mapping(mapping.read_text(encoding="utf-8"))
    if not chosen.source or not chosen.constants.get("district"):
        raise RealNeedsMapping
    if not settings().embedded:
        raise OnlyEmbedded
    figures = prepare(file, chosen, mapping.with_name(f"{mapping.stem}_card.csv"), password)
    play = Play(
        url,
        _cast(chosen.source, password),
        size=size,
        item=ITEM,
        chosen={"district": chosen.constants["district"]},
        quiet=False,
    )
    for line in figures:
        play.console.print(line)
    return figures, play.run()


def prepare(file: Path, mapping: Mapping, card: Path, password: str) -> list[str]:
    """Bring register, history, card, people and item in; safe to repeat. Returns the figures, one a line."""
    data, district = file.read_bytes(), mapping.constants["district"]
    with transaction() as session:
        entities = import_entities(session, name=file.name, data=data, actor="demo", mapping=mapping)
        if card.exists():
            rows = rows_of(card.read_text(encoding="utf-8"))
            adopt_scorecard(session, version=f"{mapping.source}-1", rows=rows, effective=date(2000, 1, 1),
                            actor="demo", district=district)  # fmt: skip
        facts = import_facts(session, name=file.name, data=data, mapping=mapping, actor="demo")
        if unit_by_code(session, mapping.source.upper()) is None:
            _authority(session, mapping, password)
        scored = score_all(session, cause=f"import-{local_today()}", district=district)
        return _figures(session, entities, facts, scored, district)


def _figures(session: Session, entities: ImportReport, facts: FactsReport, scored: int, district: str) -> list[str]:
    classes = session.execute(
        select(Entity.credit_class, func.count()).where(Entity.district == district).group_by(Entity.credit_class)
    )
    reasons = Counter(refusal.code for refusal in entities.refusals)
    return [
        f"{entities.read} rows read: {entities.added} entities added, {entities.changed} changed, "
        f"{entities.unchanged} unchanged, {entities.refused} rows refused {dict(reasons)}",
        f"{facts.kept} facts kept, {len(facts.refusals)} refused",
        f"{scored} entities scored: " + ", ".join(f"{name} {count}" for name, count in sorted(classes)),
    ]


def _cast(source: str, password: str) -> Cast:
    named = {name: f"{source}-{name}" for name in DESKS}
    return Cast(
        password, planner=named["planner"], supervisor=named["county"], operator=named["operator"],
        witnesses=(named["witness"], named["witness2"]), admin=named["admin"], reviewer=named["reviewer"],
    )  # fmt: skip


def _authority(session: Session, mapping: Mapping, password: str) -> None:
    """An authority for the register's district: desks, officers, an item with the restaurant checklist, a calendar."""
    source, today = mapping.source, local_today()
    unit: Unit = enter_unit(session, code=source.upper(), name=f"{source} demo authority", level=Level.COUNTY,
                            district=mapping.constants["district"], department="demo")  # fmt: skip
    for name, role in DESKS.items():
        enter_person(session, unit=unit, name=f"{name} ({source})", username=f"{source}-{name}", password=password,
                     roles=(role,), sample=True)  # fmt: skip
    enter_inspectors(
        session,
        [NewInspector(unit=unit, name=f"Officer {n:02d} ({source})", card_no=f"{source}-{n:03d}", sample=True,
                      card_valid_to=today + timedelta(days=900), qualifications=["food_catering"])
         for n in range(1, OFFICERS + 1)],
    )  # fmt: skip
    seed_calendar(session, today.year - 1, today.year + 2)
    ship_restaurant_checklist(session)
    enter_item(
        session, code=ITEM, name="Food premises check", department="demo", level="county", object_types=["company"],
        legal_basis=[{"law": "demo"}], item_class="KEY", qualification="food_catering", checklist_code="restaurant",
        published_at=today, valid_from=date(2022, 3, 15),
    )  # fmt: skip
