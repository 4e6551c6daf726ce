"""Wakes those who listen when their inbox has grown, or when something has happened that they look at, whichever worker did it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import structlog

from api.background.ears import Ear, Ears, Recent
from matcher.dispatch.hearing import rung_by
from models.errors import TooManyStreamsError
from models.store import UNAVAILABLE, Store
from models.store.arrivals import Arrivals, Token
from models.store.changes import LostHistoryError

log = structlog.get_logger("sandan.feed")
RETRY_SECONDS = 1.0
MOST_STREAMS = 10
T = TypeVar("T")
Watch = Callable[[Token | None], Awaitable[Arrivals[T]]]
KeysOf = Callable[[T], tuple[str, ...]]


def inbox_of(account_id: str) -> str:
    return f"inbox:{account_id}"


class Feed:
    """Keeps no notice and no event: an ear for each who listens, who then reads on from where they were. It may ring for nothing."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._ears, self._recent = Ears(), Recent(time.time())
        self._tasks: list[asyncio.Task[None]] = []
        self.closing = False

    async def start(self) -> None:
        await self._begin("notices", self._store.watch_notices, lambda account_id: (inbox_of(account_id),))
        await self._begin("events", self._store.watch_events, rung_by)
        self._recent.forget(time.time())

    async def _begin(self, name: str, watch: Watch[T], keys_of: KeysOf[T]) -> None:
        """Open before it returns."""
        arrivals = await watch(None)
        self._tasks.append(asyncio.create_task(self._follow(watch, arrivals, keys_of), name=f"feed-{name}"))

    def close(self) -> None:
        """Every stream ends of itself."""
        self.closing = True
        self._ears.ring_all()

    async def stop(self) -> None:
        """Cancelled until they end: the driver may swallow a cancellation that meets an answer just arriving."""
        self.close()
        while pending := [task for task in self._tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=RETRY_SECONDS)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    @contextmanager
    def listening(self, account_id: str, keys: Iterable[str], alive: Callable[[], bool]) -> Iterator[Ear]:
        """For the account's inbox and these keys. Raises TooManyStreamsError: an account cannot take all of a worker's connections.
        Those that are not `alive` any more do not count: one who comes back after a break is not held up by what they have lost."""
        if self._ears.listening_for(inbox_of(account_id)) >= MOST_STREAMS:
            raise TooManyStreamsError(f"同一账号最多同时打开 {MOST_STREAMS} 个实时通知")
        ear = Ear(alive)
        self.tune(ear, account_id, keys)
        try:
            yield ear
        finally:
            self._ears.set(ear, ())

    def tune(self, ear: Ear, account_id: str, keys: Iterable[str]) -> None:
        """From now on it listens for these keys beside the inbox."""
        self._ears.set(ear, (inbox_of(account_id), *keys))

    def catch_up(self, ear: Ear, since: float) -> None:
        """It hears what happened since then, in seconds since 1970; where that is too long ago, that it may have."""
        ear.hear(self._recent.since(since, ear.keys))

    async def _follow(self, watch: Watch[T], arrivals: Arrivals[T], keys_of: KeysOf[T]) -> None:
        while True:
            try:
                async with arrivals:
                    async for each in arrivals:
                        if each is not None:
                            self._ring(keys_of(each))
            except UNAVAILABLE + Arrivals.LOST as error:
                log.warning("change stream lost", error=str(error)[:200])
            arrivals = await self._reopened(watch, arrivals.token)

    async def _reopened(self, watch: Watch[T], token: Token | None) -> Arrivals[T]:
        """Where it was cut; where the server does not know that any more, now, and all are rung for what came while nobody watched."""
        while True:
            try:
                arrivals = await watch(token)
                if token is None:
                    self._recent.forget(time.time())
                    self._ears.ring_all()
                return arrivals
            except LostHistoryError:
                token = None
            except UNAVAILABLE + Arrivals.LOST as error:
                log.warning("store unavailable", error=str(error)[:200])
                await asyncio.sleep(RETRY_SECONDS)

    def _ring(self, keys: tuple[str, ...]) -> None:
        if keys:
            self._recent.add(time.time(), keys)
            self._ears.ring(keys)
