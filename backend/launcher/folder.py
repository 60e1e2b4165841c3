"""The hold on a DATA folder: one launcher at a time, and nothing left over from a killed one."""

import fcntl
import json
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from backend.embedded.processes import wait_until
from backend.launcher import words
from backend.launcher.children import end_marked
from backend.problems import Problem

HANDOVER_SECONDS = 20


class FolderClosed(Problem):
    """The DATA folder cannot be made or written."""

    zh = ("数据目录不可写", "无法写入 {data}（{reason}）。请更换 DATA，或修改其权限。")
    en = (
        "The data folder cannot be written",
        "{data}: {reason}. Choose another DATA, or change its permissions.",
    )


class AlreadyRunning(Problem):
    """Another launcher holds this DATA folder."""

    status = 409
    zh = (
        "该实例已在运行",
        "目录 {data} 正由进程 {pid} 使用。请先停止它，或用 DATA= 指定另一个目录。",
    )
    en = (
        "This instance is already running",
        "{data} is in use by process {pid}. Stop that first, or choose another DATA.",
    )


@dataclass
class Folder:
    """A DATA folder that this launcher holds. ``mark`` is how its processes are found again."""

    data: Path
    mark: str = field(default_factory=lambda: secrets.token_hex(8))
    lock: TextIO | None = None

    @property
    def logs(self) -> Path:
        """Where the children's logs are."""
        return self.data / "logs"

    def take(self) -> None:
        """Hold the folder, waiting for a launcher that is on its way out.

        Raises FolderClosed, AlreadyRunning.
        """
        try:
            self.data.mkdir(parents=True, exist_ok=True)
            self.lock = (self.data / "launcher.lock").open("a")
        except OSError as error:
            raise FolderClosed(data=str(self.data), reason=error.strerror) from error
        if not wait_until(self._locked, HANDOVER_SECONDS if self._told().get("stopping") else 0):
            raise AlreadyRunning(data=str(self.data), pid=self._told().get("pid", "?"))

    def end_last_run(self) -> None:
        """End what a killed launcher left running; its mark is in run.json."""
        mark = self._told().get("mark")
        if mark and (count := end_marked(mark)):
            words.say("ended_stale", count=count)

    def sign(self, *, stopping: bool = False) -> None:
        """Write who we are into run.json, for the next launcher."""
        told = {"mark": self.mark, "pid": os.getpid(), "stopping": stopping}
        self._run_file().write_text(json.dumps(told))

    def leave(self) -> None:
        """Give the folder up."""
        self._run_file().unlink(missing_ok=True)
        if self.lock is not None:
            self.lock.close()

    def _run_file(self) -> Path:
        return self.data / "run.json"

    def _told(self) -> dict[str, Any]:
        try:
            return dict(json.loads(self._run_file().read_text()))
        except (FileNotFoundError, ValueError):
            return {}

    def _locked(self) -> bool:
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # type: ignore[arg-type]
        except BlockingIOError:
            return False
        return True
