"""From a provider's reference to its row: open addressing with linear probing over one array of rows, 8 to 16 bytes a provider.

The keys are the id columns themselves. A Python dictionary of references would take some 300 bytes a provider.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from matcher.ranking.fields import Array
from models.account import ProviderRef
from models.vocabulary import ProviderKind

KINDS = tuple(ProviderKind)
KIND_PLACE = {kind: place for place, kind in enumerate(KINDS)}
EMPTY, GONE = -1, -2
HEX_DIGITS = frozenset("0123456789abcdef")
_MASK = (1 << 64) - 1
# Odd numbers with well mixed bits: Knuth's golden ratio and two constants of SplitMix64 (Steele et al. 2014).
_MIX = (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def is_plain(id: str) -> bool:
    """Whether an id has the store's form of 24 lower-case hexadecimal digits and so fits into twelve bytes."""
    return len(id) == 24 and HEX_DIGITS.issuperset(id)


def _hash(high: int, low: int, place: int) -> int:
    mixed = ((high * _MIX[0]) ^ ((low + (place << 32) + 1) * _MIX[1])) & _MASK
    mixed = ((mixed ^ (mixed >> 29)) * _MIX[2]) & _MASK
    return mixed ^ (mixed >> 32)


def _hashes(high: Array, low: Array, place: Array) -> NDArray[np.uint64]:
    first, second, third = (np.uint64(each) for each in _MIX)
    mixed = (high * first) ^ ((low.astype(np.uint64) + (place.astype(np.uint64) << np.uint64(32)) + np.uint64(1)) * second)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * third
    return np.asarray(mixed ^ (mixed >> np.uint64(32)))


class RowIndex(Mapping[ProviderRef, int]):
    """Reads the id columns of the table it belongs to; `odd` holds the ids that are not of the store's form, by row."""

    def __init__(self, fixed: Mapping[str, Array], odd: dict[int, str], expected: int = 0) -> None:
        self._fixed, self._odd = fixed, odd
        self._slots: NDArray[np.int32] = np.full(1 << max(6, (expected * 3 // 2).bit_length()), EMPTY, dtype=np.int32)
        self._used, self._length = 0, 0

    @property
    def bytes(self) -> int:
        return self._slots.nbytes

    @property
    def fullness(self) -> float:
        """When it reaches one, everything is entered anew."""
        return self._used * 8 / (len(self._slots) * 5)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[ProviderRef]:
        for row in self._slots[self._slots >= 0].tolist():
            yield ProviderRef(KINDS[self._fixed["kind"][row]], self.id_at(row))

    def __getitem__(self, ref: ProviderRef) -> int:
        slot = self._slot_of(ref)
        if slot is None:
            raise KeyError(ref)
        return self._slots.item(slot)

    def id_at(self, row: int) -> str:
        return self._odd.get(row) or f"{self._fixed['id_high'].item(row):016x}{self._fixed['id_low'].item(row):08x}"

    def ids_at(self, rows: NDArray[np.intp]) -> list[str]:
        if self._odd:
            return [self.id_at(row) for row in rows.tolist()]
        high, low = (self._fixed[name][rows].tolist() for name in ("id_high", "id_low"))
        return [f"{first:016x}{last:08x}" for first, last in zip(high, low, strict=True)]

    @property
    def state(self) -> tuple[NDArray[np.int32], int, int]:
        """What another index over equal rows may take over."""
        return self._slots, self._used, self._length

    def take_over(self, slots: NDArray[np.int32], used: int, length: int) -> None:
        self._slots, self._used, self._length = slots, used, length

    @staticmethod
    def key(id: str) -> tuple[int, int]:
        """An id as its two numbers. Of an odd one only a trace: its order is looked up, its first number is nought."""
        if is_plain(id):
            return int(id[:16], 16), int(id[16:], 16)
        return 0, int.from_bytes(id.encode()[-4:], "big")

    def add(self, row: int) -> None:
        """The row's id and kind are written already and are in the index nowhere else."""
        if (self._used + 1) * 8 > len(self._slots) * 5:
            self._rebuild(self._length + 1)
        fixed, mask = self._fixed, len(self._slots) - 1
        at = _hash(fixed["id_high"].item(row), fixed["id_low"].item(row), fixed["kind"].item(row)) & mask
        while self._slots.item(at) >= 0:
            at = (at + 1) & mask
        self._used += self._slots.item(at) == EMPTY
        self._slots[at] = row
        self._length += 1

    def drop(self, ref: ProviderRef) -> None:
        slot = self._slot_of(ref)
        if slot is not None:
            self._slots[slot] = GONE
            self._length -= 1

    def add_many(self, rows: NDArray[np.intp]) -> None:
        """As `add`, for many rows at once; the last to write into an empty slot has it, the others try the next one."""
        if (self._used + len(rows)) * 8 > len(self._slots) * 5:
            self._rebuild(self._length + len(rows))
        self._insert(rows)

    def slots_of(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Where these rows stand in the index; give them to `move` when the rows have got other numbers."""
        at, mask = self._first_slots(rows), len(self._slots) - 1
        away = np.flatnonzero(self._slots[at] != rows)
        while len(away):
            at[away] = (at[away] + 1) & mask
            away = away[self._slots[at[away]] != rows[away]]
        return at

    def find(self, high: Array, low: Array, place: int) -> NDArray[np.intp]:
        """The rows of many ids of the store's form, all of one kind; -1 for those that have none."""
        fixed, mask = self._fixed, len(self._slots) - 1
        at = (_hashes(high, low, np.full(len(high), place)) & np.uint64(mask)).astype(np.intp)
        found, left = np.full(len(high), -1, dtype=np.intp), np.arange(len(high))
        while len(left):
            rows = self._slots[at[left]]
            same = (rows >= 0) & (fixed["id_high"][rows] == high[left]) & (fixed["id_low"][rows] == low[left])
            same &= fixed["kind"][rows] == place
            found[left[same]] = rows[same]
            left = left[~same & (rows != EMPTY)]
            at[left] = (at[left] + 1) & mask
        return found

    def move(self, slots: NDArray[np.intp], rows: NDArray[np.intp]) -> None:
        self._slots[slots] = rows

    def _first_slots(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        found = _hashes(*(self._fixed[name][rows] for name in ("id_high", "id_low", "kind")))
        return (found & np.uint64(len(self._slots) - 1)).astype(np.intp)

    def _insert(self, rows: NDArray[np.intp]) -> None:
        at, mask = self._first_slots(rows), len(self._slots) - 1
        self._length += len(rows)
        self._used += len(rows)
        while len(rows):
            empty = self._slots[at] == EMPTY
            self._slots[at[empty]] = rows[empty]
            left = self._slots[at] != rows
            rows, at = rows[left], (at[left] + 1) & mask

    def _rebuild(self, expected: int) -> None:
        rows = self._slots[self._slots >= 0].astype(np.intp)
        self._slots = np.full(1 << max(6, (expected * 2).bit_length()), EMPTY, dtype=np.int32)
        self._used = self._length = 0
        self._insert(rows)

    def _slot_of(self, ref: ProviderRef) -> int | None:
        high, low = self.key(ref.id)
        place, mask = KIND_PLACE[ref.kind], len(self._slots) - 1
        ids, lows, kinds = self._fixed["id_high"], self._fixed["id_low"], self._fixed["kind"]
        at = _hash(high, low, place) & mask
        while (row := self._slots.item(at)) != EMPTY:
            same = row >= 0 and ids.item(row) == high and lows.item(row) == low and kinds.item(row) == place
            if same and self.id_at(row) == ref.id:
                return at
            at = (at + 1) & mask
        return None
