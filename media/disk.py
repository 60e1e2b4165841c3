"""Bytes on disk that outlive a kill or a power cut: synced folders, files written whole or not at all, locks across processes."""

import errno
import fcntl
import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from media.faults import NoRoom

PIECE = 1024 * 1024
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
SHA256 = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: str) -> bool:
    """Is this a SHA-256 as it is written here: 64 lower-case hex digits?"""
    return SHA256.fullmatch(text) is not None


def copy_hashed(source: BinaryIO, out: BinaryIO) -> str:
    """Copy what can be read from ``source``. Returns the SHA-256 of it, hex."""
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
        out.write(piece)
    return digest.hexdigest()


def settle_file(out: BinaryIO) -> None:
    """Have everything written so far on the disk itself."""
    out.flush()
    os.fsync(out.fileno())


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk itself."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Make a folder with its parents, each new name synced."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    sync_folder(folder.parent)


def write_whole(place: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    draft = place.with_name(f".draft-{secrets.token_hex(8)}")
    try:
        with draft.open("wb") as out:
            out.write(data)
            settle_file(out)
        draft.replace(place)
        sync_folder(place.parent)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def full_disk_told(**facts: Any) -> Iterator[None]:
    """Raise NoRoom where the system says that the disk, or our share of it, is full."""
    try:
        yield
    except OSError as wrong:
        if wrong.errno in FULL:
            raise NoRoom(**facts) from wrong
        raise


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Hold an existing file alone, among threads and processes; the kernel frees the lock of a killed one.

    Raises FileNotFoundError when it is not there, also when it went while we waited.
    """
    descriptor = _held(place)
    try:
        yield
    finally:
        os.close(descriptor)


def _held(place: Path) -> int:
    """Whoever waited may have got the lock of a file that is no longer the one of this name: then wait for the new one."""
    while True:
        descriptor = os.open(place, os.O_RDONLY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(descriptor), os.stat(place)):
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
