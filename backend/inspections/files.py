"""Files of visits as people may see them: one of them, and which of several."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.db import view_of
from backend.inspections.models import Evidence, Submission
from backend.inspections.queries import EvidenceView, in_reach
from backend.problems import NotFound


def seen_evidence(session: Session, actor: Actor, evidence_id: UUID) -> EvidenceView:
    """A piece of evidence of a visit that was submitted in the actor's districts, named there or not. Raises NotFound."""
    if not seen_ids(session, actor, [str(evidence_id)]):
        raise NotFound(what="证据 evidence", id=str(evidence_id))
    found = session.get_one(Evidence, evidence_id)
    return view_of(EvidenceView, found)


def seen_ids(session: Session, actor: Actor, ids: Collection[str]) -> list[str]:
    """Those of these pieces of evidence that the actor may see."""
    query = (
        select(Evidence.id)
        .join(Submission, Submission.task_id == Evidence.task_id)
        .where(Evidence.id.in_([UUID(id_) for id_ in ids]), in_reach(actor))
        .distinct()
    )
    return [str(id_) for id_ in session.scalars(query)]
