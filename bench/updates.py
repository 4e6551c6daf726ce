"""How soon a write is ranked by other workers, what it costs them, and how long a start, a snapshot and a new epoch take.

`python -m bench.updates`, or with the number of providers in MongoDB: `… 200000`. `… --snapshot 14000000`: only the file of so many
invented providers, without MongoDB.
"""

import asyncio
import gc
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import numpy as np
import structlog
from rich.console import Console
from rich.table import Table

from api.background.columns import Follower
from api.background.comparing import Comparison
from api.background.epochs import Epochs
from api.background.snapshots import SnapshotFile, fingerprint
from bench.province import make_columns
from matcher.catalogue import Catalogue
from matcher.ranking.columns import Columns
from matcher.ranking.ranker import prepare
from models.account import ProviderRef
from models.place import Point, Regions
from models.provider import Contact, ServiceConfidence, Term
from models.schedule import Slot, now
from models.store import Store
from models.store.client import connect, open_database
from models.store.embedded import EmbeddedServer
from models.store.mapping import Document, from_document, to_document
from models.vocabulary import ProviderKind
from models.volunteer import Volunteer
from seed.sources import catalogue_items

RESULTS = Path(__file__).parent / "results"
WRITES, PUTS, BATCH = 200, 5_000, 2_000
CATALOGUE, REGIONS = Catalogue(catalogue_items()), Regions([])


class Pauses:
    """The longest time for which the event loop let nobody else run, in milliseconds.

    Only as far as this process was at work meanwhile: what other processes take of the cores is no pause of ours.
    """

    def __init__(self) -> None:
        self.longest = 0.0

    async def watch(self) -> None:
        while True:
            started, worked = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.001)
            waited, worked = time.perf_counter() - started - 0.001, time.process_time() - worked
            self.longest = max(self.longest, min(waited, worked) * 1000)


@asynccontextmanager
async def pauses() -> AsyncIterator[Pauses]:
    gc.collect()
    gc.freeze()
    watched = Pauses()
    task = asyncio.create_task(watched.watch())
    yield watched
    task.cancel()


async def timed(table: Table, what: str, work: Awaitable[Any]) -> None:
    async with pauses() as watched:
        started, worked = time.perf_counter(), time.process_time()
        await work
        took, worked = time.perf_counter() - started, time.process_time() - worked
        table.add_row(what, f"{took:.2f} s，其中处理器 {worked:.2f} s", f"最长 {watched.longest:.0f} ms")


def people(size: int) -> list[Document]:
    """Volunteers with two services, eight telling words and three stretches of time, as documents."""
    chance, codes = np.random.default_rng(1), CATALOGUE.codes
    found = []
    for number, (lng, lat) in enumerate(chance.normal((113.6, 34.7), 0.1, (size, 2)).tolist()):
        services = tuple(ServiceConfidence(codes[(number * step) % len(codes)], 0.9 / step) for step in (1, 7))
        found.append(
            Volunteer(
                id=f"{number:024x}", kind=ProviderKind.VOLUNTEER, name="测试甲", skills=("修水管", "陪护"), bio="退休教师，周末有空",
                region=f"410102{number % 9 + 1:03d}{number % 20 + 1:03d}001", point=Point(lng, lat), capacity=3,
                availability=tuple(Slot(day, 540, 720) for day in (1, 3, 6)), contact=Contact(phone=f"000{number:08d}"),
                services=services, terms=tuple(Term(f"词{(number * step) % 5000}", 100 + step) for step in range(1, 9)),
                created_at=now(), changed_at=now(),
            )
        )  # fmt: skip
    return [to_document(each) for each in found]


async def seen_after(writer: Store, workers: list[Columns], size: int) -> list[float]:
    """Milliseconds from a write's acknowledgement until the columns of all workers have it; one write after the other."""
    volunteers, took = writer.database["volunteers"], []
    for number in range(WRITES):
        id = f"{number * 7919 % size:024x}"
        ref = ProviderRef(ProviderKind.VOLUNTEER, id)
        expected = max(each.version_of(ref) for each in workers) + 1
        await volunteers.update_one({"_id": id}, {"$set": {"load": 1}, "$inc": {"version": 1}})
        started = time.perf_counter()
        while any(each.version_of(ref) < expected for each in workers):
            await asyncio.sleep(0.0005)
        took.append((time.perf_counter() - started) * 1000)
    return took


