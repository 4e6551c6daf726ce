"""A whole province of invented providers: what its columns cost to build, keep, rank and change, and what MongoDB adds to a start.

By hand: `make bench-province`. SANDAN_PROVINCE says how many providers stand in the columns (14 000 000: some 8 GB and ten minutes),
SANDAN_PROVINCE_STORED how many in MongoDB (1 000 000).
"""

import asyncio
import os
import time
from dataclasses import dataclass, replace

import numpy as np

from api.background.columns import Follower
from bench.columns import LIMIT, WEIGHTS, same
from bench.machine import machine
from bench.province import make_columns, make_queries, somebody
from bench.stored import mongod, store_all
from bench.timing import Times, timed
from bench.written import plot, write_table
from matcher.catalogue import Catalogue
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns
from matcher.ranking.kernel.compiled import built
from matcher.ranking.query import Query
from matcher.ranking.ranker import Ranking, rank_by_blocks, rank_by_kernel, rank_by_scan
from models.place import Point, Regions
from models.store import Store
from models.store.client import connect, open_database
from seed.sources import catalogue_items

NEEDS, COMPARED = 200, 3
GROWTH = (10_000, 100_000, 1_000_000)
HEADER = (
    "承接方",
    "建列 s",
    "建块 s",
    "字节/人",
    "排名 处理器 p50 / p99（钟表）ms",
    "编译内核",
    "与全扫同名次",
    "更新 µs",
    "百分之一远迁后",
    "每万人均摊 ms",
)


@dataclass(frozen=True, slots=True)
class Built:
    size: int
    columns_seconds: float
    blocks_seconds: float
    bytes_each: float
    times: Times
    by_kernel: Times | None
    agreeing: str
    update_us: float
    moved: float

    def cells(self) -> list[str]:
        return [
            f"{self.size:,}", f"{self.columns_seconds:.1f}", f"{self.blocks_seconds:.1f}", f"{self.bytes_each:.0f}", str(self.times),
            str(self.by_kernel or ""), self.agreeing, f"{self.update_us:.0f}", f"{self.moved:.2f}×", f"{self.times.median / self.size * 10_000:.4f}",
        ]  # fmt: skip


def build(size: int, catalogue: Catalogue) -> Built:
    started = time.process_time()
    columns = make_columns(size, catalogue)
    filled = time.process_time()
    blocks = blocks_of(columns, catalogue)
    sketched = time.process_time()
    queries = make_queries(columns, catalogue, NEEDS)

    def by_blocks(query: Query) -> Ranking | None:
        return rank_by_blocks(query, columns, catalogue, WEIGHTS, LIMIT)

    kernel = built()

    def by_kernel(query: Query) -> Ranking | None:
        return rank_by_kernel(kernel, query, columns, catalogue, WEIGHTS, LIMIT) if kernel else None

    scans = [rank_by_scan(query, columns, catalogue, WEIGHTS, LIMIT) for query in queries[:COMPARED]]
    ways = (by_blocks, by_kernel) if kernel else (by_blocks,)
    agreeing = sum(all(same(way(scan.view.query), scan) for way in ways) for scan in scans)
    bytes_each = (columns.bytes + blocks.bytes) / size
    times, quick = timed(by_blocks, queries), timed(by_kernel, queries) if kernel else None
    update = updates(columns, size)
    moved = timed(by_blocks, queries).median / times.median
    return Built(size, filled - started, sketched - filled, bytes_each, times, quick, f"{agreeing}/{COMPARED}", update, moved)


def updates(columns: Columns, size: int) -> float:
    """Microseconds of the processor for one `put` of somebody who is there already; every hundredth has moved far away then."""
    chance = np.random.default_rng(3)
    rows = chance.integers(0, size, size // 100)
    people = [somebody(columns, int(row)) for row in rows]
    at = columns.everyone().only(chance.integers(0, size, len(people)))
    moved = [replace(each, point=Point(*where)) for each, where in zip(people, zip(at.lng, at.lat, strict=True), strict=True)]
    started = time.process_time()
    for each in moved:
        columns.put(each)
    return (time.process_time() - started) / len(moved) * 1e6


async def start_from(uri: str, size: int, catalogue: Catalogue) -> str:
    """How long MongoDB takes to be filled, and a worker's columns from it, and the longest that the event loop stood still meanwhile."""
    client = connect(uri)
    store = Store(client, open_database(client, "bench_province"), uri)
    try:
        started = time.perf_counter()
        await store.catalogue.add_missing(list(catalogue))
        await store_all(store, make_columns(size, catalogue), catalogue)
        stored = time.perf_counter()
        follower = Follower(store, Columns(catalogue, Regions([])))
        watching = asyncio.create_task(longest_pause())
        await follower.start()
        loaded = time.perf_counter()
        watching.cancel()
        pause = (await asyncio.gather(watching))[0]
        await follower.stop()
    finally:
        await client.close()
    return (
        f"MongoDB {size:,} 人：写入 {stored - started:.0f} s（钟表），启动时从中读入并建列 {loaded - stored:.0f} s，"
        f"其间事件循环最长停顿 {pause * 1000:.0f} ms"
    )


async def longest_pause() -> float:
    """Seconds by which a millisecond's sleep came late, at most, until cancelled."""
    longest, step = 0.0, 0.001
    try:
        while True:
            started = time.perf_counter()
            await asyncio.sleep(step)
            longest = max(longest, time.perf_counter() - started - step)
    except asyncio.CancelledError:
        return longest


def main() -> None:
    size, stored = (
        int(os.environ.get(name, usual))
        for name, usual in (("SANDAN_PROVINCE", 14_000_000), ("SANDAN_PROVINCE_STORED", 1_000_000))
    )
    catalogue = Catalogue(catalogue_items())
    provinces = [build(each, catalogue) for each in (*(each for each in GROWTH if each < size), size)]
    notes = [machine("6.0.5"), "建列、建块为处理器秒；更新为一次写入的处理器时间；远迁：百分之一的人搬到别处以后，排名慢到几倍。"]
    if stored:
        with mongod() as uri:
            notes.append(asyncio.run(start_from(uri, stored, catalogue)))
    line = [each.size for each in provinces]
    lines = {
        "p50, processor": (line, [each.times.median for each in provinces]),
        "p99, processor": (line, [each.times.p99 for each in provinces]),
        "p50, clock": (line, [each.times.wall for each in provinces]),
    }
    quick = [each.by_kernel.median for each in provinces if each.by_kernel]
    if quick:
        lines["p50, processor, compiled"] = (line, quick)
    if not plot("province", "Best 20 for one need by blocks", "providers", "ms", lines):
        notes.append("没有装 matplotlib（sandan[bench]），没有画图。")
    print(write_table("province", f"一个省：一条需求的前 {LIMIT} 名", HEADER, [each.cells() for each in provinces], notes))


if __name__ == "__main__":
    main()
