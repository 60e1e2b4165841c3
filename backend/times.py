"""Time as Fieldlot keeps it: UTC inside, Asia/Shanghai for people, whole seconds in public records."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


def local(moment: datetime) -> datetime:
    """The same moment on a Chinese wall clock."""
    return moment.astimezone(LOCAL)


def local_today() -> date:
    """The calendar day in China, on which working days and card dates turn."""
    return local(utc_now()).date()


def end_of(day: date) -> datetime:
    """The moment at which a day in China ends."""
    return datetime.combine(day + timedelta(days=1), time(), LOCAL)


def stamp(moment: datetime) -> str:
    """UTC with whole seconds, as public records write it (DRAWS §1): 2026-11-22T08:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_local(moment: datetime) -> str:
    """ISO 8601 with +08:00, as the field API gives times (DOMAIN §7.6)."""
    return local(moment).isoformat(timespec="seconds")
