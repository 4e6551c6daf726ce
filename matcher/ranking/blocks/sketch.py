"""What is known of a block of rows without looking at them: where it lies, and the best that any of its rows could offer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.columns import Rows, Values
from matcher.ranking.fields import Array
from matcher.ranking.ragged import resized
from matcher.ranking.scoring import points_of

# Criteria whose value does not depend on the need: a block keeps the best of its rows.
STEADY = ("capacity", "rating", "acceptance", "party_member")
LEVELS = (6, 9, 12, 15)
HOURS = 168
# Of the golden ratio (Knuth), to spread numbers over 64 bits.
MIX = 0x9E3779B97F4A7C15
# Confidences are kept in 255ths, rounded up.
PARTS = 255
LAST_BITS = 1e-9
# So many sets of weights are kept laid over the blocks: 8 bytes a block each.
MOST_WEIGHTS = 8
# Where the centre of a block without any place is put: farther than any two places on earth.
NOWHERE = 16.0


@dataclass(frozen=True, slots=True)
class Part:
    """How one figure of a block is kept, and how those of several blocks make that of the block around them."""

    stored: str
    width: int
    merge: np.ufunc


PARTS_OF_BLOCK = {
    "hours": Part("u1", HOURS // 8, np.bitwise_or),
    "regions": Part("u8", len(LEVELS), np.bitwise_or),
    "some_without_hours": Part("?", 1, np.logical_or),
    "kinds": Part("u1", 1, np.bitwise_or),
    "active": Part("?", 1, np.logical_or),
    "reach_km": Part("f4", 1, np.maximum),
    "work_least": Part("f8", 1, np.minimum),
    "holds_most": Part("f4", 1, np.maximum),
    "id_least": Part("u8", 1, np.minimum),
    **{code: Part("f8", 1, np.maximum) for code in STEADY},
}


class Sketch:
    """One entry a block. `centre` is a point in the unit ball and `radius` the furthest row's distance through the earth, in km;

    `spot` is the one place where all rows of the block are (longitude, latitude), NaN when they are at several.
    Cells also have `can`, the best confidence of their rows by service item.
    """

    def __init__(self, items: int = 0) -> None:
        self.size = 0
        self.arrays: dict[str, Array] = {name: np.zeros((0, part.width), part.stored) for name, part in PARTS_OF_BLOCK.items()}
        self.arrays |= {"centre": np.zeros((0, 3), "f4"), "radius": np.zeros((0, 1), "f4"), "spot": np.zeros((0, 2), "f8")}
        if items:
            self.arrays["can"] = np.zeros((0, items), "u1")
        self._steady: dict[tuple[float, ...], Values] = {}

    @property
    def bytes(self) -> int:
        return sum(self.size * array[:1].nbytes for array in self.arrays.values())

    def write(self, places: Rows, figures: dict[str, Array]) -> None:
        most = int(places.max(initial=-1)) + 1
        if most > len(self.arrays["radius"]):
            self.arrays = {name: resized(array, most + most // 4) for name, array in self.arrays.items()}
        self.size = max(self.size, most)
        for name, array in self.arrays.items():
            array[places] = figures[name]
        for shares, points in self._steady.items():
            if most <= len(points):
                points[places] = self._points(shares, places)
        self._steady = {shares: points for shares, points in self._steady.items() if most <= len(points)}

    def steady(self, shares: Mapping[str, float]) -> Values:
        """By block, the most points of all `STEADY` criteria together; kept for the next need with the same weights."""
        key = tuple(shares[code] for code in STEADY)
        if key not in self._steady:
            if len(self._steady) == MOST_WEIGHTS:
                self._steady.clear()
            self._steady[key] = self._points(key, np.arange(self.size))
        return self._steady[key]

    def _points(self, shares: tuple[float, ...], places: Rows) -> Values:
        points = np.zeros(len(places))
        for code, share in zip(STEADY, shares, strict=True):
            points += points_of(share, self.arrays[code][places, 0] + LAST_BITS)
        return points


def region_bits(region: NDArray[np.int64], digits: int) -> NDArray[np.uint64]:
    """One bit of 64 for a region at this level: two regions may share a bit, one never changes it."""
    mixed = (region // 10 ** (15 - digits)).astype(np.uint64) * np.uint64(MIX)
    return np.asarray(np.uint64(1) << (mixed >> np.uint64(58)))


def region_bit(region: int, digits: int) -> np.uint64:
    """The same for one."""
    mixed = region // 10 ** (15 - digits) * MIX % 2**64
    return np.uint64(1 << (mixed >> 58))


def on_sphere(lng: Values, lat: Values) -> Values:
    lng, lat = np.radians(lng), np.radians(lat)
    return np.stack([np.cos(lat) * np.cos(lng), np.cos(lat) * np.sin(lng), np.sin(lat)], axis=-1)
