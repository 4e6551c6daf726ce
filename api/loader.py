"""The columns of many providers made beside a worker, so that its event loop never waits for it: started by a worker, for one load.

It is told on standard input, as JSON, which database and which regions, and answers on standard output, in one line of JSON, where in
the memory whose descriptor it was given the arrays of the columns stand. It reads the collections; processes forked from it draw the
rows from what it has read, one for each processor; then it sorts the rows and sketches their blocks. At last, where it was told so,
it writes the snapshot.
"""

import asyncio
import json
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.background.arena import Arena
from api.background.drawing import KINDS, Drawing, die_with_parent
from api.background.snapshots import SnapshotFile
from matcher.catalogue import Catalogue
from matcher.ranking.assembly import assembled
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.bulk import Bulk
from matcher.ranking.columns import Columns
from matcher.ranking.snapshot import packed
from models.place import Regions
from models.store import UNAVAILABLE, Store
from models.store.client import connect, open_database
from models.store.reading import arrays_of

MOST_PROCESSES = 4
# Calls that a worker answers meanwhile come first.
NICENESS = 10


class LoaderError(Exception):
    """The columns cannot be made here; the worker makes them itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`snapshot` is where one is to be written: its path, its fingerprint, and the token of the stream that was opened before."""

    uri: str
    database: str
    arena: int
    carried: list[str]
    codes: list[str]
    blocks_from: int
    serving: bool
    snapshot: tuple[str, str, str] | None

    def keeps(self, odd: list[list[str]]) -> bool:
        """Whether a snapshot is written: not where somebody would be lacking in it."""
        return self.snapshot is not None and not any(odd)


def load(asked: Asked) -> tuple[Columns, list[list[str]], dict[str, float]]:
    """The columns; by kind, who has to be read one by one; and how many seconds what took."""
    began = time.perf_counter()
    catalogue, regions = asyncio.run(base_of(asked))
    if list(catalogue.codes) != asked.codes:
        raise LoaderError("the database has another catalogue than the worker")
    drawings = [Drawing(Bulk(catalogue, regions)) for _ in range(processors())]
    for each in drawings:
        each.begin()
    for place, kind in enumerate(KINDS):
        for array in arrays_of(asked.uri, asked.database, kind, tuple(asked.carried)):
            min(drawings, key=lambda drawing: drawing.busy).give(place, array)
    done = [each.finish() for each in drawings]
    read = time.perf_counter()
    columns = Columns(catalogue, regions, carried=tuple(asked.carried))
    columns.blocks_from = asked.blocks_from
    with ThreadPoolExecutor(processors()) as threads:
        columns = assembled(columns, [rows for rows, _ in done if rows is not None], threads.map)
        finding = threads.submit(columns.take_in, np.arange(columns.size), {})
        if columns.size >= columns.blocks_from:
            blocks_of(columns, catalogue)
        finding.result()
    odd = [[id for _, ids in done for id in ids[place]] for place in range(len(KINDS))]
    return columns, odd, {"reading": read - began, "sorting": time.perf_counter() - read}


def processors() -> int:
    return min(MOST_PROCESSES, len(os.sched_getaffinity(0)))


async def base_of(asked: Asked) -> tuple[Catalogue, Regions]:
    client = connect(asked.uri)
    try:
        store = Store(client, open_database(client, asked.database))
        return Catalogue(await store.catalogue.load()), Regions(await store.regions.load())
    finally:
        await client.close()


def answer(asked: Asked, columns: Columns, odd: list[list[str]], seconds: dict[str, float]) -> None:
    arrays, numbers = packed(columns)
    places = Arena(asked.arena).write(arrays.items())
    print(
        json.dumps({"numbers": numbers, "places": places, "odd": odd, "seconds": seconds, "keeps": asked.keeps(odd)}), flush=True
    )


def keep(asked: Asked, columns: Columns) -> None:
    """When it is told to end, the file that is half written is removed."""
    if asked.snapshot is not None:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
        die_with_parent(signal.SIGTERM)
        path, fingerprint, token = asked.snapshot
        SnapshotFile(Path(path), fingerprint).write(columns, token)


def main() -> None:
    die_with_parent(signal.SIGKILL)
    asked = Asked(**json.loads(sys.stdin.readline()))
    if asked.serving:
        os.nice(NICENESS)
    try:
        columns, odd, seconds = load(asked)
    except (LoaderError, *UNAVAILABLE) as error:
        sys.exit(f"{type(error).__name__}: {str(error)[:200]}")
    answer(asked, columns, odd, seconds)
    if asked.keeps(odd):
        keep(asked, columns)
    # Without taking the columns apart, which takes a second or two.
    os._exit(0)


if __name__ == "__main__":
    main()
