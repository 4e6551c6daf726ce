"""Some rows of the columns, or all of them, as the arrays that rules and criteria read."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.fields import FIELDS, LISTS, Array
from matcher.ranking.index import KINDS
from matcher.ranking.ragged import Entries
from models.account import ProviderRef

if TYPE_CHECKING:
    from matcher.ranking.columns import Columns

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


class Excerpt:
    """Each column is gathered when it is first read, so a rule pays only for what it looks at.

    Rows count from 0 within the excerpt; `whole` translates a place here into the row of the columns. Good until the columns change.
    """

    id_high: NDArray[np.uint64]
    id_low: NDArray[np.uint32]
    live: Mask
    active: Mask
    party_member: Mask
    traits: NDArray[np.uint32]
    kind: NDArray[np.int8]
    credential: NDArray[np.int8]
    lng: Values
    lat: Values
    region: NDArray[np.int64]
    region_digits: NDArray[np.int8]
    reach_km: Values
    capacity: NDArray[np.int32]
    load: NDArray[np.int32]
    rating_sum: Values
    rating_count: NDArray[np.int32]
    answered: NDArray[np.int32]
    accepted: NDArray[np.int32]
    work_exponent: Values
    away_from: NDArray[np.int32]
    away_to: NDArray[np.int32]
    asked_day: NDArray[np.int32]
    asked_today: NDArray[np.uint8]
    asked_week: NDArray[np.uint8]
    daily: NDArray[np.uint8]
    weekly: NDArray[np.uint8]
    person: NDArray[np.int64]
    version: NDArray[np.uint32]
    services: Entries
    slots: Entries
    terms: Entries
    serves: Entries

    def __init__(self, columns: "Columns", rows: Rows | None) -> None:
        self._columns, self._rows = columns, rows
        self.size = columns.size if rows is None else len(rows)

    def __getattr__(self, name: str) -> Array | Entries:
        found: Array | Entries
        if name in FIELDS:
            found = FIELDS[name].decode(self._columns.fixed[name][self._at])
        elif name in LISTS:
            found = self._columns.lists[name].gather(self.whole)
        else:
            raise AttributeError(name)
        self.__dict__[name] = found
        return found

    @property
    def _at(self) -> Rows | slice:
        return slice(self.size) if self._rows is None else self._rows

    @property
    def whole(self) -> Rows:
        """The rows of the columns, all of these."""
        return np.arange(self.size) if self._rows is None else self._rows

    @property
    def row_of(self) -> Mapping[ProviderRef, int]:
        """Of an excerpt of everything only."""
        if self._rows is not None:
            raise AttributeError("row_of")
        return self._columns.row_of

    def only(self, places: Rows) -> "Excerpt":
        return Excerpt(self._columns, self.rows_at(places))

    def rows_at(self, places: Rows) -> Rows:
        """The rows of the columns that these places stand for."""
        return places if self._rows is None else self._rows[places]

    def rows_of(self, refs: tuple[ProviderRef, ...]) -> Rows:
        """The places of these providers here; who is not among the rows is left out."""
        return self._among(self._columns.rows_of(refs))

    def serving(self, region: str) -> Rows:
        """The places of the organisations that named this region or one above it as theirs to serve."""
        return self._among(self._columns.serving(region))

    def _among(self, rows: Rows) -> Rows:
        if self._rows is None:
            return rows
        return np.flatnonzero(np.isin(self._rows, rows)) if len(rows) else rows

    def ref_at(self, place: int) -> ProviderRef:
        return ProviderRef(KINDS[self.kind[place]], self.id_at(place))

    def id_at(self, place: int) -> str:
        return self._columns.row_of.id_at(self._row(place))

    def _row(self, place: int) -> int:
        return int(place if self._rows is None else self._rows[place])

    def id_order(self, places: Rows) -> tuple[Array, ...]:
        """Keys that sort these places by id (and then by kind), the last one first in rank, as `numpy.lexsort` wants them."""
        if self._columns.has_odd_ids:
            return self.kind[places], np.asarray([self.id_at(int(place)) for place in places])
        return self.kind[places], self.id_low[places], self.id_high[places]
