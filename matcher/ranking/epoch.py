"""Everything sorted anew beside the columns that are in use, which go on being read and written meanwhile."""

import numpy as np

from matcher.ranking.blocks.order import CELL, sorted_places
from matcher.ranking.columns import Columns, Rows
from matcher.ranking.fields import LISTS
from models.account import ProviderRef
from models.provider import Provider

# So many strays (see Columns.strays) in a hundred rows: above one in a hundred rankings begin to take noticeably longer.
MOST_STRAYS = 0.02
# What is fuller than this would soon be copied whole in the midst of a call.
FULL = 0.97


def is_due(columns: Columns) -> bool:
    """Whether a new epoch is worth its work; never where all rows are scanned."""
    return columns.size >= columns.blocks_from and (columns.strays > MOST_STRAYS * columns.size or columns.fullness > FULL)


class Epoch:
    """Make it where the columns are written; then `sorted` in a thread; then, where they are written, `replayed` until it says so and
    at once `columns.become` the result. Or `cancel`.

    While it lasts the columns note who is written: a row that is copied while it is written may be torn, and is written once more in
    the copy. Ids never change meanwhile: freed rows are not used again.
    """

    def __init__(self, columns: Columns) -> None:
        if columns.journal is not None:
            raise ValueError("another epoch has begun")
        self._columns, self._rows, self._odd = columns, columns.size, columns.odd_ids
        self._journal: list[Provider | ProviderRef] = []
        columns.journal = self._journal
        self._done = 0

    @property
    def waiting(self) -> int:
        """How many writes the copy has not seen."""
        return len(self._journal) - self._done

    def sorted(self) -> Columns:
        columns = self._columns
        live = np.flatnonzero(columns.fixed["live"][: self._rows])
        order = live[sorted_places(columns.everyone().only(live))]
        fresh = columns.anew(len(order))
        for name, column in fresh.fixed.items():
            column[: len(order)] = columns.fixed[name][order]
        # Who was taken out since the order was made will be taken out of the copy.
        fresh.fixed["live"][: len(order)] = True
        for name in LISTS:
            fresh.lists[name] = columns.lists[name].packed(order, fresh.room)
        fresh.size = fresh.sorted_rows = len(order)
        fresh.sealed = len(order) // CELL * CELL
        fresh.take_in(np.arange(fresh.size), self._odd_of(order) if self._odd else {})
        fresh.epoch = columns.epoch + 1
        return fresh

    def _odd_of(self, order: Rows) -> dict[int, str]:
        return {now: self._odd[old] for now, old in enumerate(order.tolist()) if old in self._odd}

    def replayed(self, fresh: Columns, most: int) -> bool:
        """The next so many writes are done in the copy too. True when it has seen all: then nothing may come between."""
        for each in self._journal[self._done : self._done + most]:
            if isinstance(each, Provider):
                fresh.put(each)
            else:
                fresh.remove(each)
        self._done = min(len(self._journal), self._done + most)
        return not self.waiting

    def cancel(self) -> None:
        self._columns.journal = None
