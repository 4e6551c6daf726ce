"""The best twenty for one need: by blocks beside other ways in one process, and beside a MongoDB aggregation of the same providers.

By hand: `make bench`, with sizes: `python -m bench.columns 10000 100000`. MongoDB takes part up to a million providers (some minutes to
fill it), or not at all with `--without-mongodb`. Times of the processor are told beside those of the clock, for a busy machine.
"""

import asyncio
import sys
from dataclasses import dataclass, field, replace

from pymongo import AsyncMongoClient

from bench.aggregation import aggregate
from bench.frames import Frames, found
from bench.machine import machine
from bench.peers import Cosine, InvertedIndex
from bench.province import alike, default_weights, make_columns, make_queries
from bench.stored import mongod, store_all
from bench.timing import Times, timed, timed_elsewhere
from bench.written import plot, write_table
from matcher.catalogue import Catalogue
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns
from matcher.ranking.kernel.compiled import built
from matcher.ranking.query import Query
from matcher.ranking.ranker import Ranking, rank, rank_by_blocks, rank_by_kernel, rank_by_scan
from models.store import Store
from models.store.client import Client, open_database
from seed.sources import catalogue_items

LIMIT, NEEDS, FEW, AGGREGATIONS = 20, 200, 12, 3
MOST_STORED = 1_000_000
WEIGHTS = default_weights()
WAYS = {
    "kernel": "分块（编译）",
    "blocks": "分块（numpy）",
    "scan": "numpy 全扫",
    "inverted": "numpy 倒排全扫",
    "polars": "polars",
    "sklearn": "sklearn 余弦",
    "mongodb": "MongoDB 聚合",
}
OURS = ("kernel", "blocks")


@dataclass(slots=True)
class Row:
    """`times` by way; `agreeing` how many of the needs tried give the same list as the scan."""

    size: int
    label: str
    times: dict[str, Times] = field(default_factory=dict)
    agreeing: str = ""

    def ratios(self, ours: str) -> str:
        """How many times the processor's time that ours takes, for each of the others."""
        if ours not in self.times:
            return ""
        one = self.times[ours].median
        return " / ".join(f"{self.times[way].median / one:,.1f}×" for way in WAYS if way not in OURS and way in self.times)

    def cells(self) -> list[str]:
        times = [str(self.times[way]) if way in self.times else "" for way in WAYS]
        return [self.label, *times, *(self.ratios(ours) for ours in OURS), self.agreeing]


def same(one: Ranking | None, other: Ranking) -> bool:
    return one is not None and [each.ref for each in one.candidates] == [each.ref for each in other.candidates]


def measure(size: int, catalogue: Catalogue, uri: str) -> Row:
    columns = make_columns(size, catalogue)
    blocks_of(columns, catalogue)
    queries = make_queries(columns, catalogue, NEEDS)

    def by_blocks(query: Query) -> Ranking | None:
        return rank_by_blocks(query, columns, catalogue, WEIGHTS, LIMIT)

    def by_scan(query: Query) -> Ranking:
        return rank_by_scan(query, columns, catalogue, WEIGHTS, LIMIT)

    kernel = built()

    def by_kernel(query: Query) -> Ranking | None:
        return rank_by_kernel(kernel, query, columns, catalogue, WEIGHTS, LIMIT) if kernel else None

    index, cosine = InvertedIndex(columns, catalogue), Cosine(columns, catalogue)
    ways = (by_blocks, by_kernel) if kernel else (by_blocks,)
    agreeing = sum(all(same(way(query), by_scan(query)) for way in ways) for query in queries[:FEW])
    row = Row(size, f"{size:,}", agreeing=f"{agreeing}/{FEW}")
    row.times["scan"] = timed(by_scan, queries[:FEW])
    row.times["inverted"] = timed(lambda query: index.rank(query, WEIGHTS, LIMIT), queries[:FEW])
    row.times["sklearn"] = timed(lambda query: cosine.rank(query, LIMIT), queries[:FEW])
    if found():
        frames = Frames(columns, catalogue)
        row.times["polars"] = timed(lambda query: frames.rank(query, WEIGHTS, LIMIT), queries[:FEW])
    row.times["blocks"] = timed(by_blocks, queries)
    if kernel:
        row.times["kernel"] = timed(by_kernel, queries)
    if uri and size <= MOST_STORED:
        row.times["mongodb"] = asyncio.run(aggregated(uri, columns, catalogue, queries))
    return row


