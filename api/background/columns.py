"""Keeps the ranking's columns in step with MongoDB: a snapshot or a full load, then the change stream; after lost history, both again."""

import asyncio
import time
from enum import StrEnum

import structlog

from api.background.apart import Keeping
from api.background.loading import exchange, expected_of, loaded, put_readable, tell_unreadable
from api.background.snapshots import SnapshotFile
from api.background.turns import Turn, turn_of
from matcher.ranking.columns import Columns
from matcher.ranking.snapshot import SnapshotError
from models.schedule import now
from models.store import UNAVAILABLE, Store
from models.store.changes import LostHistoryError, ProviderChange, ProviderChanges

log = structlog.get_logger("sandan.columns")
RETRY_SECONDS = 1.0
# The stream answers at least twice a second when all is well.
SILENT_SECONDS = 15.0
# Changes in a row that are applied before others have their turn; some five milliseconds.
IN_A_ROW = 50
# After these a start goes on without the snapshot.
UNUSABLE: tuple[type[Exception], ...] = (SnapshotError, LostHistoryError, *ProviderChanges.LOST)


class State(StrEnum):
    LOADING = "loading"
    FOLLOWING = "following"
    # The old columns serve while others are filled.
    REBUILDING = "rebuilding"


class Follower:
    """`exchange` is held while other columns are made to take the place of these: by one at a time.

    `applied` counts the changes since the start; `token` is where the stream went on after the last of them.
    """

    def __init__(self, store: Store, columns: Columns, snapshot: SnapshotFile | None = None) -> None:
        self._store, self._columns, self._snapshot = store, columns, snapshot
        self._heard_at = self._spoke_at = time.monotonic()
        self.state = State.LOADING
        self.exchange = asyncio.Lock()
        self.applied = 0
        # Whether a file holds these columns, but for the changes applied since; whether they came out of it.
        self.has_snapshot = self.began_from_snapshot = False
        self._changes: ProviderChanges | None = None
        self._keeping: Keeping | None = None
        self._again = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Returns when the columns hold everything; following goes on in the background."""
        changes = await self._from_snapshot() or await self._load()
        self._task = asyncio.create_task(self._follow(changes), name="columns-follower")

    async def stop(self) -> None:
        """Cancelled until it ends: the driver may swallow a cancellation that meets an answer just arriving."""
        if self._task is not None:
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=RETRY_SECONDS)
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        if self._keeping is not None and await self._keeping.stop():
            self.has_snapshot = False

    @property
    def following(self) -> bool:
        return self.state == State.FOLLOWING

    @property
    def token(self) -> str | None:
        return self._changes.token if self._changes else None

    def is_current(self, at: float) -> bool:
        """Whether the stream has been heard of lately, or what is wrong is being mended. How old the news was does not count:
        the clocks of two machines differ."""
        running = self._task is not None and not self._task.done()
        heard = self.following and at - self._spoke_at < SILENT_SECONDS
        return running and (heard or self.state == State.REBUILDING)

    def behind_seconds(self, at: float) -> float:
        """How old the newest news is: since when nothing is known of what was written."""
        return max(0.0, at - self._heard_at)

    def load_again(self) -> None:
        """Soon, and in the background: the columns were found to differ from the database."""
        self._again.set()

    async def _from_snapshot(self) -> ProviderChanges | None:
        """None where there is none that can be used; why not is in the log."""
        if self._snapshot is None:
            return None
        started = time.perf_counter()
        try:
            head = await asyncio.to_thread(self._snapshot.head)
            if head is None:
                return None
            changes = await self._store.watch_providers(head["token"])
            try:
                await exchange(self._columns, await asyncio.to_thread(self._snapshot.read, self._columns))
                await self._catch_up(changes)
            except BaseException:
                await changes.__aexit__(None, None, None)
                raise
        except UNUSABLE as error:
            log.info("the snapshot of the columns is of no use, everything is loaded", why=str(error)[:200])
            return None
        seconds = round(time.perf_counter() - started, 2)
        self.has_snapshot = self.began_from_snapshot = True
        log.info("columns read from their snapshot", providers=len(self._columns), changes=self.applied, seconds=seconds)
        return changes

    async def _catch_up(self, changes: ProviderChanges) -> None:
        """With what was written between the snapshot and now."""
        started_at = now()
        async for change in changes:
            if change is None or change.at >= started_at:
                self._heard(change)
                return
            await self._apply(change)

    async def _load(self) -> ProviderChanges:
        """By oneself, or what another worker has just loaded and written down."""
        async with self.exchange, turn_of(self._snapshot if await self._is_many() else None) as turn:
            shared = await self._from_snapshot() if turn and turn.another_has_written else None
            return shared or await self._load_whole(turn)

    async def _load_whole(self, turn: Turn | None) -> ProviderChanges:
        """The stream is opened before the reading, so that no change falls between the two."""
        changes = await self._store.watch_providers()
        try:
            token = await changes.begin() if turn else None
            self._keeping = keeping = Keeping(turn.snapshot, token, turn.descriptor) if turn and token else None
            # Filled beside the others and exchanged without a pause: nobody ranks over columns that are half filled, and nobody
            # waits. What others put into the old ones meanwhile comes again with the stream.
            await exchange(self._columns, await loaded(self._store, self._columns, keeping, serving=self.state != State.LOADING))
            self.has_snapshot, self.began_from_snapshot = keeping is not None and keeping.begun, False
        except BaseException:
            await changes.__aexit__(None, None, None)
            raise
        return changes

    async def _is_many(self) -> bool:
        return await expected_of(self._store, self._columns) >= self._columns.blocks_from

    async def _follow(self, changes: ProviderChanges) -> None:
        while True:
            self.state, self._changes = State.FOLLOWING, changes
            self._heard(None)
            self._again.clear()
            try:
                async with changes:
                    async for change in changes:
                        if change is not None:
                            await self._apply(change)
                        self._heard(change)
                        if self._again.is_set():
                            break
            except UNAVAILABLE + changes.LOST as error:
                log.warning("change stream lost, loading again", error=str(error)[:200])
            self.state, self._changes = State.REBUILDING, None
            changes = await self._reload()

    async def _reload(self) -> ProviderChanges:
        while True:
            try:
                return await self._load()
            except UNAVAILABLE + ProviderChanges.LOST as error:
                log.warning("store unavailable", error=str(error)[:200])
                await asyncio.sleep(RETRY_SECONDS)

    def _heard(self, change: ProviderChange | None) -> None:
        old = 0.0 if change is None else max(0.0, (now() - change.at).total_seconds())
        self._spoke_at = time.monotonic()
        self._heard_at = max(self._heard_at, self._spoke_at - old)

    async def _apply(self, change: ProviderChange) -> None:
        """An older state than the one that is known is passed over: the newer one follows, or came another way."""
        if not change.readable:
            tell_unreadable(change.ref)
        if change.provider is None:
            self._columns.remove(change.ref)
        elif change.replaced or change.provider.version >= self._columns.version_of(change.ref):
            put_readable(self._columns, change.provider)
        self.applied += 1
        if self.applied % IN_A_ROW == 0:
            await asyncio.sleep(0)
