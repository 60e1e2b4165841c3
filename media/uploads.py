"""Resumable uploads, the way tus 1.0.0 means them, without HTTP: whatever is cut, delayed or repeated, the bytes are right.

Every piece is spooled to a file of its own first, and appended only if the upload's offset has not moved meanwhile, under a
lock that holds across processes; so a stale slow writer can never overwrite what a later one committed. The offset is the
number of bytes that are durably on disk, so a kill at any moment loses nothing that was acknowledged.
"""

import errno
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from media.faults import (
    AnotherUpload,
    ChecksumDiffers,
    Finished,
    NoRoom,
    NoSuchUpload,
    OffsetMoved,
    TooMuch,
    UnknownChecksum,
)

ALGORITHMS = ("sha1", "sha256", "md5")
PIECE = 256 * 1024
SPARE = 64 * 1024 * 1024
"""Bytes of the disk that uploads leave free"""


@dataclass(frozen=True)
class Upload:
    """An upload as it stands: ``offset`` of ``length`` bytes are here; ``sha256`` is what was announced, hex."""

    id: str
    length: int
    sha256: str
    facts: dict[str, Any]
    created: float
    offset: int

    @property
    def whole(self) -> bool:
        """Have all the bytes arrived?"""
        return self.offset == self.length


class Uploads:
    """The uploads in a folder; several processes may share it."""

    def __init__(self, folder: Path, largest: int) -> None:
        self.folder, self.largest = folder, largest

    def create(self, id_: str, *, length: int, sha256: str, facts: dict[str, Any]) -> Upload:
        """Announce an upload; announcing it again gives the one that is there.

        Raises TooMuch, NoRoom, AnotherUpload (the id is known with other bytes).
        """
        if length > self.largest:
            raise TooMuch(limit=self.largest)
        if (self._place(id_) / "info.json").exists():
            known = self.get(id_)
            if (known.length, known.sha256) != (length, sha256):
                raise AnotherUpload(id=id_)
            return known
        self._refuse_full(length)
        info = {"length": length, "sha256": sha256, "facts": facts, "created": time.time()}
        self._begin(id_, info)
        return self.get(id_)

    def get(self, id_: str) -> Upload:
        """How an upload stands. Raises NoSuchUpload."""
        place = self._place(id_)
        try:
            info = json.loads((place / "info.json").read_text())
            offset = info["length"] if (place / "settled").exists() else (place / "data").stat().st_size
        except FileNotFoundError:
            raise NoSuchUpload(id=id_) from None
        return Upload(id_, info["length"], info["sha256"], info["facts"], info["created"], offset)

    def append(self, id_: str, offset: int, source: BinaryIO, checksum: tuple[str, bytes] | None = None) -> Upload:
        """Add a piece at ``offset``; what arrived of a cut piece is kept, unless it bears a checksum.

        ``checksum`` is (algorithm, digest). Raises NoSuchUpload, OffsetMoved, TooMuch, ChecksumDiffers, UnknownChecksum, NoRoom.
        """
        before = self.get(id_)
        if before.offset != offset:
            raise OffsetMoved(offset=before.offset)
        spool = self._place(id_) / f"spool-{secrets.token_hex(8)}"
        try:
            cut = _spooled(source, spool, before.length - offset, checksum)
            with self._locked(id_):
                self._join(id_, offset, spool)
        finally:
            spool.unlink(missing_ok=True)
        if cut is not None:
            raise cut
        return self.get(id_)

    def digest(self, id_: str) -> str:
        """The SHA-256 of the bytes that are here, hex. Raises NoSuchUpload."""
        digest = hashlib.sha256()
        with self.open(id_) as data:
            while piece := data.read(PIECE):
                digest.update(piece)
        return digest.hexdigest()

    def open(self, id_: str) -> BinaryIO:
        """Read what is here. Raises NoSuchUpload."""
        try:
            return (self._place(id_) / "data").open("rb")
        except FileNotFoundError:
            raise NoSuchUpload(id=id_) from None

    def remove(self, id_: str) -> None:
        """Give an unfinished upload up. Raises NoSuchUpload, Finished."""
        with self._locked(id_):
            if self.get(id_).whole:
                raise Finished(id=id_)
            shutil.rmtree(self._place(id_))

    def settle(self, id_: str) -> None:
        """Give up the bytes of a whole upload that lie safely in a store; it goes on answering as whole."""
        place = self._place(id_)
        (place / "settled").touch()
        (place / "data").unlink(missing_ok=True)

    def expire(self, older_than: float) -> list[str]:
        """Remove unfinished uploads announced before this time (seconds since 1970). Returns their ids."""
        gone = []
        for place in self.folder.glob("*/*/info.json"):
            upload = self.get(place.parent.name)
            if not upload.whole and upload.created < older_than:
                shutil.rmtree(place.parent, ignore_errors=True)
                gone.append(upload.id)
        return gone

    def _place(self, id_: str) -> Path:
        return self.folder / id_[-2:] / id_

    def _begin(self, id_: str, info: dict[str, Any]) -> None:
        """Make the upload's folder whole or not at all; who loses the race finds the winner's."""
        place = self._place(id_)
        draft = self.folder / f".draft-{secrets.token_hex(8)}"
        draft.mkdir(parents=True)
        place.parent.mkdir(exist_ok=True)
        (draft / "data").touch()
        (draft / "info.json").write_text(json.dumps(info))
        try:
            draft.rename(place)
        except OSError as taken:
            shutil.rmtree(draft, ignore_errors=True)
            if taken.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise

    def _refuse_full(self, length: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.folder).free < length + SPARE:
            raise NoRoom(needed=length)

    @contextmanager
    def _locked(self, id_: str) -> Iterator[None]:
        """One writer at a time, across processes; the kernel frees the lock of a killed one."""
        try:
            descriptor = os.open(self._place(id_) / "info.json", os.O_RDONLY)
        except FileNotFoundError:
            raise NoSuchUpload(id=id_) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _join(self, id_: str, offset: int, spool: Path) -> None:
        """Append a spooled piece, durably, if the upload still stands where the piece begins."""
        data = self._place(id_) / "data"
        if (now := data.stat().st_size) != offset:
            raise OffsetMoved(offset=now)
        try:
            with spool.open("rb") as piece, data.open("ab") as out:
                shutil.copyfileobj(piece, out, PIECE)
                out.flush()
                os.fsync(out.fileno())
        except OSError as full:
            os.truncate(data, offset)
            if full.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom(needed=spool.stat().st_size) from full
            raise


def _spooled(source: BinaryIO, spool: Path, room: int, checksum: tuple[str, bytes] | None) -> Exception | None:
    """Write the piece aside. Returns the error of a connection that broke off, when the bytes before it may be kept."""
    if checksum and checksum[0] not in ALGORITHMS:
        raise UnknownChecksum(algorithm=checksum[0], known=", ".join(ALGORITHMS))
    digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
    cut: Exception | None = None
    with spool.open("wb") as out:
        try:
            while piece := source.read(PIECE):
                room -= len(piece)
                if room < 0:
                    raise TooMuch(limit=0)
                out.write(piece)
                if digest:
                    digest.update(piece)
        except OSError as broken:
            if broken.errno in (errno.ENOSPC, errno.EDQUOT):
                raise NoRoom(needed=0) from broken
            cut = broken
    if digest and checksum and (cut is not None or digest.digest() != checksum[1]):
        raise ChecksumDiffers(algorithm=checksum[0])
    return cut
