"""Columns put together from heaps of rows that several have drawn beside each other: sorted at once, without a copy in between."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from matcher.ranking.blocks.order import CELL, sorted_places
from matcher.ranking.bulk import NewRows
from matcher.ranking.columns import Columns
from matcher.ranking.fields import FIELDS, LISTS
from matcher.ranking.ragged import Ragged

# `map`, or one that does several at once.
Each = Callable[[Callable[[str], None], Iterable[str]], Iterable[None]]
# What the order of rows depends on.
KEYS = ("lng", "lat", "region", "id_high", "id_low")


def assembled(empty: Columns, heaps: Sequence[NewRows], each: Each = map) -> Columns:
    """Others like `empty`, with all these rows and no odd ids; the caller knows that nobody comes twice. Nobody is found by
    reference until `take_in` was called for all rows. The heaps are empty afterwards: what is done with is given back at once."""
    size = sum(len(heap.fixed["live"]) for heap in heaps)
    fresh = empty.anew(size)
    for name in KEYS:
        _fill(fresh, heaps, name)
    fresh.size = size
    order = sorted_places(fresh.everyone())

    def sort_column(name: str) -> None:
        if name not in KEYS:
            _fill(fresh, heaps, name)
        column = fresh.fixed[name]
        column[:size] = column[:size][order]

    def sort_list(name: str) -> None:
        unsorted, first = Ragged(LISTS[name], size), 0
        for heap in heaps:
            counts, parts = heap.lists.pop(name)
            unsorted.extend(first, counts, parts)
            first += len(counts)
        fresh.lists[name] = unsorted.packed(order, fresh.room)

    for _ in each(sort_list, LISTS):
        pass
    for _ in each(sort_column, FIELDS):
        pass
    fresh.sorted_rows, fresh.sealed, fresh.epoch = size, size // CELL * CELL, 1
    return fresh


def _fill(fresh: Columns, heaps: Sequence[NewRows], name: str) -> None:
    """A column that the heaps do not have stays as it is in rows of nobody."""
    parts = [heap.fixed.pop(name) for heap in heaps if name in heap.fixed]
    if parts:
        np.concatenate(parts, out=fresh.fixed[name][: fresh.size or sum(map(len, parts))], casting="same_kind")
