"""Redis and the queues in it, and who shows there that it is alive."""

from functools import cache

from redis import Redis
from rq import Queue

from backend.config import settings
from backend.times import utc_now

CAN_WAIT = frozenset({"inspections.examine_evidence", "disclosure.make_public_copy", "oversight.compare_officers"})


@cache
def redis() -> Redis:
    """The Redis of this instance."""
    return Redis.from_url(settings().redis_url)


def queues() -> list[Queue]:
    """The queues in the order in which they are worked: what people wait for, then what can wait."""
    return [Queue(name, connection=redis()) for name in ("fieldlot", "fieldlot-later")]


def queue_of(name: str) -> Queue:
    """The queue of a reaction: looking at photos must not hold up a notice."""
    return queues()[name in CAN_WAIT]


def show_alive(name: str, connection: Redis) -> None:
    """Let /healthz know that this process is alive; it must be said again within half a minute."""
    connection.set(f"fieldlot:alive:{name}", utc_now().isoformat(), ex=30)
