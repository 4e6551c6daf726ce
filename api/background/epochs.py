"""From time to time the columns are sorted anew beside those in use, written to their snapshot, and exchanged."""

import asyncio
import time

import structlog

from api.background.columns import Follower
from api.background.loading import exchange
from api.background.rounds import Rounds
from api.background.snapshots import SnapshotFile
from matcher.ranking.columns import Columns
from matcher.ranking.epoch import Epoch, is_due
from matcher.ranking.ranker import prepare

log = structlog.get_logger("sandan.columns")
POLL_SECONDS = 5.0
# Writes done again in the copy before others have their turn; some five milliseconds.
IN_A_ROW = 100
# Fewer are loaded from MongoDB in a second.
SNAPSHOT_FROM = 50_000


class Epochs(Rounds):
    """`snapshot` None: nothing is kept. One is also written at the end, when nobody writes any more."""

    def __init__(
        self,
        columns: Columns,
        follower: Follower,
        snapshot: SnapshotFile | None,
        snapshot_seconds: float,
        *,
        snapshot_from: int = SNAPSHOT_FROM,
    ) -> None:
        super().__init__("epochs", POLL_SECONDS)
        self._columns, self._follower, self._snapshot = columns, follower, snapshot
        self._seconds, self._snapshot_from = snapshot_seconds, snapshot_from
        self._saved_at, self._saved_applied = time.monotonic(), 0

    async def do_next(self) -> bool:
        if not self._follower.following:
            return False
        if is_due(self._columns) or self._is_snapshot_due():
            async with self._follower.exchange:
                if self._follower.following:
                    await self.renew()
        return False

    async def renew(self) -> None:
        """Needs the follower's `exchange`. What happens meanwhile is in the copy before it takes the place of the others."""
        started, token, applied = time.perf_counter(), self._follower.token, self._follower.applied
        epoch = Epoch(self._columns)
        try:
            fresh = await asyncio.to_thread(_sorted, epoch)
            if self._is_snapshot_due():
                await self._save(fresh, token, applied)
            while not epoch.replayed(fresh, IN_A_ROW):
                await let_others()
            await exchange(self._columns, fresh)
        except BaseException:
            epoch.cancel()
            raise
        log.info("columns sorted anew", providers=len(fresh), seconds=round(time.perf_counter() - started, 2))

    async def save_last(self) -> None:
        """When the follower has stopped and nobody else writes."""
        if self._is_worth_it() and self._is_newer():
            await self._save(self._columns, self._follower.token, self._follower.applied)

    def _is_snapshot_due(self) -> bool:
        old = time.monotonic() - self._saved_at >= self._seconds or not self._follower.has_snapshot
        return self._is_worth_it() and old and self._is_newer()

    def _is_newer(self) -> bool:
        return self._follower.applied != self._saved_applied or not self._follower.has_snapshot

    def _is_worth_it(self) -> bool:
        return self._snapshot is not None and self._seconds > 0 and len(self._columns) >= self._snapshot_from

    async def _save(self, columns: Columns, token: str | None, applied: int) -> None:
        """A disk that is full or forbidden costs the next start its time and nothing else."""
        if self._snapshot is None or token is None:
            return
        try:
            size = await asyncio.to_thread(self._snapshot.write, columns, token)
        except OSError as error:
            log.warning("the columns' snapshot cannot be written", error=str(error))
        else:
            self._follower.has_snapshot = True
            log.info("columns written to their snapshot", providers=len(columns), megabytes=round(size / 1e6, 1))
        self._saved_at, self._saved_applied = time.monotonic(), applied


async def let_others() -> None:
    await asyncio.sleep(0)


def _sorted(epoch: Epoch) -> Columns:
    fresh = epoch.sorted()
    prepare(fresh)
    return fresh
