"""GET …/candidates over HTTP beside a MongoDB aggregation doing the same scoring, in one run.

`make bench-http`, or with sizes: `python -m bench.ranking 3000 10000`.
"""

import asyncio
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from rich.console import Console
from rich.table import Table

from api.app import make_app
from api.assembly import make_understander
from api.keys import DESK, IDENTITY, STORE
from api.settings import Settings
from bench.aggregation import aggregate
from matcher.dispatch.desk import Desk
from matcher.ranking.query import query_of
from models.errors import NotFoundError
from models.provider import Provider
from models.schedule import now
from models.store import Store
from models.store.embedded import EmbeddedServer
from models.vocabulary import Role
from seed.people import demo_id, demo_people
from seed.sources import pairs

RESULTS = Path(__file__).parent / "results"
ROUNDS = 3
BATCH = 500
HOME = "420106001001001"
PASSWORD = "bench only, thrown away"


async def main(sizes: list[int]) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    out = Console(width=110)
    table = Table(
        "承接方",
        "HTTP p50",
        "HTTP p95",
        "聚合 p50",
        "聚合 p95",
        "聚合／HTTP (p50)",
        "同分",
        title="GET …/candidates?limit=20，毫秒；中位数取自各轮",
    )
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder))
        uri = server.start()
        try:
            for size in sizes:
                table.add_row(*await measure(uri, size))
        finally:
            server.stop()
    out.print(table)
    out.print(
        f"{platform.machine()}，{len(os.sched_getaffinity(0))} 核可用，Python {platform.python_version()}，MongoDB 6.0.5 同机"
    )
    RESULTS.mkdir(exist_ok=True)
    with (RESULTS / "ranking.txt").open("w", encoding="utf-8") as file:
        record = Console(file=file, width=110)
        record.print(table)
        record.print(
            f"{platform.machine()}，{len(os.sched_getaffinity(0))} 核可用，Python {platform.python_version()}，MongoDB 6.0.5 同机"
        )


async def measure(uri: str, size: int) -> list[str]:
    settings = Settings(database=f"bench_{size}")
    app = make_app(settings, uri, make_understander)
    client = TestClient(TestServer(app))
    await client.start_server()
    try:
        store, desk = app[STORE], app[DESK]
        await fill(store, size, desk)
        await app[IDENTITY].add_account("bench", PASSWORD, Role.ADMIN, "bench", None)
        token, _ = await app[IDENTITY].sign_in("bench", PASSWORD, "")
        headers = {"Authorization": f"Bearer {token}"}
        texts = [row[4] for row in pairs("demo/needs.tsv")]
        posted = [await post(client, headers, text) for text in texts[:: len(texts) // 40]]
        needs = [need for need in posted if need is not None]

        async def over_http(need_id: str) -> list[float]:
            async with client.get(f"/api/v1/needs/{need_id}/candidates?limit=20", headers=headers) as response:
                return [candidate["score"] for candidate in (await response.json())["candidates"]]

        async def aggregated(need_id: str) -> list[float]:
            need = await store.needs.get(need_id)
            if need is None:
                raise NotFoundError(need_id)
            query = query_of(need, desk.context.catalogue, desk.context.regions, at=now())
            found = await aggregate(store, query, desk.context.catalogue, await desk.weights.get("default"), 20)
            return [document["score"] for document in found]

        agreeing = sum([agree(await over_http(need), await aggregated(need)) for need in needs[:12]])
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(await timed(over_http, needs * 3))
            theirs.append(await timed(aggregated, needs[:12]))
        p50, p95 = (statistics.median(each[place] for each in ours) for place in (0, 1))
        peer50, peer95 = (statistics.median(each[place] for each in theirs) for place in (0, 1))
        return [str(size), f"{p50:.1f}", f"{p95:.1f}", f"{peer50:.0f}", f"{peer95:.0f}", f"{peer50 / p50:.0f}×", f"{agreeing}/12"]
    finally:
        await client.close()


async def fill(store: Store, size: int, desk: Desk) -> None:
    """The demo people, again and again under other ids until there are enough."""
    people: list[Provider] = []
    generation = 0
    while len(people) < size:
        for person in demo_people(desk.context.regions):
            mapped = replace(
                desk.context.understander.mapped(person),
                id=demo_id(f"bench-{generation}-{person.id}"),
                rating_sum=min(person.rating_sum, float(person.rating_count)),
            )
            people.append(mapped)
            if len(people) % BATCH == 0:
                await asyncio.sleep(0)
            if len(people) == size:
                break
        generation += 1
    for start in range(0, size, BATCH):
        await store.providers.add_many(people[start : start + BATCH])
    deadline = time.monotonic() + 60
    while len(desk.context.columns) < size and time.monotonic() < deadline:
        await asyncio.sleep(0.1)


async def post(client: TestClient[web.Request, web.Application], headers: dict[str, str], text: str) -> str | None:
    """The need's id; None for one with a time in it, which the peer does not score."""
    body = {"text": text, "region": HOME, "channel": "community"}
    async with client.post("/api/v1/needs", json=body, headers=headers) as response:
        need = await response.json()
    return None if need["understanding"]["window"] else str(need["id"])


def agree(ours: list[float], theirs: list[float]) -> bool:
    """Whether both lists hold the same scores in the same order; ours are rounded to six places, one criterion at a time."""
    return len(ours) == len(theirs) and all(abs(mine - other) < 1e-5 for mine, other in zip(ours, theirs, strict=True))


async def timed(call: Callable[[str], Awaitable[list[float]]], needs: list[str]) -> tuple[float, float]:
    """p50 and p95 in milliseconds, one call after the other."""
    took = []
    for need in needs:
        started = time.perf_counter()
        await call(need)
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95)]


if __name__ == "__main__":
    asyncio.run(main([int(each) for each in sys.argv[1:]] or [3_000, 10_000]))
