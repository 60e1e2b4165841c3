"""One piece of an upload, put aside in a file of its own while it arrives, so that a slow sender holds nobody up."""

import fcntl
import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO

from media.disk import full_disk_told
from media.faults import ChecksumDiffers, TooMuch, UnknownChecksum

ALGORITHMS = ("sha1", "sha256", "md5")
Checksum = tuple[str, bytes]
PIECE = 256 * 1024


class Spool:
    """A piece on its way. Its file is locked as long as its writer lives, so that what a killed one left can be told."""

    def __init__(self, folder: Path, offset: int, checksum: Checksum | None) -> None:
        refuse_unknown(checksum)
        self.checksum = checksum
        kind = "plain" if checksum is None else "summed"
        self.path = folder / f"spool-{kind}-{offset}-{secrets.token_hex(8)}"
        # Unbuffered: what is acknowledged to have been read is in the file, whenever we are killed.
        self.file = self.path.open("xb", buffering=0)
        fcntl.flock(self.file, fcntl.LOCK_EX)

    def take(self, source: BinaryIO, room: int) -> OSError | None:
        """Read a piece of at most ``room`` bytes. Returns the error of a connection that broke off, if it did.

        Raises TooMuch, NoRoom, ChecksumDiffers: what is here is worth nothing then.
        """
        digest = hashlib.new(self.checksum[0], usedforsecurity=False) if self.checksum else None
        while True:
            try:
                piece = source.read(PIECE)
            except OSError as cut:
                self._compare(None)
                return cut
            if not piece:
                self._compare(digest.digest() if digest else None)
                return None
            if (room := room - len(piece)) < 0:
                raise TooMuch(over=-room)
            self._write(piece)
            if digest:
                digest.update(piece)

    def close(self) -> None:
        """Let go of the piece, whatever became of it."""
        self.path.unlink(missing_ok=True)
        self.file.close()

    def _write(self, piece: bytes) -> None:
        left = memoryview(piece)
        with full_disk_told(needed=len(piece)):
            while left:
                left = left[self.file.write(left) :]

    def _compare(self, found: bytes | None) -> None:
        if self.checksum and self.checksum[1] != found:
            raise ChecksumDiffers(algorithm=self.checksum[0])


def refuse_unknown(checksum: Checksum | None) -> None:
    """Raises UnknownChecksum for an algorithm that is not offered."""
    if checksum and checksum[0] not in ALGORITHMS:
        raise UnknownChecksum(algorithm=checksum[0], known=", ".join(ALGORITHMS))


def abandoned(folder: Path) -> list[Path]:
    """The pieces whose writers were killed, the longest first. Ask only while no new piece can begin."""
    left = [path for path in folder.glob("spool-*") if _is_free(path)]
    return sorted(left, key=lambda path: path.stat().st_size, reverse=True)


def offset_of(path: Path) -> int | None:
    """Where an abandoned piece belongs; None when it bore a checksum, of which half a piece says nothing."""
    _, kind, offset, _ = path.name.split("-")
    return int(offset) if kind == "plain" else None


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return path.exists()
    finally:
        os.close(descriptor)
