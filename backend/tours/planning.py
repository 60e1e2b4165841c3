"""Planning a round's tours: who was drawn is laid over real roads into day tours, before anybody knows a team."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend import ledger
from backend.accounts.models import Unit
from backend.config import settings
from backend.draws.lots import lot_of
from backend.draws.matching import LARGEST_GROUP
from backend.draws.models import Pick, Round, RoundState
from backend.draws.staff import drawable_inspectors
from backend.problems import Problem
from backend.registry.models import CalendarDay, Entity
from backend.tours.models import Stop, Tour, UnplannedStop
from geo import plans
from geo.crow import CrowFlight
from geo.osrm import OsrmServer
from geo.roads import Roads
from geo.tours import USUAL_STOPS, plan_tours
from geo.travel import Point, TravelTimes

log = structlog.get_logger()

SERVICE_S = 40 * 60
"""How long a visit takes, in seconds, until items say so themselves"""
MOST_DAYS = 5


class NoWorkday(Problem):
    """The round's time holds no working day, or the calendar does not know it."""

    status = 409
    zh = ("没有工作日", "抽查任务的起止日期内没有工作日，请修改日期或补充工作日历。")
    en = ("No working day", "There is no working day between the round's dates; change them or complete the calendar.")


@dataclass(frozen=True)
class Drawn:
    """A drawn entity where it is: EPSG:4326 degrees."""

    entity_id: UUID
    district: str
    lon: float
    lat: float


def travel_times(points: Sequence[Point]) -> TravelTimes:
    """The best source of travel times that knows the points: an OSRM server, road data, or the crow (degraded)."""
    if url := settings().osrm_url:
        return OsrmServer(url)
    roads = settings().roads
    if roads.exists():
        known = _loaded(roads, roads.stat().st_mtime_ns)
        if known.covers(points):
            return known
        log.warning("roads_elsewhere", roads=str(roads))
    return CrowFlight()


@lru_cache(maxsize=1)
def _loaded(roads: Path, _changed: int) -> Roads:
    return Roads.load(roads, settings().data / "cache")


def plan_round(session: Session, *, round_id: UUID) -> int:
    """Plan the tours of a drawn round and keep them; planning again changes nothing. Returns how many tours there are.

    Raises NoWorkday and geo's own faults.
    """
    round_ = session.get_one(Round, round_id, with_for_update=True)
    if round_.state != RoundState.DRAWN:
        return session.scalar(select(func.count()).where(Tour.round_id == round_id)) or 0
    _forget(session, round_id)
    drawn = {str(n): d for n, d in enumerate(_drawn(session, round_))}
    days = _workdays(session, round_)
    problem = _problem(session, round_, drawn, len(days))
    travel = travel_times([(site.lon, site.lat) for site in problem.sites])
    plan = plan_tours(problem, travel)
    count = _keep(session, round_, plan, drawn, days, travel, problem)
    round_.state = RoundState.TOURED
    ledger.record(session, "tours.planned", round_.id, chain=round_.unit.code, tours=count,
                  unassigned=len(plan.unassigned), quality=plan.provenance.quality)  # fmt: skip
    return count


def _forget(session: Session, round_id: UUID) -> None:
    """Drop what was planned for an attempt that is void; nobody was ever given it."""
    old = select(Tour.id).where(Tour.round_id == round_id)
    session.execute(delete(Stop).where(Stop.tour_id.in_(old)))
    session.execute(delete(Tour).where(Tour.round_id == round_id))
    session.execute(delete(UnplannedStop).where(UnplannedStop.round_id == round_id))


def _drawn(session: Session, round_: Round) -> list[Drawn]:
    lot = lot_of(session, round_.id, "entities")
    rows = session.execute(
        select(Pick.entity_id, Entity.district, func.st_x(Entity.place), func.st_y(Entity.place))
        .join(Entity, Entity.id == Pick.entity_id)
        .where(Pick.lot_id == lot.id, Pick.state == "drawn")
        .order_by(Pick.alias)
    )
    return [Drawn(*row) for row in rows]


