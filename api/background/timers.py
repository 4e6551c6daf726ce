"""Fires what is due: any number of workers, each asking once a second."""

import asyncio

import structlog

from matcher.dispatch.context import Context
from matcher.dispatch.timers import fire, put_off, take_due
from models.store import UNAVAILABLE
from models.timer import Timer

log = structlog.get_logger("sandan.timers")
RETRY_SECONDS = 2.0


class Clock:
    def __init__(self, context: Context, poll_seconds: float) -> None:
        self._context, self._poll_seconds = context, poll_seconds
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="timers")

    async def stop(self) -> None:
        """Lets the timer in hand be finished."""
        self._stopping.set()
        if self._task is not None:
            await self._task

    async def _run(self) -> None:
        while not self._stopping.is_set():
            pause = self._poll_seconds
            try:
                while not self._stopping.is_set() and (timer := await take_due(self._context, self._context.now())):
                    await self._fire(timer)
            except UNAVAILABLE as error:
                log.warning("store unavailable", error=str(error)[:200])
                pause = RETRY_SECONDS
            except Exception:
                log.exception("the timers could not be read and will be tried again")
                pause = RETRY_SECONDS
            await self._pause(pause)

    async def _fire(self, timer: Timer) -> None:
        """One bad timer is put off and told; the others do not wait for it."""
        try:
            await fire(self._context, timer, self._context.now())
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("a timer failed and will be tried again", kind=timer.kind, subject=timer.subject)
            await put_off(self._context, timer, self._context.now())

    async def _pause(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
