"""Where media lie for good: a content-addressed store, each blob written once, under the SHA-256 of its bytes."""

import os
import secrets
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from media.disk import copy_hashed, full_disk_told, is_sha256, make_folder, settle_file, sync_folder
from media.faults import DigestDiffers, StoreUrlUnknown
from media.s3 import open_bucket

KNOWN = "file:///folder, s3://bucket/prefix?endpoint=https://…&region=…"


class Store(Protocol):
    """A place for bytes by their hash. Putting the same bytes twice changes nothing; nothing is ever changed or removed."""

    def put(self, source: BinaryIO | Path, sha256: str | None = None) -> str:
        """Keep everything that can be read from ``source``. Returns its SHA-256, hex.

        Raises DigestDiffers when ``sha256`` was named and is another (nothing is kept), NoRoom.
        """

    def open(self, sha256: str) -> BinaryIO:
        """Read a blob; the stream can seek. Raises FileNotFoundError."""

    def has(self, sha256: str) -> bool:
        """Is this blob here?"""

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises FileNotFoundError."""

    def address(self, sha256: str) -> str:
        """A URL under which the server's own programs read the blob for some minutes. Raises FileNotFoundError."""


class FolderStore:
    """A store in a folder: ``ab/cd/abcd…``, written aside, synced, and moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: BinaryIO | Path, sha256: str | None = None) -> str:
        """See Store."""
        if isinstance(source, Path):
            with source.open("rb") as opened:
                return self.put(opened, sha256)
        make_folder(self.folder)
        draft = self.folder / f".draft-{secrets.token_hex(8)}"
        try:
            with full_disk_told(folder=str(self.folder)):
                digest = _written(source, draft)
                if sha256 not in (None, digest):
                    raise DigestDiffers(announced=sha256, found=digest)
                self._settle(draft, digest)
        finally:
            draft.unlink(missing_ok=True)
        return digest

    def open(self, sha256: str) -> BinaryIO:
        """See Store."""
        return self._path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        """See Store."""
        return is_sha256(sha256) and self._path(sha256).exists()

    def size(self, sha256: str) -> int:
        """See Store."""
        return self._path(sha256).stat().st_size

    def address(self, sha256: str) -> str:
        """See Store."""
        self.size(sha256)
        return self._path(sha256).absolute().as_uri()

    def sweep(self, older_than: float) -> int:
        """Remove what killed writers left before this time (seconds since 1970). Returns how many."""
        left = [draft for draft in self.folder.glob(".draft-*") if draft.stat().st_mtime < older_than]
        for draft in left:
            draft.unlink(missing_ok=True)
        return len(left)

    def _settle(self, draft: Path, digest: str) -> None:
        """Move a draft into place. A blob of another length there was damaged by the disk: the good bytes replace it."""
        place = self._path(digest)
        if place.exists() and place.stat().st_size == draft.stat().st_size:
            return
        make_folder(place.parent)
        draft.chmod(0o440)
        draft.replace(place)
        sync_folder(place.parent)

    def _path(self, sha256: str) -> Path:
        if not is_sha256(sha256):
            raise FileNotFoundError(sha256)
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def open_store(url: str) -> Store:
    """The store that a URL names: ``file:///folder`` or ``s3://bucket/prefix?endpoint=…&region=…``.

    Raises StoreUrlUnknown; StoreUnavailable when boto3 is needed and not installed.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3" and parts.netloc:
        return open_bucket(url)
    if parts.scheme != "file" or not parts.path or parts.netloc not in ("", "localhost"):
        raise StoreUrlUnknown(url=url, known=KNOWN)
    return FolderStore(Path(unquote(parts.path)))


def _written(source: BinaryIO, draft: Path) -> str:
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as out:
        digest = copy_hashed(source, out)
        settle_file(out)
    return digest
