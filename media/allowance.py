"""How many bytes one owner may have under way, so that a broken or bad phone cannot fill the disk for all."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from media.disk import locked, make_folder
from media.faults import AllowanceSpent


class Allowance:
    """Claims of owners on a folder, ``most`` bytes each. A claim lasts as long as its upload is under way."""

    def __init__(self, folder: Path, most: int) -> None:
        self.folder, self.most = folder, most

    @contextmanager
    def claimed(self, owner: str, id_: str, length: int, under_way: Callable[[str], bool]) -> Iterator[None]:
        """Claim ``length`` bytes for an upload that begins inside. Raises AllowanceSpent.

        Claims of uploads that are no longer ``under_way`` are dropped here, so nothing need remember to give them back.
        """
        mine = self._folder(owner)
        with locked(mine / "lock"):
            used = sum(self._living(mine, id_, under_way))
            if used + length > self.most:
                raise AllowanceSpent(limit=self.most, used=used, asked=length)
            claim = mine / f"{id_}.{length}"
            claim.touch()
            try:
                yield
            except BaseException:
                claim.unlink(missing_ok=True)
                raise

    def _living(self, mine: Path, id_: str, under_way: Callable[[str], bool]) -> Iterator[int]:
        for claim in mine.glob("*.*"):
            other, _, length = claim.name.rpartition(".")
            if other != id_ and under_way(other):
                yield int(length)
            else:
                claim.unlink(missing_ok=True)

    def _folder(self, owner: str) -> Path:
        mine = self.folder / hashlib.sha256(owner.encode()).hexdigest()[:32]
        make_folder(mine)
        (mine / "lock").touch()
        return mine
