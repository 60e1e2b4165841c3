"""The embedded services: a private PostgreSQL with PostGIS and a private Redis, kept under one data folder.

Both listen on Unix sockets only. PostgreSQL refuses root, and a clone under a private home is closed to the
database's user, so cluster and sockets live in a short path of the right owner; DATA/instance.json remembers which.
"""

import json
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from backend.problems import Problem

DATABASE = "fieldlot"
OWNER, APPLICATION = "fieldlot_owner", "fieldlot_app"
EXTENSIONS = ("postgis", "pg_trgm")
START_SECONDS = 30


class ServiceDown(Problem):
    """A service could not be started; ``tail`` is the end of its log."""

    status = 503
    zh = ("后台服务无法启动", "{service} 没有启动成功。日志末尾：\n{tail}")
    en = ("A service did not start", "{service} did not start. End of its log:\n{tail}")


class ProgramMissing(Problem):
    """A system package is not installed."""

    status = 503
    zh = ("缺少系统程序", "没有找到 {program}。请运行 make set-up，或安装 Debian 软件包 {package}。")
    en = ("A program is missing", "{program} was not found. Run `make set-up`, or install Debian's {package}.")


@dataclass(frozen=True)
class Services:
    """Where the services of one data folder are."""

    id: str
    place: Path
    """Folder of the cluster and the sockets, owned by the user that the services run as."""
    fast: bool = False
    """No fsync: only for clusters that are thrown away."""

    @property
    def database_url(self) -> str:
        """The application's role."""
        return f"postgresql://{APPLICATION}@/{DATABASE}?host={self.place}"

    @property
    def owner_url(self) -> str:
        """The role that migrates."""
        return f"postgresql://{OWNER}@/{DATABASE}?host={self.place}"

    @property
    def redis_url(self) -> str:
        """Redis on its socket."""
        return f"unix://{self.place}/redis.sock"


def start(data: Path, *, fast: bool = False) -> Services:
    """Start both services of a data folder, making the cluster the first time; running ones are left alone.

    Raises ServiceDown, ProgramMissing.
    """
    services = of(data, fast=fast)
    start_postgres(services)
    start_redis(services)
    return services


def of(data: Path, *, fast: bool = False) -> Services:
    """The services that belong to a data folder; remembered in its instance.json from the first time on."""
    file = data / "instance.json"
    if file.exists():
        kept = json.loads(file.read_text())
        return Services(kept["id"], Path(kept["place"]), kept.get("fast", False))
    data.mkdir(parents=True, exist_ok=True)
    name = secrets.token_hex(4)
    services = Services(name, _new_place(data, name), fast)
    remember(data, services)
    return services


def remember(data: Path, services: Services, port: int | None = None) -> None:
    """Write instance.json, from which every command of this data folder reads its settings."""
    draft = data / ".instance.json"
    members = {
        "id": services.id,
        "place": str(services.place),
        "fast": services.fast,
        "database_url": services.database_url,
        "owner_url": services.owner_url,
        "redis_url": services.redis_url,
        "port": port,
    }
    draft.write_text(json.dumps(members, indent=1))
    draft.replace(data / "instance.json")


def stop(data: Path) -> None:
    """Stop both services, the database in good order."""
    if not (data / "instance.json").exists():
        return
    services = of(data)
    if postgres_runs(services):
        _pg_ctl(services, "stop", "-m", "fast", "-t", "10", check=False)
    if (pid := _redis_pid(services)) is not None:
        os.kill(pid, signal.SIGTERM)
        _wait(lambda: _redis_pid(services) is None, 5)


def remove(data: Path) -> None:
    """Stop the services and remove their folder: for clusters that are thrown away."""
    stop(data)
    if (data / "instance.json").exists():
        shutil.rmtree(of(data).place, ignore_errors=True)


def start_postgres(services: Services) -> None:
    """Start PostgreSQL; after a kill -9 the dead postmaster may hold its place for a second or two."""
    if not (services.place / "pg" / "PG_VERSION").exists():
        _make_cluster(services)
    for _ in range(10):
        if postgres_runs(services):
            break
        _pg_ctl(services, "start", "-w", "-t", "20", "-o", _options(services), check=False)
        if not postgres_runs(services):
            time.sleep(0.5)
    else:
        raise ServiceDown(service="PostgreSQL", tail=_tail(services.place / "postgres.log"))
    if not (services.place / "made").exists():
        _make_database(services)


