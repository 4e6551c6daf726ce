"""What is written is read back, what runs together happens together, and what others wrote meanwhile is not lost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from models.account import Account, ProviderRef
from models.errors import DuplicateError, StaleVersionError
from models.need import Evaluation
from models.place import Point, Region
from models.provider import Contact
from models.schedule import Slot
from models.service_item import ServiceItem
from models.store import Store, Unit
from models.store.mapping import from_document, to_document
from models.vocabulary import Credential, ProviderKind, RegionLevel, Role
from models.weights import Weights
from models.workload import EPOCH, HALF_LIFE
from seed.load import load_base
from tests.make import (
    AT,
    GRID,
    HOME,
    event,
    need,
    new_id,
    order,
    organisation,
    services,
    social_worker,
    terms,
    understanding,
    volunteer,
    weights,
    window,
)  # fmt: skip

FULL: dict[str, Any] = {
    "skills": ("修水管", "换灯"),
    "bio": "退休电工",
    "availability": (Slot(1, 480, 1440), Slot(7, 0, 60)),
    "contact": Contact("", "00000000001", "测试路 1 号"),
    "services": services(plumbing=0.5, drain=0.25),
    "model_version": "abc",
    "load": 2,
    "rating_sum": 2.75,
    "rating_count": 3,
    "terms": terms(水管=200),
    "answered": 5,
    "accepted_count": 4,
    "recent_work": 3.5e9,
    "account_id": "account-1",
}
JUDGED = Evaluation(True, False, True, 4, "修好了", "resident-1", Role.RESIDENT, AT)
ENTITIES = [
    volunteer(party_member=True, **FULL),
    volunteer(point=None),
    social_worker(credential=Credential.SENIOR, **FULL),
    organisation(service_regions=("4201", GRID), **FULL),
    need(
        point=HOME,
        understanding=understanding(window=window(3), terms=terms(水管=255)),
        evaluation=JUDGED,
        resident_keys=("account:resident-1", "phone:abc"),
        declined_by=("volunteer:1", "organisation:2"),
    ),
    need(),
    order(note="请先打电话", accepted_at=AT, started_at=AT, completed_at=AT, summary="好了"),
    order(),
    event(facts={"score": 5, "criteria": {"skill": 0.5}, "fields": ["bio"]}, why="为什么", order_id=new_id()),
    Account(new_id(), "name", Role.VOLUNTEER, "测试", None, ProviderRef(ProviderKind.VOLUNTEER, new_id()), "hash", True, AT),
    Weights("default", 3, {"skill": 0.5, "party_member": 0.0}, AT, "管理员", "理由"),
    Region(GRID, "第1网格", RegionLevel.GRID, GRID[:12], Point(114.3, 30.5), True),
    ServiceItem(
        code="x", name="事项", group="g", group_name="组", covers="", who=(ProviderKind.VOLUNTEER,), credential=Credential.SENIOR
    ),
]


@pytest.mark.parametrize("entity", ENTITIES, ids=lambda entity: type(entity).__name__)
async def test_an_entity_survives_mongodb(store: Store, entity: Any) -> None:
    await store.database["round_trip"].insert_one(to_document(entity))
    document = await store.database["round_trip"].find_one({})
    assert document is not None
    if not hasattr(entity, "id"):
        document.pop("_id")
    assert from_document(document, type(entity)) == entity
    assert from_document({**document, "written_by_a_newer_worker": 1}, type(entity)) == entity


async def test_a_provider_is_found_again_through_its_repository(store: Store) -> None:
    providers = [volunteer(**FULL), social_worker(**FULL), organisation(**FULL)]
    await store.providers.add_many(list(providers))
    assert [await store.providers.get(each.ref) for each in providers] == providers
    assert {each.ref async for each in store.providers.every()} == {each.ref for each in providers}
    for each in providers:
        assert [one async for one in store.providers.some(each.kind, [other.id for other in providers])] == [each]
    assert await store.providers.get(ProviderRef(ProviderKind.ORGANISATION, providers[0].id)) is None


async def test_an_edit_keeps_the_load_and_the_ratings_that_moved_meanwhile(store: Store) -> None:
    read = volunteer(load=0, capacity=3)
    await store.providers.add(read)
    assert await store.providers.take_load(read.ref)
    await store.providers.record_answer(read.ref, True, EPOCH + HALF_LIFE)
    await store.providers.add_rating(read.ref, 0.75)
    edited = replace(read, bio="新的介绍", party_member=True, version=2)
    await store.providers.replace(edited, expected_version=1)
    assert await store.providers.get(read.ref) == replace(
        edited, load=1, rating_sum=0.75, rating_count=1, answered=1, accepted_count=1, recent_work=2.0
    )
    with pytest.raises(StaleVersionError):
        await store.providers.replace(replace(read, bio="旧的", version=2), expected_version=1)


async def test_who_is_mapped_by_another_model_or_has_no_telling_words_yet_is_mapped_again(store: Store) -> None:
    old, bare, done = volunteer(model_version="old"), organisation(model_version="new"), social_worker(model_version="new")
    await store.providers.add_many([old, bare, done])
    await store.database["organisations"].update_one({"_id": bare.id}, {"$unset": {"terms": ""}})
    assert {each.ref async for each in store.providers.mapped_otherwise("new")} == {old.ref, bare.ref}
    for one in (old, bare):
        await store.providers.set_meaning(replace(one, services=services(drain=0.5), terms=terms(水管=9), model_version="new"))
    assert [each.ref async for each in store.providers.mapped_otherwise("new")] == []
    kept = await store.providers.get(bare.ref)
    assert kept == replace(bare, services=services(drain=0.5), terms=terms(水管=9))


async def test_answers_are_counted_and_only_a_yes_is_work(store: Store) -> None:
    one = volunteer()
    await store.providers.add(one)
    for accepted in (True, False, True):
        await store.providers.record_answer(one.ref, accepted, EPOCH)
    assert await store.providers.get(one.ref) == replace(one, answered=3, accepted_count=2, recent_work=2.0)


async def test_a_load_is_taken_up_to_the_capacity_by_any_number_at_once(store: Store) -> None:
    one = volunteer(capacity=3)
    await store.providers.add(one)
    taken = await asyncio.gather(*(store.providers.take_load(one.ref) for _ in range(12)))
    assert taken.count(True) == 3
    for _ in range(5):
        await store.providers.release_load(one.ref)
    left = await store.providers.get(one.ref)
    assert left is not None
    assert left.load == 0, "more releases than loads do not make room that is not there"


async def test_an_inactive_provider_takes_no_load_and_one_with_a_load_is_not_deleted(store: Store) -> None:
    resting, busy = volunteer(active=False), volunteer(load=1)
    await store.providers.add_many([resting, busy])
    assert not await store.providers.take_load(resting.ref)
    assert not await store.providers.delete(busy.ref)
    assert await store.providers.delete(resting.ref)


@dataclass
class Duplicate:
    add: Callable[[Store], Awaitable[None]]
    again: Callable[[Store], Awaitable[None]]


TAKEN = order()
OWNED = volunteer(account_id="account-1")
DUPLICATES = {
    "an offer to the same provider": Duplicate(
        lambda store: store.orders.add(TAKEN), lambda store: store.orders.add(replace(TAKEN, id=new_id()))
    ),
    "a second profile of an account": Duplicate(
        lambda store: store.providers.add(OWNED), lambda store: store.providers.add(replace(OWNED, id=new_id()))
    ),
    "a username": Duplicate(
        lambda store: store.accounts.add(ENTITIES[9]), lambda store: store.accounts.add(replace(ENTITIES[9], id=new_id()))
    ),
    "a version of the weights": Duplicate(
        lambda store: store.weights.add(weights(skill=1)), lambda store: store.weights.add(weights(skill=2))
    ),
}


@pytest.mark.parametrize("what", DUPLICATES)
async def test_there_is_only_one(store: Store, what: str) -> None:
    await DUPLICATES[what].add(store)
    with pytest.raises((DuplicateError, StaleVersionError)):
        await DUPLICATES[what].again(store)


async def test_providers_without_an_account_are_as_many_as_one_likes(store: Store) -> None:
    await store.providers.add_many([volunteer(), volunteer()])
    assert len(await store.providers.ids()) == 2


async def test_a_transaction_runs_again_when_another_writer_was_quicker(store: Store) -> None:
    stored = need()
    await store.needs.add(stored)
    seen: list[int] = []

    async def work(unit: Unit) -> None:
        read = await unit.needs.get(stored.id)
        assert read is not None
        seen.append(read.revision)
        if len(seen) == 1:  # outside of the transaction, between its reading and its writing
            await store.needs.replace(replace(read, text="别人改的").touched(AT))
        await unit.needs.replace(replace(read, people=read.people + 1).touched(AT))
        await unit.events.add(event(need_id=stored.id))

    await store.transact(work)
    after = await store.needs.get(stored.id)
    assert after is not None
    assert (seen, after.revision, after.text, after.people) == ([1, 2], 3, "别人改的", 2)
    assert len(await store.events.of_need(stored.id)) == 1, "the first attempt left nothing"


async def test_a_need_that_was_read_too_early_cannot_be_written(store: Store) -> None:
    stored = need()
    await store.needs.add(stored)
    attempts = 0

    async def work(unit: Unit) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 3:
            return
        await unit.needs.replace(replace(stored, revision=9))

    await store.transact(work)
    assert attempts == 3
    assert await store.needs.get(stored.id) == stored


@pytest.mark.parametrize("error", [DuplicateError("有了"), ValueError("别的")])
async def test_a_transaction_that_fails_leaves_nothing(store: Store, error: Exception) -> None:
    stored, one = need(), volunteer()
    await store.needs.add(stored)
    await store.providers.add(one)

    async def work(unit: Unit) -> None:
        await unit.needs.replace(stored.offered().touched(AT))
        await unit.orders.add(order(one, need_id=stored.id))
        await unit.providers.take_load(one.ref)
        await unit.events.add(event(need_id=stored.id))
        raise error

    with pytest.raises(type(error)):
        await store.transact(work)
    assert await store.needs.get(stored.id) == stored
    assert await store.providers.get(one.ref) == one
    assert await store.orders.of_need(stored.id) == []
    assert await store.events.of_need(stored.id) == []


async def test_two_workers_may_load_the_base_into_an_empty_database_at_once(store: Store) -> None:
    await asyncio.gather(load_base(store), load_base(store))
    assert [(profile.name, profile.version) for profile in await store.weights.latest()] == [("default", 1)]
    items = await store.catalogue.load()
    assert len({item.code for item in items}) == len(items) > 0
