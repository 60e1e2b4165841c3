"""A small points card fitted on the past only: whole points for each level of each indicator, and classes A–D by a pool's scores."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from backend.evidence.visits import Visit

POINTS_PER_NAT = 10
"""So that a point is a tenth of a natural logarithm of odds, and rounding costs nothing"""
RIDGE = 1.0
CLASS_EDGES = (0.5, 0.75, 0.9)
"""Of a pool's scores: the better half is A, the worst tenth is D, as far as equal scores allow"""
CLASSES = "ABCD"


@dataclass(frozen=True)
class PointsCard:
    """Points by ``indicator=level``."""

    points: dict[str, int]

    def score(self, visit: Visit) -> int:
        """The sum of points; a level that was never seen has none."""
        return sum(self.points.get(level, 0) for level in visit.levels)

    def classes(self, pool: Sequence[Visit]) -> list[str]:
        """A–D for each visit of a pool; equal scores stand in one class, the better one."""
        scores = [self.score(visit) for visit in pool]
        edges = np.quantile(scores, CLASS_EDGES)
        return [CLASSES[at] for at in np.searchsorted(edges, scores, side="left")]


def fit(past: Sequence[Visit]) -> PointsCard:
    """A card from visits that are over: logistic regression with a ridge, rounded to whole points."""
    names = sorted({level for visit in past for level in visit.levels})
    column = {name: at for at, name in enumerate(names)}
    known = np.zeros((len(past), len(names)))
    for row, visit in enumerate(past):
        known[row, [column[level] for level in visit.levels]] = 1
    weights = _regression(known, np.array([visit.problem for visit in past], dtype=float))
    return PointsCard({name: round(POINTS_PER_NAT * float(w)) for name, w in zip(names, weights, strict=True)})


def _regression(known: np.ndarray, problem: np.ndarray) -> np.ndarray:
    rate = problem.mean()
    base = np.log(rate / (1 - rate))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        odds = base + known @ weights
        gradient = known.T @ (expit(odds) - problem) + RIDGE * weights
        return float(np.logaddexp(0, odds).sum() - problem @ odds + RIDGE / 2 * weights @ weights), gradient

    return np.asarray(minimize(loss, np.zeros(known.shape[1]), jac=True, method="L-BFGS-B").x)
