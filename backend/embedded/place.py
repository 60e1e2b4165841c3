"""Where an instance's services live: a folder their user can reach, short socket paths, the owner.

PostgreSQL refuses root, so started by root the services run as Debian's ``postgres`` user below
/var/lib/fieldlot; started by anyone else they run as that person inside DATA. DATA/instance.json
remembers which belongs to which.
"""

import json
import os
import pwd
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.problems import Problem

SERVICE_USER = "postgres"
SYSTEM_ROOT = Path("/var/lib/fieldlot")
LONGEST_FOLDER = 80
"""A socket's path must stay below 108 bytes, and PostgreSQL adds ``/.s.PGSQL.5432.lock``."""


class ClusterGone(Problem):
    """instance.json names a cluster that is not there; a new empty one would look like a loss."""

    status = 500
    level = "error"
    zh = (
        "数据库文件不见了",
        "实例记录的数据库在 {root}，但该处为空。请恢复备份；若要从头开始，请删除 {file}。",
    )
    en = (
        "The database files are gone",
        "This instance keeps its database in {root}, which is empty. "
        "Restore it from the backup, or remove {file} to begin anew.",
    )


class ProgramMissing(Problem):
    """A program of the system is not installed."""

    status = 500
    level = "error"
    zh = ("缺少系统程序", "没有找到 {program}。请运行 ./set-up.sh，或安装软件包 {package}。")
    en = (
        "A system program is missing",
        "{program} was not found. Run ./set-up.sh, or install the package {package}.",
    )


@dataclass(frozen=True)
class Place:
    """The folders of one instance's services and the system user they run as."""

    data: Path
    id: str
    root: Path
    sockets: Path
    user: str
    fast: bool

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.root / "pg"

    @property
    def memory(self) -> Path:
        """Redis's working directory."""
        return self.root / "redis"

    def log(self, service: str) -> Path:
        """The log file of one service."""
        return self.root / f"{service}.log"


def instance_file(data: Path) -> Path:
    """The file that tells other processes where this instance's services are."""
    return data / "instance.json"


def known(data: Path) -> Place | None:
    """The place that DATA/instance.json remembers; None when there never was one."""
    told = _read(data)
    if "id" not in told:
        return None
    root = Path(told.get("root", ""))
    # A DATA folder that was moved takes its own cluster along; one below SYSTEM_ROOT stays.
    moved = data / "services"
    if not root.exists() and moved.exists():
        root = moved.resolve()
    return _place(data, told["id"], root, fast=bool(told.get("fast")))


def settle(data: Path, *, fast: bool) -> Place:
    """The known place of ``data``, or a new one, made. Raises ClusterGone, ProgramMissing."""
    home = known(data)
    if home is None:
        data.mkdir(parents=True, exist_ok=True)
        instance = secrets.token_hex(4)
        home = _place(data, instance, _new_root(data, instance, fast), fast=fast)
        _make_folder(home.root, home.user)
    elif not home.root.exists():
        raise ClusterGone(root=str(home.root), file=str(instance_file(data)))
    _make_folder(home.sockets, home.user)
    _make_folder(home.memory, home.user)
    _leave_signpost(home)
    remember(home, {})
    return home


def remember(home: Place, facts: dict[str, Any]) -> None:
    """Write where the services are into DATA/instance.json, with further facts."""
    who = {"id": home.id, "root": str(home.root), "fast": home.fast}
    write_instance(home.data, who | facts)


def write_instance(data: Path, facts: dict[str, Any]) -> None:
    """Write facts into DATA/instance.json in one stroke, keeping the others; None removes."""
    told = _read(data) | facts
    file = instance_file(data)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(json.dumps({k: v for k, v in told.items() if v is not None}, indent=1) + "\n")
    draft.chmod(0o600)
    draft.replace(file)


def _read(data: Path) -> dict[str, Any]:
    file = instance_file(data)
    return json.loads(file.read_text()) if file.exists() else {}


def _place(data: Path, instance: str, root: Path, *, fast: bool) -> Place:
    owner = root.stat().st_uid if root.exists() else _service_uid()
    return Place(
        data=data,
        id=instance,
        root=root,
        sockets=_sockets(root, instance, owner),
        user=pwd.getpwuid(owner).pw_name,
        fast=fast,
    )


def _service_uid() -> int:
    if os.geteuid() != 0:
        return os.geteuid()
    try:
        return pwd.getpwnam(SERVICE_USER).pw_uid
    except KeyError:
        raise ProgramMissing(program="postgres", package="postgresql-15-postgis-3") from None


def _new_root(data: Path, instance: str, fast: bool) -> Path:
    if os.geteuid() != 0:
        return data / "services"
    if fast:
        return Path(tempfile.gettempdir()) / f"fieldlot-{instance}"
    return SYSTEM_ROOT / instance


def _sockets(root: Path, instance: str, owner: int) -> Path:
    if len(os.fsencode(root)) <= LONGEST_FOLDER:
        return root
    return Path("/tmp") / f"fieldlot-{owner}-{instance}"  # noqa: S108 - 0700 and its owner is checked


def _make_folder(folder: Path, user: str) -> None:
    """Make a folder for ``user`` alone; refuses one that somebody else put there."""
    owner = pwd.getpwnam(user)
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    if folder.is_symlink() or folder.stat().st_uid != owner.pw_uid:
        raise PermissionError(f"{folder} belongs to somebody else")
    folder.chmod(0o700)


def _leave_signpost(home: Place) -> None:
    """DATA/services leads to the files, wherever they are, and ``belongs-to`` leads back."""
    sign = home.data / "services"
    if sign != home.root and not sign.exists():
        sign.unlink(missing_ok=True)
        sign.symlink_to(home.root)
    (home.root / "belongs-to").write_text(f"{home.data}\n")