def start_redis(services: Services) -> None:
    """Start Redis; it may lose its memory, the truth is in PostgreSQL."""
    if _redis_pid(services) is not None:
        return
    socket, log = services.place / "redis.sock", services.place / "redis.log"
    socket.unlink(missing_ok=True)
    _run(
        services,
        [_program("redis-server", "redis-server"), "--port", "0", "--unixsocket", str(socket),
         "--unixsocketperm", "700", "--daemonize", "yes", "--save", "", "--appendonly", "no",
         "--dir", str(services.place), "--pidfile", str(services.place / "redis.pid"),
         "--logfile", str(log)],
    )  # fmt: skip
    if not _wait(lambda: socket.exists() and _redis_pid(services) is not None, START_SECONDS):
        raise ServiceDown(service="Redis", tail=_tail(log))


def postgres_runs(services: Services) -> bool:
    """Does this cluster's postmaster answer?"""
    ready = [str(_bin() / "pg_isready"), "-q", "-h", str(services.place)]
    return subprocess.run(ready, check=False).returncode == 0


def redis_runs(services: Services) -> bool:
    """Is this folder's Redis alive?"""
    return _redis_pid(services) is not None


def _new_place(data: Path, name: str) -> Path:
    """A short path of the right owner: under DATA for a plain user when it is short enough, else beside the system's own."""
    if os.geteuid() == 0:
        place = Path("/var/lib/fieldlot") / name
    elif len(str(data)) < 70:
        place = data / "services"
    else:
        place = Path(f"/tmp/fieldlot-{os.geteuid()}-{name}")  # noqa: S108 - made 0700 and ours below
    place.mkdir(parents=True, mode=0o700)
    if os.geteuid() == 0:
        place.parent.chmod(0o755)
        shutil.chown(place, "postgres", "postgres")
    return place


def _make_cluster(services: Services) -> None:
    shutil.rmtree(services.place / "pg", ignore_errors=True)
    (services.place / "made").unlink(missing_ok=True)
    initdb = [str(_bin() / "initdb"), "-D", str(services.place / "pg"), "-U", "postgres", "-A", "trust"]
    _run(services, [*initdb, "-E", "UTF8", "--locale=C.UTF-8"])


def _make_database(services: Services) -> None:
    """Roles, database, extensions; each step may find its work done, after an interruption."""
    roles = "".join(
        f"do $$ begin create role {role} login; exception when duplicate_object then null; end $$;"
        for role in (OWNER, APPLICATION)
    )
    _sql(services, "postgres", roles)
    if not _sql(services, "postgres", f"select 1 from pg_database where datname = '{DATABASE}'"):
        _sql(services, "postgres", f"create database {DATABASE} owner {OWNER}")
    _sql(services, DATABASE, "".join(f"create extension if not exists {e};" for e in EXTENSIONS))
    _run(services, ["touch", str(services.place / "made")])


def _sql(services: Services, database: str, statement: str) -> str:
    psql = [str(_bin() / "psql"), "-h", str(services.place), "-U", "postgres", "-d", database]
    return _run(services, [*psql, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", statement]).strip()


def _options(services: Services) -> str:
    settings = {
        "listen_addresses": "''",
        "max_connections": "200",
        "shared_buffers": "256MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB",
        "timezone": "UTC",
        "jit": "off",
    }
    if services.fast:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return f"-k {services.place} " + " ".join(f"-c {key}={value}" for key, value in settings.items())


def _pg_ctl(services: Services, *arguments: str, check: bool = True) -> None:
    command = [str(_bin() / "pg_ctl"), "-D", str(services.place / "pg")]
    _run(services, [*command, "-l", str(services.place / "postgres.log"), *arguments], check=check)


def _run(services: Services, command: list[str], *, check: bool = True) -> str:
    """Run as the services' user, away from a working directory that it may not enter."""
    done = subprocess.run(
        [*_as_owner(), *command],
        cwd=services.place,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
    )
    if check and done.returncode:
        raise ServiceDown(service=Path(command[0]).name, tail=done.stdout[-2000:])
    return done.stdout


def _as_owner() -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]


def _bin() -> Path:
    """The newest PostgreSQL installed the Debian way."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        raise ProgramMissing(program="initdb", package="postgresql-15-postgis-3")
    return found[-1].parent


def _program(name: str, package: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ProgramMissing(program=name, package=package)
    return path


def _redis_pid(services: Services) -> int | None:
    """The process id of this folder's Redis, if that process is alive and is a Redis."""
    try:
        pid = int((services.place / "redis.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"redis-server" in command else None


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else ""


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if done():
            return True
        time.sleep(0.05)
    return bool(done())
