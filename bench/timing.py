"""How long calls take, by the clock and by the processor: on a machine that others use too the two differ."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from models.store import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds: median and p99 of the processor, median by the clock. In all: seconds of both."""

    median: float
    p99: float
    wall: float
    total_seconds: float = 0.0
    wall_seconds: float = 0.0

    def __str__(self) -> str:
        return f"{self.median:.1f} / {self.p99:.1f}（{self.wall:.1f}）"


def timed(call: Callable[[T], Any], asked: Sequence[T]) -> Times:
    used, took = [], []
    call(asked[0])
    for each in asked:
        wall, processor = time.perf_counter(), time.process_time()
        call(each)
        used.append((time.process_time() - processor) * 1000)
        took.append((time.perf_counter() - wall) * 1000)
    median, p99 = np.percentile(used, (50, 99)).tolist()
    return Times(median, p99, float(np.median(took)), sum(used) / 1000, sum(took) / 1000)


async def timed_elsewhere(call: Callable[[T], Awaitable[Any]], asked: Sequence[T], store: Store) -> Times:
    """What mongod does: its own time of the processor."""
    used, took = [], []
    for each in asked:
        wall, processor = time.perf_counter(), await _processor_seconds(store)
        await call(each)
        used.append((await _processor_seconds(store) - processor) * 1000)
        took.append((time.perf_counter() - wall) * 1000)
    median, p99 = np.percentile(used, (50, 99)).tolist()
    return Times(median, p99, float(np.median(took)))


async def _processor_seconds(store: Store) -> float:
    status = await store.database.command("serverStatus")
    extra = status["extra_info"]
    return float(extra["user_time_us"] + extra["system_time_us"]) / 1e6
