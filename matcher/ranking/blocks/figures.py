"""The figures of blocks: of words from their rows, of cells from their words."""

import numpy as np
from numpy.typing import NDArray

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.order import CELL, WORD, WORDS_IN_CELL, within
from matcher.ranking.blocks.sketch import (
    HOURS,
    LAST_BITS,
    LEVELS,
    NOWHERE,
    PARTS,
    PARTS_OF_BLOCK,
    STEADY,
    Sketch,
    on_sphere,
    region_bits,
)
from matcher.ranking.columns import Columns, Mask, Rows, Values
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.fields import Array
from matcher.ranking.query import Query, View
from models.place import EARTH_RADIUS_KM
from models.workload import EPOCH

# Centres are kept in single precision, good to half a metre.
SLACK_KM = 0.002
NO_QUERY = Query(at=EPOCH, region="", point=None, services=())


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
