"""The primary of three is killed under load: nobody is told of it, nothing is lost."""

import asyncio
import os
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from tests.proofs.audit import books_of, faults, losses
from tests.proofs.replica_set import replica_set
from tests.proofs.scene import LONG, scene
from tests.proofs.settling import settle
from tests.proofs.storm import Storm
from tests.proofs.workers import Nursery

DEATHS = 5 if LONG else 1
# As README recommends; MongoDB's own 10 s make the gap longer.
ELECTION_MS = int(os.environ.get("SANDAN_ELECTION_MS", "2000"))


@pytest.mark.timeout(3600 if LONG else 300)
async def test_a_killed_primary_is_followed_by_another_and_no_client_notices(cradle: Nursery, tmp_path: Path) -> None:
    with replica_set(tmp_path, ELECTION_MS) as three:
        async with scene(cradle, three.uri, 20) as on:
            storm, deaths = Storm(on.callers, on.town), list[float]()

            async def kill() -> None:
                deaths.append(time.monotonic())
                dead = await asyncio.to_thread(three.kill_primary)
                await asyncio.sleep(ELECTION_MS / 1000 + 6)
                three.start(dead)
                await asyncio.to_thread(three.wait_whole)

            await storm.rage(kill, DEATHS)
            await settle(on.store)
            books = await books_of(on.store)
            gaps = [round(storm.longest_gap(*span), 2) for span in pairwise([*deaths, storm.ended])]
            print(
                f"\nprimary killed {DEATHS} times, election {ELECTION_MS} ms: gaps {gaps} s, "
                f"{len(storm.ledger.acknowledged)} acknowledged calls, clients saw {dict(Counter(on.callers.errors))}, "
                f"load {os.getloadavg()}"
            )
            assert losses(books, storm.ledger) == []
            assert faults(books, storm.ledger) == []
            assert on.callers.errors == []
