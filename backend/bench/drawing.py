"""A city's lot, frozen, rooted and drawn, beside consistent-sampler drawing as many from the same ids."""

import resource
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from consistent_sampler import sampler

from backend.bench.rows import code
from backend.bench.told import Ratio, timed
from backend.draws.rules import Stratum, allocate, draw, pool_root, seed_of

HOLD = 0.5
MEGABYTES = 400
"""DESIGN §5: twice as fast, in less than this"""
SHARE = 18_396 / 400_000
CLASSES = {"A": (0.55, 1), "B": (0.30, 2), "C": (0.10, 4), "D": (0.05, 8)}
"""How much of the city each class is, and what a member weighs."""


def draw_ratio(count: int) -> tuple[Ratio, float]:
    """The ratio, and our largest memory in megabytes; each side runs in a process of its own."""
    size = round(count * SHARE)
    ours, memory = _alone(_ours, count, size)
    theirs, _ = _alone(_theirs, count, size)
    work = f"freeze, root, draw {size:,} of {count:,} : consistent-sampler"
    return Ratio(work, ours, theirs, HOLD), memory


def _alone(side: Callable[[int, int], float], count: int, size: int) -> tuple[float, float]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_measured, side, count, size).result()


def _measured(side: Callable[[int, int], float], count: int, size: int) -> tuple[float, float]:
    seconds = side(count, size)
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _ours(count: int, size: int) -> float:
    pool = _pool(count)
    with timed() as watch:
        frozen = pool_root(pool)
        seed = seed_of(frozen, "12345612345612345612", "", {"county": "00" * 32, "city": "11" * 32})
        sizes = Counter(stratum for _, stratum in pool)
        strata = {name: Stratum(sizes[name], weight) for name, (_, weight) in CLASSES.items()}
        drawn = draw(seed, pool, allocate(seed, strata, size), reserve=size // 100)
    if sum(map(len, drawn.drawn.values())) != size:
        raise SystemExit("the lot gave another number than was asked for")
    return watch.seconds


def _theirs(count: int, size: int) -> float:
    ids = [id_ for id_, _ in _pool(count)]
    with timed() as watch:
        drawn = list(islice(sampler(ids, seed="12345612345612345612", output="id"), size))
    if len(set(drawn)) != size:
        raise SystemExit("consistent-sampler gave another number than was asked for")
    return watch.seconds


def _pool(count: int) -> list[tuple[str, str]]:
    classes = [name for name, (share, _) in CLASSES.items() for _ in range(round(share * 20))]
    return [(code(n), classes[n % len(classes)]) for n in range(count)]
