"""Merkle trees of RFC 9162: roots, inclusion proofs, consistency proofs, and their verification."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from operator import add

EMPTY = sha256(b"").digest()
LEAF, NODE = b"\x00", b"\x01"
"""What is hashed before a leaf's data, and before two nodes"""


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)"""
    return sha256(LEAF + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)"""
    return sha256(NODE + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, level by level: an odd last node moves up as it is, which gives the RFC's tree."""
    level = list(leaves)
    while len(level) > 1:
        last = level[-1:] if len(level) % 2 else []
        level = hashes_after(NODE, map(add, level[::2], level[1::2])) + last
    return level[0] if level else EMPTY


def hashes_after(prefix: bytes, parts: Iterable[bytes]) -> list[bytes]:
    """SHA-256(prefix ‖ part) of each part. A city has 400,000, and a copied beginning costs half of a new hash."""
    begun, hashes = sha256(prefix).copy, []
    for part in parts:
        whole = begun()
        whole.update(part)
        hashes.append(whole.digest())
    return hashes


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The path from leaf ``index`` to the root over all leaf hashes (RFC 9162 §2.1.3.1). Raises ValueError."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"no leaf {index} among {len(leaves)}")
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion_path(leaves[:k], index), root(leaves[k:])]
    return [*inclusion_path(leaves[k:], index - k), root(leaves[:k])]


def inclusion_paths(leaves: Sequence[bytes], indices: Iterable[int]) -> list[list[bytes]]:
    """The paths of many leaves over one tree, each as ``inclusion_path`` gives it. Raises IndexError."""
    levels = [list(leaves)]
    while len(level := levels[-1]) > 1:
        odd = level[-1:] if len(level) % 2 else []
        levels.append([node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=False)] + odd)
    return [
        [level[sibling] for up, level in enumerate(levels) if (sibling := (index >> up) ^ 1) < len(level)]
        for index in indices
    ]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], head: bytes) -> bool:
    """Does the path lead from the leaf at ``index`` to the head of a tree of ``size`` (RFC 9162 §2.1.3.2)?"""
    if not 0 <= index < size:
        return False
    digest, fn, sn = leaf, index, size - 1
    for step in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            digest = node_hash(step, digest)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            digest = node_hash(digest, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and digest == head


def consistency_path(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree of the first ``first`` leaves is a beginning of this one (RFC 9162 §2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise ValueError(f"no consistency proof from {first} to {len(leaves)}")
    return _subproof(first, leaves, whole=True)


def _subproof(m: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    n = len(leaves)
    if m == n:
        return [] if whole else [root(leaves)]
    k = _split(n)
    if m <= k:
        return [*_subproof(m, leaves[:k], whole=whole), root(leaves[k:])]
    return [*_subproof(m - k, leaves[k:], whole=False), root(leaves[:k])]


def consistent(first: int, second: int, path: Sequence[bytes], old: bytes, new: bytes) -> bool:
    """Does the proof show that head ``old`` of ``first`` leaves is a beginning of ``new`` (RFC 9162 §2.1.4.2)?"""
    if first == second:
        return not path and old == new
    if not 0 < first < second:
        return False
    steps = list(path) if first & (first - 1) else [old, *path]
    if not steps:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    a = b = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            a, b = node_hash(step, a), node_hash(step, b)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            b = node_hash(b, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and a == old and b == new


def _split(n: int) -> int:
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1
