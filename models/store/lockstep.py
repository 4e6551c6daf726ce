"""Many BSON documents read at once: one step of the walk takes one element of every document, not every element of one.

Documents that one program wrote have the same fields in the same order, so that a step is a handful of numpy operations over all of
them: some 30 ns an element, against half a microsecond by way of Python objects. Those that differ go on as a group of their own.
The format is that of bsonspec.org, version 1.1, little-endian.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from struct import Struct
from typing import Any

import bson
import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.int64]
Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]
MISSING, DOUBLE, TEXT, DOCUMENT, ARRAY, BOOL, DATE, NULL, INT, LONG = 0, 1, 2, 3, 4, 8, 9, 10, 16, 18
# Bytes of a value by its type; where its first four bytes say how long it is, what comes on top of that; -1: not read here.
FIXED: Places = np.full(256, -1, dtype=np.int64)
for _type, _size in {DOUBLE: 8, 6: 0, 7: 12, BOOL: 1, DATE: 8, NULL: 0, INT: 4, 17: 8, LONG: 8, 19: 16, 127: 0, 255: 0}.items():
    FIXED[_type] = _size
TOLD: Places = np.full(256, -1, dtype=np.int64)
for _type, _size in {TEXT: 4, DOCUMENT: 0, ARRAY: 0, 5: 5, 13: 4}.items():
    TOLD[_type] = _size
LENGTH = Struct("<i")
# A name is compared in pieces of eight bytes, which may lie beyond the end of the last document.
PIECE, SPARE_BYTES = 8, 64
# So many orders of fields are followed in one batch; what is left of it then is `odd`.
MOST_LAYOUTS = 64


@dataclass(frozen=True, slots=True)
class Found:
    """By document: the type of a field's value (MISSING where there is no such field) and where the value begins."""

    types: NDArray[np.uint8]
    at: Places

    def spread(self, rows: Rows, size: int) -> "Found":
        """As the entries of these rows among so many, where the others have none."""
        types, at = np.zeros(size, np.uint8), np.zeros(size, np.int64)
        types[rows], at[rows] = self.types, self.at
        return Found(types, at)


