"""Where media lie for good: a content-addressed store, each blob written once, under the SHA-256 of its bytes."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from media.faults import StoreUrlUnknown

PIECE = 1024 * 1024


class Store(Protocol):
    """A place for bytes by their hash. Putting the same bytes twice changes nothing."""

    def put(self, source: BinaryIO) -> str:
        """Keep everything that can be read from ``source``. Returns its SHA-256, hex."""

    def open(self, sha256: str) -> BinaryIO:
        """Read a blob. Raises FileNotFoundError."""

    def has(self, sha256: str) -> bool:
        """Is this blob here?"""

    def size(self, sha256: str) -> int:
        """A blob's length in bytes. Raises FileNotFoundError."""


class FolderStore:
    """A store in a folder: ``ab/cd/abcd…``, written aside, synced, and moved into place."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, source: BinaryIO) -> str:
        """See Store."""
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = self.folder / f".draft-{secrets.token_hex(8)}"
        try:
            digest = _written(source, draft)
            self._settle(draft, digest)
        finally:
            draft.unlink(missing_ok=True)
        return digest

    def open(self, sha256: str) -> BinaryIO:
        """See Store."""
        return self._path(sha256).open("rb")

    def has(self, sha256: str) -> bool:
        """See Store."""
        return self._path(sha256).exists()

    def size(self, sha256: str) -> int:
        """See Store."""
        return self._path(sha256).stat().st_size

    def _settle(self, draft: Path, digest: str) -> None:
        place = self._path(digest)
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(place)
            _sync(place.parent)

    def _path(self, sha256: str) -> Path:
        return self.folder / sha256[:2] / sha256[2:4] / sha256


def open_store(url: str) -> Store:
    """The store that a URL names: ``file:///some/folder``. Raises StoreUrlUnknown."""
    parts = urlsplit(url)
    if parts.scheme != "file" or not parts.path:
        raise StoreUrlUnknown(url=url, known="file:///folder")
    return FolderStore(Path(unquote(parts.path)))


def _written(source: BinaryIO, draft: Path) -> str:
    digest = hashlib.sha256()
    with draft.open("wb") as out:
        while piece := source.read(PIECE):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
