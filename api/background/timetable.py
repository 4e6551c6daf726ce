"""Keeps the timetable, and the catalogue, in step with the database: any worker may change them, and all use the newest soon."""

import asyncio
from typing import Protocol

import structlog

from models.store import UNAVAILABLE

log = structlog.get_logger("sandan.timetable")
EVERY_SECONDS = 3.0


class Refreshed(Protocol):
    async def refresh(self) -> bool: ...


class TimetableFollower:
    def __init__(self, timetables: Refreshed, every_seconds: float = EVERY_SECONDS) -> None:
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
