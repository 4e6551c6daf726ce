"""Keeps the timetable in step with the database: any worker may change it, and all use the newest within seconds."""

import asyncio

import structlog

from matcher.dispatch.clocks.timetables import Timetables
from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.timetable")
EVERY_SECONDS = 3.0


class TimetableFollower:
    def __init__(self, timetables: Timetables, every_seconds: float = EVERY_SECONDS) -> None:
        self._timetables, self._every_seconds = timetables, every_seconds
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._timetables.refresh()
        self._task = asyncio.create_task(self._follow(), name="timetable-follower")

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(self._every_seconds)
            try:
                await self._timetables.refresh()
            except UNAVAILABLE as error:
                log.warning("store unavailable", error=str(error)[:200])
