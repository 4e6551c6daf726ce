"""Processes that draw rows from documents beside each other: each is forked, is given batches, and hands its rows over in an arena."""

import ctypes
import json
import queue
import signal
import socket
import threading
from collections.abc import Iterator
from multiprocessing import get_context
from struct import Struct

import numpy as np

from api.background.arena import Arena, Place
from api.background.rows import rows_of
from matcher.ranking.bulk import Bulk, NewRows
from matcher.ranking.fields import FIELDS, LISTS, Array
from models.store.embedded import PR_SET_PDEATHSIG
from models.store.lockstep import SPARE_BYTES, Lockstep
from models.vocabulary import ProviderKind

KINDS = tuple(ProviderKind)
# Batches that wait for a process: some six megabytes each.
WAITING = 2
FORK = get_context("fork")
# Before what one process sends to another: of which kind it is, and how many bytes follow.
HEAD = Struct("<BQ")


class Drawing:
    """One process that draws rows; its parent's end of it."""

    def __init__(self, bulk: Bulk) -> None:
        self._arena = Arena.make()
        self._pipe, theirs = socket.socketpair()
        self._process = FORK.Process(target=draw, args=(theirs, self._arena, bulk), daemon=True)
        self._process.start()
        theirs.close()
        self._waiting: queue.Queue[tuple[int, memoryview]] = queue.Queue(WAITING)
        self._failure: OSError | None = None
        self._feeding = threading.Thread(target=self._feed, daemon=True)

    def begin(self) -> None:
        self._feeding.start()

    def give(self, kind: int, array: memoryview) -> None:
        """Waits while it is busy."""
        if self._failure is not None:
            raise self._failure
        self._waiting.put((kind, array))

    def _feed(self) -> None:
        """After a failure what comes is taken and dropped, so that `give` tells of it."""
        while True:
            kind, array = self._waiting.get()
            if self._failure is None:
                try:
                    self._pipe.sendall(HEAD.pack(kind, len(array)))
                    self._pipe.sendall(array)
                except OSError as error:
                    self._failure = error
            if not array:
                return

    @property
    def busy(self) -> int:
        return self._waiting.qsize()

    def finish(self) -> tuple[NewRows | None, list[list[str]]]:
        """All rows, and by kind the ids of those that have to be read one by one. Raises EOFError when it has died."""
        self._waiting.put((0, memoryview(b"")))
        self._feeding.join()
        told = json.loads(_told(self._pipe))
        self._process.join()
        rows = heaped(self._arena, told["places"])
        self._arena.close()
        return rows, told["odd"]


def draw(pipe: socket.socket, arena: Arena, bulk: Bulk) -> None:
    """What a forked process does until it is given an empty batch."""
    die_with_parent(signal.SIGKILL)
    heap, odd, room = Heap(), [list[str]() for _ in KINDS], bytearray()
    while True:
        kind, length, room = received(pipe, room)
        if not length:
            break
        rows, ids = rows_of(bulk, KINDS[kind], Lockstep.of_array(room))
        odd[kind] += ids
        if rows is not None:
            heap.add(rows)
    answer = json.dumps({"places": arena.write(heap.arrays()), "odd": odd}).encode()
    pipe.sendall(HEAD.pack(0, len(answer)) + answer)


def received(pipe: socket.socket, room: bytearray) -> tuple[int, int, bytearray]:
    """The kind, the length, and what was sent, with something behind it: in `room` if it is large enough. Raises EOFError."""
    kind, length = HEAD.unpack(_filled(pipe, bytearray(HEAD.size), HEAD.size))
    if length + SPARE_BYTES > len(room):
        room = bytearray(length + length // 4 + SPARE_BYTES)
    return kind, length, _filled(pipe, room, length)


def _filled(pipe: socket.socket, room: bytearray, length: int) -> bytearray:
    view, done = memoryview(room), 0
    while done < length:
        more = pipe.recv_into(view[done:length])
        if not more:
            raise EOFError("the other process has ended")
        done += more
    return room


def _told(pipe: socket.socket) -> bytes:
    _, length, room = received(pipe, bytearray())
    return bytes(room[:length])


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


def die_with_parent(by: signal.Signals) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, by)
