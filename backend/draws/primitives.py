"""The primitives of DRAWS §1: joined hashes, aliases, and a stream of random integers from a label."""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
JOINT = b"\x1f"
SPAN = 2**64


def joined_hash(*parts: str) -> bytes:
    """H(a, b, …): SHA-256 of the UTF-8 parts joined by 0x1F, without a trailing separator."""
    return hashlib.sha256(JOINT.join(part.encode() for part in parts)).digest()


def joined_hex(*parts: str) -> str:
    """The same in lower-case hex."""
    return joined_hash(*parts).hex()


def salt_of(alias_key: bytes, id_: str) -> str:
    """The salt of an entity or inspector: HMAC-SHA-256 of its id under the lot's alias key, hex."""
    return hmac.new(alias_key, id_.encode(), hashlib.sha256).hexdigest()


def alias_of(salt: str, id_: str) -> str:
    """What stands for the id in public records: H("hashdraw-1/alias", salt, id), hex."""
    return joined_hex("hashdraw-1/alias", salt, id_)


class Stream:
    """Random integers labelled by parts; block i is H(label…, str(i)), four big-endian 64-bit numbers each."""

    def __init__(self, *label: str) -> None:
        self._numbers = self._blocks(label)

    @staticmethod
    def _blocks(label: tuple[str, ...]) -> Iterator[int]:
        index = 0
        while True:
            block = joined_hash(*label, str(index))
            yield from (int.from_bytes(block[at : at + 8]) for at in (0, 8, 16, 24))
            index += 1

    def below(self, n: int) -> int:
        """A uniform integer in 0 … n−1; numbers of 2^64 − 2^64 mod n and above are rejected."""
        limit = SPAN - SPAN % n
        return next(number for number in self._numbers if number < limit) % n

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """Fisher–Yates from the last index down to 1."""
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out
