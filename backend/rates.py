"""Rate limits kept in Redis, so that they hold across every process of every door."""

from functools import cache

from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from backend.config import settings
from backend.problems import TooManyRequests
from backend.times import utc_now


def spend(rate: str, *who: str) -> None:
    """Count one try of ``who`` against ``rate`` (``5 per minute``); raises TooManyRequests when it is used up."""
    item = parse(rate)
    if not _limiter().hit(item, *who):
        raise TooManyRequests(retry_after=_wait(item, who))


def forgive(rate: str, *who: str) -> None:
    """Forget the tries of ``who``, after a success."""
    _limiter().clear(parse(rate), *who)


def first_time(what: str, seconds: int) -> bool:
    """Is this the first time within so many seconds that anybody asks for it, on any server?"""
    return _storage().incr(f"fieldlot:once:{what}", seconds) == 1


def _wait(item: RateLimitItem, who: tuple[str, ...]) -> int:
    free_at = _limiter().get_window_stats(item, *who).reset_time
    return max(1, round(free_at - utc_now().timestamp()))


@cache
def _limiter() -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(_storage())


@cache
def _storage() -> Storage:
    url = settings().redis_url.replace("unix://", "redis+unix://", 1)
    return storage_from_string(url)  # type: ignore[return-value]  # asynchronous only for async+ URLs
