"""One upload's folder on disk: how it stands, how a piece is joined to it, and what a killed writer left.

``info.json`` is written once and is what writers lock; ``data`` are the bytes so far; ``verdict.json`` and ``settled`` come
at the end; ``spool-…`` are pieces on their way. Everything here is called with the lock held.
"""

import json
import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from media.disk import full_disk_told, settle_file, sync_folder
from media.faults import OffsetMoved
from media.spool import PIECE, abandoned, offset_of


class State(StrEnum):
    """How far an upload has come."""

    ARRIVING = "arriving"
    WHOLE = "whole"
    VERIFIED = "verified"
    QUARANTINED = "quarantined"
    SETTLED = "settled"


@dataclass(frozen=True)
class Upload:
    """An upload as it stands: ``offset`` of ``length`` bytes are here; ``sha256`` is what was announced, hex."""

    id: str
    length: int
    sha256: str
    facts: dict[str, Any]
    created: float
    offset: int
    state: State = State.ARRIVING

    @property
    def whole(self) -> bool:
        """Have all the bytes arrived?"""
        return self.offset == self.length


@dataclass(frozen=True)
class Verdict:
    """What a whole upload turned out to be: the SHA-256 of its bytes, hex, and whether it is the one announced."""

    sha256: str
    matches: bool


def standing(place: Path) -> Upload:
    """What is on disk, made sure of, for a killed writer may have left bytes unsynced."""
    info = json.loads((place / "info.json").read_text())
    settled = (place / "settled").exists()
    offset = info["length"] if settled else _durable_size(place / "data")
    state = State.SETTLED if settled else _state(place, whole=offset == info["length"])
    return Upload(place.name, info["length"], info["sha256"], info["facts"], info["created"], offset, state)


def salvaged(place: Path) -> Upload:
    """How an upload stands, after taking in what killed writers had received where it stood; the rest is dropped."""
    for piece in abandoned(place):
        if (offset := offset_of(piece)) is not None and offset == standing(place).offset:
            join(place, offset, piece)
        piece.unlink(missing_ok=True)
    return standing(place)


def join(place: Path, offset: int, piece: Path) -> None:
    """Append a piece, durably, if the upload still stands where the piece begins. Raises OffsetMoved, NoRoom."""
    data = place / "data"
    if (now := standing(place).offset) != offset:
        raise OffsetMoved(offset=now)
    if piece.stat().st_size == 0:
        return
    if now == 0:
        _become(piece, data)
    else:
        _add(piece, data)


def _state(place: Path, *, whole: bool) -> State:
    try:
        matches = json.loads((place / "verdict.json").read_text())["matches"]
    except FileNotFoundError:
        return State.WHOLE if whole else State.ARRIVING
    return State.VERIFIED if matches else State.QUARANTINED


def _durable_size(data: Path) -> int:
    with data.open("rb") as known:
        os.fsync(known.fileno())
        return os.fstat(known.fileno()).st_size


def _become(piece: Path, data: Path) -> None:
    """The first piece need not be written twice: its file becomes the upload's."""
    _durable_size(piece)
    piece.rename(data)
    sync_folder(data.parent)


def _add(piece: Path, data: Path) -> None:
    """A piece is appended whole, or the upload stays as it was."""
    before = data.stat().st_size
    with full_disk_told(needed=piece.stat().st_size):
        try:
            with piece.open("rb") as source, data.open("ab") as out:
                shutil.copyfileobj(source, out, PIECE)
                settle_file(out)
        except OSError:
            os.truncate(data, before)
            raise
