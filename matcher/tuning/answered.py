"""Answered offers as arrays: what learning reads."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Values

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Answered:
    """Answered offers, a row each. `values`: criteria in [0, 1]; `success` in [0, 1]: 1 a yes, 0 a no; `need` and `together`
    number the need and the offers that were made at once; `attempt` counts a need's offers from 1; `place` is the rank that the
    provider had, from 1, 0 where they had none. `around`: the mean values of the candidates of the same need, where known."""

    values: Values
    success: Values
    need: Whole
    together: Whole
    attempt: Values
    urgency: Values
    place: Whole
    around: Values | None = None


def part_of(answered: Answered, rows: Whole) -> Answered:
    return replace(
        answered,
        values=answered.values[rows],
        success=answered.success[rows],
        need=answered.need[rows],
        together=answered.together[rows],
        attempt=answered.attempt[rows],
        urgency=answered.urgency[rows],
        place=answered.place[rows],
        around=None if answered.around is None else answered.around[rows],
    )
