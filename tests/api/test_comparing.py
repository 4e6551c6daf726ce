"""What no stream has told is found by comparing the columns with the database, and mended."""

import asyncio
from random import Random

from api.background.columns import Follower
from api.background.comparing import Comparison
from api.background.loading import loaded
from matcher.ranking.columns import Columns
from models.store import Store
from tests.api.support import until
from tests.make import volunteer
from tests.matcher.city import CATALOGUE, REGIONS, random_city, random_provider
from tests.matcher.test_columns import assert_equal


async def followed(store: Store) -> tuple[Columns, Follower, Comparison]:
    columns = Columns(CATALOGUE, REGIONS)
    follower = Follower(store, columns)
    await follower.start()
    return columns, follower, Comparison(store, columns, follower)


async def test_rows_that_are_missing_or_left_over_or_old_are_mended(store: Store) -> None:
    await store.providers.add_many([*random_city(Random(4), 200), volunteer(id="demo:1")])
    columns, follower, comparison = await followed(store)
    fresh = await loaded(store, Columns(CATALOGUE, REGIONS))
    refs = sorted(columns.row_of, key=str)
    for ref in (refs[3], refs[7], next(each for each in refs if each.id == "demo:1")):
        columns.remove(ref)
    columns.put(volunteer())
    columns.fixed["version"][columns.row_of[refs[9]]] = 0
    columns.fixed["version"][columns.row_of[refs[11]]] = 9
    await comparison.compare()
    assert (comparison.mended, comparison.compared_at is not None) == (6, True)
    assert_equal(columns, fresh)
    await comparison.compare()
    assert comparison.mended == 0
    await follower.stop()


async def test_writes_during_a_comparison_are_no_differences(store: Store) -> None:
    await store.providers.add_many(random_city(Random(4), 2500))
    _, follower, comparison = await followed(store)
    dice, ids = Random(1), sorted(await store.providers.ids())
    volunteers = store.database["volunteers"]

    async def write() -> None:
        for number in range(30):
            await volunteers.delete_one({"_id": dice.choice(ids)})
            await volunteers.update_one({"_id": dice.choice(ids)}, {"$inc": {"version": 1}})
            await store.providers.add(random_provider(dice, f"{10**6 + number:024x}"))

    writing = asyncio.create_task(write())
    while not writing.done():
        await comparison.compare()
        assert comparison.mended == 0
    await writing
    await follower.stop()


async def test_columns_that_differ_much_are_loaded_again_while_the_old_ones_serve(store: Store) -> None:
    await store.providers.add_many(random_city(Random(4), 100))
    columns, follower, comparison = await followed(store)
    columns.become(Columns(CATALOGUE, REGIONS))
    for provider in random_city(Random(5), 5200)[100:]:
        columns.put(provider)
    await comparison.compare()
    assert len(columns) == 5100

    async def mended() -> bool:
        return follower.following and len(columns) == 100

    await until(mended)
    await follower.stop()
