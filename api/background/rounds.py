"""A task of a worker that does what is due, again and again, until it is stopped. Nothing but being stopped ends it."""

import asyncio
from abc import ABC, abstractmethod

import structlog

from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.rounds")
RETRY_SECONDS = 2.0


class Rounds(ABC):
    def __init__(self, name: str, pause_seconds: float) -> None:
        self._name, self._pause_seconds = name, pause_seconds
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @abstractmethod
    async def do_next(self) -> bool:
        """The next thing that is due; False when there is none for now."""

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Lets what is in hand be finished."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            pause = self._pause_seconds
            try:
                while not self._stopping.is_set() and await self.do_next():
                    pass
            except UNAVAILABLE as error:
                log.warning("store unavailable", task=self._name, error=str(error)[:200])
                pause = RETRY_SECONDS
            except Exception:
                log.exception("a round failed and will be tried again", task=self._name)
            await self._wait(pause)

    async def _wait(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
