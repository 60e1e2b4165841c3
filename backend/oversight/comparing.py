"""Comparing officers' strictness: somebody asks, a job replays the lots, those who oversee look at the newest report (DRAWS §7)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Person, Unit
from backend.accounts.rules import READERS, Actor, can_compare_officers, district_reach
from backend.ledger import Event
from backend.oversight.models import StrictnessReport
from backend.oversight.rules import REPLAYS, strictness
from backend.oversight.strictness import periods
from backend.problems import NotAllowed
from backend.registry.models import Inspector
from backend.times import utc_now


def ask_comparison(session: Session, *, actor: Actor) -> StrictnessReport:
    """Ask for a comparison of the officers within the actor's reach; one that is being made is not asked twice. Raises NotAllowed."""
    if not actor.has(*READERS):
        raise NotAllowed(need=can_compare_officers.__doc__)
    latest = _latest(session, district_reach(actor.district))
    if latest and latest.done_at is None:
        return latest
    report = StrictnessReport(
        district=district_reach(actor.district), asked_at=utc_now(), asked_by=actor.person_id, replays=REPLAYS
    )
    session.add(report)
    session.flush()
    ledger.record(session, "comparison.asked", report.id, actor=actor, chain=actor.unit_code, replays=REPLAYS)
    return report


def compare_officers(session: Session, event: Event) -> None:
    """After ``comparison.asked``: replay the lots and keep what came of it; done already, it changes nothing."""
    report = session.get_one(StrictnessReport, event.subject, with_for_update=True)
    if report.done_at:
        return
    found = periods(session, report.district)
    told = strictness(found, report.replays)
    report.rows = [{**asdict(one), "inspector": str(one.inspector)} for one in told]
    report.lots, report.visits = len(found), sum(sum(period.visits.values()) for period in found)
    report.done_at = utc_now()


@dataclass(frozen=True)
class ComparedOfficer:
    """One officer with enough visits: rates are problems beyond what classes expect, for each visit."""

    name: str
    unit: str
    visits: int
    surplus: float
    usual: float
    """What the lot would have brought this officer on average, had it fallen otherwise"""
    p: float
    stands_out: bool
    """After Benjamini–Hochberg over all compared"""


@dataclass(frozen=True)
class Comparison:
    """A report as its readers see it."""

    asked_at: datetime
    done_at: datetime | None
    replays: int
    lots: int
    visits: int
    officers: list[ComparedOfficer]


def comparison(session: Session, actor: Actor) -> Comparison | None:
    """The newest report of the actor's reach, or None before anybody asked. Raises NotAllowed."""
    if not actor.has(*READERS):
        raise NotAllowed(need=can_compare_officers.__doc__)
    report = _latest(session, district_reach(actor.district))
    if report is None:
        return None
    people = _people(session, [UUID(row["inspector"]) for row in report.rows])
    officers = [
        ComparedOfficer(*people[row["inspector"]], **{k: v for k, v in row.items() if k != "inspector"})
        for row in report.rows
    ]
    return Comparison(report.asked_at, report.done_at, report.replays, report.lots, report.visits, officers)


def _latest(session: Session, district: str) -> StrictnessReport | None:
    return session.scalar(
        select(StrictnessReport)
        .where(StrictnessReport.district == district)
        .order_by(StrictnessReport.asked_at.desc())
        .limit(1)
    )


def _people(session: Session, inspectors: list[UUID]) -> dict[str, tuple[str, str]]:
    """Name and unit by inspector."""
    rows = session.execute(
        select(Inspector.id, Person.name, Unit.name)
        .join(Person, Person.id == Inspector.person_id)
        .join(Unit, Unit.id == Person.unit_id)
        .where(Inspector.id.in_(inspectors))
    )
    return {str(id_): (name, unit) for id_, name, unit in rows}
