"""The best twenty for one need, by blocks beside a scan and other ways, in one process; what an update costs; bytes a provider.

By hand: `python -m bench.columns`, with sizes: `python -m bench.columns 10000 100000`. Times are of the processor, not of the clock, so
that a busy machine tells nearly the same. `python -m bench.columns 14000000 --blocks-only` takes 6 GB and some ten minutes.
"""

import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bench.peers import Cosine, InvertedIndex
from bench.province import alike, default_weights, make_columns, make_queries, somebody
from matcher.catalogue import Catalogue
from matcher.ranking.blocks.update import blocks_of
from matcher.ranking.columns import Columns
from matcher.ranking.query import Query
from matcher.ranking.ranker import Ranking, rank, rank_by_blocks, rank_by_scan
from models.place import Point
from seed.sources import catalogue_items

RESULTS = Path(__file__).parent / "results"
LIMIT, NEEDS, FEW = 20, 200, 12
WEIGHTS = default_weights()


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds."""

    median: float
    p99: float

    def __str__(self) -> str:
        return f"{self.median:.1f} / {self.p99:.1f}"


def timed(call: Callable[[Query], Any], queries: list[Query]) -> Times:
    took = []
    call(queries[0])
    for query in queries:
        started = time.process_time()
        call(query)
        took.append((time.process_time() - started) * 1000)
    return Times(*(float(each) for each in np.percentile(took, (50, 99))))


def same(one: Ranking | None, other: Ranking) -> bool:
    return one is not None and [each.ref for each in one.candidates] == [each.ref for each in other.candidates]


def measure(size: int, catalogue: Catalogue, *, blocks_only: bool) -> list[str]:
    columns = make_columns(size, catalogue)
    kept = (columns.bytes + blocks_of(columns, catalogue).bytes) / size
    queries = make_queries(columns, catalogue, NEEDS)

    def by_blocks(query: Query) -> Ranking | None:
        return rank_by_blocks(query, columns, catalogue, WEIGHTS, LIMIT)

    def by_scan(query: Query) -> Ranking:
        return rank_by_scan(query, columns, catalogue, WEIGHTS, LIMIT)

    blocks = timed(by_blocks, queries)
    agreeing = sum(same(by_blocks(query), by_scan(query)) for query in queries[: 3 if blocks_only else FEW])
    row = [f"{size:,}", str(blocks)]
    if blocks_only:
        return [*row, "", "", "", "", f"{agreeing}/3", f"{kept:.0f}", "", ""]
    scan = timed(by_scan, queries[:FEW])
    index, cosine = InvertedIndex(columns, catalogue), Cosine(columns, catalogue)
    inverted = timed(lambda query: index.rank(query, WEIGHTS, LIMIT), queries[:FEW])
    sklearn = timed(lambda query: cosine.rank(query, LIMIT), queries[:FEW])
    update = updates(columns, size)
    moved = timed(by_blocks, queries)
    ratios = f"{scan.median / blocks.median:.1f} / {inverted.median / blocks.median:.1f} / {sklearn.median / blocks.median:.1f}"
    return [
        *row, str(scan), str(inverted), str(sklearn), ratios, f"{agreeing}/{FEW}", f"{kept:.0f}", f"{update:.0f}",
        f"{moved.median / blocks.median:.2f}",
    ]  # fmt: skip


def updates(columns: Columns, size: int) -> float:
    """Microseconds for one `put` of somebody who is there already; every hundredth has moved far away then."""
    chance = np.random.default_rng(3)
    rows = chance.integers(0, size, size // 100)
    people = [somebody(columns, int(row)) for row in rows]
    at = columns.everyone().only(chance.integers(0, size, len(people)))
    moved = [replace(each, point=Point(*where)) for each, where in zip(people, zip(at.lng, at.lat, strict=True), strict=True)]
    started = time.process_time()
    for each in moved:
        columns.put(each)
    return (time.process_time() - started) / len(moved) * 1e6


def all_alike(size: int, catalogue: Catalogue) -> list[str]:
    """The worst case: everyone ties with everyone."""
    columns, query = alike(size, catalogue)
    blocks_of(columns, catalogue)
    planned = timed(lambda each: rank(each, columns, catalogue, WEIGHTS, LIMIT), [query] * 5)
    scan = timed(lambda each: rank_by_scan(each, columns, catalogue, WEIGHTS, LIMIT), [query] * 3)
    agree = same(rank(query, columns, catalogue, WEIGHTS, LIMIT), rank_by_scan(query, columns, catalogue, WEIGHTS, LIMIT))
    return [
        f"{size:,} 人全同分",
        str(planned),
        str(scan),
        "",
        "",
        f"{scan.median / planned.median:.1f}",
        f"{int(agree)}/1",
        "",
        "",
        "",
    ]


def main(sizes: list[int], *, blocks_only: bool) -> None:
    catalogue = Catalogue(catalogue_items())
    table = Table(
        "承接方", "分块", "全扫", "倒排全扫", "sklearn 余弦", "全扫、倒排、余弦是分块的几倍", "同名次", "字节/人", "更新 µs", "百分之一远迁后",
        title=f"一条需求的前 {LIMIT} 名，处理器毫秒，中位 / p99",
    )  # fmt: skip
    for size in sizes:
        table.add_row(*measure(size, catalogue, blocks_only=blocks_only))
    if not blocks_only:
        table.add_row(*all_alike(max(sizes), catalogue))
    RESULTS.mkdir(exist_ok=True)
    place = RESULTS / ("columns-province.txt" if blocks_only else "columns.txt")
    with place.open("w", encoding="utf-8") as file:
        for out in (Console(width=170), Console(file=file, width=170)):
            out.print(table)
            out.print(
                f"{platform.machine()}，{len(os.sched_getaffinity(0))} 核，Python {platform.python_version()}，numpy {np.__version__}"
            )


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    main(numbers or [10_000, 100_000, 1_000_000], blocks_only="--blocks-only" in sys.argv)
