"""Who asks for the same at the same time is answered by one computation."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable

import pytest

from matcher.tuning.sharing import Sharing
from matcher.tuning.trials import LearnReport, Span
from models.account import Principal
from models.vocabulary import Role
from tests.conftest import COMMUNITY, Service


class Slow:
    """Counts how often it was begun; ends when it is let, and fails the first `failures` times."""

    def __init__(self, failures: int = 0) -> None:
        self.begun, self.let, self._failures = 0, asyncio.Event(), failures

    async def __call__(self) -> int:
        self.begun += 1
        await self.let.wait()
        if self.begun <= self._failures:
            raise RuntimeError("out of luck")
        return self.begun


async def test_all_who_wait_get_what_one_has_found_and_the_next_begins_anew() -> None:
    sharing, slow = Sharing[int](), Slow()
    waiting = [asyncio.create_task(sharing.of("key", slow)) for _ in range(5)]
    other = asyncio.create_task(sharing.of("other", slow))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    slow.let.set()
    assert await asyncio.gather(*waiting) == [2] * 5
    assert (await other, slow.begun) == (2, 2)
    assert await sharing.of("key", slow) == 3


async def test_a_failure_is_told_to_all_who_wait_and_to_nobody_else() -> None:
    sharing, slow = Sharing[int](), Slow(failures=1)
    waiting = [asyncio.create_task(sharing.of("key", slow)) for _ in range(3)]
    await asyncio.sleep(0)
    slow.let.set()
    assert [str(each) for each in await asyncio.gather(*waiting, return_exceptions=True)] == ["out of luck"] * 3
    assert await sharing.of("key", slow) == 2


async def test_who_leaves_takes_nothing_from_the_others() -> None:
    sharing, slow = Sharing[int](), Slow()
    first, second = (asyncio.create_task(sharing.of("key", slow)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    slow.let.set()
    assert (await second, slow.begun) == (1, 1)


async def test_two_administrators_learn_from_the_same_past_once_and_one_of_a_region_from_their_own(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    trials, span = service.desk.trials, Span(None, 100)
    one, other = (Principal(f"admin-{each}", Role.ADMIN, "测试", None, None) for each in range(2))
    near = Principal("admin-2", Role.ADMIN, "测试", COMMUNITY, None)
    asked, all_there, shared = [], asyncio.Event(), trials._learning.of

    async def together(key: Hashable, work: Callable[[], Awaitable[LearnReport]]) -> LearnReport:
        """Nobody's learning begins before all three have asked."""
        asked.append(key)
        if len(asked) == 3:
            all_there.set()

        async def then() -> LearnReport:
            await all_there.wait()
            return await work()

        return await shared(key, then)

    monkeypatch.setattr(trials._learning, "of", together)
    first, second, third = await asyncio.gather(*(trials.learn(who, "default", span) for who in (one, other, near)))
    assert first is second
    assert third is not first
    assert await trials.learn(one, "default", span) is not first
