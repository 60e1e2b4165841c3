"""A visit's evidence as reviewers judge it: where and when by the server's clock, what is doubtful, what was never named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.models import Unit
from backend.inspections import chains
from backend.inspections.doubts import (
    Doubt,
    Spot,
    clock_doubts,
    corrected,
    fix_doubts,
    place_of,
    site_doubts,
    visit_doubts,
)
from backend.inspections.models import Arrival, Evidence, EvidenceState, Submission
from backend.registry.models import Entity
from backend.times import local
from backend.tours.models import Task

AROUND = timedelta(hours=12)
"""Before and after a visit in which a phone's other fixes are looked at"""
MOST = 1000


@dataclass(frozen=True)
class Piece:
    """An arrival or a file of a visit; times by the server's clock, ``by_phone`` as the phone's clock had it."""

    id: UUID
    kind: str
    at: datetime | None
    by_phone: datetime | None
    received_at: datetime
    clock_offset_ms: int
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    item: int | None = None
    mime: str = ""
    size: int = 0
    sha256: str = ""
    state: str = ""
    named: bool = False
    inside: bool | None = None
    distance_m: float | None = None
    reason: str | None = None
    doubts: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class VisitEvidence:
    """All of a visit's pieces, in time; the last hash of the chain, and the place from 1 of its first break, if any."""

    pieces: list[Piece]
    chain: str | None
    broken_at: int | None
    clock_offset_ms: int
    started_at: datetime
    finished_at: datetime

    @property
    def arrivals(self) -> list[Piece]:
        """The check-ins."""
        return [piece for piece in self.pieces if piece.kind == "arrival"]

    @property
    def unnamed(self) -> list[Piece]:
        """Files that came for the visit and that the submission does not name: kept, never dropped."""
        return [piece for piece in self.pieces if piece.kind == "file" and not piece.named]

    @property
    def doubtful(self) -> int:
        """How many pieces have something to be looked at."""
        return sum(bool(piece.doubts) for piece in self.pieces)

    @property
    def twins(self) -> list[str]:
        """Ids of files of other visits that something here is the same as."""
        return [doubt["evidence"] for piece in self.pieces for doubt in piece.doubts if doubt["code"] == "seen_before"]

    def of(self, id_: UUID) -> Piece | None:
        """The piece of this id."""
        return next((piece for piece in self.pieces if piece.id == id_), None)


def visit_evidence(session: Session, submission_id: UUID) -> VisitEvidence:
    """The evidence of a submission's visit, with what is doubtful about each piece."""
    submission = session.get_one(Submission, submission_id)
    offset = submission.body.get("clock_offset_ms", 0)
    started, finished = (corrected(at, offset) for at in (submission.started_at, submission.finished_at))
    links = chains.links_of(session, submission_id)
    named = {row.evidence_id: row.item for row in links}
    doubts = _doubts(session, submission, started, finished)
    pieces = [_with_doubts(piece, named, doubts) for piece in _pieces(session, Arrival.task_id == submission.task_id,
                                                                        Evidence.task_id == submission.task_id)]  # fmt: skip
    broken = chains.first_break_of(session, links)
    return VisitEvidence(pieces, links[-1].link if links else None, broken, offset, started, finished)


def _with_doubts(piece: Piece, named: dict[UUID, int | None], doubts: dict[str, list[dict[str, Any]]]) -> Piece:
    """A file is of the item under which the submission names it; another version of the checklist may have moved it."""
    told = {
        **piece.__dict__,
        "item": named.get(piece.id, piece.item),
        "named": piece.id in named,
        "doubts": [*piece.doubts, *doubts.get(str(piece.id), [])],
    }
    return Piece(**told)


def _pieces(session: Session, of_arrivals: Any, of_files: Any) -> list[Piece]:
    """Arrivals and files that fulfil the conditions, in time."""
    arrivals = session.execute(
        select(Arrival, func.st_x(Arrival.fix), func.st_y(Arrival.fix)).where(of_arrivals).limit(MOST)
    )
    files = session.execute(
        select(Evidence, func.st_x(Evidence.fix), func.st_y(Evidence.fix)).where(of_files).limit(MOST)
    )
    found = [_arrival(*row) for row in arrivals] + [_file(*row) for row in files]
    return sorted(found, key=lambda piece: (piece.at or piece.received_at, str(piece.id)))


def _arrival(row: Arrival, lon: float | None, lat: float | None) -> Piece:
    return Piece(
        row.id, "arrival", corrected(row.at, row.clock_offset_ms), row.at, row.received_at, row.clock_offset_ms, lon,
        lat, row.accuracy_m, inside=row.inside, distance_m=row.distance_m, reason=row.reason,
    )  # fmt: skip


