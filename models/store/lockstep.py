"""Many BSON documents read at once: one step of the walk takes one element of every document, not every element of one.

Documents that one program wrote have the same fields in the same order, so that a step is a handful of numpy operations over all of
them: some 30 ns an element, against half a microsecond by way of Python objects. Those that differ go on as a group of their own.
The format is that of bsonspec.org, version 1.1, little-endian.
"""

from collections.abc import Iterable
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

    def __init__(self, raw: bytes | bytearray, starts: list[int]) -> None:
        """`raw` goes on for SPARE_BYTES behind the last document."""
        self.raw, self.starts = raw, np.asarray(starts, np.int64)
        self.data: NDArray[np.uint8] = np.frombuffer(raw, np.uint8)
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
        return cls(documents + bytes(SPARE_BYTES), starts)

    @classmethod
    def of_array(cls, array: bytearray) -> "Lockstep":
        """The entries of a BSON array, which has nothing but documents in it; SPARE_BYTES or more follow it."""
        starts: list[int] = []
        at, end, length, digits = 4, LENGTH.unpack_from(array)[0] - 1, LENGTH.unpack_from, 1
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

    def some(self, rows: Mask) -> list[bytes | bytearray]:
        """The documents of these rows."""
        firsts = (self.starts[rows] - 4).tolist()
        return [self.raw[first : first + LENGTH.unpack_from(self.raw, first)[0]] for first in firsts]

    def ids(self, rows: Mask) -> list[str]:
        return [str(bson.decode(each)["_id"]) for each in self.some(rows)]

    def fields(self, wanted: Iterable[str], at: Places, owner: Rows | None = None) -> dict[str, Found]:
        """Of the documents whose first elements stand at these places; `owner` tells which of all documents each belongs to."""
        everyone = np.arange(len(at))
        owner = everyone if owner is None else owner
        found: dict[bytes, Found | None] = {name.encode(): None for name in wanted}
        groups, layouts = [(everyone, at)], 0
        while groups:
            rows, places = groups.pop()
            layouts += 1
            if layouts > MOST_LAYOUTS:
                self.odd[owner[rows]] = True
            else:
                self._follow(rows, places, found, groups, owner)
        nothing = Found(np.zeros(len(at), np.uint8), np.zeros(len(at), np.int64))
        return {name.decode(): each or nothing for name, each in found.items()}

    def _follow(
        self, rows: Rows, places: Places, found: dict[bytes, Found | None], groups: list[tuple[Rows, Places]], owner: Rows
    ) -> None:
        """To the end of these documents, as long as they have the same names as the first of them; the others join `groups`."""
        while len(rows):
            types = self.data[places]
            if not types[0]:
                same = types == 0
            else:
                name = self._name_at(int(places[0]) + 1)
                same = self._named(places, name) & (types != 0)
            if not same.all():
                groups.append((rows[~same], places[~same]))
                rows, places, types = rows[same], places[same], types[same]
            if not types[0]:
                return
            values = places + (len(name) + 2)
            if name in found:
                found[name] = _noted(found[name], rows, types, values, len(owner))
            sizes = self._sizes(types, values)
            if (sizes < 0).any():
                self.odd[owner[rows[sizes < 0]]] = True
                rows, values, sizes = rows[sizes >= 0], values[sizes >= 0], sizes[sizes >= 0]
            places = values + sizes

    def entries(self, lists: Found, kind: int, most: int) -> tuple[Rows, Places, Rows]:
        """Of arrays: how many entries each has, of `most` at most, and the places of all entries' values with the rows they belong
        to, in order. An array with an entry of another type makes its document odd; what is no array has no entries."""
        rows = np.flatnonzero(lists.types == ARRAY)
        places, found = lists.at[rows] + 4, list[tuple[Rows, Places]]()
        counts = np.zeros(len(lists.types), np.intp)
        while len(rows) and len(found) < most:
            types = self.data[places]
            here = types == kind
            if not here.all():
                self.odd[rows[~here & (types != 0)]] = True
                rows, places = rows[here], places[here]
            counts[rows] += 1
            places = places + (2 + len(str(len(found))))
            found.append((rows, places))
            places = places + (self._ints[places] + TOLD[kind])
        ends = np.cumsum(counts)
        at, owner = np.zeros(int(ends[-1]) if len(ends) else 0, np.int64), np.repeat(np.arange(len(counts)), counts)
        for step, (those, values) in enumerate(found):
            at[ends[those] - counts[those] + step] = values
        return counts, at, owner

    def numbers(self, found: Found) -> NDArray[np.float64]:
        """NaN where there is none."""
        kinds = np.flatnonzero(np.bincount(found.types)).tolist()
        if len(kinds) == 1:
            return self._numbers(kinds[0], found.at)
        numbers = np.full(len(found.types), np.nan)
        for kind in kinds:
            here = found.types == kind
            numbers[here] = self._numbers(kind, found.at[here])
        return numbers

    def _numbers(self, kind: int, at: Places) -> NDArray[np.float64]:
        if kind == INT:
            return self._ints[at].astype(np.float64)
        if kind == DOUBLE:
            return np.asarray(self._doubles[at])
        if kind == LONG:
            return self._longs[at].view(np.int64).astype(np.float64)
        return self.data[at].astype(np.float64) if kind == BOOL else np.full(len(at), np.nan)

    def milliseconds(self, found: Found) -> Places:
        """Of dates, since 1970; nought where there is none."""
        moments = np.zeros(len(found.types), np.int64)
        here = found.types == DATE
        moments[here] = self._longs[found.at[here]].view(np.int64)
        return moments

    def texts(self, found: Found) -> tuple[Places, Places]:
        """Where each text begins in `data`, and its length in bytes; -1 where there is none."""
        here = found.types == TEXT
        if here.all():
            return found.at + 4, self._ints[found.at].astype(np.int64) - 1
        return found.at + 4, np.where(here, self._ints[np.where(here, found.at, 0)].astype(np.int64) - 1, -1)

    def _sizes(self, types: NDArray[np.uint8], values: Places) -> Places:
        first = int(types[0])
        if (types == first).all():
            return TOLD[first] + self._ints[values] if TOLD[first] >= 0 else FIXED[first : first + 1]
        sizes, more = FIXED[types], TOLD[types]
        told = more >= 0
        sizes[told] = more[told] + self._ints[values[told]]
        return sizes

    def _name_at(self, place: int) -> bytes:
        return bytes(self.raw[place : self.raw.index(0, place)])

    def _named(self, places: Places, name: bytes) -> Mask:
        """Where exactly this name stands after the type, with the zero byte at its end."""
        same: Mask = self._piece(places, 1, name[:PIECE] if len(name) >= PIECE else name + b"\0")
        for first in range(PIECE, len(name) + 1, PIECE):
            same &= self._piece(places, 1 + first, (name + b"\0")[first : first + PIECE])
        return same

    def _piece(self, places: Places, later: int, piece: bytes) -> Mask:
        read = self._longs[later:][places]
        if len(piece) < PIECE:
            read &= np.uint64((1 << 8 * len(piece)) - 1)
        return np.asarray(read == np.uint64(int.from_bytes(piece, "little")), np.bool_)

    def _read_as(self, kind: str) -> NDArray[Any]:
        """Values at any byte, not only at multiples of their size."""
        size = np.dtype(kind).itemsize
        return np.ndarray((len(self.data) - size + 1,), kind, self.data, strides=(1,))


def _noted(known: Found | None, rows: Rows, types: NDArray[np.uint8], values: Places, size: int) -> Found:
    """What has been found of a field in these rows beside what was known of it in others."""
    if len(rows) == size:
        return Found(types, values)
    known = known or Found(np.zeros(size, np.uint8), np.zeros(size, np.int64))
    known.types[rows], known.at[rows] = types, values
    return known
