"""The columns filled in bulk from MongoDB are those that putting each provider would fill."""

import asyncio
import time
from dataclasses import replace
from random import Random

import pytest

from api.background.loading import loaded
from matcher.ranking.columns import Columns
from models.provider import Provider
from models.store import Store
from models.vocabulary import ProviderKind
from tests.make import organisation, volunteer
from tests.matcher.city import CATALOGUE, REGIONS, random_city
from tests.matcher.city import loaded as put_singly
from tests.matcher.test_columns import assert_equal

EMPTY = Columns(CATALOGUE, REGIONS)


async def test_a_city_loaded_in_bulk_is_the_city_put_one_by_one(store: Store) -> None:
    city = [replace(each, version=1 + number % 3) for number, each in enumerate(random_city(Random(5), 1500))]
    await store.providers.add_many(city)
    assert_equal(await loaded(store, EMPTY), put_singly(*city))


async def test_odd_ids_and_long_names_are_loaded_and_damaged_documents_left_out(store: Store) -> None:
    right: list[Provider] = [volunteer(id="demo:1"), volunteer(id="G" * 24), volunteer(name="名" * 200), volunteer(point=None)]
    await store.providers.add_many([*right, *(volunteer() for _ in range(4))])
    volunteers = store.database["volunteers"]
    damaged = [each async for each in volunteers.find().sort("_id", -1) if each["_id"] not in {one.id for one in right}]
    for one, harm in zip(damaged, ({"bio": None}, {"services": 7}, {"languages": ["vogon"]}, {"region": 1.5}), strict=True):
        await volunteers.update_one({"_id": one["_id"]}, {"$set": harm})
    await volunteers.update_one({"_id": right[3].id}, {"$unset": {"load": 1, "version": 1, "services": 1}})
    singly = [
        one async for one in store.providers.some(ProviderKind.VOLUNTEER, [each["_id"] async for each in volunteers.find()])
    ]
    found = await loaded(store, EMPTY)
    assert_equal(found, put_singly(*(each for each in singly if each.region != "1.5")))
    assert {each.ref for each in right} <= set(found.row_of)


@pytest.mark.parametrize("carried", [("420106",), ("42",), ("420106001001", "420111001001001"), ("4101",)])
async def test_a_worker_for_some_regions_loads_those_who_live_or_serve_there(store: Store, carried: tuple[str, ...]) -> None:
    city = [*random_city(Random(7), 400), organisation(region="110101", service_regions=("42",))]
    await store.providers.add_many(city)
    regional = Columns(CATALOGUE, REGIONS, carried=carried)
    found = await loaded(store, regional)
    for each in city:
        regional.put(each)
    assert_equal(found, regional)
    assert 0 < len(regional) < len(city) or carried in (("42",), ("4101",))


async def test_the_event_loop_goes_on_while_the_columns_are_loaded(store: Store) -> None:
    """No figure is held here; bench/updates.py measures how long the loop waits at most."""
    await store.providers.add_many(random_city(Random(5), 3000))
    loading, steps, started = asyncio.create_task(loaded(store, EMPTY)), 0, time.perf_counter()
    while not loading.done():
        await asyncio.sleep(0)
        steps += 1
    assert steps > 20, time.perf_counter() - started
    assert len(await loading) == 3000
