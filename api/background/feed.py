"""Wakes those who listen when their inbox has grown, whichever worker put the notice there."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog

from models.errors import TooManyStreamsError
from models.store import UNAVAILABLE, Store
from models.store.arrivals import NoticeArrivals

log = structlog.get_logger("sandan.feed")
RETRY_SECONDS = 1.0
MOST_STREAMS = 10


class Feed:
    """Keeps no notice: a bell for each who listens, who then reads on from where they were. A bell may ring for nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._bells: dict[str, dict[asyncio.Event, Callable[[], bool]]] = {}
        self._task: asyncio.Task[None] | None = None
        self.closing = False

    async def start(self) -> None:
        arrivals = await self._store.watch_notices()
        self._task = asyncio.create_task(self._follow(arrivals), name="notice-feed")

    def close(self) -> None:
        """Every stream ends of itself."""
        self.closing = True
        self._ring_all()

    async def stop(self) -> None:
        """Cancelled until it ends: the driver may swallow a cancellation that meets an answer just arriving."""
        self.close()
        if self._task is not None:
            while not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task], timeout=RETRY_SECONDS)
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @contextmanager
    def listening(self, account_id: str, alive: Callable[[], bool]) -> Iterator[asyncio.Event]:
        """Raises TooManyStreamsError: an account cannot take all of a worker's connections. Those that are not `alive` any more
        do not count: one who comes back after a break is not held up by the connections they have lost."""
        bells = self._bells.setdefault(account_id, {})
        if sum(each() for each in bells.values()) >= MOST_STREAMS:
            raise TooManyStreamsError(f"同一账号最多同时打开 {MOST_STREAMS} 个实时通知")
        bell = asyncio.Event()
        bells[bell] = alive
        try:
            yield bell
        finally:
            del bells[bell]
            if not bells and self._bells.get(account_id) is bells:
                del self._bells[account_id]

    async def _follow(self, arrivals: NoticeArrivals) -> None:
        while True:
            try:
                async with arrivals:
                    async for account_id in arrivals:
                        if account_id is not None:
                            self._ring(account_id)
            except UNAVAILABLE + NoticeArrivals.LOST as error:
                log.warning("notice stream lost", error=str(error)[:200])
            arrivals = await self._reopened()
            # What came while nobody watched.
            self._ring_all()

    async def _reopened(self) -> NoticeArrivals:
        while True:
            try:
                return await self._store.watch_notices()
            except UNAVAILABLE + NoticeArrivals.LOST as error:
                log.warning("store unavailable", error=str(error)[:200])
                await asyncio.sleep(RETRY_SECONDS)

    def _ring(self, account_id: str) -> None:
        for bell in self._bells.get(account_id, ()):
            bell.set()

    def _ring_all(self) -> None:
        for account_id in self._bells:
            self._ring(account_id)
