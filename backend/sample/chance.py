"""Repeatable chance: every part of the invented world draws from a stream of its own, named under the seed."""

import hashlib

import numpy as np

SEED = 20240607
"""The seed of the world that is shown unless another is asked for."""
SOURCE = "sample"
"""The marker that every invented row carries."""


def chance(seed: int, *names: str) -> np.random.Generator:
    """The stream of that name: more draws in one part of the world never move another part."""
    name = "/".join((str(seed), *names))
    return np.random.Generator(np.random.PCG64(int.from_bytes(hashlib.sha256(name.encode()).digest()[:16])))


def pick_many(rng: np.random.Generator, shares: np.ndarray, count: int) -> np.ndarray:
    """``count`` indices, each with the chance of its share; shares need not add up to one."""
    edges = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(edges, rng.random(count), side="right"), len(edges) - 1)
