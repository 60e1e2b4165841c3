"""Travel times as the crow flies, for where there are no roads to ask: always marked ``degraded``.

A plan made this way underestimates mountains badly (50 h became 148 h on roads), so whoever shows its numbers
shows the mark too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.sphere import distances_m, must_be_place
from geo.travel import Matrix, Point, Provenance, Route, whole


@dataclass(frozen=True)
class CrowFlight:
    """Great circle × ``detour`` at ``speed_kmh``; the detour is DOMAIN §7.4's 1.4–1.8 for mountains."""

    detour: float = 1.5
    speed_kmh: float = 40.0

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel between all points; every point is its own road, so nothing is snapped."""
        for point in points:
            must_be_place(*point)
        lon, lat = np.asarray(points, dtype=np.float64).reshape(-1, 2).T
        metres = distances_m(lon[:, None], lat[:, None], lon, lat) * self.detour
        seconds = metres / (self.speed_kmh / 3.6)
        return Matrix(whole(seconds), whole(metres), np.zeros(len(points)), self._provenance())

    def route(self, points: Sequence[Point]) -> Route:
        """Straight lines from point to point."""
        found = self.matrix(points)
        steps = [(i, i + 1) for i in range(len(points) - 1)]
        seconds = tuple(int(found.seconds[step]) for step in steps)
        metres = tuple(int(found.metres[step]) for step in steps)
        return Route(tuple(points), seconds, metres, found.provenance)

    def _provenance(self) -> Provenance:
        return Provenance("crow", f"detour {self.detour:g}, {self.speed_kmh:g} km/h", "degraded")
