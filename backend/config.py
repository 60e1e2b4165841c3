"""Settings: where the instance's database, Redis, media and keys are; environment first, then the instance file.

docs/operations.md explains every setting; tests/ground/test_docs.py holds the two together.
"""

import json
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Settings:
    """One running instance, as its processes see it. URLs are SQLAlchemy's and Redis's own kinds."""

    data: Path
    database_url: str
    database_owner_url: str
    redis_url: str
    media_url: str
    keys: Path
    public_url: str
    roads: Path
    """Road data (.osm.pbf) for the tours; without it they are estimated and shown as degraded"""
    osrm_url: str | None
    """An osrm-routed server to ask instead"""
    beacon: Path
    """A beacon chain of one's own (JSON); without it lots name the public drand chain"""
    behind_proxy: bool
    """True when a reverse proxy of ours sets X-Forwarded-* (BEHIND_PROXY=1)."""
    upload_quota: int
    """Bytes that one person's unfinished uploads may announce together (UPLOAD_QUOTA, in MB)"""
    upload_spare: int
    """Bytes of the disk that uploads leave free (UPLOAD_SPARE, in MB)"""
    embedded: bool
    """True when the launcher's own PostgreSQL is used: the sample and its accounts exist only there."""


class NoInstance(SystemExit):
    """Neither settings nor an instance file say where the database is."""

    def __init__(self, data: Path) -> None:
        super().__init__(
            f"Fieldlot: no database is known: {data}/instance.json does not exist and DATABASE_URL is not set. "
            "Run `make run` first, or set DATA or DATABASE_URL.\n"
            f"Fieldlot：找不到数据库：没有 {data}/instance.json，也没有设置 DATABASE_URL。"
            "请先运行 make run，或设置 DATA 或 DATABASE_URL。"
        )


def data_folder() -> Path:
    """The folder of this instance (DATA, default .fieldlot)."""
    return Path(os.environ.get("DATA", ".fieldlot")).absolute()


def read_settings() -> Settings:
    """Settings from the environment and, where it is silent, from DATA/instance.json."""
    data = data_folder()
    instance = _instance(data)
    database = os.environ.get("DATABASE_URL") or instance.get("database_url")
    if not database:
        raise NoInstance(data)
    own = os.environ.get("DATABASE_OWNER_URL") or (
        database if "DATABASE_URL" in os.environ else instance.get("owner_url", database)
    )
    return Settings(
        data=data,
        database_url=_driver(database),
        database_owner_url=_driver(own),
        redis_url=os.environ.get("REDIS_URL") or instance.get("redis_url", "redis://localhost"),
        media_url=os.environ.get("MEDIA_URL") or f"file://{data / 'media'}",
        keys=Path(os.environ.get("KEYS", data / "keys")),
        public_url=_public_url(instance),
        roads=Path(os.environ.get("ROADS", data / "roads.osm.pbf")),
        osrm_url=os.environ.get("OSRM_URL"),
        beacon=Path(os.environ.get("BEACON", data / "beacon.json")),
        upload_quota=_megabytes("UPLOAD_QUOTA", os.environ.get("UPLOAD_QUOTA"), 2048),
        upload_spare=_megabytes("UPLOAD_SPARE", os.environ.get("UPLOAD_SPARE"), 64),
        behind_proxy=os.environ.get("BEHIND_PROXY") == "1",
        embedded="DATABASE_URL" not in os.environ,
    )


class BadSetting(SystemExit):
    """A setting that is no number of megabytes."""

    def __init__(self, name: str, given: str) -> None:
        super().__init__(
            f"Fieldlot: {name}={given} must be a whole number of megabytes, for example {name}=2048.\n"
            f"Fieldlot：{name}={given} 须为整数（单位 MB），例如 {name}=2048。"
        )


def _megabytes(name: str, given: str | None, usual: int) -> int:
    if given and not (given.isascii() and given.isdigit()):
        raise BadSetting(name, given)
    return int(given or usual) * 2**20


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return read_settings()


def _instance(data: Path) -> dict[str, Any]:
    file = data / "instance.json"
    return json.loads(file.read_text()) if file.exists() else {}


def _public_url(instance: dict[str, Any]) -> str:
    port = os.environ.get("PORT") or instance.get("port") or 8000
    return os.environ.get("PUBLIC_URL", f"http://localhost:{port}").rstrip("/")


def _driver(url: str) -> str:
    """The same URL for psycopg 3, whichever of the usual prefixes it was written with."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url
