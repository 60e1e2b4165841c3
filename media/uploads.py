"""Resumable uploads, the way tus 1.0.0 means them, without HTTP: whatever is cut, delayed or repeated, the bytes are right.

Every piece is spooled to a file of its own first, and appended only if the upload's offset has not moved meanwhile, under a
lock that holds across processes; so a stale slow writer can never overwrite what a later one committed. The offset is the
number of bytes that are durably on disk, so a kill at any moment loses nothing that was acknowledged.

An upload is *arriving* until its last byte, then *whole*; once its hash was compared it is *verified* or *quarantined*, and
when a store has its bytes it is *settled*. What is whole is evidence: it can be neither removed nor does it expire.
"""

import errno
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, BinaryIO

from media.allowance import Allowance
from media.disk import (
    copy_hashed,
    full_disk_told,
    is_sha256,
    locked,
    make_folder,
    sync_folder,
    write_whole,
)
from media.faults import (
    AnotherUpload,
    BadAnnouncement,
    Finished,
    NoRoom,
    NoSuchUpload,
    NotWhole,
    OffsetMoved,
    Quarantined,
    TooMuch,
)
from media.landing import State, Upload, Verdict, join, salvaged
from media.spool import ALGORITHMS, Checksum, Spool, refuse_unknown
from media.store import Store

__all__ = ["ALGORITHMS", "State", "Upload", "Uploads", "Verdict"]
SPARE = 64 * 1024 * 1024
"""Bytes of the disk that uploads leave free"""
ID = re.compile(r"[A-Za-z0-9_-]{2,64}")


