"""Arrays handed from one process to another: in memory that has a file descriptor and no name, and goes with the last who holds it."""

import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from matcher.ranking.fields import Array

# Where an array stands: its type, its shape, and at which byte it begins.
Place = tuple[str, tuple[int, ...], int]
# The kernel takes no more in one call; and others have their turn between.
MOST_BYTES = 1 << 26


class Arena:
    """One writes and tells the `places`; another reads. Linux only."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    def make(cls) -> "Arena":
        return cls(os.memfd_create("sandan-columns"))

    def close(self) -> None:
        os.close(self.descriptor)

    def write(self, arrays: Iterable[tuple[str, Array]]) -> dict[str, Place]:
        places: dict[str, Place] = {}
        at = os.fstat(self.descriptor).st_size
        for name, array in arrays:
            whole = np.ascontiguousarray(array)
            places[name] = whole.dtype.str, whole.shape, at
            at += self._copy(os.pwrite, whole, at)
        return places

    def read(self, place: Any) -> Array:
        kind, shape, at = place
        array = np.empty(shape, kind)
        self._copy(_read_into, array, at)
        return array

    def _copy(self, call: Any, array: Array, at: int) -> int:
        """Raises OSError when memory has run out or less is there than was told."""
        flat = array.reshape(-1).view(np.uint8).data if array.size else memoryview(b"")
        done = 0
        while done < len(flat):
            moved = call(self.descriptor, flat[done : done + MOST_BYTES], at + done)
            if not moved:
                raise OSError("the arrays end before their end")
            done += moved
        return done


def _read_into(descriptor: int, part: memoryview, at: int) -> int:
    return os.preadv(descriptor, [part], at)
