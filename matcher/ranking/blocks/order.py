"""The order of rows: near in space is near in memory."""

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.excerpt import Excerpt, Rows, Values

# Rows in a word, which knows where they are and what they could offer; in a cell, which also knows who can do what; in a tail that
# is long enough to become cells of its own.
WORD = 64
WORDS_IN_CELL = 16
CELL = WORDS_IN_CELL * WORD
LONG_TAIL = 4 * CELL
# Steps of the grid of the Morton code along each side; 2^20 over the globe's width are 40 m.
STEPS = 1 << 20
# Of so many rows one may share its place with another until it is quicker to sort all by everything at once.
MOST_SHARED = 4
GAPS = (
    (16, 0x0000FFFF0000FFFF),
    (8, 0x00FF00FF00FF00FF),
    (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333),
    (1, 0x5555555555555555),
)


def sorted_places(excerpt: Excerpt) -> Rows:
    """Along the Morton curve (Morton 1966); at one place by region, then by id."""
    curve = morton(excerpt.lng, excerpt.lat)
    order = np.argsort(curve)
    along = curve[order]
    # By the place alone first, in a tenth of the time: then only who shares one has to be told apart.
    same = np.zeros(len(order) + 1, np.bool_)
    same[1:-1] = along[1:] == along[:-1]
    shared = np.flatnonzero(same[1:] | same[:-1])
    if len(shared) > len(order) // MOST_SHARED:
        return np.lexsort((excerpt.id_low, excerpt.id_high, excerpt.region, curve))
    rows = order[shared]
    keys = excerpt.only(rows)
    order[shared] = rows[np.lexsort((keys.id_low, keys.id_high, keys.region, along[shared]))]
    return order


def morton(lng: Values, lat: Values) -> NDArray[np.uint64]:
    """Longitude and latitude with their bits interleaved; those without a place come last."""
    across = np.nan_to_num((lng + 180) / 360, nan=1.0) * (STEPS - 1)
    along = np.nan_to_num((lat + 90) / 180, nan=1.0) * (STEPS - 1)
    return _spread(across.astype(np.uint64)) | (_spread(along.astype(np.uint64)) << np.uint64(1))


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Room for another number's bits between the 20 of this one."""
    for shift, mask in GAPS:
        bits = (bits | (bits << np.uint64(shift))) & np.uint64(mask)
    return bits


def within(blocks: Rows, size: int) -> Rows:
    """The numbers of what is inside these blocks of so many each."""
    return np.asarray((blocks[:, np.newaxis] * size + np.arange(size)).ravel())
