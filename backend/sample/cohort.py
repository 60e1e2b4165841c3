"""Many entities as columns, each with a luck of its own that depends on nobody else in the file."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

import numpy as np
from scipy.special import ndtri

from backend.risk.card import Audience, audiences_of

Row = dict[str, str]
PIECE = 10_000
GRADE_PULL = {"low": -0.25, "general": 0.0, "higher": 0.2, "high": 0.3}


@dataclass(frozen=True)
class Cohort:
    """Some entities on a day; ``keys`` are their credit codes, else their registration numbers."""

    rows: list[Row]
    keys: list[str]
    on: date
    seed: int
    marks: np.ndarray
    """A 64-bit number of each entity, from the seed and its key."""
    born: np.ndarray
    """Days of establishment as ordinals."""
    audiences: list[frozenset[Audience]]

    def luck(self, name: str) -> np.ndarray:
        """Even chance in (0, 1) for each entity, another for every name (SplitMix64 of its mark)."""
        state = self.marks + np.uint64(_number(name))
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
        state ^= state >> np.uint64(31)
        return ((state >> np.uint64(11)) + 0.5) * 2.0**-53

    def normal(self, name: str) -> np.ndarray:
        """Standard normal chance for each entity."""
        return np.asarray(ndtri(self.luck(name)))

    def concerned(self, audience: str) -> np.ndarray:
        """Which entities an audience holds."""
        return np.array([audience in each for each in self.audiences])

    def tendency(self, grades: Iterable[str]) -> np.ndarray:
        """Each entity's hidden tendency to trouble: mostly its own, a little its trade and its youth."""
        pull = np.array([GRADE_PULL[grade] for grade in grades])
        young = np.where(self.on.toordinal() - self.born < 365, 0.25, -0.05)
        return 1.15 * self.normal("tendency") + pull + young


def cohorts(rows: Iterable[Row], seed: int, on: date) -> Iterator[Cohort]:
    """Entity rows in pieces that fit in memory many times over."""
    pending = iter(rows)
    while piece := list(islice(pending, PIECE)):
        keys = [row["uscc"] or row["reg_no"] for row in piece]
        marks = np.array([_number(f"{seed}/{key}") for key in keys], dtype=np.uint64)
        born = np.array([date.fromisoformat(row["est_date"]).toordinal() for row in piece])
        audiences = [audiences_of(r["entity_type"], r["industry"].split(";"), r["licence_no"]) for r in piece]
        yield Cohort(piece, keys, on, seed, marks, born, audiences)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest())
