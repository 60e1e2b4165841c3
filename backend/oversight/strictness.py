"""What teams lots and confirmed results tell of inspectors' strictness, put together for the rules."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.draws.models import Lot, LotState, Match, PoolMember
from backend.draws.staff import candidates_and_tours, inspectors_by_alias
from backend.inspections.models import Result
from backend.oversight.rules import Period
from backend.tours.models import Task, Tour

PROBLEM = "non_conform"
Visit = tuple[UUID, str, str, bool]
"""Round, bundle, stratum, and whether a problem was found"""


def periods(session: Session, district: str = "") -> list[Period]:
    """Every matched teams lot within a district prefix that has at least one confirmed visit."""
    visits = _visits(session, district)
    expected = _rates(visits)
    by_round: dict[UUID, list[Visit]] = defaultdict(list)
    for visit in visits:
        by_round[visit[0]].append(visit)
    lots = session.scalars(select(Lot).where(Lot.kind == "teams", Lot.state == LotState.DRAWN).order_by(Lot.name))
    return [_period(session, lot, by_round[lot.round_id], expected) for lot in lots if by_round[lot.round_id]]


def _visits(session: Session, district: str) -> list[Visit]:
    rows = session.execute(
        select(Task.round_id, Tour.bundle, PoolMember.stratum, Result.conclusion)
        .join(Result, Result.task_id == Task.id)
        .join(Tour, Tour.id == Task.tour_id)
        .join(PoolMember, (PoolMember.round_id == Task.round_id) & (PoolMember.entity_id == Task.entity_id))
        .where(Task.district.startswith(district))
    )
    return [
        (round_id, bundle, stratum, conclusion == PROBLEM) for round_id, bundle, stratum, conclusion in rows if round_id
    ]


def _rates(visits: Iterable[Visit]) -> dict[str, float]:
    """The share of problems in each class, over all these visits."""
    made, found = Counter[str](), Counter[str]()
    for _, _, stratum, problem in visits:
        made[stratum] += 1
        found[stratum] += problem
    return {stratum: found[stratum] / count for stratum, count in made.items()}


def _period(session: Session, lot: Lot, visits: Iterable[Visit], expected: dict[str, float]) -> Period:
    made, surplus = Counter[str](), defaultdict[str, float](float)
    for _, bundle, stratum, problem in visits:
        made[bundle] += 1
        surplus[bundle] += problem - expected[stratum]
    people = inspectors_by_alias(session, lot)
    alias_of = {inspector: alias for alias, inspector in people.items()}
    teams: dict[str, list[str]] = defaultdict(list)
    for tour, inspector in session.execute(select(Match.tour, Match.inspector_id).where(Match.lot_id == lot.id)):
        teams[tour].append(alias_of[inspector])
    candidates, tours = candidates_and_tours(lot.staff or {})
    return Period(lot.seed or "", lot.round.team_size, candidates, tours, people, teams, made, surplus)