def _file(row: Evidence, lon: float | None, lat: float | None) -> Piece:
    at = corrected(row.taken_at, row.clock_offset_ms) if row.taken_at else None
    flags = [flag if isinstance(flag, dict) else {"code": flag} for flag in row.flags]
    if row.state == EvidenceState.QUARANTINED:
        flags.append({"code": "quarantined"})
    return Piece(
        row.id, "file", at, row.taken_at, row.received_at, row.clock_offset_ms or 0, lon, lat, row.accuracy_m,
        item=row.item, mime=row.mime, size=row.size, sha256=row.sha256, state=row.state.value, doubts=flags,
    )  # fmt: skip


def _doubts(session: Session, submission: Submission, started: datetime, finished: datetime) -> dict[str, list[dict[str, Any]]]:  # fmt: skip
    """Flags by the id of what they are about, reckoned anew each time: what comes late changes what it says of the rest."""
    site = _site(session, submission.task.entity_id)
    found: list[Doubt] = []
    for device in _devices(session, submission.task_id):
        spots = _spots_of(session, device, started, finished)
        found += fix_doubts(spots)
    for row, spot in _own_spots(session, submission.task_id):
        found += site_doubts(spot, site)
        found += clock_doubts(spot, received_at=row.received_at, clock_offset_ms=row.clock_offset_ms)
        found += visit_doubts(spot, started, finished) if isinstance(row, Evidence) else []
    told: dict[str, list[dict[str, Any]]] = {}
    for doubt in found:
        told.setdefault(doubt.about, []).append({"code": doubt.code, **doubt.facts})
    return told


def _site(session: Session, entity_id: UUID) -> tuple[float, float] | None:
    place = select(func.st_x(Entity.place), func.st_y(Entity.place)).where(Entity.id == entity_id)
    return place_of(*session.execute(place).one())


def _devices(session: Session, task_id: UUID) -> list[UUID]:
    rows = select(Arrival.device_id).where(Arrival.task_id == task_id).union(
        select(Evidence.device_id).where(Evidence.task_id == task_id)
    )  # fmt: skip
    return list(session.scalars(rows))


def _spots_of(session: Session, device: UUID, started: datetime, finished: datetime) -> list[Spot]:
    """Where a phone said it was around a visit, also for other visits: a jump needs two places."""
    since, until = started - AROUND, finished + AROUND
    arrivals = _rows(session, Arrival, Arrival.device_id == device, Arrival.at.between(since, until))
    files = _rows(session, Evidence, Evidence.device_id == device, Evidence.taken_at.between(since, until))
    return [spot for row, lon, lat in (*arrivals, *files) if (spot := _spot(row, lon, lat))]


def _own_spots(session: Session, task_id: UUID) -> Iterable[tuple[Arrival | Evidence, Spot]]:
    rows = (
        *_rows(session, Arrival, Arrival.task_id == task_id),
        *_rows(session, Evidence, Evidence.task_id == task_id),
    )
    return [(row, spot) for row, lon, lat in rows if (spot := _spot(row, lon, lat))]


def _rows(session: Session, kind: type[Arrival] | type[Evidence], *where: Any) -> Any:
    return session.execute(select(kind, func.st_x(kind.fix), func.st_y(kind.fix)).where(*where).limit(MOST)).all()


def _spot(row: Arrival | Evidence, lon: float | None, lat: float | None) -> Spot | None:
    at, offset = (row.at, row.clock_offset_ms) if isinstance(row, Arrival) else (row.taken_at, row.clock_offset_ms)
    if at is None:
        return None
    fixed = row.fixed_at if isinstance(row, Evidence) else None
    return Spot(
        str(row.id), corrected(at, offset), lon, lat, row.accuracy_m, corrected(fixed, offset) if fixed else None
    )


def spot_of_evidence(session: Session, evidence: Evidence) -> Spot:
    """Where and when a photo was taken, as its phone said; one without a time stands where it came."""
    lon, lat = _coordinates(session, evidence.id)
    return _spot(evidence, lon, lat) or Spot(str(evidence.id), evidence.received_at, lon, lat, evidence.accuracy_m)


def _coordinates(session: Session, evidence_id: UUID) -> Any:
    fix = select(func.st_x(Evidence.fix), func.st_y(Evidence.fix)).where(Evidence.id == evidence_id)
    return session.execute(fix).one()


def watermark_lines(session: Session, evidence: Evidence) -> list[str]:
    """What the copy for the file bears: who, which visit and item, when by the server's clock, where, which bytes."""
    task = session.get_one(Task, evidence.task_id)
    spot, unit = spot_of_evidence(session, evidence), session.get_one(Unit, task.unit_id)
    item = f" · 第 {evidence.item} 项" if evidence.item is not None else ""
    where = "无定位 no fix"
    if spot.place:
        where = f"{spot.lon:.5f}, {spot.lat:.5f} WGS 84" + (f" ± {spot.accuracy_m:.0f} m" if spot.accuracy_m else "")
    return [f"{unit.name} · {task.number}{item}", f"{local(spot.at):%Y-%m-%d %H:%M:%S} +08:00 · {where}",
            f"SHA-256 {evidence.sha256[:32]}"]  # fmt: skip
