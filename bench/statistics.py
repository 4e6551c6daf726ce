"""How long statistics take over many needs of one month, on the embedded mongod, without HTTP.

By hand: `python -m bench.statistics`, with a number of needs: `python -m bench.statistics 10000`. Times are of the processor, this
process's and mongod's, so that a busy machine tells nearly the same. Each call is made three times; the median counts.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median

from rich.console import Console
from rich.table import Table

from api.assembly import make_understander
from matcher.catalogue import Catalogue
from matcher.ranking.eligibility import RULES
from matcher.understanding.understander import Stated
from models.account import SYSTEM
from models.clock import Deadline, Stage
from models.need import Evaluation, Need, NeedStatus
from models.order import Order, OrderStatus
from models.provider import Contact, ProviderSummary
from models.schedule import LOCAL, now
from models.statistics import ONE_DAY, Dimension, Period
from models.store import Store, new_id
from models.store.client import connect, open_database
from models.store.embedded import EmbeddedServer
from models.store.indexes import ensure_indexes
from models.store.mapping import to_document
from models.understanding import Understanding
from models.vocabulary import Channel, ProviderKind, Role
from seed.sources import catalogue_items, pairs

DISTRICT = "420106"
USUAL, BATCH, DAYS, PROVIDERS = 100_000, 2_000, 30, 5_000
RESULT = Path(__file__).parent / "results" / "statistics.txt"
# 14 streets of 20 communities of 3 grids.
GRIDS = [f"{DISTRICT}{place // 60:03d}{place // 3 % 20:03d}{place % 3:03d}" for place in range(14 * 60)]


async def fill(store: Store, count: int) -> None:
    """Needs of the demo's words, each with one order that was taken."""
    dice, at = Random("statistics"), now()
    understander = make_understander(Catalogue(catalogue_items()))
    read = [understander.understand(row[4], Stated(), at) for row in pairs("demo/needs.tsv")]
    for start in range(0, count, BATCH):
        needs = [_need(dice, dice.choice(read), at) for _ in range(min(BATCH, count - start))]
        orders = [_order(dice, need) for need in needs]
        await store.database["needs"].insert_many([to_document(each) for each in needs], ordered=False)
        await store.database["orders"].insert_many([to_document(each) for each in orders], ordered=False)


def _need(dice: Random, understanding: Understanding, at: datetime) -> Need:
    posted_at = at - timedelta(minutes=dice.randrange(DAYS * 24 * 60))
    unmatched = dice.random() < 0.1
    judged = Evaluation(True, dice.random() < 0.9, dice.random() < 0.8, 4, "", "x", Role.RESIDENT, at)
    return Need(
        id=new_id(),
        text="厨房水龙头关不紧一直漏水",
        region=dice.choice(GRIDS),
        point=None,
        contact=Contact(),
        channel=Channel.RESIDENT,
        posted_by=SYSTEM.account_id,
        understanding=understanding,
        status=NeedStatus.UNMATCHED if unmatched else NeedStatus.EVALUATED,
        unmatched=dict.fromkeys(RULES, 7) if unmatched else None,
        evaluation=None if unmatched else judged,
        due={Stage.DONE: Deadline(posted_at, at, at, met_at=None if unmatched else posted_at)},
        posted_at=posted_at,
        changed_at=at,
    )


def _order(dice: Random, need: Need) -> Order:
    back = dice.random() < 0.05
    return Order(
        id=new_id(),
        need_id=need.id,
        region=need.region,
        service=need.understanding.services[0].code if need.understanding.services else None,
        provider=ProviderSummary(ProviderKind.VOLUNTEER, f"{dice.randrange(PROVIDERS):024x}", "虚构"),
        status=OrderStatus.HANDED_BACK if back else OrderStatus.CONFIRMED,
        offered_at=need.posted_at,
        offered_by=SYSTEM.account_id,
        changed_at=need.posted_at,
        accepted_at=need.posted_at,
        completed_at=None if back else need.posted_at,
        service_minutes=None if back else 60,
    )


def calls(store: Store) -> dict[str, Callable[[], Awaitable[object]]]:
    today = now().astimezone(LOCAL).date()
    month, statistics = Period(today - DAYS * ONE_DAY, today), store.statistics
    return {
        "rates by street": lambda: statistics.tallies(DISTRICT, month, Dimension.STREET, now()),
        "rates by day": lambda: statistics.tallies(DISTRICT, month, Dimension.DAY, now()),
        "rates by service item": lambda: statistics.tallies(DISTRICT, month, Dimension.SERVICE, now()),
        "rates of one community by day": lambda: statistics.tallies(GRIDS[200][:12], month, Dimension.DAY, now()),
        "gaps by community": lambda: statistics.gaps(DISTRICT, month, Dimension.COMMUNITY, RULES, 500),
        "loads": lambda: statistics.loads(DISTRICT, month),
    }


async def timed(store: Store, call: Callable[[], Awaitable[object]]) -> float:
    took = []
    for _ in range(3):
        started = await spent(store)
        await call()
        took.append(await spent(store) - started)
    return median(took)


async def spent(store: Store) -> float:
    """Processor seconds of mongod (Linux only) and of this process since their beginnings."""
    used = (await store.database.command("serverStatus"))["extra_info"]
    return float(used["user_time_us"] + used["system_time_us"]) / 1_000_000 + time.process_time()


async def measure(uri: str, count: int) -> Table:
    client = connect(uri)
    store = Store(client, open_database(client, "bench"))
    await ensure_indexes(store.database)
    await fill(store, count)
    table = Table("figures", "processor seconds", title=f"{count} needs of {DAYS} days, as many orders")
    for name, call in calls(store).items():
        table.add_row(name, f"{await timed(store, call):.2f}")
    await client.close()
    return table


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else USUAL
    with tempfile.TemporaryDirectory() as folder:
        server = EmbeddedServer(Path(folder))
        server.start()
        try:
            table = asyncio.run(measure(server.uri, count))
        finally:
            server.stop()
    with RESULT.open("w", encoding="utf-8") as file:
        Console(file=file, width=100).print(table)
    Console().print(table)


if __name__ == "__main__":
    main()
