"""Is this fix at the site, given how far the phone itself says it may be off? (DOMAIN §7.4)"""

import math
from dataclasses import dataclass
from typing import Literal

from geo.sphere import distance_m, must_be_place

NEAR_M = 150.0
TIMES_ACCURACY = 2.0
VAGUE_M = 1000.0
"""A fix worse than the worst cell fix proves nothing, though the rule lets it pass"""


@dataclass(frozen=True)
class Fence:
    """What the fence says. It never blocks: ``outside`` means that a reason is asked for."""

    verdict: Literal["inside", "outside"]
    distance_m: float
    allowed_m: float
    vague: bool
    """The fix is so inaccurate (or says nothing of its accuracy) that the verdict carries little weight"""


def at_site(
    fix: tuple[float, float],
    accuracy_m: float | None,
    site: tuple[float, float],
    *,
    near_m: float = NEAR_M,
) -> Fence:
    """Judge a fix against a site, both (lon, lat) in EPSG:4326: inside when distance ≤ max(150 m, 2 × accuracy).

    An accuracy that is missing, negative or no number counts as unknown: the plain 150 m hold.
    Raises NotAPlace for coordinates that are none.
    """
    must_be_place(*fix)
    must_be_place(*site)
    known = accuracy_m if accuracy_m is not None and _sound(accuracy_m) else None
    allowed = max(near_m, TIMES_ACCURACY * (known or 0.0))
    away = distance_m(*fix, *site)
    verdict: Literal["inside", "outside"] = "inside" if away <= allowed else "outside"
    return Fence(verdict, away, allowed, vague=known is None or known > VAGUE_M)


def _sound(accuracy_m: float) -> bool:
    return math.isfinite(accuracy_m) and accuracy_m >= 0
