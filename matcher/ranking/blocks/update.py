"""The sketches of all blocks of some columns, kept in step with their rows."""

import numpy as np

from matcher.catalogue import Catalogue
from matcher.ranking.blocks.figures import abilities, figures_of, merged
from matcher.ranking.blocks.order import CELL, WORD, WORDS_IN_CELL, within
from matcher.ranking.blocks.postings import Postings
from matcher.ranking.blocks.sketch import Sketch
from matcher.ranking.columns import Columns, Rows

# So many rows may have changed since their block was sketched; until then each ranking looks at them one by one.
MOST_TOUCHED = 1024
# Cells that are sketched together: 65 000 rows, some 30 MB on the way.
AT_ONCE = 64


class Blocks:
    """`rows` says how many rows, from the first, are in blocks that have a sketch."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self.epoch = -1
        # What is kept beside the blocks by whoever reads them.
        self.attached: object | None = None
        self._forget()

    def _forget(self) -> None:
        self.words, self.cells = Sketch(), Sketch(self._catalogue.room)
        self.postings = Postings(self._catalogue.room)
        self.rows = 0

    @property
    def bytes(self) -> int:
        return self.words.bytes + self.cells.bytes + self.postings.bytes

    def follow(self, columns: Columns) -> None:
        """Sketch what has become a cell, and anew what has changed much."""
        if self.epoch != columns.epoch:
            self._forget()
            self.epoch = columns.epoch
        for first in range(self.rows // CELL, columns.sealed // CELL, AT_ONCE):
            cells = np.arange(first, min(first + AT_ONCE, columns.sealed // CELL))
            self._sketch(columns, cells, within(cells, WORDS_IN_CELL))
        self.rows = columns.sealed
        if len(columns.touched) > MOST_TOUCHED:
            words = np.unique(np.fromiter(columns.touched, dtype=np.intp, count=len(columns.touched)) // WORD)
            self._sketch(columns, np.unique(words // WORDS_IN_CELL), words)
            columns.touched.clear()

    def _sketch(self, columns: Columns, cells: Rows, words: Rows) -> None:
        self.words.write(words, figures_of(columns, self._catalogue, words))
        figures = merged(self.words, cells) | {"can": abilities(columns, cells, self._catalogue.room)}
        self.cells.write(cells, figures)
        self.postings.write(cells, columns)


def blocks_of(columns: Columns, catalogue: Catalogue) -> Blocks:
    """The blocks of these columns, up to date. The first call sketches everything: about a second a million rows."""
    if not isinstance(columns.attached, Blocks):
        columns.attached = Blocks(catalogue)
    columns.attached.follow(columns)
    return columns.attached
