"""The main job, played through HTTP from the plan to the published notice: whole, also when everything is killed on the way."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from playwright.sync_api import expect

from backend.embedded import place
from backend.embedded.processes import working_in
from backend.launcher.children import MARK
from tests.browser.instance import Instance

pytestmark = pytest.mark.long


def played(instance: Instance, *more: str) -> subprocess.Popen[str]:
    """``fieldlot demo`` under way."""
    command = [str(Path(sys.executable).with_name("fieldlot")), "demo", "--url", instance.url, "--json", *more]
    return subprocess.Popen(
        command, env=instance.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(demo: subprocess.Popen[str]) -> dict:
    told, complaints = demo.communicate(timeout=600)
    assert demo.returncode == 0, complaints[-3000:]
    return json.loads(told.splitlines()[-1])


def ask(instance: Instance, question: str, *values: object) -> list[tuple]:
    """Rows of the instance's database."""
    url = json.loads((instance.data / "instance.json").read_text())["database_url"]
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        return connection.execute(question, values).fetchall()


def processes(instance: Instance, name: str) -> list[psutil.Process]:
    """The processes of one part of the instance: web, worker, relay, postgres or redis."""
    home = place.known(instance.data)
    if name == "postgres":
        return working_in(home.cluster, "postgres")
    if name == "redis":
        return working_in(home.memory, "redis-server")
    return [
        p
        for p in psutil.process_iter()
        if _told(p, "DATA") == str(instance.data) and _told(p, MARK).endswith(f":{name}")
    ]


def _told(process: psutil.Process, name: str) -> str:
    try:
        return process.environ().get(name, "")
    except psutil.Error:
        return ""


def counts_of_round(instance: Instance, lot: str) -> dict[str, int]:
    """How many rows of each kind a round left."""
    tasks = "select t.id from tasks t join lots l on l.round_id = t.round_id where l.name = %s"
    questions = {
        "tasks": f"select count(*), count(distinct entity_id) from tasks where id in ({tasks})",
        "submissions": f"select count(*), count(distinct task_id) from submissions where task_id in ({tasks})",
        "results": f"select count(*), count(distinct task_id) from results where task_id in ({tasks})",
        "notices": f"select count(*), count(distinct subject) from notices where subject in (select id::text from ({tasks}) x)",
        "evidence": f"select count(*), count(distinct (task_id, item)) from evidence where task_id in ({tasks})",
    }
    found = {name: ask(instance, question, lot)[0] for name, question in questions.items()}
    assert all(rows == distinct for rows, distinct in found.values()), found
    return {name: rows for name, (rows, _) in found.items()}


def test_the_demo_ends_with_a_public_notice_and_an_unbroken_ledger(instance, page):
    outcome = ended(played(instance))
    page.goto(outcome["notice_url"])
    expect(page.locator("article h1")).to_contain_text(outcome["entity"])
    assert counts_of_round(instance, outcome["lot"]) == {
        "tasks": 6, "submissions": 6, "results": 6, "notices": 6, "evidence": outcome["photos"],
    }  # fmt: skip
    verdict = instance.fieldlot("ledger", "verify")
    assert verdict.returncode == 0, verdict.stderr


def test_killing_web_worker_database_and_redis_on_the_way_loses_and_doubles_nothing(instance):
    demo = played(instance)
    for name in ("web", "worker", "postgres", "redis", "relay"):
        _await_progress(instance, demo)
        for process in processes(instance, name):
            process.send_signal(signal.SIGKILL)
        time.sleep(2)
    outcome = ended(demo)
    assert counts_of_round(instance, outcome["lot"]) == {
        "tasks": 6, "submissions": 6, "results": 6, "notices": 6, "evidence": outcome["photos"],
    }  # fmt: skip
    assert instance.fieldlot("ledger", "verify").returncode == 0


def _await_progress(instance: Instance, demo: subprocess.Popen[str]) -> None:
    """Wait until visits are being submitted, so that the kill falls into the work."""
    ends = time.monotonic() + 120
    while time.monotonic() < ends and demo.poll() is None:
        try:
            if ask(instance, "select count(*) from evidence where received_at > now() - interval '5 seconds'")[0][0]:
                return
        except (psycopg.OperationalError, OSError):
            pass
        time.sleep(0.3)
    pytest.fail("the demo was over before everything was killed")
