"""What a team does before it submits: arrive at the site, and send evidence."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from backend import ledger
from backend.accounts.rules import Actor
from backend.inspections.models import Arrival, Evidence, EvidenceState
from backend.problems import NotFound, Problem
from backend.registry.models import Entity, Inspector
from backend.times import utc_now
from backend.tours.commands import advance_task
from backend.tours.models import Task, TaskOfficer, TaskState
from geo.fence import at_site


class ArrivalDiffers(Problem):
    """This id came before with other content, or for another task."""

    status = 409
    zh = ("到场记录不一致", "编号 {id} 的到场记录已有不同的内容。原记录已保留；如需更正，请以新编号再次到场。")
    en = (
        "The arrival differs",
        "{id} was recorded before with other content. The first is kept; to correct it, check in under a new id.",
    )


@dataclass(frozen=True)
class FixInfo:
    """Where and when a phone says it is: EPSG:4326 degrees, metres, its clock and that clock's offset.

    ``fixed_at`` is when it found that position, by the same clock, where it tells.
    """

    at: datetime
    lon: float | None
    lat: float | None
    accuracy: float | None
    clock_offset_ms: int
    fixed_at: datetime | None = None


def own_task(session: Session, actor: Actor, task_id: UUID, *, lock: bool = False) -> Task:
    """A task of the actor's own team. Raises NotFound, also for other people's tasks: their existence is not told."""
    task = session.scalar(
        select(Task)
        .join(TaskOfficer)
        .join(Inspector, Inspector.id == TaskOfficer.inspector_id)
        .options(joinedload(Task.checklist, innerjoin=True))
        .where(Task.id == task_id, Inspector.person_id == actor.person_id, Task.opens_at <= utc_now())
        .with_for_update(of=Task, read=not lock)
    )
    if task is None:
        raise NotFound(what="任务 task", id=str(task_id))
    return task


def check_in(
    session: Session, *, actor: Actor, task_id: UUID, arrival_id: UUID, fix: FixInfo, scanned: str | None,
    reason: str | None, body_sha256: str | None = None,
) -> Arrival:  # fmt: skip
    """Note that a team says it has arrived; the fence gives its opinion and never blocks (DOMAIN §7.4).

    ``body_sha256`` is that of the exact bytes that came. Raises NotFound, ArrivalDiffers.
    """
    task = own_task(session, actor, task_id, lock=True)
    if (known := session.get(Arrival, arrival_id)) is not None:
        return _the_same(known, task, body_sha256)
    distance, inside = _fenced(session, task.entity_id, fix)
    arrival = Arrival(
        id=arrival_id, task_id=task.id, device_id=actor.device_id, at=fix.at, clock_offset_ms=fix.clock_offset_ms,
        fix=_point(fix), accuracy_m=fix.accuracy, distance_m=distance, inside=inside, scanned=scanned, reason=reason,
        body_sha256=body_sha256,
    )  # fmt: skip
    session.add(arrival)
    if task.state == TaskState.ASSIGNED:
        advance_task(task, TaskState.ON_SITE)
    ledger.record(session, "team.arrived", task.id, actor=actor, chain=actor.unit_code, inside=inside)
    return arrival


def _the_same(known: Arrival, task: Task, body_sha256: str | None) -> Arrival:
    """The arrival that is known, unless what came under its id is another. Raises ArrivalDiffers."""
    differs = None not in (known.body_sha256, body_sha256) and known.body_sha256 != body_sha256
    if differs or known.task_id != task.id:
        raise ArrivalDiffers(id=str(known.id))
    return known


def has_arrival(session: Session, arrival_id: UUID) -> bool:
    """Is this arrival known already?"""
    return session.get(Arrival, arrival_id) is not None


def lock_tasks(session: Session, actor: Actor, task_ids: Collection[UUID]) -> None:
    """Lock those of the actor's tasks that a batch will change, in one order for everybody: batches never wait in a circle."""
    own = select(TaskOfficer.task_id).join(Inspector).where(Inspector.person_id == actor.person_id)
    session.execute(select(Task.id).where(Task.id.in_(task_ids), Task.id.in_(own)).order_by(Task.id).with_for_update())


def attach_evidence(
    session: Session, *, actor: Actor, task_id: UUID, evidence_id: UUID, item: int | None, sha256: str, size: int,
    mime: str, whole: bool, fix: FixInfo | None, purpose: str | None = None,
) -> Evidence:  # fmt: skip
    """Keep that a file arrived; ``whole`` tells whether its bytes are those announced. Unknown files are kept, not dropped."""
    own_task(session, actor, task_id)
    if (known := session.get(Evidence, evidence_id)) is not None:
        return known
    evidence = Evidence(
        id=evidence_id, task_id=task_id, item=item, sha256=sha256, size=size, mime=mime, purpose=purpose,
        device_id=actor.device_id, officer_id=actor.person_id, taken_at=fix.at if fix else None, flags=[],
        clock_offset_ms=fix.clock_offset_ms if fix else None, fix=_point(fix) if fix else None,
        accuracy_m=fix.accuracy if fix else None, fixed_at=fix.fixed_at if fix else None, district=actor.district,
        state=EvidenceState.ARRIVED if whole else EvidenceState.QUARANTINED,
    )  # fmt: skip
    session.add(evidence)
    session.flush()
    ledger.record(
        session, "evidence.arrived", evidence.id, actor=actor, chain=actor.unit_code, sha256=sha256, whole=whole
    )
    return evidence


def has_evidence(session: Session, evidence_id: UUID) -> bool:
    """Is this piece of evidence known already? Who may keep it asks one at a time, and the next hears of the first's."""
    if session.get(Evidence, evidence_id) is not None:
        return True
    # Two requests may both find the last byte there: one notes the evidence, the other waits for it.
    session.execute(select(func.pg_advisory_xact_lock(evidence_id.int % 2**63)))
    return session.get(Evidence, evidence_id) is not None


def _fenced(session: Session, entity_id: UUID, fix: FixInfo) -> tuple[float | None, bool]:
    """Distance from the entity in metres, and whether the fix counts as being there."""
    lon, lat = session.execute(
        select(func.st_x(Entity.place), func.st_y(Entity.place)).where(Entity.id == entity_id)
    ).one()
    if lon is None or fix.lon is None or fix.lat is None:
        return None, False
    fence = at_site((fix.lon, fix.lat), fix.accuracy, (lon, lat))
    return fence.distance_m, fence.verdict == "inside"


def _point(fix: FixInfo) -> str | None:
    return None if fix.lon is None or fix.lat is None else f"SRID=4326;POINT({fix.lon} {fix.lat})"