def costs(columns: Columns, documents: list[Document]) -> tuple[float, float]:
    """Microseconds of processor time to put a change into its row, and to read its document before."""
    some = documents[:PUTS]
    started = time.process_time()
    read = [from_document(each, Volunteer) for each in some]
    between = time.process_time()
    for each in read:
        columns.put(each)
    return (time.process_time() - between) / len(some) * 1e6, (between - started) / len(some) * 1e6


async def measure(uri: str, size: int, folder: Path, table: Table) -> None:
    client, other = connect(uri), connect(uri)
    store, writer = Store(client, open_database(client, "bench"), uri), Store(other, open_database(other, "bench"))
    await store.catalogue.add_missing(list(CATALOGUE))
    documents = people(size)
    for first in range(0, size, BATCH):
        await writer.database["volunteers"].insert_many(documents[first : first + BATCH], ordered=False)
    file = SnapshotFile(folder / "columns.npz", fingerprint(CATALOGUE, REGIONS, ()))
    workers = [Columns(CATALOGUE, REGIONS) for _ in range(2)]
    followers = [Follower(store, columns, file) for columns in workers]
    await timed(table, "对照：事件循环无事", asyncio.sleep(5))
    await timed(table, f"启动：从 MongoDB 装载 {size:,} 位", followers[0].start())
    epochs = Epochs(workers[0], followers[0], file, 60, snapshot_from=1)
    while followers[0].token is None:
        await asyncio.sleep(0.1)
    await timed(table, "后台重新排序并写快照", epochs.renew())
    await timed(table, "启动：从快照", followers[1].start())
    took = await seen_after(writer, workers, size)
    median, late = np.percentile(took, (50, 95))
    table.add_row("写入确认之后，两个进程的候选数据都看到", f"中位 {median:.1f} ms", f"p95 {late:.1f} ms")
    put, read = costs(workers[0], documents)
    table.add_row("应用一个变更（处理器时间）", f"{put:.0f} µs", f"另读文档 {read:.0f} µs")
    comparison = Comparison(store, workers[1], followers[1])
    await timed(table, "与数据库逐行核对", comparison.compare())
    for follower in followers:
        await follower.stop()
    await client.close()
    await other.close()


async def snapshot_only(size: int, folder: Path, table: Table) -> None:
    columns = make_columns(size, CATALOGUE)
    prepare(columns)
    file = SnapshotFile(folder / "columns.npz", fingerprint(CATALOGUE, REGIONS, ()))
    await timed(table, f"写快照，{size:,} 位", asyncio.to_thread(file.write, columns, "here"))
    empty = Columns(CATALOGUE, REGIONS)
    columns.clear()
    await timed(table, f"读快照，{(folder / 'columns.npz').stat().st_size / 1e6:,.0f} MB", asyncio.to_thread(file.read, empty))


def main(arguments: list[str]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    title = "变更与启动；右边是期间事件循环最长的停顿，或如所注"
    table = Table("项目", "时间", "", title=title)
    only = "--snapshot" in arguments
    size = next((int(each) for each in arguments if each.isdigit()), 100_000)
    with tempfile.TemporaryDirectory() as folder:
        if only:
            asyncio.run(snapshot_only(size, Path(folder), table))
        else:
            server = EmbeddedServer(Path(folder) / "mongod")
            try:
                asyncio.run(measure(server.start(), size, Path(folder), table))
            finally:
                server.stop()
    machine = f"{platform.machine()}，{len(os.sched_getaffinity(0))} 核可用（当时负载 {os.getloadavg()[0]:.1f}），Python {platform.python_version()}"
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / ("snapshot.txt" if only else "updates.txt")).open("w", encoding="utf-8") as file:
        for out in (Console(width=110), Console(file=file, width=110)):
            out.print(table)
            out.print(machine)


if __name__ == "__main__":
    main(sys.argv[1:])
