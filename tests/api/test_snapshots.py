"""Columns kept in a file, and sorted anew in the background: afterwards they are those that a fresh load gives."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest

from api.background.columns import Follower
from api.background.epochs import Epochs
from api.background.loading import loaded
from api.background.snapshots import SnapshotFile, fingerprint
from matcher.ranking.blocks.update import Blocks, blocks_of
from matcher.ranking.columns import Columns
from matcher.ranking.epoch import Epoch
from matcher.ranking.ranker import rank_by_blocks, rank_by_scan
from matcher.ranking.snapshot import SnapshotError, packed, unpacked
from models.account import ProviderRef
from models.store import Store
from tests.api.support import until
from tests.make import volunteer, weights
from tests.matcher.city import CATALOGUE, REGIONS, random_city, random_provider, random_query
from tests.matcher.city import loaded as put_singly
from tests.matcher.test_columns import assert_equal


def snapshot_in(folder: Path, *others: str) -> SnapshotFile:
    return SnapshotFile(folder / "columns.npz", fingerprint(CATALOGUE, REGIONS, (), *others))


def assert_ranks_alike(one: Columns, other: Columns, dice: Random, city: list[Any]) -> None:
    for _ in range(10):
        query = random_query(dice, city)
        found = [rank_by_blocks(query, each, CATALOGUE, weights(), 20) or rank_by_scan(query, each, CATALOGUE, weights(), 20)
                 for each in (one, other)]  # fmt: skip
        assert [(each.ref, each.score) for each in found[0].candidates] == [
            (each.ref, each.score) for each in found[1].candidates
        ]


def test_columns_come_out_of_their_file_as_they_went_in_with_their_blocks(tmp_path: Path) -> None:
    dice = Random(3)
    city = random_city(dice, 1300)
    columns = put_singly(*city, volunteer(id="demo:1"))
    columns.sort()
    blocks_of(columns, CATALOGUE)
    for each in dice.sample(city, 150):
        columns.put(replace(random_provider(dice, each.id), kind=each.kind) if dice.random() < 0.5 else each)
        if dice.random() < 0.2:
            columns.remove(each.ref)
    file = snapshot_in(tmp_path)
    assert file.head() is None
    file.write(columns, "here")
    assert file.head()["token"] == "here"
    read = file.read(columns)
    assert_equal(read, columns)
    assert isinstance(read.attached, Blocks)
    assert read.attached.bytes == columns.attached.bytes
    assert_ranks_alike(read, columns, dice, city)
    file.write(columns, "after ranking")
    assert_ranks_alike(file.read(columns), columns, dice, city)
    for each in random_city(dice, 1400):
        read.put(each)
        columns.put(each)
    assert_equal(read, columns)
    assert_ranks_alike(read, columns, dice, city)
    assert [path.name for path in tmp_path.iterdir()] == ["columns.npz"]


def test_a_file_that_is_damaged_or_was_made_for_others_is_refused(tmp_path: Path) -> None:
    columns = put_singly(*random_city(Random(3), 200))
    file, path = snapshot_in(tmp_path), tmp_path / "columns.npz"
    file.write(columns, "here")
    with pytest.raises(SnapshotError, match="made for another"):
        snapshot_in(tmp_path, "another model").read(columns)
    whole = path.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", whole[:9000] + bytes([whole[9000] ^ 1]) + whole[9001:]):
        path.write_bytes(damaged)
        with pytest.raises(SnapshotError):
            file.read(columns)
    arrays, numbers = packed(columns)
    del arrays["lists/terms/of/weight"]
    with pytest.raises(SnapshotError):
        unpacked(columns, arrays.__getitem__, numbers)


@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_while_everything_is_sorted_anew_is_in_the_new_columns(seed: int) -> None:
    """Written at the worst moments: before, between and after the copies of the single columns."""
    dice = Random(seed)
    kept = {each.ref: each for each in random_city(dice, 1200)}
    columns = put_singly(*kept.values())

    def write(count: int) -> None:
        for _ in range(count):
            ref = dice.choice(list(kept))
            if dice.random() < 0.3:
                columns.remove(ref)
                del kept[ref]
                continue
            provider = random_provider(dice, ref.id if dice.random() < 0.6 else f"{dice.randrange(9000, 99000):024x}")
            kept[provider.ref] = provider
            columns.put(provider)

    write(150)
    epoch = Epoch(columns)

    class Meddling(dict[str, Any]):
        busy = False

        def __getitem__(self, name: str) -> Any:
            if not self.busy:
                self.busy = True
                write(12)
                self.busy = False
            return super().__getitem__(name)

    meddling = columns.fixed = columns.row_of._fixed = Meddling(columns.fixed)
    fresh = epoch.sorted()
    meddling.busy = True
    while not epoch.replayed(fresh, 50):
        write(3 if dice.random() < 0.5 else 0)
    columns.become(fresh)
    assert columns.journal is None
    assert_equal(columns, put_singly(*kept.values()))
    assert np.count_nonzero(columns.fixed["live"]) == len(columns)


class Worker:
    """Follower and epochs as the service has them, on columns of their own; small cities count as large."""

    def __init__(self, store: Store, snapshot: SnapshotFile | None) -> None:
        self.columns = Columns(CATALOGUE, REGIONS)
        self.columns.blocks_from = 1
        self.follower = Follower(store, self.columns, snapshot)
        self.epochs = Epochs(self.columns, self.follower, snapshot, 3600, snapshot_from=1)

    async def end(self) -> None:
        await self.follower.stop()
        await self.epochs.save_last()


@pytest.fixture
async def city(store: Store) -> AsyncIterator[Store]:
    await store.providers.add_many(random_city(Random(4), 300))
    return store


async def change_much(store: Store, dice: Random) -> None:
    ids = sorted(await store.providers.ids())
    volunteers = store.database["volunteers"]
    await volunteers.delete_many({"_id": {"$in": dice.sample(ids, 30)}})
    await volunteers.update_many({"_id": {"$in": dice.sample(ids, 30)}}, {"$inc": {"load": 1, "version": 1}})
    await store.providers.add_many([random_provider(dice, f"{dice.randrange(10**6, 10**9):024x}") for _ in range(30)])


async def test_the_next_start_reads_the_snapshot_and_what_was_written_since(city: Store, tmp_path: Path) -> None:
    first = Worker(city, snapshot_in(tmp_path))
    await first.follower.start()
    await until(lambda: _true(first.follower.token is not None))
    await first.end()
    await change_much(city, Random(1))
    second = Worker(city, snapshot_in(tmp_path))
    await second.follower.start()
    assert second.follower.has_snapshot
    assert second.follower.applied >= 40
    assert_equal(second.columns, await loaded(city, Columns(CATALOGUE, REGIONS)))
    await second.end()


async def test_a_snapshot_with_which_no_stream_can_go_on_gives_way_to_a_load(city: Store, tmp_path: Path) -> None:
    file = snapshot_in(tmp_path)
    file.write(put_singly(volunteer()), '{"_data": "no"}')
    worker = Worker(city, file)
    await worker.follower.start()
    assert (len(worker.columns), worker.follower.has_snapshot) == (300, False)
    await worker.end()


async def test_columns_are_sorted_anew_while_they_are_followed(city: Store, tmp_path: Path) -> None:
    worker = Worker(city, snapshot_in(tmp_path))
    await worker.follower.start()
    dice = Random(2)
    for _ in range(3):
        writing = asyncio.create_task(change_much(city, dice))
        async with worker.follower.exchange:
            await worker.epochs.renew()
        await writing
    fresh = await loaded(city, Columns(CATALOGUE, REGIONS))
    await until(lambda: _true({ref: worker.columns.version_of(ref) for ref in worker.columns.row_of} == _versions(fresh)))
    assert_equal(worker.columns, fresh)
    await worker.end()


def _versions(columns: Columns) -> dict[ProviderRef, int]:
    return {ref: columns.version_of(ref) for ref in columns.row_of}


async def _true(condition: bool) -> bool:
    return condition


def test_what_a_writer_that_is_gone_has_left_is_swept_away_and_nothing_else(tmp_path: Path) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    left = [tmp_path / f"columns.{pid}" for pid in (gone.pid, os.getpid())]
    kept = [tmp_path / name for name in (f"columns.{os.getppid()}", f"others.{gone.pid}", "columns.npz", "columns.old")]
    for each in (*left, *kept):
        each.write_bytes(b"half")
    snapshot_in(tmp_path).sweep()
    assert sorted(tmp_path.iterdir()) == sorted(kept)