def _workdays(session: Session, round_: Round) -> list[date]:
    """The first working days of the round, at most five. Raises NoWorkday."""
    days = session.scalars(
        select(CalendarDay.day)
        .where(CalendarDay.day.between(round_.starts, round_.ends), CalendarDay.is_workday)
        .order_by(CalendarDay.day)
        .limit(MOST_DAYS)
    ).all()
    if not days:
        raise NoWorkday
    return list(days)


def _problem(session: Session, round_: Round, drawn: dict[str, Drawn], days: int) -> plans.Problem:
    """The anonymous problem: one group a district, split where it would need more tours than the lot can match."""
    by_district: dict[str, list[str]] = {}
    for id_, entity in drawn.items():
        by_district.setdefault(entity.district, []).append(id_)
    officers = Counter(inspector.district for inspector in drawable_inspectors(session, round_))
    sites, depots = [], []
    for district, ids in sorted(by_district.items()):
        place = _depot(session, district, [drawn[id_] for id_ in ids])
        teams = max(1, min(officers[district] // round_.team_size, -(-len(ids) // (days * USUAL_STOPS))))
        parts = -(-teams // LARGEST_GROUP)
        for part in range(parts):
            group = district if parts == 1 else f"{district}/{part + 1}"
            depots.append(plans.Depot(group, *place, teams=-(-teams // parts)))
            sites += [plans.Site(id_, drawn[id_].lon, drawn[id_].lat, SERVICE_S, group) for id_ in ids[part::parts]]
    return plans.Problem(tuple(sites), tuple(depots), days)


def _depot(session: Session, district: str, drawn: list[Drawn]) -> tuple[float, float]:
    """The office of the district's highest unit that has a known place, else the middle of what is visited."""
    row = session.execute(
        select(Unit.lon, Unit.lat)
        .where(Unit.district == district, Unit.lon.is_not(None))
        .order_by(func.length(Unit.path))
        .limit(1)
    ).one_or_none()
    return (row.lon, row.lat) if row else (median(d.lon for d in drawn), median(d.lat for d in drawn))


def _keep(
    session: Session, round_: Round, plan: plans.Plan, drawn: dict[str, Drawn], days: list[date], travel: TravelTimes,
    problem: plans.Problem,
) -> int:  # fmt: skip
    depots = {depot.group: (depot.lon, depot.lat) for depot in problem.depots}
    bundles = sorted({(tour.group, tour.bundle) for tour in plan.tours})
    labels = {bundle: f"t{n:02d}" for n, bundle in enumerate(bundles, start=1)}
    for tour in plan.tours:
        kept = _kept_tour(round_, tour, labels[tour.group, tour.bundle], days[tour.day], plan, depots[tour.group])
        places = [depots[tour.group], *((drawn[s.site].lon, drawn[s.site].lat) for s in tour.stops), depots[tour.group]]
        kept.path = {"type": "LineString", "coordinates": [list(p) for p in travel.route(places).path]}
        before = [tour.leave_s, *(s.depart_s for s in tour.stops)]
        kept.stops = [
            Stop(
                seq=n,
                entity_id=drawn[s.site].entity_id,
                arrive_s=s.start_s,
                depart_s=s.depart_s,
                leg_s=s.arrive_s - left,
            )
            for n, (s, left) in enumerate(zip(tour.stops, before, strict=False), start=1)
        ]
        session.add(kept)
    for left in plan.unassigned:
        session.add(UnplannedStop(round_id=round_.id, entity_id=drawn[left.site].entity_id, reason=left.reason))
    session.flush()
    return len(plan.tours)


def _kept_tour(
    round_: Round, tour: plans.Tour, label: str, day: date, plan: plans.Plan, depot: tuple[float, float]
) -> Tour:
    how: dict[str, Any] = plan.provenance.__dict__
    return Tour(
        round_id=round_.id, bundle=label, label=f"{label}-{tour.day + 1}", group=tour.group, day=day,
        depot=f"{depot[0]:.6f},{depot[1]:.6f}", travel_s=tour.travel_s, travel_m=tour.travel_m,
        leave_s=tour.leave_s, back_s=tour.back_s,
        quality=how["quality"], engine=how["engine"], data_version=how["data_version"], district=tour.group.split("/")[0],
    )  # fmt: skip
