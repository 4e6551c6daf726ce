"""Texts that come again and again as numbers: looked up many at once, worked out once each."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.fields import Array

# The number of a text that has none.
NONE = np.iinfo(np.int64).min
# Texts of more bytes are looked up one by one.
PIECE, LONGEST = 8, 16
FEW, MOST = 1 << 10, 1 << 19
EMPTY = 255
# Odd numbers with well mixed bits, as in matcher/ranking/index.py.
MIX = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
# By the length of a text: which bits of its first piece count, and which of its second.
KEPT = np.asarray([(1 << 8 * min(size, PIECE)) - 1 for size in range(LONGEST + 1)], np.uint64)
KEPT_LATER = np.asarray([(1 << 8 * max(size - PIECE, 0)) - 1 for size in range(LONGEST + 1)], np.uint64)


class Glossary:
    """The answers of a function of texts, in an open-addressed table of the texts themselves: up to half a million of them.

    A text for which the function raises KeyError or ValueError has no number, NONE.
    """

    def __init__(self, function: Callable[[str], int]) -> None:
        self._function = function
        self._begin(FEW)

    def _begin(self, room: int) -> None:
        self._first, self._second = np.zeros(room, np.uint64), np.zeros(room, np.uint64)
        self._lengths: NDArray[np.uint8] = np.full(room, EMPTY, np.uint8)
        self._numbers: NDArray[np.int64] = np.full(room, NONE, np.int64)
        self._used = 0

    def numbers(self, data: NDArray[np.uint8], starts: Array, lengths: Array) -> NDArray[np.int64]:
        """Of the texts that begin at these places of `data`, in UTF-8; `data` goes on for sixteen bytes after the last."""
        found: NDArray[np.int64] = np.full(len(starts), NONE, np.int64)
        long = np.flatnonzero(lengths > LONGEST)
        for row in long.tolist():
            found[row] = self._number_of(data[starts[row] : starts[row] + lengths[row]].tobytes())
        longs = np.ndarray((len(data) - PIECE + 1,), "<u8", data, strides=(1,))
        short = np.flatnonzero(lengths <= LONGEST) if len(long) else slice(None)
        starts, lengths = starts[short], lengths[short]
        first = longs[starts] & KEPT[lengths]
        second = longs[PIECE:][starts] & KEPT_LATER[lengths]
        found[short] = self._looked_up(first, second, lengths)
        return found

    def _looked_up(self, first: Array, second: Array, lengths: Array) -> NDArray[np.int64]:
        at = self._slots(first, second, lengths)
        unknown = np.flatnonzero(self._lengths[at] == EMPTY)
        if not len(unknown):
            return self._numbers[at]
        if self._used + len(unknown) > len(self._lengths) // 2:
            self._begin(min(MOST * 2, max(len(self._lengths) * 4, 4 << len(unknown).bit_length())))
            unknown = np.arange(len(first))
        self._learn(first[unknown], second[unknown], lengths[unknown])
        return self._looked_up(first, second, lengths)

    def _learn(self, first: Array, second: Array, lengths: Array) -> None:
        new = list(dict.fromkeys(zip(first.tolist(), second.tolist(), lengths.tolist(), strict=True)))
        numbers = np.asarray([self._number_of(_text(*each)) for each in new], np.int64)
        first, second = (np.asarray([each[part] for each in new], np.uint64) for part in (0, 1))
        lengths = np.asarray([each[2] for each in new])
        self._used += len(new)
        while len(first):
            # Of several that find the same slot empty the last has it; the others look on.
            at = self._slots(first, second, lengths)
            self._first[at], self._second[at], self._lengths[at], self._numbers[at] = first, second, lengths, numbers
            left = (self._first[at] != first) | (self._second[at] != second) | (self._lengths[at] != lengths)
            first, second, lengths, numbers = first[left], second[left], lengths[left], numbers[left]

    def _slots(self, first: Array, second: Array, lengths: Array) -> NDArray[np.intp]:
        """Where each text stands, or where it would."""
        mask = len(self._lengths) - 1
        mixed = (first * MIX[0]) ^ ((second + lengths.astype(np.uint64)) * MIX[1])
        mixed = (mixed ^ (mixed >> np.uint64(29))) * MIX[2]
        at = ((mixed ^ (mixed >> np.uint64(32))) & np.uint64(mask)).astype(np.intp)
        left = np.arange(len(at))
        while len(left):
            here = at[left]
            same = (self._first[here] == first[left]) & (self._second[here] == second[left])
            left = left[~(same & (self._lengths[here] == lengths[left])) & (self._lengths[here] != EMPTY)]
            at[left] = (at[left] + 1) & mask
        return at

    def _number_of(self, text: bytes) -> int:
        try:
            return self._function(text.decode())
        except (KeyError, ValueError):
            return NONE


def _text(first: int, second: int, length: int) -> bytes:
    return (first.to_bytes(PIECE, "little") + second.to_bytes(PIECE, "little"))[:length]