async def aggregated(uri: str, columns: Columns, catalogue: Catalogue, queries: list[Query]) -> Times:
    """For needs without hours, which the aggregation does not know."""
    client: Client = AsyncMongoClient(uri, tz_aware=True)
    store = Store(client, open_database(client, f"bench_{columns.size}"))
    try:
        await store_all(store, columns, catalogue)
        asked = [replace(query, window=None) for query in queries[:AGGREGATIONS]]
        return await timed_elsewhere(lambda query: aggregate(store, query, catalogue, WEIGHTS, LIMIT), asked, store)
    finally:
        await client.drop_database(f"bench_{columns.size}")
        await client.close()


def all_alike(size: int, catalogue: Catalogue) -> Row:
    """The worst case: everyone ties with everyone."""
    columns, query = alike(size, catalogue)
    blocks_of(columns, catalogue)
    agree = same(rank(query, columns, catalogue, WEIGHTS, LIMIT), rank_by_scan(query, columns, catalogue, WEIGHTS, LIMIT))
    row = Row(size, f"{size:,} 人全同分", agreeing=f"{int(agree)}/1")
    row.times["blocks"] = timed(lambda each: rank(each, columns, catalogue, WEIGHTS, LIMIT), [query] * 5)
    row.times["scan"] = timed(lambda each: rank_by_scan(each, columns, catalogue, WEIGHTS, LIMIT), [query] * 3)
    return row


def report(rows: list[Row], *, stored: bool) -> str:
    header = ["承接方", *WAYS.values(), "依次是编译的几倍", "依次是 numpy 分块的几倍", "与全扫同名次"]
    notes = [
        machine("6.0.5" if stored else ""),
        "每格：处理器毫秒中位 / p99（钟表毫秒中位），MongoDB 的是 mongod 自己的处理器时间；倍数按处理器时间比，机器同时有别的工作也作数。",
        f"分块 {NEEDS} 条需求，其余各 {FEW} 条，聚合 {AGGREGATIONS} 条；权重为默认方案，一半需求带时间。",
        "sklearn 余弦与 polars 算得少：前者不查硬条件，后者不看资料、时段和区划；聚合与我们同分，需求不带时间。",
        *([] if built() else ["没有编译内核（make kernel），它的两列空着。"]),
        *([] if found() else ["没有装 polars（sandan[bench]），这一列空着。"]),
    ]
    lines = {
        way: ([row.size for row in rows if way in row.times and row.label[-1].isdigit()],
              [row.times[way].median for row in rows if way in row.times and row.label[-1].isdigit()])
        for way in WAYS
    }  # fmt: skip
    if not plot(
        "columns",
        "Best 20 for one need",
        "providers",
        "ms of the processor, median",
        {way: line for way, line in lines.items() if line[0]},
    ):
        notes.append("没有装 matplotlib（sandan[bench]），没有画图。")
    return write_table("columns", f"一条需求的前 {LIMIT} 名", header, [row.cells() for row in rows], notes)


def main(sizes: list[int], *, stored: bool) -> None:
    catalogue = Catalogue(catalogue_items())
    if stored:
        with mongod() as uri:
            rows = [measure(size, catalogue, uri) for size in sizes]
    else:
        rows = [measure(size, catalogue, "") for size in sizes]
    print(report([*rows, all_alike(max(sizes), catalogue)], stored=stored))


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(numbers or [10_000, 100_000, 1_000_000], stored="--without-mongodb" not in sys.argv)
