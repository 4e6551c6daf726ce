"""Many copies of one call with one key, on two workers of which one is killed meanwhile: one effect, one answer."""

import asyncio
import os
import random
import secrets
from datetime import timedelta

import pytest

from api.idempotency import LEASES
from models.schedule import now
from models.store.embedded import EmbeddedServer
from tests.api.support import told
from tests.proofs.scene import LONG, Scene, scene
from tests.proofs.town import PATIENCE_SECONDS, Reply, need_of
from tests.proofs.workers import Nursery

ROUNDS = 40 if LONG else 3
COPIES = 100


async def time_passes(on: Scene) -> None:
    """What a dead worker had claimed runs out soon."""
    while True:
        await asyncio.sleep(0.5)
        stale = {"answer": None, "until": {"$lt": now() + LEASES[True] - timedelta(seconds=3)}}
        await on.store.database["keyed_calls"].update_many(stale, {"$set": {"until": now()}})


async def copies_of_one_call(on: Scene, mark: str, dice: random.Random) -> list[Reply]:
    """Sent at once; shortly after, while they are being answered, one of the workers dies."""
    callers, key = on.callers, secrets.token_hex(8)
    calls = [asyncio.create_task(callers.surely(on.town.community, "/api/v1/needs", need_of(mark), key)) for _ in range(COPIES)]
    await asyncio.sleep(dice.random() * 0.3)
    victim = dice.choice(on.workers)
    victim.kill()
    on.cradle.start(victim)
    return await asyncio.gather(*calls)


@pytest.mark.timeout(3600 if LONG else 300)
async def test_a_hundred_copies_on_two_workers_have_one_effect_though_one_worker_is_killed(
    cradle: Nursery, mongod: EmbeddedServer
) -> None:
    dice = random.Random()
    async with scene(cradle, mongod.uri, 1) as on:
        clock = asyncio.create_task(time_passes(on))
        for number in range(ROUNDS):
            replies = await copies_of_one_call(on, f"第{number}", dice)
            assert {reply.status for reply in replies} == {201}
            assert len({reply.body for reply in replies}) == 1
            await cradle.raise_up(*on.workers)
        clock.cancel()
        await told(on.store, PATIENCE_SECONDS)
        for collection, query in (("needs", {}), ("events", {"action": "need.posted"}), ("outbox", {}), ("notices", {})):
            assert await on.store.database[collection].count_documents(query) == ROUNDS, collection
        print(f"\n{ROUNDS} calls in {COPIES} copies; clients saw {len(on.callers.errors)} broken; load {os.getloadavg()}")
