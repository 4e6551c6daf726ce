"""The columns filled from MongoDB: flat documents in batches, read ahead by one while the last is put into rows in a thread."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from matcher.ranking.bulk import Bulk
from matcher.ranking.columns import Columns
from matcher.ranking.ranker import prepare
from models.account import ProviderRef
from models.provider import Provider
from models.store import Store
from models.store.flat import decoded
from models.store.mapping import UNREADABLE
from models.vocabulary import ProviderKind

TURN_SECONDS = 0.001
log = structlog.get_logger("sandan.columns")


async def loaded(store: Store, columns: Columns) -> Columns:
    """Others like these, with everybody whom the database holds. Nothing is done in the event loop that takes long."""
    started = time.perf_counter()
    fresh = columns.anew(sum([await store.providers.count(kind, columns.carried) for kind in ProviderKind]))
    bulk = Bulk(fresh.catalogue, fresh.regions)
    odd: dict[ProviderKind, list[str]] = {}
    with brisk_turns():
        for kind in ProviderKind:
            odd[kind] = await _load_kind(store, kind, fresh, bulk)
        await asyncio.to_thread(prepare, fresh)
    for kind, ids in odd.items():
        async for provider in store.providers.some(kind, ids, tell_unreadable):
            put_readable(fresh, provider)
    seconds = round(time.perf_counter() - started, 2)
    log.info("columns loaded", providers=len(fresh), one_by_one=sum(map(len, odd.values())), seconds=seconds)
    return fresh


@contextmanager
def brisk_turns() -> Iterator[None]:
    """While a thread is at work, the event loop gets its turn after one millisecond and not after five: a call needs several turns."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(TURN_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


async def _load_kind(store: Store, kind: ProviderKind, fresh: Columns, bulk: Bulk) -> list[str]:
    """The ids of those that have to be read one by one."""
    odd: list[str] = []
    adding: asyncio.Task[list[str]] | None = None
    async for batch in store.providers.flat(kind, fresh.carried):
        odd += await adding if adding else []
        adding = asyncio.create_task(asyncio.to_thread(_add, bulk, fresh, kind, batch))
    return odd + (await adding if adding else [])


def _add(bulk: Bulk, fresh: Columns, kind: ProviderKind, batch: bytes) -> list[str]:
    """A batch with a wrong value in it is read one by one: most of it will be right."""
    found = decoded(batch)
    try:
        return bulk.add(fresh, kind, found)
    except UNREADABLE:
        return [each["_id"] for each in found]


def put_readable(columns: Columns, provider: Provider) -> None:
    """A document of our form may still hold what no row can, a region that is not a number."""
    try:
        columns.put(provider)
    except UNREADABLE:
        tell_unreadable(provider.ref)
        columns.remove(provider.ref)


def tell_unreadable(ref: ProviderRef) -> None:
    log.error("a provider's document cannot be read and is left out of the ranking", provider=str(ref))
