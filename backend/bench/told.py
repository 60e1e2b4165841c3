"""What a measurement says: two times side by side and the ratio that is to hold."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True)
class Ratio:
    """``ours`` beside ``bare``, in seconds; ``hold`` is the largest ours / bare that DESIGN §5 allows."""

    work: str
    ours: float
    bare: float
    hold: float

    @property
    def holds(self) -> bool:
        """Is it within its bound?"""
        return self.ours <= self.hold * self.bare

    def __str__(self) -> str:
        word = "holds" if self.holds else "MISSED"
        return f"{self.work:<58} {self.ours:8.3f} s : {self.bare:7.3f} s = {self.ours / self.bare:6.2f}   ≤ {self.hold:g}  {word}"


@dataclass(frozen=True)
class Spread:
    """Many times of one thing, in milliseconds: half of them below ``middle``, 95 in 100 below ``p95``."""

    work: str
    middle: float
    p95: float

    def __str__(self) -> str:
        return f"{self.work:<58} median {self.middle:7.2f} ms   p95 {self.p95:7.2f} ms"


class Watch:
    """Holds the seconds of the block it was held over."""

    seconds = 0.0


@contextmanager
def timed() -> Iterator[Watch]:
    """Time a block."""
    watch, start = Watch(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - start


def spread(work: str, deeds: list[Callable[[], object]]) -> Spread:
    """Time each deed once, after the first three were done unmeasured."""
    for deed in deeds[:3]:
        deed()
    times = []
    for deed in deeds:
        with timed() as watch:
            deed()
        times.append(watch.seconds * 1000)
    return Spread(work, median(times), quantiles(times, n=20)[-1])
