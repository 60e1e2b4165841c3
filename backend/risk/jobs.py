"""What risk does when something happened elsewhere: a confirmed result becomes facts and a new score."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.inspections.models import Result
from backend.inspections.rules import PROBLEMS
from backend.ledger import Event
from backend.registry.models import Entity
from backend.risk.commands import record_facts, score_entity
from backend.times import local

WINDOW = timedelta(days=730)


def score_result(session: Session, event: Event) -> None:
    """After ``result.confirmed``: record what it says of the entity, and score it anew (DOMAIN §4.4)."""
    result = session.scalars(select(Result).where(Result.task_id == event.subject)).one()
    record_facts(session, facts_of_result(session, result))
    score_entity(session, entity_id=result.entity_id, cause=str(event.id))


def score_entered(session: Session, event: Event) -> None:
    """After ``entity.entered``: score it."""
    score_entity(session, entity_id=session.get_one(Entity, event.subject).id, cause=str(event.id))


def facts_of_result(session: Session, result: Result) -> list[dict[str, Any]]:
    """The indicators that a confirmed result feeds: G311, G312 and, for food, P201–P203."""
    values = {"G311": f"{_problem_rate(session, result):.4f}", "G312": result.result_code}
    entity = session.get_one(Entity, result.entity_id)
    if entity.food:
        share = result.general_failed / result.general_asked if result.general_asked else 0.0
        values |= {"P201": result.conclusion, "P202": str(result.key_failed), "P203": f"{share:.4f}"}
    day = local(result.visited_at).date()
    return [
        {"entity_id": entity.id, "indicator": code, "value": value, "as_of": day, "source": "result",
         "source_id": str(result.task_id), "district": entity.district}
        for code, value in values.items()
    ]  # fmt: skip


def _problem_rate(session: Session, result: Result) -> float:
    """The share of the entity's visits in the last 24 months that found a problem."""
    codes = session.scalars(
        select(Result.result_code).where(
            Result.entity_id == result.entity_id, Result.visited_at >= result.visited_at - WINDOW
        )
    ).all()
    return sum(code in PROBLEMS for code in codes) / len(codes)
