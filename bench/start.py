"""A worker's start from MongoDB: seconds, processor time of each who takes part, memory, and the longest pause of the event loop.

By hand: `python -m bench.start 300000 1000000`. The people are invented; of more than SEEDS most are copies of others who live
elsewhere. 14 000 000 take some 30 GB of disk while it runs and half an hour to store.
"""

import asyncio
import os
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import structlog
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient, WriteConcern

from api.background.loading import loaded
from bench.machine import machine
from bench.province import make_columns
from bench.stored import store_all
from bench.whole_province import longest_pause
from bench.written import write_table
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from models.place import Regions
from models.store import Store
from models.store.client import connect, open_database
from models.store.embedded import EmbeddedServer
from models.store.lockstep import SPARE_BYTES, Lockstep
from models.store.providers import COLLECTIONS
from models.store.reading import arrays_of
from seed.sources import catalogue_items

SEEDS, TIMES, DATABASE = 100_000, 3, "bench"
# Where the first eight digits of an id stand in its document.
ID_AT, ID_DIGITS = 13, 8
HEADER = (
    "承接方",
    "怎么装",
    "钟表 s",
    "每位 µs",
    "mongod 处理器 µs",
    "服务进程 µs",
    "装载进程 µs",
    "内存最多多用 GB",
    "最长停顿 ms",
)


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time so far: of the server, of this process, of those that it started and that have ended."""

    server: float
    own: float
    others: float

    @classmethod
    def now(cls, server: int) -> "Spent":
        told = Path(f"/proc/{server}/stat").read_text().rsplit(")", 1)[1].split()
        others = resource.getrusage(resource.RUSAGE_CHILDREN)
        ticks = os.sysconf("SC_CLK_TCK")
        return cls((int(told[11]) + int(told[12])) / ticks, time.process_time(), others.ru_utime + others.ru_stime)


async def store(uri: str, size: int, catalogue: Catalogue) -> None:
    client = connect(uri)
    bench = Store(client, open_database(client, DATABASE))
    await bench.catalogue.add_missing(list(catalogue))
    await store_all(bench, make_columns(min(size, SEEDS), catalogue), catalogue)
    await client.close()


def copy(uri: str, copies: int) -> None:
    """The same people so many times more, under other ids and at other places."""
    chance, plain = np.random.default_rng(1), WriteConcern(w=1, j=False)
    with MongoClient[Any](uri) as client:
        for kind, name in COLLECTIONS.items():
            collection = client[DATABASE].get_collection(name, write_concern=plain)
            for array in [bytes(each) for each in arrays_of(uri, DATABASE, kind, ())]:
                walk = Lockstep.of_array(bytearray(array + bytes(SPARE_BYTES)))
                for number in range(copies):
                    collection.insert_many(elsewhere(walk, number, chance), ordered=False)


def elsewhere(walk: Lockstep, number: int, chance: np.random.Generator) -> list[RawBSONDocument]:
    point = walk.fields(("point",), walk.starts)["point"].at + 4
    raw = np.frombuffer(walk.raw, np.uint8).copy()
    for each in walk.fields(("lng", "lat"), point).values():
        degrees = walk.numbers(each) + chance.uniform(-2, 2, len(walk))
        raw[each.at[:, np.newaxis] + np.arange(8)] = degrees.astype("<f8").view(np.uint8).reshape(-1, 8)
    raw[(walk.starts - 4 + ID_AT)[:, np.newaxis] + np.arange(ID_DIGITS)] = np.frombuffer(f"{number:08x}".encode(), np.uint8)
    whole = Lockstep(raw.tobytes(), walk.starts.tolist())
    return [RawBSONDocument(bytes(each)) for each in whole.some(np.ones(len(walk), np.bool_))]


async def start(uri: str, server: int, catalogue: Catalogue, *, apart: bool) -> list[str]:
    client = connect(uri)
    bench = Store(client, open_database(client, DATABASE), uri if apart else None)
    free = available_gb()
    watching, weighing = asyncio.create_task(longest_pause()), asyncio.create_task(least_available_gb())
    await asyncio.sleep(0.5)
    before, started = Spent.now(server), time.perf_counter()
    columns = await loaded(bench, Columns(catalogue, Regions([])))
    seconds, size = time.perf_counter() - started, len(columns)
    for each in (watching, weighing):
        each.cancel()
    pause, least = await asyncio.gather(watching, weighing)
    spent = Spent.now(server)
    spent_each = [(getattr(spent, name) - getattr(before, name)) / size * 1e6 for name in ("server", "own", "others")]
    await client.close()
    return [
        f"{size:,}", "另一个进程" if apart else "本进程的线程", f"{seconds:.1f}", f"{seconds / size * 1e6:.2f}",
        *(f"{value:.2f}" for value in spent_each), f"{free - least:.1f}", f"{pause * 1000:.1f}",
    ]  # fmt: skip


def available_gb() -> float:
    """What could still be had, of the whole machine."""
    told = Path("/proc/meminfo").read_text()
    return int(told.split("MemAvailable:")[1].split()[0]) / 1e6


async def least_available_gb() -> float:
    """Until cancelled."""
    least = available_gb()
    try:
        while True:
            await asyncio.sleep(0.2)
            least = min(least, available_gb())
    except asyncio.CancelledError:
        return least


def measure(size: int, catalogue: Catalogue, cache_gb: float) -> list[list[str]]:
    with TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), cache_gb=cache_gb)
        uri = server.start()
        try:
            asyncio.run(store(uri, size, catalogue))
            copy(uri, size // SEEDS - 1)
            process = server.pid or 0
            return [asyncio.run(start(uri, process, catalogue, apart=True)) for _ in range(TIMES)] + (
                [asyncio.run(start(uri, process, catalogue, apart=False))] if size <= 1_000_000 else []
            )
        finally:
            server.stop()


def main(arguments: list[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    sizes = [int(each) for each in arguments] or [300_000, 1_000_000]
    catalogue, cache_gb = Catalogue(catalogue_items()), float(os.environ.get("SANDAN_BENCH_CACHE_GB", "2"))
    rows = [row for size in sizes for row in measure(size, catalogue, cache_gb)]
    notes = [machine("6.0.5"), f"当时负载 {os.getloadavg()[0]:.1f}；mongod 缓存 {cache_gb:g} GB，与服务同一台机器。"]
    print(write_table("start", "从 MongoDB 启动一个工作进程", HEADER, rows, notes))


if __name__ == "__main__":
    main(sys.argv[1:])
