"""GET …/candidates over HTTP from one core, among a million invented providers, while writes to providers arrive from elsewhere.

By hand: `python -m bench.traffic`, with another number of providers: `python -m bench.traffic 100000`. The service has one core to itself;
client, writer and mongod share the others. The columns are made here and not loaded, MongoDB holds only the providers that are written.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from dataclasses import asdict, replace
from pathlib import Path

import structlog
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.assembly import make_understander
from api.keys import DESK, IDENTITY, STORE
from api.settings import Settings
from bench.caller import AT_ONCE, Task
from bench.machine import machine
from bench.province import make_columns, make_queries
from matcher.dispatch.desk import Desk
from matcher.ranking.query import Query
from matcher.ranking.ranker import prepare
from matcher.understanding.understander import Stated
from models.need import Need
from models.provider import Contact
from models.store import Store, new_id
from models.store.embedded import EmbeddedServer
from models.vocabulary import Channel, ProviderKind, Role
from seed.people import demo_people

RESULTS = Path(__file__).parent / "results" / "traffic.txt"
PASSWORD = "bench only, thrown away"
NEEDS, WRITTEN = 200, 200


def main(size: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder))
        uri = server.start()
        try:
            told = asyncio.run(serve(uri, size))
        finally:
            server.stop()
    print(told)
    RESULTS.write_text(told + "\n", encoding="utf-8")


async def serve(uri: str, size: int) -> str:
    app = make_app(Settings(database="bench_traffic"), uri, make_understander)
    server = TestServer(app)
    await server.start_server()
    try:
        store, desk = app[STORE], app[DESK]
        # In a thread: a loop that stands still for seconds loses its connections.
        columns = await asyncio.to_thread(make_columns, size, desk.context.catalogue)
        await asyncio.to_thread(prepare, columns)
        desk.context.columns.become(columns)
        needs = await stored_needs(store, desk, make_queries(columns, desk.context.catalogue, NEEDS))
        written = await stored_people(store, desk)
        await app[IDENTITY].add_account("bench", PASSWORD, Role.ADMIN, "bench", None)
        token, _ = await app[IDENTITY].sign_in("bench", PASSWORD, "")
        task = Task(str(server.make_url("")), token, needs, uri, "bench_traffic", written)
        _, writing = await beside(replace(task, at_once=0))
        answer, busy = await beside(task)
    finally:
        await server.close()
    each = (busy - writing) / answer["rate"]
    return (
        f"GET …/candidates?limit=20，{size:,} 承接方，服务独占一核（占到 {busy:.0%}），{AT_ONCE} 个并发，每秒 {answer['writes']:.0f} 次写入：\n"
        f"每秒 {answer['rate']:.0f} 次，p50 {answer['p50']:.1f} ms，p95 {answer['p95']:.1f} ms，p99 {answer['p99']:.1f} ms；"
        f"每次用服务的处理器 {each * 1000:.1f} ms，写入占 {writing:.1%}，一核空闲时合每秒 {(1 - writing) / each:.0f} 次\n"
        f"{machine('6.0.5')}"
    )


async def stored_needs(store: Store, desk: Desk, queries: list[Query]) -> list[str]:
    """Needs that ask what the queries ask, as if they had been understood so."""
    at = desk.context.now()
    ids = []
    for query in queries:
        understood = desk.context.understand("老人家里水管漏水，想找人修", query.region, Stated(), at)
        need = Need(
            id=new_id(), text="测试", region=query.region, point=query.point, contact=Contact(), channel=Channel.COMMUNITY, posted_by="bench",
            understanding=replace(understood, services=query.services, terms=query.terms, window=query.window),
            posted_at=at, changed_at=at,
        )  # fmt: skip
        await store.needs.add(need)
        ids.append(need.id)
    return ids


async def stored_people(store: Store, desk: Desk) -> list[str]:
    people = [each for each in demo_people(desk.context.regions) if each.kind == ProviderKind.VOLUNTEER][:WRITTEN]
    await store.providers.add_many(people)
    return [each.id for each in people]


async def beside(task: Task) -> tuple[dict[str, float], float]:
    """What the other process measured, and how busy this one was; each on a core of its own where there are two."""
    cores = os.sched_getaffinity(0)
    mine = {min(cores)}
    client = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bench.caller",
        json.dumps(asdict(task)),
        json.dumps(sorted(cores - mine or cores)),
        stdout=asyncio.subprocess.PIPE,
    )
    os.sched_setaffinity(0, mine)
    used, started = time.process_time(), time.perf_counter()
    out, _ = await client.communicate()
    busy = (time.process_time() - used) / (time.perf_counter() - started)
    os.sched_setaffinity(0, cores)
    answer: dict[str, float] = json.loads(out)
    return answer, busy


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
