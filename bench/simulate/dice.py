"""Common random numbers: what chance decides hangs on seed, need, provider and purpose alone, so that every policy meets the same luck."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Rows, Values

Bits = NDArray[np.uint64]


class Purpose(IntEnum):
    YES = 1
    DELAY = 2
    SAYS_NO = 3
    LENGTH = 4
    LEAVES = 5
    SHUFFLE = 6


def uniform(seed: int, subject: int, rows: Rows, purpose: Purpose) -> Values:
    """In (0, 1), one for each row: SplitMix64 (Steele, Lea and Flood 2014) over the four numbers."""
    state = np.full(len(rows), seed, dtype=np.uint64)
    for number in (np.full(len(rows), subject, np.uint64), rows.astype(np.uint64), np.full(len(rows), purpose, np.uint64)):
        state = _mixed(state + np.uint64(0x9E3779B97F4A7C15) * (number + np.uint64(1)))
    return ((state >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53


def _mixed(bits: Bits) -> Bits:
    bits = (bits ^ (bits >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(bits ^ (bits >> np.uint64(31)), dtype=np.uint64)
