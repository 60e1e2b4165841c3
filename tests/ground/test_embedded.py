"""The embedded services keep their promises: sockets only, nothing lost, back after any death."""

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from backend import embedded
from backend.embedded import Services, place
from backend.embedded.place import ClusterGone
from backend.embedded.processes import working_in


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A DATA folder whose throw-away services run."""
    data = tmp_path_factory.mktemp("instance")
    embedded.start(data, fast=True)
    yield data
    embedded.remove(data)


@pytest.fixture
def services(data: Path) -> Services:
    """Where they answer, running again whatever an earlier test did to them."""
    return embedded.start(data, fast=True)


def processes(data: Path) -> list[psutil.Process]:
    home = place.known(data)
    return working_in(home.cluster, "postgres") + working_in(home.memory, "redis-server")


def lasts(process: psutil.Process) -> bool:
    """Is it a server itself? PostgreSQL's own children come and go, also while one looks."""
    try:
        return process.ppid() == 1 or process.name() == "redis-server"
    except psutil.NoSuchProcess:
        return False


def ask(url: str, question: str) -> tuple:
    with psycopg.connect(url) as connection:
        return connection.execute(question).fetchone()


def test_a_new_instance_has_postgis_trigrams_and_redis(services):
    extensions = "select array_agg(extname::text order by 1) from pg_extension"
    assert {"pg_trgm", "postgis"} <= set(ask(services.database_url, extensions)[0])
    assert Redis.from_url(services.redis_url).ping()


def test_the_application_can_neither_make_tables_nor_rise(services):
    rights = "select rolsuper, rolcreatedb, has_schema_privilege('public', 'create') from pg_roles where rolname = current_user"
    assert ask(services.database_url, rights) == (False, False, False)
    assert ask(services.owner_url, rights) == (False, False, True)


def test_nothing_listens_on_tcp(data, services):
    listening = [c for p in processes(data) for c in p.net_connections("inet")]
    assert not [c for c in listening if c.status == psutil.CONN_LISTEN]


def test_starting_twice_leaves_what_runs_alone(data, services):
    before = {process.pid for process in processes(data) if lasts(process)}
    assert embedded.start(data, fast=True) == services
    assert before <= {p.pid for p in processes(data)}


def test_kill_9_of_both_loses_no_committed_row(data, services):
    with psycopg.connect(services.owner_url) as connection:
        connection.execute("create table if not exists survivors (name text)")
        connection.execute("insert into survivors values ('here')")
    home = place.known(data)
    postmaster = int((home.cluster / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    working_in(home.memory, "redis-server")[0].kill()
    assert embedded.start(data, fast=True) == services
    assert embedded.running(data)
    assert ask(services.owner_url, "select name from survivors") == ("here",)


def test_a_stale_pid_file_that_names_a_living_stranger_is_no_obstacle(data, services):
    embedded.postgres.stop(place.known(data))
    stale = place.known(data).cluster / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{stale.parent}\n1\n5432\n\n\n  5432001  0\n")
    embedded.start(data, fast=True)
    assert embedded.running(data)


def test_a_cut_while_the_cluster_was_made_leaves_no_half_of_one(tmp_path):
    home = place.settle(tmp_path, fast=True)
    (home.root / "pg.new").mkdir()
    (home.root / "pg.new" / "PG_VERSION").write_text("15")
    services = embedded.start(tmp_path, fast=True)
    assert ask(services.database_url, "select 1") == (1,)
    embedded.stop(tmp_path)
    assert not home.root.exists()


def test_a_lost_cluster_is_told_and_not_replaced_by_an_empty_one(tmp_path):
    home = place.settle(tmp_path, fast=False)
    shutil.rmtree(home.root)
    if (tmp_path / "services").is_symlink():
        (tmp_path / "services").unlink()
    with pytest.raises(ClusterGone) as told:
        embedded.start(tmp_path)
    assert str(home.root) in told.value.told("zh")["detail"]


def test_a_deep_data_folder_still_gets_short_sockets(tmp_path):
    deep = tmp_path / ("deep" * 30)
    home = place.settle(deep, fast=False)
    assert len(str(home.sockets / ".s.PGSQL.5432.lock")) < 108
    assert home.sockets.stat().st_mode & 0o077 == 0
    embedded.remove(deep)


def test_stopping_is_bounded_and_may_be_said_twice(data, services):
    embedded.stop(data)
    assert not embedded.running(data)
    embedded.stop(data)
