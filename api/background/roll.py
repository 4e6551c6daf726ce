"""Every worker says of itself how it is, so that any of them can tell how all are."""

import asyncio
import platform
import time
from datetime import UTC, datetime

import structlog

from api.background.columns import Follower
from api.background.rounds import Rounds
from api.background.snapshots import SnapshotFile
from api.settings import Settings
from matcher.ranking.columns import Columns
from models.roll import Worker
from models.schedule import now
from models.store import UNAVAILABLE, Store

log = structlog.get_logger("sandan.roll")
EVERY_SECONDS = 5.0


class RollCall(Rounds):
    def __init__(
        self, store: Store, columns: Columns, follower: Follower, snapshot: SnapshotFile | None, settings: Settings
    ) -> None:
        super().__init__("roll-call", EVERY_SECONDS)
        self._store, self._columns, self._follower, self._snapshot = store, columns, follower, snapshot
        self._number, self._started_at = settings.worker, now()
        # Of the place and not of the process: who is started again takes the word of who was killed there.
        self._id = f"{platform.node()}:{settings.port}" + (f"#{settings.worker}" if settings.worker is not None else "")

    async def do_next(self) -> bool:
        await self._store.roll.answer(await self.state())
        return False

    async def state(self) -> Worker:
        at = time.monotonic()
        return Worker(
            id=self._id,
            number=self._number,
            providers=len(self._columns),
            state=self._follower.state,
            current=self._follower.is_current(at),
            behind_seconds=round(self._follower.behind_seconds(at), 3),
            snapshot_at=await asyncio.to_thread(_written, self._snapshot) if self._snapshot else None,
            started_at=self._started_at,
            at=now(),
        )

    async def stop(self) -> None:
        """Who ends in order is on no list any more."""
        await super().stop()
        try:
            await self._store.roll.leave(self._id)
        except UNAVAILABLE as error:
            log.warning("store unavailable, this worker stays on the list for an hour", error=str(error)[:200])


def _written(snapshot: SnapshotFile) -> datetime | None:
    seconds = snapshot.written_at
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
