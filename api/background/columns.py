"""Keeps the ranking's columns in step with MongoDB: a full load, then the change stream; after lost history, both again."""

import asyncio
import time

import structlog

from api.background.loading import loaded, put_readable, tell_unreadable
from matcher.ranking.columns import Columns
from models.store import UNAVAILABLE, Store
from models.store.changes import ProviderChange, ProviderChanges

log = structlog.get_logger("sandan.columns")
RETRY_SECONDS = 1.0
# The stream answers at least twice a second when all is well.
SILENT_SECONDS = 15.0


class Follower:
    """`behind_seconds` is how long ago the stream last told that it was up to date."""

    def __init__(self, store: Store, columns: Columns) -> None:
        self._store, self._columns = store, columns
        self._heard_at = time.monotonic()
        self.following = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the columns hold everything; following goes on in the background."""
        changes = await self._load()
        self._task = asyncio.create_task(self._follow(changes), name="columns-follower")

    async def stop(self) -> None:
        """Cancelled until it ends: the driver may swallow a cancellation that meets an answer just arriving."""
        if self._task is not None:
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=RETRY_SECONDS)
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def is_current(self, at: float) -> bool:
        """Whether the columns are being followed, and the stream has been heard of lately."""
        running = self._task is not None and not self._task.done()
        return self.following and running and self.behind_seconds(at) < SILENT_SECONDS

    def behind_seconds(self, at: float) -> float:
        return max(0.0, at - self._heard_at)

    async def _load(self) -> ProviderChanges:
        """The stream is opened before the reading, so that no change falls between the two."""
        changes = await self._store.watch_providers()
        try:
            # Filled beside the others and exchanged without a pause: nobody ranks over columns that are half filled, and nobody
            # waits. What others put into the old ones meanwhile comes again with the stream.
            self._columns.become(await loaded(self._store, self._columns))
        except BaseException:
            await changes.__aexit__(None, None, None)
            raise
        self.following, self._heard_at = True, time.monotonic()
        return changes

    async def _follow(self, changes: ProviderChanges) -> None:
        while True:
            try:
                async with changes:
                    async for change in changes:
                        if change is not None:
                            self._apply(change)
                        self._heard_at = time.monotonic()
            except UNAVAILABLE + changes.LOST as error:
                log.warning("change stream lost, loading again", error=str(error)[:200])
            self.following = False
            changes = await self._reload()

    async def _reload(self) -> ProviderChanges:
        while True:
            try:
                return await self._load()
            except UNAVAILABLE + ProviderChanges.LOST as error:
                log.warning("store unavailable", error=str(error)[:200])
                await asyncio.sleep(RETRY_SECONDS)

    def _apply(self, change: ProviderChange) -> None:
        """An older state than the one that is known is passed over: the newer one follows, or came another way."""
        if not change.readable:
            tell_unreadable(change.ref)
        if change.provider is None:
            self._columns.remove(change.ref)
        elif change.replaced or change.provider.version >= self._columns.version_of(change.ref):
            put_readable(self._columns, change.provider)
