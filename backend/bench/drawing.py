"""A city's lot, frozen, rooted and drawn, beside consistent-sampler and beside plain SHA-256; a province's by districts; matching."""

import resource
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from multiprocessing import get_context
from random import Random

from consistent_sampler import sampler

from backend.bench.rows import code
from backend.bench.told import Ratio, Spread, spread, timed
from backend.draws.matching import AnonymousTour, Candidate, match
from backend.draws.primitives import JOINT, joined_hex
from backend.draws.rules import Stratum, allocate, draw, pool_root, seed_of

HOLD = 0.5
MEGABYTES = 400
"""DESIGN §5: twice as fast, in less than this"""
TURNS = 3
TOURS, INSPECTORS, MATCHINGS = 20, 40, 200
SHARE = 18_396 / 400_000
CLASSES = {"A": (0.55, 1), "B": (0.30, 2), "C": (0.10, 4), "D": (0.05, 8)}
"""How much of the city each class is, and what a member weighs."""


def draw_ratio(count: int) -> tuple[Ratio, float]:
    """The ratio of the best times, and our memory in megabytes; the sides take turns, each in a process of its own."""
    size = round(count * SHARE)
    turns = [(_alone(_ours, count, size), _alone(_theirs, count, size)) for _ in range(TURNS)]
    (ours, memory), (theirs, _) = map(min, zip(*turns, strict=True))
    work = f"freeze, root, draw {size:,} of {count:,} : consistent-sampler"
    return Ratio(work, ours, theirs, HOLD), memory


def hash_floor(count: int) -> float:
    """Seconds for the SHA-256 alone of what a lot hashes: a leaf, a node and a ticket a member. No lot can be faster here."""
    return _alone(_hashes, count, 0)[0]


def province(count: int, districts: int) -> tuple[float, float]:
    """Seconds and largest megabytes of lots over ``count`` members, one district after the other."""
    return _alone(_by_districts, count, districts)


def matching_spread() -> Spread:
    """A full group: 40 inspectors matched to 20 tours that need a qualification, with recusals and pairs to avoid."""
    rng = Random(20261123)
    return spread("match 20 tours × 40 inspectors", [partial(_match, n, *_group(rng)) for n in range(MATCHINGS)])


def _group(rng: Random) -> tuple[list[Candidate], list[AnonymousTour]]:
    """Half of the inspectors are qualified, each is recused from one tour in twenty, each tour avoids one pair."""
    tours, people = [f"t{n:02d}" for n in range(TOURS)], [f"i{n:02d}" for n in range(INSPECTORS)]
    inspectors = [Candidate(p, "g", ("food",) if n % 4 else (), (rng.choice(tours),)) for n, p in enumerate(people)]
    pairs = [rng.sample(people, 2) for _ in tours]
    return inspectors, [AnonymousTour(t, "g", ("food",), (), ((a, b),)) for t, (a, b) in zip(tours, pairs, strict=True)]


def _match(number: int, inspectors: list[Candidate], tours: list[AnonymousTour]) -> None:
    if len(match(joined_hex("bench", str(number)), inspectors, tours, 2).teams) != TOURS:
        raise SystemExit("the matching left a tour without a team")


def _alone(side: Callable[[int, int], float], count: int, size: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, side, count, size).result()


def _measured(side: Callable[[int, int], float], count: int, size: int) -> tuple[float, float]:
    seconds = side(count, size)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(count: int, size: int) -> float:
    return _lot(_pool(count), size)


def _lot(pool: list[tuple[str, str]], size: int) -> float:
    with timed() as watch:
        frozen = pool_root(pool)
        seed = seed_of(frozen, "12345612345612345612", "", {"county": "00" * 32, "city": "11" * 32})
        sizes = Counter(stratum for _, stratum in pool)
        strata = {name: Stratum(sizes[name], weight) for name, (_, weight) in CLASSES.items()}
        drawn = draw(seed, pool, allocate(seed, strata, size), reserve=size // 100)
    if sum(map(len, drawn.drawn.values())) != size:
        raise SystemExit("the lot gave another number than was asked for")
    return watch.seconds


def _hashes(count: int, _size: int) -> float:
    prefix = b"hashdraw-1/ticket" + JOINT + bytes(64) + JOINT
    leaves = [f"\0{code(n)}\x1fA".encode() for n in range(count)]
    tickets, nodes = [prefix + leaf[1:-2] for leaf in leaves], [bytes(65)] * count
    with timed() as watch:
        for data in chain(leaves, nodes, tickets):
            sha256(data).digest()
    return watch.seconds


def _by_districts(count: int, districts: int) -> float:
    each, seconds = count // districts, 0.0
    for district in range(districts):
        seconds += _lot(_pool(each, district * each), round(each * SHARE))
    return seconds


def _theirs(count: int, size: int) -> float:
    ids = [id_ for id_, _ in _pool(count)]
    with timed() as watch:
        drawn = list(islice(sampler(ids, seed="12345612345612345612", output="id"), size))
    if len(set(drawn)) != size:
        raise SystemExit("consistent-sampler gave another number than was asked for")
    return watch.seconds


def _pool(count: int, first: int = 0) -> list[tuple[str, str]]:
    classes = [name for name, (share, _) in CLASSES.items() for _ in range(round(share * 20))]
    return [(code(n), classes[n % len(classes)]) for n in range(first, first + count)]
