"""What lies aside does not lie there for ever: how long each kind is kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.db import Model
from backend.inspections.aside.models import DeviceLogEntry, FaultyPayload, ParkedDraft
from backend.inspections.models import Share
from backend.times import utc_now

FAULTY_KEPT = timedelta(days=90)
DRAFTS_KEPT = timedelta(days=14)
LOGS_KEPT = timedelta(days=30)
SHARES_KEPT = timedelta(days=90)


def expire_aside(session: Session, now: datetime | None = None) -> dict[str, int]:
    """Forget what is too old, photos of drafts with their drafts. Returns how many rows of each table."""
    now = now or utc_now()
    old: dict[type[Model], object] = {
        FaultyPayload: FaultyPayload.last_at < now - FAULTY_KEPT,
        ParkedDraft: ParkedDraft.parked_at < now - DRAFTS_KEPT,
        DeviceLogEntry: DeviceLogEntry.received_at < now - LOGS_KEPT,
        Share: Share.received_at < now - SHARES_KEPT,
    }
    return {
        table.__tablename__: len(session.execute(delete(table).where(rule).returning(1)).all())  # type: ignore[arg-type]
        for table, rule in old.items()
    }
