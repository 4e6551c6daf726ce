"""Every ten minutes everybody's id and version in MongoDB is compared with the columns; what differs is mended.

Row by row and not by one sum over all: writes go on meanwhile, and of what seems to differ only that counts which differs still
when it is read again.
"""

import asyncio
import time
from datetime import datetime

import numpy as np
import structlog

from api.background.columns import Follower
from api.background.loading import put_readable, tell_unreadable
from api.background.rounds import Rounds
from matcher.ranking.bulk import numbers_of
from matcher.ranking.columns import Columns, Mask
from matcher.ranking.index import KIND_PLACE
from models.account import ProviderRef
from models.provider import Provider
from models.schedule import now
from models.store import Store
from models.store.batches import versions
from models.vocabulary import ProviderKind

log = structlog.get_logger("sandan.columns")
EVERY_SECONDS = 600.0
# More than this is not mended one by one.
MOST_MENDED = 5_000
AT_ONCE = 500
WAIT_SECONDS, MOST_WAITS = 0.05, 100


class Comparison(Rounds):
    """`compared_at` and `mended` tell of the last one: when it ended, and how many rows were wrong."""

    def __init__(self, store: Store, columns: Columns, follower: Follower) -> None:
        super().__init__("columns-comparison", EVERY_SECONDS)
        self._store, self._columns, self._follower = store, columns, follower
        self._first = True
        self.compared_at: datetime | None = None
        self.mended = 0

    async def do_next(self) -> bool:
        """What was just loaded whole needs no comparison; a snapshot does."""
        first, self._first = self._first, False
        if self._follower.following and (self._follower.began_from_snapshot or not first):
            await self.compare()
        return False

    async def compare(self) -> None:
        started = time.perf_counter()
        async with self._follower.exchange:
            suspects = await self._suspects()
            if len(suspects) > MOST_MENDED:
                log.warning("the columns differ from the database, loading again", rows=len(suspects))
                self.mended = len(suspects)
                self._follower.load_again()
            else:
                await self._heard_since(time.monotonic())
                self.mended = await self._mend(suspects)
        self.compared_at = now()
        seconds = round(time.perf_counter() - started, 2)
        tell = log.warning if self.mended else log.info
        tell("columns compared with the database", providers=len(self._columns), wrong=self.mended, seconds=seconds)

    async def _suspects(self) -> set[ProviderRef]:
        """Who is in one and not in the other, or with another version, by a reading during which others write."""
        columns = self._columns
        with columns.noting():
            rows = columns.size
            seen: Mask = np.zeros(rows, dtype=np.bool_)
            suspects: set[ProviderRef] = set()
            for kind in ProviderKind:
                async for batch in self._store.providers.versions(kind, columns.carried):
                    if self._stopping.is_set():
                        return set()
                    suspects |= self._differing(kind, batch, seen)
            unseen = np.flatnonzero(columns.fixed["live"][:rows] & ~seen)
            return suspects | {columns.ref_at(row) for row in unseen.tolist()}

    def _differing(self, kind: ProviderKind, batch: bytes, seen: Mask) -> set[ProviderRef]:
        ids, expected, unusual = versions(batch)
        suspects = {ProviderRef(kind, str(each["_id"])) for each in unusual}
        high, low, right = numbers_of(ids)
        rows = self._columns.row_of.find(high, low, KIND_PLACE[kind])
        found = rows >= 0
        seen[rows[found & (rows < len(seen))]] = True
        differs = ~right | ~found | (self._columns.fixed["version"][rows] != expected)
        return suspects | {ProviderRef(kind, ids[24 * at : 24 * at + 24].decode()) for at in np.flatnonzero(differs).tolist()}

    async def _heard_since(self, moment: float) -> None:
        """Until the stream has told what was written before this moment."""
        for _ in range(MOST_WAITS):
            if self._follower.behind_seconds(moment) == 0:
                return
            await asyncio.sleep(WAIT_SECONDS)

    async def _mend(self, suspects: set[ProviderRef]) -> int:
        wrong = 0
        for kind in ProviderKind:
            ids = sorted(ref.id for ref in suspects if ref.kind == kind)
            for first in range(0, len(ids), AT_ONCE):
                wrong += await self._mend_some(kind, ids[first : first + AT_ONCE])
        return wrong

    async def _mend_some(self, kind: ProviderKind, ids: list[str]) -> int:
        found = {each.id: each async for each in self._store.providers.some(kind, ids, tell_unreadable)}
        columns, wrong = self._columns, 0
        for id in ids:
            ref, provider = ProviderRef(kind, id), found.get(id)
            if provider is None or not columns.carries(provider):
                wrong += ref in columns.row_of
                columns.remove(ref)
            elif await self._is_behind(provider):
                put_readable(columns, provider)
                wrong += ref in columns.row_of
        return wrong

    async def _is_behind(self, provider: Provider) -> bool:
        """A version that the columns have and a later reading does not: somebody has put an older document back."""
        known = self._columns.version_of(provider.ref)
        if known <= provider.version:
            return known < provider.version
        again = await self._store.providers.get(provider.ref)
        return again is not None and again.version == provider.version
