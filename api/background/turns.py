"""Several workers of one machine that start at once: one makes the columns and writes their snapshot, the others wait and read it."""

import asyncio
import fcntl
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from api.background.snapshots import SnapshotFile

log = structlog.get_logger("sandan.columns")
ASK_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Turn:
    """`descriptor` holds it as long as any process has it open."""

    descriptor: int
    waited_since: float
    snapshot: SnapshotFile

    @property
    def another_has_written(self) -> bool:
        """The snapshot, while this one waited."""
        return self.snapshot.written_at > self.waited_since


@asynccontextmanager
async def turn_of(snapshot: SnapshotFile | None) -> AsyncIterator[Turn | None]:
    """Waits for whoever has it. None where there is nothing to share, or no place to share it in."""
    try:
        descriptor = None if snapshot is None else snapshot.turn()
    except OSError as error:
        log.warning("the columns' snapshot cannot be written", error=str(error))
        descriptor = None
    if snapshot is None or descriptor is None:
        yield None
        return
    try:
        since = time.time()
        await _got(descriptor)
        yield Turn(descriptor, since, snapshot)
    finally:
        os.close(descriptor)


async def _got(descriptor: int) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            await asyncio.sleep(ASK_SECONDS)
        else:
            return
