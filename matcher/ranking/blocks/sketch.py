"""What is known of a block of rows without looking at them: where it lies, and the best that any of its rows could offer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.order import CELL, WORD, WORDS_IN_CELL, within
from matcher.ranking.columns import Columns, Mask, Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.fields import Array
from matcher.ranking.query import Query, View
from matcher.ranking.ragged import resized
from matcher.ranking.scoring import points_of
from models.place import EARTH_RADIUS_KM
from models.workload import EPOCH

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
# Centres are kept in single precision, good to half a metre.
SLACK_KM = 0.002
# Where the centre of a block without any place is put: farther than any two places on earth.
NOWHERE = 16.0
NO_QUERY = Query(at=EPOCH, region="", point=None, services=())


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


def figures_of(columns: Columns, catalogue: Catalogue, words: Rows) -> dict[str, Array]:
    """The figures of these words, worked out from their rows."""
    rows = within(words, WORD)
    view = View(NO_QUERY, columns, catalogue, rows)
    excerpt, shape = view.columns, (len(words), WORD)
    live = excerpt.live
    figures: dict[str, Array] = {}
    for code in STEADY:
        values = np.where(live, CRITERIA[code].measure(view, np.arange(len(rows))), 0.0)
        figures[code] = values.reshape(shape).max(axis=1)
    kinds = np.where(live, np.uint8(1) << excerpt.kind.astype(np.uint8), np.uint8(0))
    figures["kinds"] = np.bitwise_or.reduce(kinds.reshape(shape), axis=1)
    figures["active"] = np.logical_or.reduce((live & excerpt.active).reshape(shape), axis=1)
    figures["reach_km"] = np.where(live, excerpt.reach_km, -1.0).reshape(shape).max(axis=1)
    figures["work_least"] = np.where(live, excerpt.work_exponent, np.inf).reshape(shape).min(axis=1)
    figures["holds_most"] = np.where(live, excerpt.capacity, 0).reshape(shape).max(axis=1)
    figures["id_least"] = np.where(live, excerpt.id_high, np.uint64(2**64 - 1)).reshape(shape).min(axis=1)
    figures["some_without_hours"] = np.logical_or.reduce((live & (excerpt.slots.counts == 0)).reshape(shape), axis=1)
    figures = {name: figure[:, np.newaxis] for name, figure in figures.items()}
    figures["regions"] = np.stack([_regions(view, shape, digits) for digits in LEVELS], axis=1)
    figures["hours"] = _hours(view, len(words))
    return figures | _place(view, shape)


def _raised(values: Values) -> NDArray[np.float32]:
    """In single precision, never less than before."""
    single = values.astype(np.float32)
    return np.where(single < values, np.nextafter(single, np.float32(np.inf)), single)


def _regions(view: View, shape: tuple[int, int], digits: int) -> NDArray[np.uint64]:
    known = view.columns.live & (view.columns.region_digits >= digits)
    bits = np.where(known, region_bits(view.columns.region, digits), np.uint64(0))
    return np.asarray(np.bitwise_or.reduce(bits.reshape(shape), axis=1))


def abilities(columns: Columns, cells: Rows, items: int) -> NDArray[np.uint8]:
    """The best confidence of each cell's rows by service item."""
    services = Excerpt(columns, within(cells, CELL)).services
    most = np.zeros(len(cells) * items, dtype=np.uint8)
    parts = np.ceil(services["confidence"] * PARTS - LAST_BITS).astype(np.uint8)
    np.maximum.at(most, services.owner // CELL * items + services["item"], parts)
    return most.reshape(len(cells), items)


def _hours(view: View, words: int) -> NDArray[np.uint8]:
    """The hours of the week in which anybody is free for a part of it, as bits."""
    slots = view.columns.slots
    free = np.zeros((words, HOURS), dtype=np.bool_)
    first, last = slots["start"] // 60, (slots["end"] - 1) // 60
    for later in range(25):
        within = first + later <= last
        free[slots.owner[within] // WORD, first[within] + later] = True
    return np.packbits(free, axis=1)


def _place(view: View, shape: tuple[int, int]) -> dict[str, Array]:
    lng, lat = view.columns.lng, view.columns.lat
    there = (view.columns.live & ~np.isnan(lng)).reshape(shape)
    spheric = np.where(there[..., np.newaxis], on_sphere(lng, lat).reshape(*shape, 3), 0.0)
    count = there.sum(axis=1)[:, np.newaxis]
    centre = np.where(count > 0, spheric.sum(axis=1) / np.maximum(1, count), NOWHERE).astype(np.float32)
    away = np.sqrt(((spheric - centre[:, np.newaxis, :]) ** 2).sum(axis=2)) * EARTH_RADIUS_KM
    radius = np.where(there, away, 0.0).max(axis=1)[:, np.newaxis] + SLACK_KM
    return {"centre": centre, "radius": _raised(radius), "spot": _spot(view, there)}


def _spot(view: View, there: Mask) -> Values:
    spots = []
    for degrees in (view.columns.lng, view.columns.lat):
        placed = degrees.reshape(there.shape)
        most, least = np.where(there, placed, -999).max(axis=1), np.where(there, placed, 999).min(axis=1)
        spots.append(np.where(most == least, most, np.nan))
    one = ~np.isnan(spots[0]) & ~np.isnan(spots[1])
    return np.where(one[:, np.newaxis], np.stack(spots, axis=1), np.nan)


def merged(words: Sketch, cells: Rows) -> dict[str, Array]:
    """The figures of these cells from those of their words."""
    inside = within(cells, WORDS_IN_CELL).reshape(len(cells), WORDS_IN_CELL)
    figures: dict[str, Array] = {
        name: part.merge.reduce(words.arrays[name][inside], axis=1) for name, part in PARTS_OF_BLOCK.items()
    }
    centres, radii = words.arrays["centre"][inside].astype(np.float64), words.arrays["radius"][inside][..., 0]
    placed = centres[..., :1] < NOWHERE
    count = placed.sum(axis=1)
    centre = np.where(count > 0, (centres * placed).sum(axis=1) / np.maximum(1, count), NOWHERE).astype(np.float32)
    away = np.sqrt(((centres - centre[:, np.newaxis, :]) ** 2).sum(axis=2)) * EARTH_RADIUS_KM + radii
    figures["centre"] = centre
    figures["radius"] = _raised(np.where(placed[..., 0], away, 0.0).max(axis=1)[:, np.newaxis]) + np.float32(SLACK_KM)
    spots = words.arrays["spot"][inside]
    same = (spots == spots[:, :1]).all(axis=(1, 2))
    figures["spot"] = np.where(same[:, np.newaxis], spots[:, 0], np.nan)
    return figures