class Uploads:
    """The uploads in a folder on a local disk; several processes may share it.

    ``largest``: bytes of one upload at most; ``allowance``: bytes that one owner may have under way (no limit without it);
    ``spare``: bytes of the disk left free.
    """

    def __init__(self, folder: Path, largest: int, *, allowance: int | None = None, spare: int = SPARE) -> None:
        self.folder, self.largest, self.spare = folder, largest, spare
        self.allowance = Allowance(folder / ".owners", allowance) if allowance is not None else None

    def create(self, id_: str, *, length: int, sha256: str, facts: dict[str, Any], owner: str | None = None) -> Upload:
        """Announce an upload; announcing it again gives the one that is there.

        Raises BadAnnouncement, TooMuch, NoRoom, AllowanceSpent, AnotherUpload (the id is known with other bytes).
        """
        sha256 = sha256.lower()
        if length < 0 or not is_sha256(sha256) or not ID.fullmatch(id_):
            raise BadAnnouncement(id=id_, length=length, sha256=sha256)
        if length > self.largest:
            raise TooMuch(limit=self.largest)
        if not self._known(id_):
            self._refuse_full(length)
            info = {"length": length, "sha256": sha256, "facts": facts, "created": time.time()}
            with self._claimed(owner, id_, length):
                self._begin(id_, info)
        upload = self.get(id_)
        if (upload.length, upload.sha256) != (length, sha256):
            raise AnotherUpload(id=id_)
        return upload

    def get(self, id_: str) -> Upload:
        """How an upload stands; what a killed writer left of its piece is taken in first. Raises NoSuchUpload."""
        with self._locked(id_):
            return salvaged(self._place(id_))

    def append(self, id_: str, offset: int, source: BinaryIO, checksum: Checksum | None = None) -> Upload:
        """Add a piece at ``offset``; what arrived of a cut piece is kept, unless it bears a checksum.

        ``checksum`` is (algorithm, digest). Raises NoSuchUpload, OffsetMoved, TooMuch, ChecksumDiffers, UnknownChecksum,
        NoRoom; the OSError of a connection that broke off, when what came before it is safe.
        """
        refuse_unknown(checksum)
        with self._locked(id_):
            before = salvaged(self._place(id_))
            if before.offset != offset:
                raise OffsetMoved(offset=before.offset)
            spool = Spool(self._place(id_), offset, checksum)
        try:
            cut = spool.take(source, before.length - offset)
            with self._locked(id_):
                join(self._place(id_), offset, spool.path)
        finally:
            spool.close()
        if cut is not None:
            raise cut
        return self.get(id_)

    def finish(self, id_: str) -> Verdict:
        """Compare a whole upload with what was announced; what differs is quarantined and kept. May be asked again.

        Raises NoSuchUpload, NotWhole.
        """
        upload = self.get(id_)
        if not upload.whole:
            raise NotWhole(offset=upload.offset, length=upload.length)
        place = self._place(id_) / "verdict.json"
        if not place.exists():
            digest = self.digest(id_)
            write_whole(place, json.dumps({"sha256": digest, "matches": digest == upload.sha256}).encode())
        return Verdict(**json.loads(place.read_text()))

    def digest(self, id_: str) -> str:
        """The SHA-256 of the bytes that are here, hex. Raises NoSuchUpload."""
        with self.open(id_) as data, open(os.devnull, "wb") as nowhere:
            return copy_hashed(data, nowhere)

    def open(self, id_: str) -> BinaryIO:
        """Read what is here. Raises NoSuchUpload, also when the bytes were settled."""
        try:
            return (self._place(id_) / "data").open("rb")
        except FileNotFoundError:
            raise NoSuchUpload(id=id_) from None

    def remove(self, id_: str) -> None:
        """Give an unfinished upload up. Raises NoSuchUpload, Finished."""
        with self._locked(id_):
            if salvaged(self._place(id_)).whole:
                raise Finished(id=id_)
            self._discard(id_)

    def settle(self, id_: str, store: Store) -> None:
        """Give up the bytes of a verified upload that ``store`` has; it goes on answering as whole.

        Do so after whatever names the blob was committed. Raises NoSuchUpload, NotWhole, Quarantined, FileNotFoundError
        (the store has no blob of that hash and length).
        """
        verdict, upload = self.finish(id_), self.get(id_)
        if not verdict.matches:
            raise Quarantined(id=id_, announced=upload.sha256, found=verdict.sha256)
        if store.size(verdict.sha256) != upload.length:
            raise FileNotFoundError(verdict.sha256)
        with self._locked(id_):
            write_whole(self._place(id_) / "settled", b"")
            (self._place(id_) / "data").unlink(missing_ok=True)

    def expire(self, older_than: float) -> list[str]:
        """Remove unfinished and settled uploads announced before this time (seconds since 1970). Returns their ids."""
        ids = [info.parent.name for info in self.folder.glob("*/*/info.json")]
        for left in (*self.folder.glob(".draft-*"), *self.folder.glob(".gone-*")):
            if left.stat().st_mtime < older_than:
                shutil.rmtree(left, ignore_errors=True)
        return [id_ for id_ in ids if self._expired(id_, older_than)]

    def _expired(self, id_: str, older_than: float) -> bool:
        """Looked at again under the lock: an upload that has just become whole is evidence."""
        try:
            with self._locked(id_):
                upload = salvaged(self._place(id_))
                if upload.created >= older_than or (upload.whole and upload.state is not State.SETTLED):
                    return False
                self._discard(id_)
        except NoSuchUpload:
            return False
        return True

    def _place(self, id_: str) -> Path:
        if not ID.fullmatch(id_):
            raise NoSuchUpload(id=id_)
        return self.folder / id_[-2:] / id_

    def _known(self, id_: str) -> bool:
        return (self._place(id_) / "info.json").exists()

    @contextmanager
    def _locked(self, id_: str) -> Iterator[None]:
        try:
            with locked(self._place(id_) / "info.json"):
                yield
        except FileNotFoundError as gone:
            raise NoSuchUpload(id=id_) from gone

    def _begin(self, id_: str, info: dict[str, Any]) -> None:
        """Make the upload's folder whole or not at all; who loses the race finds the winner's."""
        place = self._place(id_)
        draft = self.folder / f".draft-{secrets.token_hex(8)}"
        with full_disk_told(needed=info["length"]):
            make_folder(place.parent)
            draft.mkdir()
            (draft / "data").touch()
            write_whole(draft / "info.json", json.dumps(info).encode())
        try:
            draft.rename(place)
            sync_folder(place.parent)
        except OSError as taken:
            shutil.rmtree(draft, ignore_errors=True)
            if taken.errno not in (errno.EEXIST, errno.ENOTEMPTY):
                raise

    def _discard(self, id_: str) -> None:
        """Under the lock: gone at once for everybody, then removed at leisure."""
        gone = self.folder / f".gone-{secrets.token_hex(8)}"
        self._place(id_).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _claimed(self, owner: str | None, id_: str, length: int) -> AbstractContextManager[None]:
        if self.allowance is None or owner is None:
            return nullcontext()
        return self.allowance.claimed(owner, id_, length, self._under_way)

    def _under_way(self, id_: str) -> bool:
        try:
            return not self.get(id_).whole
        except NoSuchUpload:
            return False

    def _refuse_full(self, length: int) -> None:
        make_folder(self.folder)
        if (free := shutil.disk_usage(self.folder).free) < length + self.spare:
            raise NoRoom(needed=length, free=max(0, free - self.spare))
