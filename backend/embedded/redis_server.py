"""The embedded Redis: memory of the queue and of rate limits, on one Unix socket.

It keeps nothing on disk: the truth is in PostgreSQL, and the relay tells again what a lost Redis
forgot (DESIGN §2).
"""

import shutil
import signal
from pathlib import Path
from urllib.parse import quote

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.embedded.place import Place, ProgramMissing
from backend.embedded.processes import DidNotStart, end_all, run, tail, wait_until, working_in


def socket(home: Place) -> Path:
    """The socket that Redis listens on."""
    return home.sockets / "redis.sock"


def url(home: Place) -> str:
    """The URL of this instance's Redis."""
    return f"unix://{quote(str(socket(home)))}?db=0"


def answers(home: Place) -> bool:
    """Does Redis answer a ping right now?"""
    try:
        with Redis(unix_socket_path=str(socket(home)), socket_timeout=2, retry=Retry(NoBackoff(), 0)) as redis:
            return bool(redis.ping())
    except RedisError:
        return False


def start(home: Place) -> None:
    """Start Redis when it does not answer; raises ProgramMissing, DidNotStart."""
    if answers(home):
        return
    end_all(working_in(home.memory, "redis-server"), signal.SIGKILL, 1)
    done = run(home, _command(home))
    if done.returncode or not wait_until(lambda: answers(home), 5):
        log = home.log("redis")
        raise DidNotStart(service="Redis", log=str(log), tail=tail(log) or done.stdout)


def stop(home: Place) -> None:
    """End Redis."""
    end_all(working_in(home.memory, "redis-server"), signal.SIGTERM, 2)


def _command(home: Place) -> list[str]:
    program = shutil.which("redis-server")
    if program is None:
        raise ProgramMissing(program="redis-server", package="redis-server")
    options = {
        "port": "0",
        "unixsocket": str(socket(home)),
        "unixsocketperm": "700",
        "dir": str(home.memory),
        "save": "",
        "appendonly": "no",
        "daemonize": "yes",
        "logfile": str(home.log("redis")),
        "maxmemory-policy": "noeviction",
    }
    return [program, *(word for name, value in options.items() for word in (f"--{name}", value))]
