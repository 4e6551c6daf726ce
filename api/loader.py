"""The columns of many providers made beside a worker, so that its event loop never waits for it: started by a worker, for one load.

It is told on standard input, as JSON, which database and which regions, and answers on standard output, as JSON, where in the memory
whose descriptor it was given the arrays of the columns stand. It reads the collections; processes forked from it draw the rows from
what it has read, one for each processor; then it sorts the rows and sketches their blocks.
"""

import asyncio
import ctypes
import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from api.background.arena import Arena, Place
from api.background.rows import rows_of
from matcher.catalogue import Catalogue
from matcher.ranking.bulk import Bulk, NewRows
from matcher.ranking.columns import Columns
from matcher.ranking.fields import FIELDS, LISTS, Array
from matcher.ranking.ranker import prepare
from matcher.ranking.snapshot import packed
from models.place import Regions
from models.store import Store
from models.store.client import connect, open_database
from models.store.embedded import PR_SET_PDEATHSIG
from models.store.lockstep import Lockstep
from models.store.reading import arrays_of
from models.vocabulary import ProviderKind

KINDS = tuple(ProviderKind)
MOST_PROCESSES = 4
# Batches that wait for a process that draws rows: some six megabytes each.
WAITING = 2
# Calls that a worker answers come first.
NICENESS = 10
FORK = get_context("fork")


class LoaderError(Exception):
    """The columns cannot be made here; the worker makes them itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    uri: str
    database: str
    carried: list[str]
    codes: list[str]
    arena: int
    blocks_from: int


class Drawing:
    """One process that draws rows; its parent's end of it."""

    def __init__(self, bulk: Bulk) -> None:
        self._arena = Arena.make()
        ours, theirs = FORK.Pipe()
        self._pipe: Connection = ours
        self._process = FORK.Process(target=draw, args=(theirs, self._arena, bulk), daemon=True)
        self._process.start()
        theirs.close()
        self._waiting: queue.Queue[bytes] = queue.Queue(WAITING)
        self._failure: OSError | None = None
        self._feeding = threading.Thread(target=self._feed, daemon=True)

    def begin(self) -> None:
        self._feeding.start()

    def give(self, kind: int, array: bytes) -> None:
        """Waits while it is busy."""
        if self._failure is not None:
            raise self._failure
        self._waiting.put(bytes([kind]) + array)

    def _feed(self) -> None:
        """After a failure what comes is taken and dropped, so that `give` tells of it."""
        while True:
            batch = self._waiting.get()
            if self._failure is None:
                try:
                    self._pipe.send_bytes(batch)
                except OSError as error:
                    self._failure = error
            if not batch:
                return

    @property
    def busy(self) -> int:
        return self._waiting.qsize()

    def finish(self) -> tuple[NewRows | None, list[list[str]]]:
        """All rows, and by kind the ids of those that have to be read one by one. Raises EOFError when it has died."""
        self._waiting.put(b"")
        self._feeding.join()
        told = json.loads(self._pipe.recv_bytes())
        rows = heaped(self._arena, told["places"])
        self._arena.close()
        return rows, told["odd"]


def draw(pipe: Connection, arena: Arena, bulk: Bulk) -> None:
    """What a forked process does until it is given an empty batch."""
    die_with_parent()
    heap, odd = Heap(), [list[str]() for _ in KINDS]
    while batch := pipe.recv_bytes():
        kind = batch[0]
        rows, ids = rows_of(bulk, KINDS[kind], Lockstep.of_array(batch[1:]))
        odd[kind] += ids
        if rows is not None:
            heap.add(rows)
    pipe.send_bytes(json.dumps({"places": arena.write(heap.arrays()), "odd": odd}).encode())


class Heap:
    """Rows of many batches, in the types in which they will be stored."""

    def __init__(self) -> None:
        self._parts: dict[str, list[Array]] = {}

    def add(self, rows: NewRows) -> None:
        for name, column in rows.fixed.items():
            self._put(f"fixed/{name}", column, FIELDS[name].stored)
        for name, (counts, parts) in rows.lists.items():
            self._put(f"count/{name}", counts, "u1")
            for part, entries in parts.items():
                self._put(f"part/{name}/{part}", entries, LISTS[name][part].stored)

    def _put(self, name: str, array: Array, kind: str) -> None:
        self._parts.setdefault(name, []).append(array.astype(kind, copy=False))

    def arrays(self) -> Iterator[tuple[str, Array]]:
        """Each goes when it has been taken."""
        while self._parts:
            name, parts = self._parts.popitem()
            yield name, np.concatenate(parts)


def heaped(arena: Arena, places: dict[str, Place]) -> NewRows | None:
    """What `Heap.arrays` gave to the arena."""
    if not places:
        return None
    read = {name: arena.read(place) for name, place in places.items()}
    lists = {
        name: (read[f"count/{name}"], {part: read[f"part/{name}/{part}"] for part in parts}) for name, parts in LISTS.items()
    }
    return NewRows({name: read[f"fixed/{name}"] for name in FIELDS if f"fixed/{name}" in read}, lists)


def load(asked: Asked) -> dict[str, Any]:
    catalogue, regions = asyncio.run(base_of(asked))
    if list(catalogue.codes) != asked.codes:
        raise LoaderError("the database has another catalogue than the worker")
    drawings = [Drawing(Bulk(catalogue, regions)) for _ in range(min(MOST_PROCESSES, os.cpu_count() or 1))]
    for each in drawings:
        each.begin()
    for place, kind in enumerate(KINDS):
        for array in arrays_of(asked.uri, asked.database, kind, tuple(asked.carried)):
            min(drawings, key=lambda drawing: drawing.busy).give(place, array)
    columns = Columns(catalogue, regions, carried=tuple(asked.carried))
    columns.blocks_from = asked.blocks_from
    odd = [list[str]() for _ in KINDS]
    for each in drawings:
        rows, ids = each.finish()
        if rows is not None:
            columns.extend(rows.fixed, rows.lists)
        odd = [one + more for one, more in zip(odd, ids, strict=True)]
    prepare(columns)
    arrays, numbers = packed(columns)
    return {"numbers": numbers, "places": Arena(asked.arena).write(arrays.items()), "odd": odd}


async def base_of(asked: Asked) -> tuple[Catalogue, Regions]:
    client = connect(asked.uri)
    try:
        store = Store(client, open_database(client, asked.database))
        return Catalogue(await store.catalogue.load()), Regions(await store.regions.load())
    finally:
        await client.close()


def die_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def main() -> None:
    die_with_parent()
    os.nice(NICENESS)
    print(json.dumps(load(Asked(**json.load(sys.stdin)))))


if __name__ == "__main__":
    main()
