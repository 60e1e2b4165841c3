"""A lot's bundle: everything that a stranger needs to repeat it, in one JSON object (DRAWS §6)."""

import json
import secrets
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import keys
from backend.config import settings
from backend.draws import log, merkle
from backend.draws.models import Lot
from backend.draws.staff import aliased_pool
from backend.problems import NotFound, Problem

FORMAT = "fieldlot-bundle-1"


class NotOpened(Problem):
    """A lot's bundle is public once its seed is."""

    status = 409
    zh = ("尚未开签", "抽签 {lot} 尚未公布种子，开签后即可下载核验包。")
    en = ("Not opened yet", "Lot {lot} has no seed yet; its bundle can be downloaded once it is drawn.")


def bundle(session: Session, name: str) -> dict[str, Any]:
    """The bundle of an opened lot, under the head that was made with its newest record. Raises NotFound, NotOpened."""
    lot = _opened(session, name)
    entries = log.entries(session, *_attempts(session, lot))
    first = log.head_covering(session, lot.commit_hash)
    last = log.head_covering(session, entries[-1].hash)
    leaves = log.leaves(session, last.size)
    paths = merkle.inclusion_paths(leaves, [entry.index for entry in entries])
    return {
        "format": FORMAT, "lot": name, "heads": [first.__dict__, last.__dict__],
        "consistency": [step.hex() for step in merkle.consistency_path(leaves, first.size)],
        "entries": [{"index": entry.index, "path": [step.hex() for step in path], "record": entry.record}
                    for entry, path in zip(entries, paths, strict=True)],
        **_drawn_from(session, lot),
    }  # fmt: skip


def bundle_file(session: Session, name: str) -> Path:
    """The bundle as a file, written once for each state of the lot: a city's takes seconds. Raises NotFound, NotOpened."""
    lot = _opened(session, name)
    newest = log.entries(session, *_attempts(session, lot))[-1]
    file = settings().data / "bundles" / f"{name}.{newest.index + 1}.{newest.hash[:16]}.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        draft.write_text(as_text(bundle(session, name)), encoding="utf-8")
        draft.replace(file)
    return file


def as_text(found: dict[str, Any]) -> str:
    """A bundle as it is handed out: one line of JSON."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"


def _opened(session: Session, name: str) -> Lot:
    lot = session.scalar(select(Lot).where(Lot.name == name))
    if lot is None:
        raise NotFound(what="抽签 lot", id=name)
    if lot.seed is None:
        raise NotOpened(lot=name)
    return lot


def _attempts(session: Session, lot: Lot) -> list[str]:
    """The names of all lots of its round and kind."""
    return list(session.scalars(select(Lot.name).where(Lot.round_id == lot.round_id, Lot.kind == lot.kind)))


def _drawn_from(session: Session, lot: Lot) -> dict[str, Any]:
    """The pool of an entities lot by alias, or the staff of a teams lot as committed."""
    if lot.kind == "teams":
        return dict(lot.staff or {})
    key = keys.unseal(lot.alias_key, "alias key")
    return {"pool": [[name, stratum] for name, stratum, _ in aliased_pool(session, lot, key)]}
