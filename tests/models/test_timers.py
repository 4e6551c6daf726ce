"""Timers: one of a kind for a subject, taken by one worker at a time, gone with their effect."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from models.store import Store, Unit
from models.timer import Timer
from tests.make import AT

LEASE = timedelta(seconds=30)
KIND, SUBJECT = "offer_expires", "order:1"


async def claim(store: Store, minutes: float = 0) -> Timer | None:
    at = AT + timedelta(minutes=minutes)
    return await store.timers.claim(at, at + LEASE)


async def test_a_timer_is_taken_when_due_and_not_before(store: Store) -> None:
    await store.timers.set(KIND, SUBJECT, AT)
    assert await claim(store, -1) is None
    taken = await claim(store)
    assert taken is not None
    assert (taken.kind, taken.subject, taken.due_at, taken.attempts) == (KIND, SUBJECT, AT, 1)


async def test_of_ten_workers_one_takes_a_timer(store: Store) -> None:
    await store.timers.set(KIND, SUBJECT, AT)
    found = await asyncio.gather(*(claim(store) for _ in range(10)))
    assert sum(each is not None for each in found) == 1


async def test_a_timer_whose_worker_died_is_taken_again_after_the_lease_and_finished_once(store: Store) -> None:
    await store.timers.set(KIND, SUBJECT, AT)
    first = await claim(store)
    assert await claim(store, 0.4) is None
    second = await claim(store, 1)
    assert first is not None
    assert second is not None
    assert not await store.timers.finish(first)
    assert await store.timers.finish(second)
    assert not await store.timers.finish(second)


async def test_to_set_a_timer_again_replaces_it_also_under_the_hands_of_a_worker(store: Store) -> None:
    await store.timers.set(KIND, SUBJECT, AT)
    taken = await claim(store)
    assert taken is not None
    later = AT + timedelta(hours=1)
    await store.timers.set(KIND, SUBJECT, later)
    assert not await store.timers.finish(taken)
    assert [each.due_at for each in await store.timers.of_subject(SUBJECT)] == [later]
    await store.timers.drop(KIND, SUBJECT)
    assert await store.timers.of_subject(SUBJECT) == []


async def test_the_longest_due_comes_first_and_a_postponed_one_waits(store: Store) -> None:
    await store.timers.set(KIND, "order:2", AT + timedelta(minutes=2))
    await store.timers.set(KIND, "order:1", AT + timedelta(minutes=1))
    first = await claim(store, 5)
    assert first is not None
    assert first.subject == "order:1"
    await store.timers.postpone(first, AT + timedelta(minutes=60))
    second = await claim(store, 59)
    assert second is not None
    assert second.subject == "order:2"


async def test_a_timer_of_a_change_that_was_not_made_is_not_set(store: Store) -> None:
    async def work(unit: Unit) -> None:
        await unit.timers.set(KIND, SUBJECT, AT)
        raise ValueError("no change")

    try:
        await store.transact(work)
    except ValueError:
        assert await claim(store, 60) is None
    await store.timers.set(KIND, SUBJECT, AT)
    kept = (await store.timers.of_subject(SUBJECT))[0]
    assert replace(kept, attempts=0).free_at == AT
