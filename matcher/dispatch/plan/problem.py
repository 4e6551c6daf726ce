"""A plan in numbers: needs with places, providers with room, and the worth of each pair that the rules allow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.intp]
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Problem:
    """Pair e is need `need[e]` with provider `provider[e]` at `score[e]` > 0; no pair stands twice.

    `places` and `room` count what each need lacks and each provider can still take. A need is served between `start` and `end`
    (epoch seconds); NaN in both is a need without a time, which clashes with nothing.
    """

    places: Whole
    room: Whole
    start: Values
    end: Values
    need: Whole
    provider: Whole
    score: Values

    def clash(self, one: int, other: int) -> bool:
        """Whether nobody can be at both needs. False for a need without a time: NaN is never less."""
        return bool(self.start[one] < self.end[other] and self.start[other] < self.end[one])

    def total(self, chosen: Whole) -> float:
        return float(self.score[chosen].sum())


@dataclass(frozen=True, slots=True)
class Solution:
    """`chosen` are pairs; no solution is worth more than `bound`. `gap` is 0 where the solution is proven to be the best."""

    chosen: Whole
    total: float
    bound: float

    @property
    def gap(self) -> float:
        return max(0.0, self.bound - self.total) / self.bound if self.bound else 0.0

    @property
    def optimal(self) -> bool:
        return self.gap < 1e-9
