"""For each cell and service item the rows of the cell that can do something of it, and how well: four bytes an entry."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.blocks.order import CELL, within
from matcher.ranking.columns import Columns, Rows, Values
from matcher.ranking.excerpt import Excerpt
from matcher.ranking.fields import LISTS, Array
from matcher.ranking.ragged import resized

CONFIDENCE = LISTS["services"]["confidence"]
LAST_BITS = 1e-6


@dataclass(frozen=True, slots=True)
class Posted:
    """`places` count all rows of the cells asked for, cell after cell; within one item's part a place may come twice, the surer last."""

    places: Rows
    confidence: Values
    bounds: Rows

    def part(self, number: int) -> slice:
        return slice(int(self.bounds[number]), int(self.bounds[number + 1]))


class Postings:
    """`first[cell, item]` is where the entries begin; those of an item end where the next item's begin."""

    def __init__(self, items: int) -> None:
        self._items = items
        self._first: NDArray[np.uint32] = np.zeros((0, items + 1), dtype=np.uint32)
        self._row: NDArray[np.uint16] = np.zeros(0, dtype=np.uint16)
        self._confidence: NDArray[np.uint16] = np.zeros(0, dtype=np.uint16)
        self._used = self._cells = 0

    @property
    def bytes(self) -> int:
        return self._cells * self._first[:1].nbytes + self._used * 4

    @property
    def arrays(self) -> dict[str, Array]:
        return {"posting_first": self._first, "posting_row": self._row, "posting_confidence": self._confidence}

    def write(self, cells: Rows, columns: Columns) -> None:
        """Anew from the rows. What a cell had before stays behind as a gap until everything is sorted."""
        services = Excerpt(columns, within(cells, CELL)).services
        cell, row = services.owner // CELL, services.owner % CELL
        list_of = cell * self._items + services["item"]
        # Should a row name an item twice, the surer entry comes last, and of several writes to one place the last counts.
        order = np.lexsort((services["confidence"], list_of))
        counts = np.bincount(list_of, minlength=len(cells) * self._items)
        self._reserve(int(cells.max(initial=-1)) + 1, len(order))
        ends = self._used + np.cumsum(counts).reshape(len(cells), self._items)
        self._first[cells, 1:] = ends
        self._first[cells, 0] = ends[:, 0] - counts.reshape(len(cells), self._items)[:, 0]
        now = slice(self._used, self._used + len(order))
        self._row[now], self._confidence[now] = row[order], np.round(services["confidence"][order] * CONFIDENCE.per_unit)
        self._used = now.stop

    def of(self, cells: Rows, items: Rows, item: Rows, cell: Rows, least: Values) -> "Posted":
        """What the rows of cells can do of items, item by item: pairs of places among `items` (ascending) and `cells`, and with how much
        confidence at least."""
        at = cells[cell] * self._first.shape[1] + items[item]
        flat = self._first.reshape(-1)
        first, last = flat.take(at).astype(np.intp), flat.take(at + 1).astype(np.intp)
        counts = last - first
        ends = np.cumsum(counts)
        entries = np.repeat(first - (ends - counts), counts)
        entries += np.arange(len(entries))
        confidence = self._confidence.take(entries)
        sure = np.flatnonzero(confidence >= np.repeat((least * CONFIDENCE.per_unit - LAST_BITS).astype(np.float32), counts))
        places = np.repeat(cell * CELL, counts).take(sure) + self._row.take(entries.take(sure))
        ends_of_items = np.concatenate([[0], ends])[np.searchsorted(item, np.arange(len(items) + 1))]
        return Posted(places, CONFIDENCE.decode(confidence.take(sure)), np.searchsorted(sure, ends_of_items))

    def _reserve(self, cells: int, more: int) -> None:
        if cells > len(self._first):
            self._first = resized(self._first, cells + cells // 4)
        self._cells = max(self._cells, cells)
        if self._used + more > len(self._row):
            room = self._used + more + len(self._row) // 4
            self._row, self._confidence = resized(self._row, room), resized(self._confidence, room)
