"""Empties the outbox: any number of workers, each asking several times a second."""

import asyncio

import structlog

from matcher.dispatch.delivery import Delivery
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.outbox")
POLL_SECONDS = 0.25
RETRY_SECONDS = 2.0


class Courier:
    def __init__(self, delivery: Delivery) -> None:
        self._delivery = delivery
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="outbox")

    async def stop(self) -> None:
        """Lets the row in hand be finished."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            pause = POLL_SECONDS
            try:
                while await self._delivery.deliver_next() and not self._stopping.is_set():
                    pass
            except UNAVAILABLE as error:
                log.warning("store unavailable", error=str(error)[:200])
                pause = RETRY_SECONDS
            except Exception:
                log.exception("a row of the outbox could not be delivered and will be tried again")
            await self._pause(pause)

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
