"""Programs of the embedded services: run as their user, looked at, and ended within a bound."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from backend.embedded.place import Place
from backend.problems import Problem


class DidNotStart(Problem):
    """A service did not come up; the last lines of its log say why."""

    status = 500
    level = "error"
    zh = ("服务未能启动", "{service} 没有启动。原因见日志末尾（{log}）。")
    en = ("A service did not start", "{service} did not come up; the end of {log} says why.")

    def __init__(self, service: str, log: str, tail: str) -> None:
        super().__init__(service=service, log=log, tail=tail)
        self.add_note(tail)


def run(home: Place, command: Sequence[str], *, feed: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program to its end as the services' user; its output is captured, nothing is raised."""
    return subprocess.run(
        [*_as_user(home), *command],
        input=feed,
        stdin=subprocess.DEVNULL if feed is None else None,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=home.root,
        env=_environment(home),
        check=False,
    )


def _as_user(home: Place) -> list[str]:
    if os.geteuid() != 0:
        return []
    return ["setpriv", f"--reuid={home.user}", f"--regid={home.user}", "--init-groups", "--"]


def _environment(home: Place) -> dict[str, str]:
    """A clean environment: PGHOST, PGDATA and the like of whoever starts us must not mislead."""
    path = os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
    return {"PATH": path, "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": str(home.root)}


def tail(file: Path, lines: int = 20) -> str:
    """The last lines of a log, or nothing when there is none."""
    if not file.exists():
        return ""
    return "\n".join(file.read_text(errors="replace").splitlines()[-lines:])


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    """Ask again every 50 ms until ``true()`` or the time is over; says which."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def working_in(folder: Path, name: str) -> list[psutil.Process]:
    """The processes called ``name`` that work in ``folder``: this instance's, nobody else's."""
    return [process for process in psutil.process_iter() if _works_in(process, folder, name)]


def _works_in(process: psutil.Process, folder: Path, name: str) -> bool:
    try:
        return process.name() == name and process.cwd() == str(folder.resolve())
    except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
        return False


def end_all(processes: Sequence[psutil.Process], how: signal.Signals, seconds: float) -> None:
    """Signal processes, give them ``seconds``, and kill what is left."""
    _signal(processes, how)
    if not wait_until(lambda: not any(map(alive, processes)), seconds):
        _signal(processes, signal.SIGKILL)
        wait_until(lambda: not any(map(alive, processes)), 3)


def alive(process: psutil.Process) -> bool:
    """Is it still there and working? A zombie whose parent forgot it is not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _signal(processes: Sequence[psutil.Process], how: signal.Signals) -> None:
    for process in filter(alive, processes):
        try:
            process.send_signal(how)
        except psutil.NoSuchProcess:
            continue
