"""The ranking's columns of every worker keep up with what any worker writes."""

import asyncio
from typing import Any

from api.keys import FOLLOWER
from models.vocabulary import Role
from tests.api.support import ADDRESSES, OWN_FIELDS, PROFILE, ref_of, until
from tests.conftest import Service, ServiceMaker

TEXT = {"text": "厨房水龙头一直漏水", "region": "420106001001001", "limit": 200}


async def ranked(service: Service) -> dict[str, float]:
    """Who is a candidate at this worker, and with what score."""
    found = await service.call(Role.ADMIN, "POST", "/api/v1/rankings", TEXT, expect=200)
    return {each["provider"]["id"]: each["score"] for each in found["candidates"]}


async def pair(make_service: ServiceMaker) -> tuple[Service, Service]:
    first = await make_service()
    return first, await make_service(first.store.database.name)


async def rank_it(service: Service, *ids: str) -> None:
    """Soon; if not, what the worker knows and does instead."""
    last: list[object] = []

    async def holds() -> bool:
        last[:] = set(await ranked(service)), await ready(service)
        return last[0] == set(ids)

    try:
        await until(holds)
    except AssertionError as error:
        raise AssertionError(f"expected {ids}, found {last}") from error


async def test_a_second_worker_ranks_who_registered_at_the_first(make_service: ServiceMaker) -> None:
    first, second = await pair(make_service)
    ids = []
    for kind, address in ADDRESSES.items():
        profile = await first.call(Role.ADMIN, "POST", address, PROFILE | OWN_FIELDS[kind], expect=201)
        ids.append(profile["id"])
    assert set(await ranked(first)) == set(ids)
    await rank_it(second, *ids)
    assert await ranked(second) == await ranked(first)


async def test_who_is_deleted_or_resting_or_full_disappears_everywhere(make_service: ServiceMaker) -> None:
    first, second = await pair(make_service)
    stays, leaves, rests, fills = [await first.volunteer(capacity=1) for _ in range(4)]
    await rank_it(second, stays["id"], leaves["id"], rests["id"], fills["id"])
    await first.call(Role.ADMIN, "DELETE", f"/api/v1/volunteers/{leaves['id']}", expect=204)
    await first.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{rests['id']}", {"version": 1, "active": False}, expect=200)
    order = await first.offer(await first.need(), fills)
    await first.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    await rank_it(second, stays["id"])
    await rank_it(first, stays["id"])
    await second.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{rests['id']}", {"version": 2, "active": True}, expect=200)
    await rank_it(first, stays["id"], rests["id"])


async def test_a_change_made_at_once_is_ranked_by_the_worker_that_made_it(service: Service) -> None:
    volunteer = await service.volunteer()
    before = (await ranked(service))[volunteer["id"]]
    change = {"version": 1, "region": "420106001002"}
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{volunteer['id']}", change, expect=200)
    assert (await ranked(service))[volunteer["id"]] < before
    await service.call(Role.ADMIN, "DELETE", f"/api/v1/volunteers/{volunteer['id']}", expect=204)
    assert await ranked(service) == {}


async def test_a_worker_that_starts_later_knows_everybody(make_service: ServiceMaker) -> None:
    first = await make_service()
    ids = [(await first.volunteer())["id"] for _ in range(5)]
    late = await make_service(first.store.database.name)
    assert set(await ranked(late)) == set(ids)


async def ready(service: Service) -> tuple[int, Any]:
    async with service.client.get("/readyz") as response:
        return response.status, await response.json(content_type=None)


async def test_readyz_counts_whom_the_ranking_knows(service: Service) -> None:
    for count in range(3):
        status, answer = await ready(service)
        assert (status, answer["status"], answer["providers"]) == (200, "ready", count)
        assert answer["model_version"] == service.desk.context.understander.version
        assert answer["behind_seconds"] >= 0
        await service.volunteer()


async def stream_cursors(service: Service) -> list[int]:
    """The server's cursors of this database's change streams, waiting or idle."""
    admin, name = service.store.database.client.admin, service.store.database.name
    pipeline = [
        {"$currentOp": {"idleCursors": True, "allUsers": True}},
        {"$match": {"cursor.cursorId": {"$exists": True}, "ns": {"$regex": f"^{name}[.]"}}},
    ]
    return [int(each["cursor"]["cursorId"]) async for each in await admin.aggregate(pipeline)]


async def test_a_follower_whose_stream_is_killed_loads_again_and_goes_on(service: Service) -> None:
    stays, gone = await service.volunteer(), await service.volunteer()
    follower = service.client.app[FOLLOWER]
    loads: list[bool] = []
    columns = service.desk.context.columns
    # What the stream never told must be learned by loading: the row is taken away behind the follower's back.
    columns.remove(ref_of(stays))
    assert set(await ranked(service)) == {gone["id"]}

    async def killed() -> bool:
        cursors = await stream_cursors(service)
        if cursors:
            await service.store.database.command("killCursors", "$cmd.aggregate", cursors=cursors)
        loads.append(bool(cursors))
        return ref_of(stays) in columns.row_of

    await until(killed, seconds=30)
    assert any(loads)
    await until(lambda: _is_following(follower))
    after = await service.volunteer()
    await service.store.database["volunteers"].delete_one({"_id": gone["id"]})
    await rank_it(service, stays["id"], after["id"])
    assert (await ready(service))[0] == 200


async def test_a_follower_outlives_the_dropping_of_everything(service: Service) -> None:
    """A dropped database ends the stream for good: nothing but loading again helps."""
    for _ in range(3):
        await service.volunteer()
    name = service.store.database.name
    await service.store.database.client.drop_database(name)
    columns = service.desk.context.columns

    async def empty() -> bool:
        return len(columns) == 0

    await until(empty)
    restored = await service.account(Role.ADMIN)
    follower = service.client.app[FOLLOWER]
    await until(lambda: _is_following(follower))
    volunteer = await service.call(restored, "POST", "/api/v1/volunteers", PROFILE, expect=201)
    columns.remove(ref_of(volunteer))
    await service.store.database["volunteers"].update_one({"_id": volunteer["id"]}, {"$set": {"bio": "新"}})

    async def heard() -> bool:
        return ref_of(volunteer) in columns.row_of

    await until(heard)


async def _is_following(follower: Any) -> bool:
    await asyncio.sleep(0)
    return bool(follower.following)
