"""The columns filled from MongoDB: documents in batches, read ahead by one while the last is put into rows in a thread."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from api.background.apart import APART_IS_POSSIBLE, ApartError, Keeping, Loaded, loaded_apart
from api.background.rows import rows_of
from matcher.ranking.bulk import Bulk
from matcher.ranking.columns import Columns
from matcher.ranking.ranker import prepare
from matcher.ranking.snapshot import packed
from models.account import ProviderRef
from models.provider import Provider
from models.store import Store
from models.store.lockstep import Lockstep
from models.store.mapping import UNREADABLE
from models.vocabulary import ProviderKind

TURN_SECONDS = 0.001
log = structlog.get_logger("sandan.columns")


async def loaded(store: Store, columns: Columns, keeping: Keeping | None = None, *, serving: bool = False) -> Columns:
    """Others like these, with everybody whom the database holds. Nothing is done in the event loop that takes long, and so many
    that they are ranked by blocks are loaded by a process of their own; without haste where this one is `serving`."""
    started = time.perf_counter()
    expected = await expected_of(store, columns)
    found = await _loaded_apart(store, columns, keeping, serving=serving) if expected >= columns.blocks_from else None
    fresh, odd = found or await _loaded_here(store, columns, expected)
    for kind, ids in odd.items():
        async for provider in store.providers.some(kind, ids, tell_unreadable):
            put_readable(fresh, provider)
    seconds = round(time.perf_counter() - started, 2)
    log.info(
        "columns loaded", providers=len(fresh), one_by_one=sum(map(len, odd.values())), apart=found is not None, seconds=seconds
    )
    return fresh


async def exchange(columns: Columns, fresh: Columns) -> None:
    """At once `columns` are what `fresh` were; the memory of the old rows is given back by and by."""
    held = [columns.become(fresh)]
    await asyncio.to_thread(_let_go, held)


def _let_go(held: list[Columns]) -> None:
    """All arrays of fourteen million rows given back in one go would stop everything for some twenty milliseconds."""
    arrays = list(packed(held[0])[0].values())
    held.clear()
    while arrays:
        arrays.pop()


async def expected_of(store: Store, columns: Columns) -> int:
    """About how many there will be."""
    return sum([await store.providers.count(kind, columns.carried) for kind in ProviderKind])


async def _loaded_apart(store: Store, columns: Columns, keeping: Keeping | None, *, serving: bool) -> Loaded | None:
    """None where it cannot be done: then it is done here, only more slowly."""
    if store.uri is None or not APART_IS_POSSIBLE:
        return None
    try:
        return await loaded_apart(store.uri, store.database.name, columns, keeping, serving=serving)
    except ApartError as error:
        log.warning("the columns could not be made by another process and are made in this one", why=str(error))
        return None


async def _loaded_here(store: Store, columns: Columns, expected: int) -> Loaded:
    fresh = columns.anew(expected)
    bulk = Bulk(fresh.catalogue, fresh.regions)
    with brisk_turns():
        odd = {kind: await _load_kind(store, kind, fresh, bulk) for kind in ProviderKind}
        await asyncio.to_thread(prepare, fresh)
    return fresh, odd


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
    async for batch in store.providers.raw(kind, fresh.carried):
        odd += await adding if adding else []
        adding = asyncio.create_task(asyncio.to_thread(_add, bulk, fresh, kind, batch))
    return odd + (await adding if adding else [])


def _add(bulk: Bulk, fresh: Columns, kind: ProviderKind, batch: bytes) -> list[str]:
    rows, odd = rows_of(bulk, kind, Lockstep.of_documents(batch))
    if rows is not None:
        fresh.extend(rows.fixed, rows.lists)
    return odd


def put_readable(columns: Columns, provider: Provider) -> None:
    """A document of our form may still hold what no row can, a region that is not a number."""
    try:
        columns.put(provider)
    except UNREADABLE:
        tell_unreadable(provider.ref)
        columns.remove(provider.ref)


def tell_unreadable(ref: ProviderRef) -> None:
    log.error("a provider's document cannot be read and is left out of the ranking", provider=str(ref))
