"""Several workers under random writes, one of which ends without a word: all have the columns that a fresh load gives."""

import asyncio
import os
import secrets
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from api.background.loading import loaded
from matcher.ranking.columns import Columns
from models.account import ProviderRef
from models.errors import StaleVersionError
from models.schedule import now
from models.store import Store
from tests.api.test_snapshots import Worker, snapshot_in
from tests.matcher.city import CATALOGUE, REGIONS, random_city, random_provider
from tests.matcher.test_columns import assert_equal

# SANDAN_WRITES=10000 for the proof at full length.
WRITES = int(os.environ.get("SANDAN_WRITES", "500"))
WITHIN_SECONDS = 2.0
EPOCH_EVERY = 150


class Writer:
    """What the service writes, in its own ways, at random."""

    def __init__(self, store: Store, dice: Random, refs: list[ProviderRef]) -> None:
        self._store, self._dice, self._refs = store, dice, refs

    async def write(self) -> None:
        providers, dice = self._store.providers, self._dice
        ref = dice.choice(self._refs)
        step = dice.randrange(9)
        if step == 0:
            new = random_provider(dice, secrets.token_hex(12))
            await providers.add(new)
            self._refs.append(new.ref)
        elif step == 1 and len(self._refs) > 50:
            await self._store.database[f"{ref.kind}s"].delete_one({"_id": ref.id})
            self._refs.remove(ref)
        elif step == 2:
            await providers.take_load(ref)
        elif step == 3:
            await providers.release_load(ref)
        elif step == 4:
            await providers.record_answer(ref, dice.random() < 0.5, now() - timedelta(days=dice.randrange(30)))
        elif step == 5:
            await providers.add_rating(ref, dice.random())
        elif step == 6:
            await providers.mark_offered(ref, now())
        else:
            await self._edit(ref)

    async def _edit(self, ref: ProviderRef) -> None:
        known = await self._store.providers.get(ref)
        if known is None:
            return
        fresh = random_provider(self._dice, ref.id)
        while fresh.kind != ref.kind:
            fresh = random_provider(self._dice, ref.id)
        edited = replace(fresh, version=known.version + 1, load=known.load, account_id=known.account_id)
        try:
            await self._store.providers.replace(edited, known.version)
        except StaleVersionError:
            return


async def test_all_workers_are_in_step_after_random_writes_and_the_loss_of_one(store: Store, tmp_path: Path) -> None:
    dice = Random(11)
    city = random_city(dice, 400)
    await store.providers.add_many(city)
    writer = Writer(store, dice, [each.ref for each in city])
    file = snapshot_in(tmp_path)
    first, second, third = (Worker(store, file) for _ in range(3))
    for worker in (first, second):
        await worker.follower.start()
    for number in range(WRITES):
        await writer.write()
        if number % EPOCH_EVERY == EPOCH_EVERY - 1:
            async with first.follower.exchange:
                await first.epochs.renew()
        if number == WRITES // 2:
            # As if killed: nothing is saved, and another starts from the snapshot that the first wrote before.
            await second.follower.stop()
        if number == WRITES * 3 // 4:
            await third.follower.start()
    ended = time.monotonic()
    fresh = await loaded(store, Columns(CATALOGUE, REGIONS))
    assert third.follower.has_snapshot
    for worker in (first, third):
        await in_step(worker, fresh, ended + WITHIN_SECONDS)
        await worker.follower.stop()


async def in_step(worker: Worker, fresh: Columns, deadline: float) -> None:
    while True:
        try:
            return assert_equal(worker.columns, fresh)
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.02)
