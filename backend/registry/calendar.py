"""The working calendar: seeded from chinesecalendar, weekdays provisionally for years it does not know yet."""

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from backend.problems import Problem
from backend.registry.models import CalendarDay
from backend.registry.rules import working_day_after


class CalendarEnds(Problem):
    """A deadline reaches into a year that the calendar table does not hold."""

    status = 409
    zh = ("工作日历缺少年份", "工作日历没有 {day} 这一天，无法计算期限。请管理员补充该年度日历。")
    en = (
        "The calendar ends",
        "The working calendar does not hold {day}; add that year to compute the deadline.",
    )


def calendar_rows(first: int, last: int) -> Iterator[dict[str, object]]:
    """The days of the years ``first`` … ``last`` with where their working state comes from."""
    day = date(first, 1, 1)
    while day.year <= last:
        try:
            yield {
                "day": day,
                "is_workday": chinese_calendar.is_workday(day),
                "source": "chinesecalendar",
            }
        except NotImplementedError:
            yield {"day": day, "is_workday": day.weekday() < 5, "source": "provisional"}
        day += timedelta(days=1)


def seed_calendar(session: Session, first: int, last: int) -> None:
    """Fill the calendar; what stands there already, edited perhaps, is left alone."""
    rows = list(calendar_rows(first, last))
    session.execute(upsert(CalendarDay).values(rows).on_conflict_do_nothing())


def deadline(session: Session, start: date, days: int) -> date:
    """The last day of a term of ``days`` working days that begins after ``start``. Raises CalendarEnds."""
    span = select(CalendarDay.day, CalendarDay.is_workday).where(
        CalendarDay.day > start, CalendarDay.day <= start + timedelta(days=days * 3 + 30)
    )
    try:
        return working_day_after(start, days, dict(session.execute(span).all()))
    except KeyError as missing:
        raise CalendarEnds(day=str(missing.args[0])) from None


def provisional_years(session: Session) -> list[int]:
    """Years whose working days are only assumed: an alarm from 1 November on."""
    rows = session.scalars(select(CalendarDay.day).where(CalendarDay.source == "provisional"))
    return sorted({day.year for day in rows})
