"""Many lives at once while something is killed again and again."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import pairwise

from tests.proofs.lives import Ledger, Lives, hurry
from tests.proofs.town import PATIENCE_SECONDS, Callers, Town

LIVES_AT_ONCE = 16


@dataclass
class Storm:
    callers: Callers
    town: Town
    ledger: Ledger = field(default_factory=Ledger)
    dice: random.Random = field(default_factory=random.Random)
    ended: float = 0.0

    async def rage(self, kill: Callable[[], Awaitable[None]], times: int, calm_seconds: float = 1.5) -> None:
        """`kill` also sees to it that what was killed comes back. The moments are drawn by lot, but each right after somebody was told
        that their change is kept: then most is at stake, and the other lives are anywhere in theirs."""
        lives = Lives(self.callers, self.town, self.ledger, self.dice)
        living = [asyncio.create_task(lives.run()) for _ in range(LIVES_AT_ONCE)]
        clock = asyncio.create_task(hurry(lives))
        try:
            for _ in range(times):
                await asyncio.sleep(self.dice.uniform(0.2, 2 * calm_seconds))
                self.ledger.heard.clear()
                await asyncio.wait_for(self.ledger.heard.wait(), PATIENCE_SECONDS)
                await kill()
            await asyncio.sleep(1)
        finally:
            self.ended = time.monotonic()
            lives.stopped = True
            await asyncio.gather(*living)
            lives.over = True
            await clock

    def longest_gap(self, start: float, end: float) -> float:
        """Seconds in which no write was acknowledged, at the longest, between two instants."""
        moments = [start, *(each for each in self.ledger.moments if start < each < end), end]
        return max(later - earlier for earlier, later in pairwise(moments))
