"""One computation for all who ask for the same at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextvars import Context
from typing import Generic, TypeVar

T = TypeVar("T")


class Sharing(Generic[T]):
    """Nothing is kept: who asks afterwards begins anew, and so does who asks after a failure."""

    def __init__(self) -> None:
        self._running: dict[Hashable, asyncio.Task[T]] = {}

    async def of(self, key: Hashable, work: Callable[[], Awaitable[T]]) -> T:
        """What `work` gives, or what it gives to who asked before under an equal key; its failure is everybody's. It belongs to
        none of them: it goes on when one of them leaves, and takes part in nobody's transaction."""
        task = self._running.get(key)
        if task is None:
            task = self._running[key] = asyncio.get_running_loop().create_task(_awaited(work), context=Context())
            task.add_done_callback(lambda done: self._forget(key, done))
        return await asyncio.shield(task)

    def _forget(self, key: Hashable, done: asyncio.Task[T]) -> None:
        del self._running[key]
        # Looked at, so that a failure that nobody waited for any more is not reported as lost.
        if not done.cancelled():
            done.exception()


async def _awaited(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
