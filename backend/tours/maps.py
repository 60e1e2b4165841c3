"""The map of a tour: its way, the roads and places around it, the outlines of districts; small enough to be carried."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, selectinload

from backend.accounts.rules import Actor
from backend.config import settings
from backend.problems import NotFound
from backend.registry.models import Entity, Inspector
from backend.times import utc_now
from backend.tours.models import Task, TaskOfficer, TaskState, Tour
from geo.map_file import MapData, load_map
from geo.packs import Box, surroundings
from geo.polyline import encode
from geo.travel import Point

log = structlog.get_logger()
FORMAT = 1
OUTLINE_FINE_DEG = 0.0005
OUTLINES = text(
    "select code, name, name_en, st_asgeojson(piece.geom, 6) "
    "from (select *, st_makeenvelope(:w, :s, :e, :n, 4326) as frame from districts where level = 'county') as county, "
    "st_dump(st_linemerge(st_intersection(st_simplify(st_boundary(area), :fine), frame))) as piece "
    "where st_intersects(area, frame) order by code, piece.path"
)


@dataclass(frozen=True)
class MapPack:
    """A tour's map. Lines are polyline texts (geo/polyline.py), places [lon, lat], ``box`` west, south, east, north.

    ``version`` changes with anything in it; ``quality`` is ``degraded`` where the way was estimated without roads.
    """

    format: int
    version: str
    tour: dict[str, Any]
    box: Box
    route: str
    roads: list[dict[str, str]]
    places: list[dict[str, Any]]
    outlines: list[dict[str, str]]


def own_map(session: Session, actor: Actor, tour_id: UUID) -> MapPack:
    """The map of a tour whose tasks are open to the actor's own team. Raises NotFound, also for other people's tours."""
    mine = session.scalar(
        select(Task.id)
        .join(TaskOfficer)
        .join(Inspector, Inspector.id == TaskOfficer.inspector_id)
        .where(Task.tour_id == tour_id, Inspector.person_id == actor.person_id, Task.opens_at <= utc_now(),
               Task.state != TaskState.CANCELLED)
        .limit(1)
    )  # fmt: skip
    if mine is None:
        raise NotFound(what="路线 tour", id=str(tour_id))
    return map_of(session, tour_id)


def map_of(session: Session, tour_id: UUID) -> MapPack:
    """A tour's map, whoever asks. Raises NotFound."""
    tour = session.get(Tour, tour_id, options=[selectinload(Tour.stops)])
    if tour is None:
        raise NotFound(what="路线 tour", id=str(tour_id))
    way: list[Point] = [(lon, lat) for lon, lat in tour.path["coordinates"]]
    lon, lat = map(float, tour.depot.split(","))
    around = surroundings(map_data(), way, [(lon, lat), *_places_of(session, tour)])
    body: dict[str, Any] = {
        "format": FORMAT,
        "tour": {"id": str(tour.id), "label": tour.label, "date": tour.day.isoformat(), "quality": tour.quality,
                 "depot": [lon, lat], "leave": tour.leave_s, "back": tour.back_s},
        "box": around.box, "route": encode(way), "roads": [asdict(road) for road in around.roads],
        "places": [asdict(place) for place in around.places], "outlines": _outlines(session, around.box),
    }  # fmt: skip
    return MapPack(**body, version=_version(body))


def prepare_map_data() -> None:
    """Make the map's files while nobody waits for them; made before, it does nothing."""
    map_data()


def map_data() -> MapData | None:
    """The roads and names of the region, or None where the operator gave no roads."""
    roads = settings().roads
    return _opened(roads, roads.stat().st_mtime_ns) if roads.exists() else None


@lru_cache(maxsize=1)
def _opened(roads: Path, _changed: int) -> MapData:
    return load_map(roads, settings().data / "cache")


def _places_of(session: Session, tour: Tour) -> list[Point]:
    """Where the tour's tasks and stops are: a reserve that joined later may lie off the planned way."""
    entities = {stop.entity_id for stop in tour.stops}
    entities |= set(session.scalars(select(Task.entity_id).where(Task.tour_id == tour.id)))
    rows = session.execute(
        select(func.st_x(Entity.place), func.st_y(Entity.place))
        .where(Entity.id.in_(entities), Entity.place.is_not(None))
        .order_by(Entity.id)
    )
    return [(lon, lat) for lon, lat in rows]


def _outlines(session: Session, box: Box) -> list[dict[str, str]]:
    """The borders of districts inside the box, simplified; a border between two districts is there for both."""
    rows = session.execute(OUTLINES, {"fine": OUTLINE_FINE_DEG} | dict(zip(("w", "s", "e", "n"), box, strict=True)))
    return [
        {"code": code, "name": name, "name_en": name_en, "line": encode(line["coordinates"])}
        for code, name, name_en, shape in rows
        if (line := json.loads(shape))["type"] == "LineString"
    ]


def _version(body: dict[str, Any]) -> str:
    whole = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
