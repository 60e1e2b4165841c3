"""What phones noticed of themselves: into the server's log and a table, and no word in it that could name a person."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.inspections.aside.models import DeviceLogEntry

log = structlog.get_logger()
LEVELS = ("info", "warning", "error")
WORDS = frozenset({"app_version", "browser", "code", "kind", "network", "operation", "os", "phase", "reason", "screen",
                   "state", "storage"})  # fmt: skip
"""Fields that hold a code or an id"""
NUMBERS = frozenset({"bytes", "clock_offset_ms", "count", "duration_ms", "quota_bytes", "retries", "status", "unsent",
                     "used_bytes"})  # fmt: skip
CODE = re.compile(r"[A-Za-z0-9._:/-]{1,80}")
"""Codes, versions and ids; no spaces and no Chinese, so no names, addresses or sentences"""


def allowed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Of the fields of an entry those that may be kept, and that are what they should be; the others are left out."""
    return {name: value for name, value in fields.items() if _may(name, value)}


def keep_log(session: Session, *, actor: Actor, entries: list[dict[str, Any]]) -> int:
    """Keep entries {at, level, event, facts} of the actor's phone. Returns how many fields were left out."""
    left_out = 0
    for entry in entries:
        at: datetime = entry["at"]
        fields = allowed(entry["facts"])
        left_out += len(entry["facts"]) - len(fields)
        session.add(DeviceLogEntry(device_id=actor.device_id, at=at, level=entry["level"], event=entry["event"],
                                   fields=fields))  # fmt: skip
        log.info("phone_noticed", device_id=str(actor.device_id), phone_at=at.isoformat(), phone_level=entry["level"],
                 phone_event=entry["event"], **{f"phone_{name}": value for name, value in fields.items()})  # fmt: skip
    return left_out


def _may(name: str, value: Any) -> bool:
    if name in NUMBERS:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return name in WORDS and isinstance(value, str) and CODE.fullmatch(value) is not None