class Lockstep:
    """`odd` marks the documents that could not be read to their end; `starts` is where the first element of each stands."""

    def __init__(self, raw: bytes, starts: list[int]) -> None:
        self.raw, self.starts = raw, np.asarray(starts, np.int64)
        self.data: NDArray[np.uint8] = np.frombuffer(raw + bytes(SPARE_BYTES), np.uint8)
        self._ints, self._longs, self._doubles = (self._read_as(kind) for kind in ("<i4", "<u8", "<f8"))
        self.odd: Mask = np.zeros(len(self.starts), np.bool_)

    @classmethod
    def of_documents(cls, documents: bytes) -> "Lockstep":
        """One after the other."""
        starts: list[int] = []
        at, end, length = 0, len(documents), LENGTH.unpack_from
        while at < end:
            starts.append(at + 4)
            at += length(documents, at)[0]
        return cls(documents, starts)

    @classmethod
    def of_array(cls, array: bytes) -> "Lockstep":
        """The entries of a BSON array, which has nothing but documents in it."""
        starts: list[int] = []
        at, end, length, digits = 4, len(array) - 1, LENGTH.unpack_from, 1
        while at < end:
            for _ in range(10**digits - len(starts)):
                if at >= end:
                    break
                at += 2 + digits
                starts.append(at + 4)
                at += length(array, at)[0]
            digits += 1
        return cls(array, starts)

    def __len__(self) -> int:
        return len(self.starts)

    def some(self, rows: Mask) -> list[bytes]:
        """The documents of these rows."""
        firsts = (self.starts[rows] - 4).tolist()
        return [self.raw[first : first + LENGTH.unpack_from(self.raw, first)[0]] for first in firsts]

    def ids(self, rows: Mask) -> list[str]:
        return [str(bson.decode(each)["_id"]) for each in self.some(rows)]

    def fields(self, wanted: Iterable[str], at: Places, owner: Rows | None = None) -> dict[str, Found]:
        """Of the documents whose first elements stand at these places; `owner` tells which of all documents each belongs to."""
        owner = np.arange(len(at)) if owner is None else owner
        found = {name: Found(np.zeros(len(at), np.uint8), np.zeros(len(at), np.int64)) for name in wanted}
        by_name = {name.encode(): each for name, each in found.items()}
        groups, layouts = [(np.arange(len(at)), at)], 0
        while groups:
            rows, places = groups.pop()
            layouts += 1
            if layouts > MOST_LAYOUTS:
                self.odd[owner[rows]] = True
            else:
                self._follow(rows, places, by_name, groups, owner)
        return found

    def _follow(
        self, rows: Rows, places: Places, found: Mapping[bytes, Found], groups: list[tuple[Rows, Places]], owner: Rows
    ) -> None:
        """To the end of these documents, as long as they have the same names as the first of them; the others join `groups`."""
        while len(rows):
            name = self._name_at(int(places[0]) + 1)
            types = self.data[places]
            same = self._named(places + 1, name) & ((types != 0) == (types[0] != 0)) if types[0] else types == 0
            if not same.all():
                groups.append((rows[~same], places[~same]))
                rows, places, types = rows[same], places[same], types[same]
            if not types[0]:
                return
            values = places + (len(name) + 2)
            if name in found:
                each = found[name]
                each.types[rows], each.at[rows] = types, values
            sizes = self._sizes(types, values)
            right = sizes >= 0
            if not right.all():
                self.odd[owner[rows[~right]]] = True
                rows, values, sizes = rows[right], values[right], sizes[right]
            places = values + sizes

    def entries(self, lists: Found, kind: int, most: int) -> tuple[Rows, Places, Rows]:
        """Of arrays: how many entries each has, of `most` at most, and the places of all entries' values with the rows they belong
        to, in order. An array with an entry of another type makes its document odd; what is no array has no entries."""
        rows = np.flatnonzero(lists.types == ARRAY)
        places, number = lists.at[rows] + 4, 0
        found: list[tuple[Rows, Places]] = []
        counts = np.zeros(len(lists.types), np.intp)
        while len(rows) and number < most:
            types = self.data[places]
            here = types == kind
            self.odd[rows[~here & (types != 0)]] = True
            rows, places = rows[here], places[here] + 2 + len(str(number))
            counts[rows] += 1
            found.append((rows, places))
            places = places + self._ints[places] + TOLD[kind]
            number += 1
        ends = np.cumsum(counts)
        at, owner = np.zeros(int(ends[-1]) if len(ends) else 0, np.int64), np.repeat(np.arange(len(counts)), counts)
        for step, (those, values) in enumerate(found):
            at[ends[those] - counts[those] + step] = values
        return counts, at, owner

    def numbers(self, found: Found) -> NDArray[np.float64]:
        """NaN where there is none."""
        numbers = np.full(len(found.types), np.nan)
        for kind in np.unique(found.types).tolist():
            here = found.types == kind
            at = found.at[here]
            if kind == INT:
                numbers[here] = self._ints[at]
            elif kind == DOUBLE:
                numbers[here] = self._doubles[at]
            elif kind == LONG:
                numbers[here] = self._longs[at].view(np.int64)
            elif kind == BOOL:
                numbers[here] = self.data[at]
        return numbers

    def milliseconds(self, found: Found) -> Places:
        """Of dates, since 1970; nought where there is none."""
        moments = np.zeros(len(found.types), np.int64)
        here = found.types == DATE
        moments[here] = self._longs[found.at[here]].view(np.int64)
        return moments

    def texts(self, found: Found) -> tuple[Places, Places]:
        """Where each text begins in `data`, and its length in bytes; -1 where there is none."""
        here = found.types == TEXT
        return found.at + 4, np.where(here, self._ints[np.where(here, found.at, 0)].astype(np.int64) - 1, -1)

    def _sizes(self, types: NDArray[np.uint8], values: Places) -> Places:
        first = types[0]
        if (types == first).all():
            if TOLD[first] < 0:
                return np.full(len(values), FIXED[first])
            return np.asarray(TOLD[first] + self._ints[values])
        sizes, more = FIXED[types], TOLD[types]
        told = more >= 0
        sizes[told] = more[told] + self._ints[values[told]]
        return sizes

    def _name_at(self, place: int) -> bytes:
        return self.raw[place : self.raw.index(0, place)] if place < len(self.raw) else b""

    def _named(self, places: Places, name: bytes) -> Mask:
        """Where exactly this name stands, with the zero byte at its end."""
        same: Mask = np.ones(len(places), np.bool_)
        for first in range(0, len(name) + 1, PIECE):
            piece = (name + b"\0")[first : first + PIECE]
            read = self._longs[places + first]
            if len(piece) < PIECE:
                read = read & np.uint64((1 << 8 * len(piece)) - 1)
            same &= read == np.uint64(int.from_bytes(piece, "little"))
        return same

    def _read_as(self, kind: str) -> NDArray[Any]:
        """Values at any byte, not only at multiples of their size."""
        size = np.dtype(kind).itemsize
        return np.ndarray((len(self.data) - size + 1,), kind, self.data, strides=(1,))
