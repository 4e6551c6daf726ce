"""What is opened before the first call and closed after the last."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256

import structlog
from aiohttp import web

from api.accounts import AccountKeeping
from api.assembly import base_items, make_context
from api.background.columns import Follower
from api.background.comparing import Comparison
from api.background.epochs import Epochs
from api.background.feed import Feed
from api.background.models import ModelFollower
from api.background.outbox import Courier
from api.background.roll import RollCall
from api.background.snapshots import SnapshotFile, fingerprint
from api.background.timers import Clock
from api.background.timetable import TimetableFollower
from api.background.webhooks import Postman
from api.identity import Identity
from api.keys import (
    ACCOUNTS,
    COMPARISON,
    DESK,
    FEED,
    FOLLOWER,
    IDENTITY,
    MODEL_FOLLOWER,
    OUTBOUND,
    ROLL,
    SETTINGS,
    STORE,
    UNDERSTANDING,
)
from api.outbound import Outbound
from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.dispatch.desk import Desk
from models.store import Store
from models.store.client import connect, open_database, require_replica_set
from models.store.numbering import give_numbers
from seed.load import load_base

CATALOGUE_SECONDS = 30.0
log = structlog.get_logger("sandan")


def storage(uri: str) -> "web._AppCleanupContext":  # type: ignore[name-defined]
    async def run(app: web.Application) -> AsyncIterator[None]:
        client = connect(uri)
        store = Store(client, open_database(client, app[SETTINGS].database), uri)
        try:
            await require_replica_set(client)
            await load_base(store, base_items(app[SETTINGS]))
            given = await give_numbers(store.database)
            if given:
                log.info("numbers_given", needs=given)
            app[STORE] = store
            yield
        finally:
            await client.close()

    return run


async def identity(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    app[IDENTITY] = Identity(app[STORE], session_days=settings.session_days, attempts=settings.login_attempts)
    yield
    app[IDENTITY].close()


async def desk(app: web.Application) -> AsyncIterator[None]:
    """The columns hold every provider before the first call is answered."""
    catalogue = Catalogue(await app[STORE].catalogue.load())
    settings = app[SETTINGS]
    understander = app[UNDERSTANDING](catalogue)
    context = await make_context(
        app[STORE], understander, catalogue, decision_days=settings.decision_days, carried=settings.regions
    )
    app[DESK] = Desk(context)
    snapshot = await snapshot_of(app, context)
    app[FOLLOWER] = Follower(app[STORE], context.columns, snapshot)
    # Of several workers one writes the file that all of them read.
    kept = snapshot if not settings.worker else None
    epochs = Epochs(context.columns, app[FOLLOWER], kept, settings.snapshot_minutes * 60)
    app[COMPARISON] = Comparison(app[STORE], context.columns, app[FOLLOWER])
    app[ROLL] = RollCall(app[STORE], context.columns, app[FOLLOWER], snapshot, settings)
    app[ACCOUNTS] = AccountKeeping(app[STORE], app[IDENTITY], context.regions)
    app[MODEL_FOLLOWER] = ModelFollower(context, app[DESK].models)
    timetable = TimetableFollower(app[DESK].timetables)
    catalogued = TimetableFollower(app[DESK].cataloguing, CATALOGUE_SECONDS)
    try:
        await app[FOLLOWER].start()
        await app[MODEL_FOLLOWER].start()
        await timetable.start()
        await catalogued.start()
        epochs.start()
        app[COMPARISON].start()
        app[ROLL].start()
        yield
    finally:
        await app[ROLL].stop()
        await catalogued.stop()
        await timetable.stop()
        await app[MODEL_FOLLOWER].stop()
        await app[COMPARISON].stop()
        await epochs.stop()
        await app[FOLLOWER].stop()
        await epochs.save_last()


async def snapshot_of(app: web.Application, context: Context) -> SnapshotFile | None:
    settings, columns = app[SETTINGS], context.columns
    if not settings.snapshot_minutes:
        return None
    identity = await app[STORE].identity()
    others = (context.understander.version, settings.database, identity)
    made_for = await asyncio.to_thread(fingerprint, context.catalogue, context.regions, columns.carried, *others)
    part = f"-{sha256(repr(columns.carried).encode()).hexdigest()[:12]}" if columns.carried else ""
    file = SnapshotFile(settings.data_dir / "columns" / f"{settings.database}{part}.npz", made_for)
    await asyncio.to_thread(file.sweep)
    return file


async def deliveries(app: web.Application) -> AsyncIterator[None]:
    """Stopped before the database is closed."""
    app[FEED] = Feed(app[STORE])
    await app[FEED].start()
    courier = Courier(app[DESK].delivery)
    courier.start()
    app[OUTBOUND] = Outbound(private=app[SETTINGS].webhook_private)
    postman = Postman(app[DESK].hooks, app[OUTBOUND])
    postman.start()
    yield
    await courier.stop()
    await postman.stop()
    await app[OUTBOUND].close()
    await app[FEED].stop()


async def end_streams(app: web.Application) -> None:
    """Before the server waits for its calls to end: a stream ends only by itself."""
    app[FEED].close()


async def clock(app: web.Application) -> AsyncIterator[None]:
    """Timers fire from the first call on; the one in hand is finished before the database is closed."""
    timers = Clock(app[DESK].context, app[SETTINGS].timer_seconds)
    timers.start()
    yield
    await timers.stop()
