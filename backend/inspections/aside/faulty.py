"""Payloads that were refused for good: kept for a person to look at, each once, and forgotten after a quarter."""

import hashlib

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from backend.accounts.rules import Actor
from backend.inspections.aside.models import FaultyPayload
from backend.problems import Problem
from backend.times import utc_now

log = structlog.get_logger()
LARGEST = 2**20
"""Bytes of a payload that are kept"""
MOST = 100
"""Payloads of one phone that are kept: one that sends rubbish must not fill the disk"""
PASSING = frozenset({401, 408, 413, 425, 429})
"""Statuses after which the phone sends the same bytes again, or never got as far as its payload"""
WAITING = frozenset({"photos-missing"})
"""Codes of refusals that end by themselves, when what is awaited has come"""


def is_for_good(problem: Problem) -> bool:
    """Will the same bytes be refused again? A fault of ours counts too: it is the payload that shows it."""
    if problem.status >= 500:
        return problem.status == 500
    return problem.status not in PASSING and problem.code() not in WAITING


def keep_faulty(session: Session, *, actor: Actor, kind: str, operation: str, data: bytes, problem: Problem) -> None:
    """Keep a refused payload, or count it once more when the same bytes came before."""
    told = {"code": problem.code(), "status": problem.status, "zh": problem.told("zh"), "en": problem.told("en")}
    known = func.count().filter(FaultyPayload.sha256 != hashlib.sha256(data).hexdigest())
    if (session.scalar(select(known).where(FaultyPayload.device_id == actor.device_id)) or 0) >= MOST:
        log.warning("faulty_payload_not_kept", device_id=str(actor.device_id), kind=kind, code=problem.code())
        return
    row = upsert(FaultyPayload).values(
        device_id=actor.device_id, person_id=actor.person_id, kind=kind[:40], operation=operation[:100], size=len(data),
        sha256=hashlib.sha256(data).hexdigest(), data=data[:LARGEST], problem=told,
    )  # fmt: skip
    again = {"times": FaultyPayload.times + 1, "last_at": utc_now(), "problem": told}
    session.execute(row.on_conflict_do_update(index_elements=["device_id", "sha256"], set_=again))
