"""How long calls take, by the clock and by the processor: on a machine that others use too the two differ."""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds: median and p99 of the processor, median by the clock."""

    median: float
    p99: float
    wall: float

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
    return Times(median, p99, float(np.median(took)))


async def timed_elsewhere(call: Callable[[T], Awaitable[Any]], asked: Sequence[T]) -> float:
    """The median by the clock of what another process does."""
    took = []
    for each in asked:
        wall = time.perf_counter()
        await call(each)
        took.append((time.perf_counter() - wall) * 1000)
    return float(np.median(took))
