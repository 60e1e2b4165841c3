"""The board: tasks by state, what is overdue, rounds under way, what the machinery could not do by itself."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import outbox
from backend.registry.calendar import provisional_years
from backend.times import local_today
from backend.tours.models import Task, TaskState
from backend.tours.queries import how_many

OPEN = (TaskState.ASSIGNED, TaskState.ON_SITE, TaskState.RETURNED)


@dataclass(frozen=True)
class Board:
    """What a supervisor sees first."""

    tasks: dict[str, int]
    overdue: int
    waiting_events: int
    dead_letters: int
    provisional_years: list[int]


def board(session: Session, district: str) -> Board:
    """The board of a district prefix."""
    overdue = session.scalar(
        select(func.count())
        .select_from(Task)
        .where(Task.district.startswith(district), Task.state.in_(OPEN), Task.due < local_today())
    )
    return Board(
        how_many(session, district), overdue or 0, outbox.waiting(session), len(outbox.dead_letters(session)),
        provisional_years(session),
    )  # fmt: skip
