"""How many to draw: what a draw of some size can be expected to tell of the whole city, before anything is drawn (DRAWS §2, §7)."""

from collections.abc import Mapping
from math import sqrt

from backend.draws.estimates import Z95
from backend.draws.rules import Stratum, allocate


def half_width(sizes: Mapping[str, int], given: Mapping[str, int], rate: float) -> float:
    """Half the width to expect of the city rate's 95 % interval, were ``rate`` the rate of every class; 1 where a class gets nobody.

    Half of Wilson's interval with n_eff = 1 / Σ (N_h/N)² / (n_h − 1), as ``estimates`` computes it once visits are made.
    """
    if any(size and not given.get(name) for name, size in sizes.items()):
        return 1.0
    total = sum(sizes.values())
    n_eff = 1 / sum((size / total) ** 2 / max(given[name] - 1, 1) for name, size in sizes.items() if size)
    z2 = Z95**2
    return Z95 * sqrt(rate * (1 - rate) / n_eff + z2 / (4 * n_eff**2)) / (1 + z2 / n_eff)


def sample_size(strata: Mapping[str, Stratum], rate: float, width: float) -> int | None:
    """The fewest to draw so that the interval's half width is at most ``width``; None where not even drawing everybody suffices.

    Raises ValueError unless 0 < rate < 1 and 0 < width < 1.
    """
    if not (0 < rate < 1 and 0 < width < 1):
        raise ValueError("0 < rate < 1 and 0 < width < 1")
    sizes = {name: stratum.N for name, stratum in strata.items()}
    low, high = max(1, sum(min(s.N, s.min) for s in strata.values())), sum(sizes.values())
    if not high or half_width(sizes, allocate("", strata, high), rate) > width:
        return None
    while low < high:
        middle = (low + high) // 2
        if half_width(sizes, allocate("", strata, middle), rate) <= width:
            high = middle
        else:
            low = middle + 1
    return low
