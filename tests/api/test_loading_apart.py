"""The columns made by a process of their own are those that putting each provider would fill, whatever becomes of that process."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from api.background.columns import Follower
from api.background.loading import loaded
from api.background.snapshots import SnapshotFile, fingerprint
from matcher.ranking.blocks.update import Blocks
from matcher.ranking.columns import Columns
from models.provider import Contact, Provider
from models.store import Store
from tests.api.support import until
from tests.conftest import Databases
from tests.make import organisation, services, terms, volunteer
from tests.matcher.city import CATALOGUE, CODES, REGIONS, item, random_city
from tests.matcher.city import loaded as put_singly
from tests.matcher.test_columns import assert_equal

FROM = 2000


@pytest.fixture
async def city(store: Store, bare_databases: Databases) -> list[Provider]:
    """Random people, and some that are unusual."""
    store.uri = bare_databases.uri
    await store.catalogue.add_missing(list(CATALOGUE))
    await store.regions.replace_all(list(REGIONS))
    unusual: list[Provider] = [
        volunteer(id="demo:1"), volunteer(name="名" * 200), volunteer(name=""), volunteer(point=None, region="42"),
        volunteer(terms=terms(**{"": 1, "非常非常长的一个词": 255, "abcdefgh": 7, "abcdefghabcdefgh": 8, "abcdefghabcdefghi": 9})),
        volunteer(services=services(**dict.fromkeys((*CODES, "gone"), 0.123456)), contact=Contact(phone="00000000003")),
        organisation(service_regions=tuple(f"42010600{number:04}" for number in range(255))),
        organisation(service_regions=tuple(f"42010600{number:04}" for number in range(256))),
        *(replace(each, version=1 + number % 3) for number, each in enumerate(random_city(Random(5), 2500))),
    ]  # fmt: skip
    await store.providers.add_many(unusual)
    return unusual


def many() -> Columns:
    columns = Columns(CATALOGUE, REGIONS)
    columns.blocks_from = FROM
    return columns


async def test_a_city_loaded_apart_is_the_city_put_one_by_one(store: Store, city: list[Provider]) -> None:
    await store.database["volunteers"].update_one({"_id": city[2].id}, {"$unset": {"load": 1, "version": 1, "services": 1}})
    await store.database["volunteers"].insert_many([{"_id": "f" * 24, "name": "a"}, {"_id": 7}])
    found = await loaded(store, many())
    assert_equal(found, put_singly(*city[:2], replace(city[2], services=(), version=1), *city[3:]))
    assert isinstance(found.attached, Blocks)
    assert (found.attached.epoch, found.attached.rows) == (found.epoch, found.sealed)
    assert found.sealed > 0


async def test_a_worker_whose_catalogue_is_not_the_databases_loads_by_itself(store: Store, city: list[Provider]) -> None:
    await store.catalogue.add_missing([item("gardening")])
    assert_equal(await loaded(store, many()), put_singly(*city))


async def test_a_worker_whose_loader_is_killed_loads_by_itself(store: Store, city: list[Provider]) -> None:
    before = set(children())
    loading = asyncio.create_task(loaded(store, many()))

    async def killed() -> bool:
        for child in set(children()) - before:
            os.kill(child, signal.SIGKILL)
            return True
        return False

    await until(killed)
    assert_equal(await loading, put_singly(*city))


async def test_of_two_workers_that_start_at_once_one_loads_and_the_other_reads_what_it_wrote(
    store: Store, city: list[Provider], tmp_path: Path
) -> None:
    await store.database["volunteers"].delete_one({"_id": "demo:1"})
    await store.database["organisations"].delete_one({"_id": city[7].id})
    file = SnapshotFile(tmp_path / "columns.npz", fingerprint(CATALOGUE, REGIONS, ()))
    columns = [many(), many()]
    followers = [Follower(store, each, file) for each in columns]
    await asyncio.gather(*(each.start() for each in followers))
    assert sorted(each.began_from_snapshot for each in followers) == [False, True]
    assert all(each.has_snapshot for each in followers)
    for each, rows in zip(followers, columns, strict=True):
        await each.stop()
        assert_equal(rows, await loaded(store, Columns(CATALOGUE, REGIONS)))


async def test_who_is_written_while_others_are_loaded_apart_is_not_lost(store: Store, city: list[Provider]) -> None:
    columns, dice = many(), Random(3)
    follower = Follower(store, columns)
    starting = asyncio.create_task(follower.start())
    writes = 0
    while not starting.done():
        one = dice.choice(city[20:])
        await store.providers.take_load(one.ref)
        await store.providers.add(volunteer())
        writes += 1
    await starting

    async def in_step() -> bool:
        return len(columns) == len(city) + writes

    await until(in_step)
    last = volunteer()
    await store.providers.add(last)

    async def heard() -> bool:
        return last.ref in columns.row_of

    await until(heard)
    await follower.stop()
    assert_equal(columns, await loaded(store, Columns(CATALOGUE, REGIONS)))
    assert writes > 10


def children() -> list[int]:
    return [int(each) for task in Path("/proc/self/task").iterdir() for each in (task / "children").read_text().split()]
