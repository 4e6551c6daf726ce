"""The process beside the service of `bench.traffic`: calls it, writes to providers meanwhile, and prints what it measured as JSON."""

import asyncio
import itertools
import json
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from aiohttp import ClientSession, ClientTimeout

from models.account import ProviderRef
from models.store import Store
from models.store.client import connect, open_database
from models.vocabulary import ProviderKind

WRITES_A_SECOND, SECONDS, AT_ONCE = 50, 20, 4
WARM_UP = 40


@dataclass(frozen=True, slots=True)
class Task:
    """Where the service is and what to ask it; where its database is and which volunteers to write to. `at_once` 0: only write."""

    base: str
    token: str
    needs: list[str]
    uri: str
    database: str
    written: list[str]
    at_once: int = AT_ONCE


async def main(task: Task) -> None:
    writing = asyncio.create_task(write(task))
    took: list[float] = []
    headers = {"Authorization": f"Bearer {task.token}"}
    async with ClientSession(task.base, headers=headers, timeout=ClientTimeout(60)) as session:
        await call(session, iter(task.needs[: WARM_UP if task.at_once else 0]), [], time.perf_counter() + SECONDS)
        started = time.perf_counter()
        needs = itertools.cycle(task.needs)
        await asyncio.gather(*(call(session, needs, took, started + SECONDS) for _ in range(task.at_once)))
        await asyncio.sleep(0 if task.at_once else SECONDS / 2)
        seconds = time.perf_counter() - started
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    p50, p95, p99 = np.percentile(took or [0.0], (50, 95, 99)).tolist()
    print(json.dumps({"rate": len(took) / seconds, "p50": p50, "p95": p95, "p99": p99, "writes": WRITES_A_SECOND}))


async def call(session: ClientSession, needs: Iterator[str], took: list[float], until: float) -> None:
    for need in needs:
        started = time.perf_counter()
        async with session.get(f"/api/v1/needs/{need}/candidates?limit=20") as response:
            await response.read()
            response.raise_for_status()
        took.append((time.perf_counter() - started) * 1000)
        if time.perf_counter() > until:
            return


async def write(task: Task) -> None:
    """Somebody takes on an order and is done with it, at an even pace, as another worker's transactions would have it."""
    client = connect(task.uri)
    store = Store(client, open_database(client, task.database))
    refs = itertools.cycle(ProviderRef(ProviderKind.VOLUNTEER, id) for id in task.written)
    due = time.perf_counter()
    for ref in refs:
        await store.providers.take_load(ref)
        await store.providers.release_load(ref)
        due += 2 / WRITES_A_SECOND
        await asyncio.sleep(max(0.0, due - time.perf_counter()))


if __name__ == "__main__":
    os.sched_setaffinity(0, json.loads(sys.argv[2]))
    asyncio.run(main(Task(**json.loads(sys.argv[1]))))
