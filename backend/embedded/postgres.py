"""The embedded PostgreSQL: made atomically, configured, started, brought back after ``kill -9``."""

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from backend.embedded.place import Place, ProgramMissing
from backend.embedded.processes import DidNotStart, end_all, run, tail, wait_until, working_in

DATABASE, OWNER, APPLICATION, SUPERUSER = "fieldlot", "fieldlot_owner", "fieldlot_app", "postgres"
START_SECONDS = 60
STOP_SECONDS = 6

SETTINGS = """\
# Written anew at each start; put settings of your own into local.conf beside this file.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
random_page_cost = 1.1
max_wal_size = 2GB
wal_compression = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# Logs carry no one's data: neither statements nor the values they complain about.
log_min_error_statement = panic
log_error_verbosity = terse
log_checkpoints = off
# A writer that forgets to end its transaction would hold back what every phone may pull.
idle_in_transaction_session_timeout = 10min
{durability}
include = 'local.conf'
"""
INITDB = ["-U", SUPERUSER, "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8", "--lc-collate=C", "--no-sync"]
DURABLE = "fsync = on\nsynchronous_commit = on"
THROW_AWAY = "fsync = off\nfull_page_writes = off"

# Single-user mode reads one statement a line.
MAKE_ROLES = f"""\
create role {OWNER} login
create role {APPLICATION} login
create database {DATABASE} owner {OWNER}
revoke all on database {DATABASE} from public
grant connect, temporary on database {DATABASE} to {APPLICATION}
"""
MAKE_EXTENSIONS = f"""\
create extension postgis
create extension pg_trgm
alter schema public owner to {OWNER}
revoke create on schema public from public
"""


def url(home: Place, role: str) -> str:
    """The URL by which ``role`` reaches the database over the socket."""
    return f"postgresql://{role}@/{DATABASE}?host={quote(str(home.sockets), safe='')}"


def answers(home: Place) -> bool:
    """Does the cluster accept a connection right now?"""
    try:
        psycopg.connect(url(home, APPLICATION), connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def start(home: Place) -> None:
    """Make the cluster when there is none and start it when it does not run; raises DidNotStart."""
    if not (home.cluster / "PG_VERSION").exists():
        _make(home)
    if answers(home):
        return
    if not (_postmaster(home) and wait_until(lambda: answers(home), START_SECONDS)):
        _clear_the_dead(home)
        _launch(home)


def stop(home: Place) -> None:
    """End the cluster: politely, then at once, then whatever is left of it."""
    if _postmaster(home):
        stopping = [str(_bin(home) / "pg_ctl"), "stop", "-D", str(home.cluster), "-w"]
        if run(home, [*stopping, "-m", "fast", "-t", str(STOP_SECONDS)]).returncode:
            run(home, [*stopping, "-m", "immediate", "-t", "3"])
    end_all(working_in(home.cluster, "postgres"), signal.SIGQUIT, 1)


def _launch(home: Place) -> None:
    _write_settings(home, home.cluster)
    log = home.log("postgres")
    pg_ctl = [str(_bin(home) / "pg_ctl"), "start", "-D", str(home.cluster), "-l", str(log)]
    done = run(home, [*pg_ctl, "-w", "-t", str(START_SECONDS)])
    if done.returncode or not wait_until(lambda: answers(home), 5):
        raise DidNotStart(service="PostgreSQL", log=str(log), tail=tail(log) or done.stdout)


def _postmaster(home: Place) -> psutil.Process | None:
    """The living postmaster of this cluster, if postmaster.pid names one."""
    file = home.cluster / "postmaster.pid"
    try:
        pid = int(file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return next((p for p in working_in(home.cluster, "postgres") if p.pid == pid), None)


def _clear_the_dead(home: Place) -> None:
    """After ``kill -9`` backends outlive their postmaster, and its locks name a pid that may since
    be a stranger's, or a zombie's; PostgreSQL itself would take either for a living postmaster.
    """
    end_all(working_in(home.cluster, "postgres"), signal.SIGQUIT, 5)
    for lock in (home.cluster / "postmaster.pid", home.sockets / ".s.PGSQL.5432.lock"):
        lock.unlink(missing_ok=True)


def _make(home: Place) -> None:
    """Make the cluster under another name and rename it when whole: a cut leaves no half of one."""
    draft = home.cluster.with_name("pg.new")
    shutil.rmtree(draft, ignore_errors=True)
    programs = _bin(home)
    _must(home, [str(programs / "initdb"), "-D", str(draft), *INITDB])
    _write_settings(home, draft)
    _write_doorkeeping(home, draft)
    single = [str(programs / "postgres"), "--single", "-D", str(draft)]
    _must(home, [*single, "postgres"], MAKE_ROLES)
    _must(home, [*single, DATABASE], MAKE_EXTENSIONS)
    if not home.fast:
        os.sync()
    draft.rename(home.cluster)


def _must(home: Place, command: list[str], feed: str | None = None) -> None:
    done = run(home, command, feed=feed)
    if done.returncode or "ERROR:" in done.stdout or "FATAL:" in done.stdout:
        raise DidNotStart(service="PostgreSQL", log=" ".join(command), tail=done.stdout[-2000:])


def _write_settings(home: Place, cluster: Path) -> None:
    durability = THROW_AWAY if home.fast else DURABLE
    text = SETTINGS.format(sockets=home.sockets, durability=durability)
    _write(home, cluster / "postgresql.conf", text)
    if not (cluster / "local.conf").exists():
        _write(home, cluster / "local.conf", "# Settings of your own.\n")


def _write_doorkeeping(home: Place, cluster: Path) -> None:
    """Only root and the services' own user come in, by the kernel's word and without passwords."""
    people = {"root", home.user, pwd.getpwuid(os.geteuid()).pw_name}
    roles = (SUPERUSER, OWNER, APPLICATION)
    lines = [f'fieldlot "{person}" {role}' for person in sorted(people) for role in roles]
    _write(home, cluster / "pg_ident.conf", "\n".join(lines) + "\n")
    _write(home, cluster / "pg_hba.conf", "local all all peer map=fieldlot\n")


def _write(home: Place, file: Path, text: str) -> None:
    file.write_text(text)
    shutil.chown(file, home.user)
    file.chmod(0o600)


def _bin(home: Place) -> Path:
    """The programs of the cluster's own version, or of the newest that has PostGIS."""
    made = home.cluster / "PG_VERSION"
    version = made.read_text().strip() if made.exists() else "*"
    candidates = [*Path("/usr/lib/postgresql").glob(f"{version}/bin"), *_elsewhere()]
    fitting = [f for f in candidates if (f / "initdb").exists() and _has_postgis(f)]
    if not fitting:
        raise ProgramMissing(program="PostgreSQL + PostGIS", package="postgresql-15-postgis-3")
    return max(fitting, key=lambda folder: _number(folder.parent.name))


def _elsewhere() -> list[Path]:
    """A PostgreSQL that is not Debian's, found by pg_config."""
    program = shutil.which("pg_config")
    return [Path(_ask(program, "--bindir"))] if program else []


def _has_postgis(programs: Path) -> bool:
    debian = Path("/usr/share/postgresql") / programs.parent.name
    config = programs / "pg_config"
    share = debian if debian.exists() or not config.exists() else Path(_ask(config, "--sharedir"))
    return (share / "extension" / "postgis.control").exists()


def _ask(program: str | Path, option: str) -> str:
    return subprocess.check_output([program, option], text=True).strip()


def _number(name: str) -> int:
    return int(name) if name.isdigit() else 0
