"""Lists of uneven length, one for each row, in flat arrays: four bytes of place and one of length for each row beside the entries."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.fields import Array, Field

MOST = 255
FIRST_ROOM = 64
# Lists that are packed leave an eighth of room: to find more, everything is copied.
SPARE = 8
# Rows that are packed in one go: `numpy.repeat` lets no other thread run, here for some five milliseconds.
AT_ONCE = 1 << 15


class Entries:
    """The entries of some rows, flat; `owner` says to which of those rows (by its place among them) an entry belongs.

    Each part is gathered when it is first read; good until the list changes.
    """

    def __init__(self, list_: "Ragged", counts: NDArray[np.intp], places: NDArray[np.intp]) -> None:
        self.counts = counts
        self._list, self._places = list_, places
        self._parts: dict[str, Array] = {}

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def __getitem__(self, part: str) -> Array:
        if part not in self._parts:
            self._parts[part] = self._read(part, self._places)
        return self._parts[part]

    @property
    def parts(self) -> dict[str, Array]:
        return {part: self[part] for part in self._list.fields}

    def at(self, part: str, entries: NDArray[np.intp]) -> Array:
        """A part of some of the entries only."""
        return self._read(part, self._places[entries])

    def _read(self, part: str, places: NDArray[np.intp]) -> Array:
        return self._list.fields[part].decode(self._list.pools[part].take(places))


class Ragged:
    """A list that grows moves to the end; what it leaves behind is taken back when the rows are sorted (`packed`)."""

    def __init__(self, fields: Mapping[str, Field], rows: int) -> None:
        self.fields = fields
        self.start: NDArray[np.uint32] = np.zeros(rows, dtype=np.uint32)
        self.count: NDArray[np.uint8] = np.zeros(rows, dtype=np.uint8)
        self.pools: dict[str, Array] = {part: np.zeros(FIRST_ROOM, dtype=field.stored) for part, field in fields.items()}
        self.used = 0

    @property
    def room(self) -> int:
        return len(next(iter(self.pools.values())))

    @property
    def bytes(self) -> int:
        """For the rows' places and the entries in use; the room ahead is not counted."""
        return self.start.nbytes + self.count.nbytes + sum(self.used * pool.itemsize for pool in self.pools.values())

    def put(self, row: int, *parts: Sequence[float]) -> None:
        """Write the list of a row, in the stored numbers; entries past the 255th are left out."""
        length = min(len(parts[0]), MOST)
        if length > self.count[row]:
            self._reserve(length)
            self.start[row] = self.used
            self.used += length
        self.count[row] = length
        first = int(self.start[row])
        for pool, values in zip(self.pools.values(), parts, strict=True):
            pool[first : first + length] = values[:length]

    def extend(self, first_row: int, counts: Array, parts: Mapping[str, Array]) -> None:
        """The lists of many consecutive rows at once."""
        total = int(counts.sum())
        self._reserve(total)
        ends = np.cumsum(counts)
        rows = slice(first_row, first_row + len(counts))
        self.start[rows], self.count[rows] = self.used + ends - counts, counts
        for part, pool in self.pools.items():
            pool[self.used : self.used + total] = parts[part]
        self.used += total

    def fill(self, parts: Mapping[str, Array], spare: int) -> None:
        """The entries of all rows, whose places are written already, and room for one in `spare` more."""
        total = len(next(iter(parts.values())))
        self._reserve(total + total // spare)
        for part, pool in self.pools.items():
            pool[:total] = parts[part]
        self.used = total

    def of(self, row: int) -> tuple[Array, ...]:
        first = int(self.start[row])
        return tuple(pool[first : first + int(self.count[row])] for pool in self.pools.values())

    def gather(self, rows: NDArray[np.intp]) -> Entries:
        """The entries of these rows. Costs by the number of entries."""
        return Entries(self, *self._places(rows))

    def resize(self, rows: int) -> None:
        self.start, self.count = resized(self.start, rows), resized(self.count, rows)

    def packed(self, order: NDArray[np.intp], rows: int) -> "Ragged":
        """The lists of the rows in `order`, without gaps, with room for so many rows.

        In a thread while rows are written it holds for all rows that are not: lengths are read before places, places before entries,
        so that nothing is read beyond the end.
        """
        fresh = Ragged(self.fields, rows)
        total = int(self.count[order].sum(dtype=np.intp))
        fresh._reserve(total + total // SPARE)
        for first in range(0, len(order), AT_ONCE):
            counts, places = self._places(order[first : first + AT_ONCE])
            fresh.extend(first, counts, {part: pool[places] for part, pool in self.pools.items()})
        return fresh

    def _places(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        counts = self.count[rows].astype(np.intp)
        before = np.cumsum(counts) - counts
        places = np.arange(int(counts.sum())) + np.repeat(self.start[rows].astype(np.intp) - before, counts)
        return counts, places

    def _reserve(self, more: int) -> None:
        if self.used + more > self.room:
            room = self.used + more + self.room // 3
            self.pools = {part: resized(pool, room) for part, pool in self.pools.items()}


def resized(array: Array, length: int) -> Array:
    """A longer copy, zero at the end. Zeroed memory that is not touched costs nothing."""
    fresh = np.zeros((length, *array.shape[1:]), dtype=array.dtype)
    fresh[: len(array)] = array[:length]
    return fresh
