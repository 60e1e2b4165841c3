"""How entities are drawn: seed, tickets, allocation, the draw itself, and what it promises (DRAWS §2).

Plain functions of a seed and a list: a citizen with the published records gets the same names.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from math import prod, sqrt
from operator import itemgetter

from backend.draws.merkle import LEAF, hashes_after, root
from backend.draws.primitives import JOINT, joined_hex

_JOINT = JOINT.decode()
_BLUR = bytes(range(0x21))
SPARE = 6
"""How many standard deviations of tickets more than are wanted are looked at; 6 fall short once in a milliard draws"""


class DuplicateInPool(ValueError):
    """An id stands twice in a pool."""


class BadId(ValueError):
    """An id or a stratum's name is empty or holds a character below U+0021, which would blur where parts end."""


class FloorsTooHigh(ValueError):
    """The strata's minimums add up to more than is to be drawn."""


@dataclass(frozen=True)
class Stratum:
    """A class of the pool: how many members, how much a member weighs, how many are drawn at least."""

    N: int
    weight: int
    min: int = 0


def pool_root(pool: Sequence[tuple[str, str]]) -> str:
    """Merkle root of ``id ‖ 0x1F ‖ stratum`` over [(id, stratum)], sorted by the id's bytes.

    Raises BadId, DuplicateInPool.
    """
    ids = set(map(itemgetter(0), pool))
    # UTF-8 keeps the order of code points, and the joint is below all that ids may hold: rows sort as the ids' bytes do.
    rows = sorted(map(_JOINT.join, pool))
    _refuse_blurred(ids, set(map(itemgetter(1), pool)), rows)
    if len(ids) < len(pool):
        raise DuplicateInPool
    return root(hashes_after(LEAF, _encoded(rows))).hex()


def _encoded(texts: Iterable[str]) -> list[bytes]:
    """UTF-8 of each, in one go. None of them is empty or holds a line feed: a pool with such an id has no root."""
    together = "\n".join(texts).encode()
    return together.split(b"\n") if together else []


def _refuse_blurred(ids: Set[str], strata: Set[str], rows: Sequence[str]) -> None:
    """Each row may hold one character below U+0021, its joint."""
    if "" in ids or "" in strata or _blurs("".join(rows)) > len(rows):
        raise BadId(next(part for part in chain(ids, strata) if not part or _blurs(part)))


def _blurs(text: str) -> int:
    data = text.encode()
    return len(data) - len(data.translate(None, _BLUR))


def seed_of(commit_hash: str, dice: str, randomness: str, nonces: Mapping[str, str]) -> str:
    """The lot's seed; ``nonces`` are hex texts by party and enter in the order of the parties' names."""
    ordered = [nonces[party] for party in sorted(nonces, key=str.encode)]
    return joined_hex("hashdraw-1/seed", commit_hash, dice, randomness, *ordered)


def ticket(seed: str, id_: str) -> str:
    """The ticket of an id; the stratum is not in it."""
    return joined_hex("hashdraw-1/ticket", seed, id_)


def allocate(seed: str, strata: Mapping[str, Stratum], n: int) -> dict[str, int]:
    """Share ``n`` among the strata in integers: floors first, then N × weight by largest remainder, capped at N.

    Raises FloorsTooHigh.
    """
    given = {name: min(s.N, s.min) for name, s in strata.items()}
    if sum(given.values()) > n:
        raise FloorsTooHigh
    while left := n - sum(given.values()):
        open_ = {name: s for name, s in strata.items() if given[name] < s.N and s.N * s.weight}
        if not open_:
            break
        for name, share in _shares(seed, open_, left).items():
            given[name] = min(strata[name].N, given[name] + share)
    return given


def _shares(seed: str, strata: Mapping[str, Stratum], left: int) -> dict[str, int]:
    total = sum(s.N * s.weight for s in strata.values())
    shares = {name: left * s.N * s.weight // total for name, s in strata.items()}
    rest = left - sum(shares.values())
    by_remainder = sorted(
        strata,
        key=lambda name: (
            -(left * strata[name].N * strata[name].weight % total),
            joined_hex("hashdraw-1/alloc", seed, name),
        ),
    )
    for name in by_remainder[:rest]:
        shares[name] += 1
    return shares


@dataclass(frozen=True)
class Drawn:
    """What a lot gave: per stratum the drawn ids in ticket order, and the reserves after them."""

    drawn: dict[str, list[str]]
    reserves: dict[str, list[str]]


def draw(seed: str, pool: Sequence[tuple[str, str]], alloc: Mapping[str, int], reserve: int) -> Drawn:
    """The smallest tickets of each stratum of [(id, stratum)], as many as allocated, then ``reserve`` more."""
    sizes = Counter(map(itemgetter(1), pool))
    wanted = {name: min(places + reserve, sizes[name]) for name, places in alloc.items()}
    lowest = _tickets(seed, pool, {name: _bound(wanted[name], sizes[name]) for name in alloc})
    if any(len(lowest[name]) < wanted[name] for name in alloc):
        lowest = _tickets(seed, pool, dict.fromkeys(alloc, _NO_BOUND))
    ids = {name: [id_ for _, id_ in sorted(lowest[name])[: wanted[name]]] for name in alloc}
    return Drawn(
        {name: ids[name][: alloc[name]] for name in alloc},
        {name: ids[name][alloc[name] :] for name in alloc},
    )


_NO_BOUND = b"\xff" * 33
"""Above every ticket"""


def _bound(wanted: int, size: int) -> bytes:
    """Most likely above the ``wanted`` smallest of ``size`` tickets, and not far above: the others need not be kept and sorted."""
    share = (wanted + SPARE * sqrt(wanted + 1)) / size if size else 1
    return int(share * 2**64).to_bytes(8) if share < 1 else _NO_BOUND


def _tickets(
    seed: str, pool: Sequence[tuple[str, str]], bounds: Mapping[str, bytes]
) -> dict[str, list[tuple[bytes, str]]]:
    """Per stratum [(ticket, id)] of the tickets below its bound."""
    prefix = b"hashdraw-1/ticket" + JOINT + seed.encode() + JOINT
    kept: dict[str, list[tuple[bytes, str]]] = {name: [] for name in bounds}
    tickets = hashes_after(prefix, _encoded(map(itemgetter(0), pool)))
    for (id_, stratum), ticket in zip(pool, tickets, strict=True):
        if ticket < bounds[stratum]:
            kept[stratum].append((ticket, id_))
    return kept


def design_effect(sizes: Mapping[str, int], alloc: Mapping[str, int]) -> float:
    """The price of aiming: n Σ (N_h/N)² / n_h; infinite when a stratum gets nobody."""
    total, n = sum(sizes.values()), sum(alloc.values())
    if any(size and not alloc.get(name) for name, size in sizes.items()):
        return float("inf")
    return n * sum((size / total) ** 2 / alloc[name] for name, size in sizes.items() if size)


def yearly_chance(probabilities: Iterable[float]) -> float:
    """The chance of being drawn at least once in a year's rounds: 1 − Π(1 − π)."""
    return 1 - prod(1 - p for p in probabilities)
