"""kill -9 under load: nothing that was acknowledged is lost, nothing happens twice, everything is told."""

import asyncio
import os
import signal
from collections import Counter

import pytest

from models.store.embedded import EmbeddedServer
from tests.proofs.audit import Books, books_of, faults, losses
from tests.proofs.scene import LONG, scene
from tests.proofs.settling import settle
from tests.proofs.storm import Storm
from tests.proofs.workers import Nursery

MONGOD_DEATHS = 20 if LONG else 2
WORKER_DEATHS = 100 if LONG else 4
VOLUNTEERS = 40


class Killer:
    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server

    async def __call__(self) -> None:
        assert self._server.pid is not None
        os.kill(self._server.pid, signal.SIGKILL)
        await asyncio.to_thread(self._back)

    def _back(self) -> None:
        self._server.stop()
        self._server.start()


def tell(what: str, storm: Storm, books: Books) -> None:
    """For the record; shown with -s."""
    errors, kept = Counter(storm.callers.errors), sum(books.events.values())
    print(
        f"\n{what}: {len(storm.ledger.acknowledged)} acknowledged calls, {kept} events, {len(books.orders)} orders, "
        f"{len(books.outbox)} outbox rows, {len(books.notices)} notices; clients saw {dict(errors)}, "
        f"waited {storm.callers.longest_seconds:.0f} s at most; load {os.getloadavg()}"
    )


async def lost_by_killing_mongod(
    cradle: Nursery, server: EmbeddedServer, deaths: int, *, careless: bool = False
) -> tuple[list[str], list[str]]:
    """What was acknowledged and is not there; and all else that is not as it should be."""
    async with scene(cradle, server.uri, VOLUNTEERS, careless=careless) as on:
        storm = Storm(on.callers, on.town)
        await storm.rage(Killer(server), deaths)
        await settle(on.store)
        books = await books_of(on.store)
        tell(f"mongod killed {deaths} times", storm, books)
        return losses(books, storm.ledger), faults(books, storm.ledger)


@pytest.mark.timeout(3600 if LONG else 300)
async def test_a_killed_mongod_has_lost_nothing_that_was_acknowledged(cradle: Nursery, own_mongod: EmbeddedServer) -> None:
    assert await lost_by_killing_mongod(cradle, own_mongod, MONGOD_DEATHS) == ([], [])


@pytest.mark.timeout(3600 if LONG else 300)
async def test_a_killed_worker_leaves_no_change_half_done(cradle: Nursery, mongod: EmbeddedServer) -> None:
    async with scene(cradle, mongod.uri, VOLUNTEERS) as on:
        storm = Storm(on.callers, on.town)

        async def kill() -> None:
            victim = storm.dice.choice(on.workers)
            await cradle.raise_up(victim)
            victim.kill()
            cradle.start(victim)

        await storm.rage(kill, WORKER_DEATHS)
        await cradle.raise_up(*on.workers)
        await settle(on.store)
        books = await books_of(on.store)
        tell(f"workers killed {WORKER_DEATHS} times", storm, books)
        assert losses(books, storm.ledger) == []
        assert faults(books, storm.ledger) == []
