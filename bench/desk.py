"""The dispatch desk over ten thousand open needs: how long a page takes to come, asked over HTTP as a browser does.

`python -m bench.desk [--needs N] [--runs N]` prints the median and the 95th percentile of each of the desk's lists, and of a need's page.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import structlog
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from api.app import make_app
from api.assembly import make_understander
from api.console.session import SESSION_COOKIE
from api.identity import fingerprint
from api.keys import STORE
from api.settings import Settings
from matcher.catalogue import Catalogue
from models.account import Account
from models.need import Need
from models.need_states import NeedStatus
from models.place import Point
from models.provider import Contact, ServiceConfidence
from models.quiet import DEFAULT_QUIET
from models.schedule import now
from models.store import Store
from models.store.embedded import EmbeddedServer
from models.store.mapping import to_document
from models.understanding import Understanding
from models.vocabulary import Channel, Role
from seed.sources import catalogue_items

COMMUNITY = "420106001001"
GRIDS = 12
OTHERS = (NeedStatus.EVALUATED, NeedStatus.CONFIRMED, NeedStatus.OFFERED, NeedStatus.IN_PROGRESS, NeedStatus.COMPLETED)
PAGES = {
    "待派单（紧急的在前）": "/desk",
    "待派单（新的在前）": "/desk?newest=true",
    "待核对": "/desk?tab=review",
    "已超时": "/desk?tab=overdue",
    "快到期": "/desk?tab=near",
    "办理中": "/desk?tab=in_hand",
    "全部未完": "/desk?tab=all",
}


def made_needs(store: Store, codes: tuple[str, ...], open_needs: int) -> list[Need]:
    """As many open needs, and half as many in every other standing, in the grids of one community."""
    dice, at = Random("desk"), now()
    statuses = [NeedStatus.OPEN] * open_needs + [dice.choice(OTHERS) for _ in range(open_needs // 2)]
    dice.shuffle(statuses)
    return [
        Need(
            id=store.new_id(),
            text=f"厨房水龙头关不紧一直漏水，第 {number} 条，麻烦找位师傅上门看看",
            region=f"{COMMUNITY}{1 + number % GRIDS:03d}",
            point=Point(114.3 + dice.random() / 50, 30.6 + dice.random() / 50),
            contact=Contact("周测试", f"000{number:08d}", "测试路 1 号"),
            channel=Channel.RESIDENT,
            posted_by="bench",
            status=status,
            understanding=Understanding(
                (ServiceConfidence(dice.choice(codes), 0.8), ServiceConfidence(dice.choice(codes), 0.1)),
                1 + number % 4, 1, None, number % 5 == 0, "bench",
            ),
            due_at=at + timedelta(minutes=number - open_needs // 2) if status == NeedStatus.OPEN else None,
            near_at=at + timedelta(minutes=number - open_needs) if status == NeedStatus.OPEN else None,
            posted_at=at - timedelta(minutes=number),
            changed_at=at,
        )
        for number, status in enumerate(statuses)
    ]  # fmt: skip


async def measure(uri: str, needs: int, runs: int) -> None:
    catalogue = Catalogue(catalogue_items())
    app = make_app(Settings(database="bench_desk"), uri, lambda _: make_understander(catalogue))
    server = TestServer(app)
    await server.start_server()
    store, token = app[STORE], "bench"
    account = Account(store.new_id(), "bench", Role.COMMUNITY, "测试社区", COMMUNITY, None, "", True, now(), DEFAULT_QUIET)
    await store.accounts.add(account)
    await store.sessions.add(fingerprint(token), account.id, now() + timedelta(days=1), now())
    documents = [to_document(need) for need in made_needs(store, catalogue.codes, needs)]
    await store.database["needs"].insert_many(documents, ordered=False)
    one = next(document["_id"] for document in documents if document["status"] == NeedStatus.OPEN)
    async with ClientSession(cookies={SESSION_COOKIE: token}) as session:
        for label, path in {**PAGES, "一条需求和候选": f"/desk/needs/{one}"}.items():
            times = [await timed(session, str(server.make_url(path))) for _ in range(runs + 3)][3:]
            last = statistics.quantiles(times, n=20)[-1]
            print(f"{label}\t中位 {statistics.median(times):.0f} ms\t95% {last:.0f} ms")
    await server.close()


async def timed(session: ClientSession, url: str) -> float:
    """Milliseconds until the whole page is there."""
    start = time.perf_counter()
    async with session.get(url, allow_redirects=False) as response:
        await response.read()
        assert response.status == 200, (url, response.status)
    return (time.perf_counter() - start) * 1000


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--needs", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=40)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder), cache_gb=0.5)
        server.start()
        try:
            asyncio.run(measure(server.uri, asked.needs, asked.runs))
        finally:
            server.stop()


if __name__ == "__main__":
    main()
