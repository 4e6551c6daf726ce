"""Idempotency-Key: however often a call is sent, it is carried out once, and every copy hears the same."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest

from models.schedule import now
from models.vocabulary import Role
from tests.api.support import assert_problem, own_profile, ref_of
from tests.conftest import GRID, Service, ServiceMaker

COPIES = 100
NEED = {"text": "厨房水龙头关不紧一直漏水", "region": GRID}
Reply = tuple[int, str, bytes]


async def send(
    service: Service, token: str, path: str, body: object, key: str, headers: dict[str, str] | None = None
) -> tuple[Reply, str | None]:
    """The reply as bytes, and whether it says that it is a repetition."""
    sent = {"Authorization": f"Bearer {token}", "Idempotency-Key": key} | (headers or {})
    async with service.client.post(path, json=body, headers=sent) as response:
        reply = (response.status, response.headers["Content-Type"], await response.read())
        return reply, response.headers.get("Idempotency-Replayed")


async def counts(service: Service) -> tuple[int, ...]:
    database = service.store.database
    wanted: dict[str, dict[str, str]] = {"needs": {}, "events": {"action": "need.posted"}, "outbox": {}, "keyed_calls": {}}
    return tuple([await database[name].count_documents(query) for name, query in wanted.items()])


async def test_a_hundred_copies_at_once_on_two_workers_have_one_effect_and_one_answer(make_service: ServiceMaker) -> None:
    first = await make_service()
    workers = (first, await make_service(first.store.database.name))
    token = await first.token(Role.RESIDENT)
    replies = await asyncio.gather(*(send(workers[n % 2], token, "/api/v1/needs", NEED, "k-1") for n in range(COPIES)))
    assert len({reply for reply, _ in replies}) == 1
    assert [replayed for _, replayed in replies].count(None) == 1
    assert replies[0][0][:2] == (201, "application/json")
    assert await counts(first) == (1, 1, 1, 1)


async def test_a_copy_that_comes_later_is_answered_as_the_first_though_the_world_has_moved_on(service: Service) -> None:
    profile, token = await own_profile(service)
    order = await service.offer(await service.need(), profile)
    path = f"/api/v1/orders/{order['id']}/accept"
    first, _ = await send(service, token, path, None, "接单".encode().hex())
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/start", expect=200)
    again, replayed = await send(service, token, path, None, "接单".encode().hex())
    assert again == first
    assert (json.loads(first[2])["status"], replayed) == ("accepted", "true")
    async with service.client.post(path, headers={"Authorization": f"Bearer {token}"}) as response:
        await assert_problem(response, 409)


async def test_a_key_with_another_body_is_refused_and_changes_nothing(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    await send(service, token, "/api/v1/needs", NEED, "k")
    before = await counts(service)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    async with service.client.post("/api/v1/needs", json=NEED | {"text": "电灯不亮"}, headers=headers) as response:
        assert (await assert_problem(response, 422))["code"] == "idempotency_key_reused"
    assert await counts(service) == before
    shuffled = json.dumps(dict(reversed(NEED.items())), indent=3)
    async with service.client.post(
        "/api/v1/needs", data=shuffled, headers=headers | {"Content-Type": "application/json"}
    ) as same:
        assert (same.status, same.headers["Idempotency-Replayed"]) == (201, "true")


async def test_a_key_is_its_account_s_and_its_address_s_own(service: Service) -> None:
    one, other = await service.token(Role.RESIDENT), await service.account(Role.RESIDENT)
    mine, _ = await send(service, one, "/api/v1/needs", NEED, "k")
    theirs, replayed = await send(service, other, "/api/v1/needs", NEED, "k")
    assert replayed is None
    assert json.loads(mine[2])["id"] != json.loads(theirs[2])["id"]
    community = await service.token(Role.COMMUNITY)
    ranking, replayed = await send(service, community, "/api/v1/rankings", NEED, "k")
    assert (ranking[0], replayed) == (200, None)


async def test_a_refusal_is_repeated_too_but_a_form_that_was_filled_in_wrongly_may_be_mended(service: Service) -> None:
    profile, token = await own_profile(service, capacity=1)
    orders = [await service.offer(await service.need(), profile) for _ in range(2)]
    await service.call(token, "POST", f"/api/v1/orders/{orders[0]['id']}/accept", expect=200)
    path = f"/api/v1/orders/{orders[1]['id']}/accept"
    first, _ = await send(service, token, path, None, "k")
    assert first[:2] == (409, "application/problem+json")
    await service.store.providers.release_load(ref_of(profile))
    assert (await send(service, token, path, None, "k")) == (first, "true")
    resident = await service.token(Role.RESIDENT)
    assert (await send(service, resident, "/api/v1/needs", {"text": "灯"}, "m"))[0][0] == 422
    assert (await send(service, resident, "/api/v1/needs", NEED, "m"))[0][0] == 201


@pytest.mark.parametrize("key", ["", "a b", "钥匙", "x" * 256])
async def test_a_key_that_is_none_is_refused_by_name(service: Service, key: str) -> None:
    headers = {"Authorization": f"Bearer {await service.token(Role.RESIDENT)}", "Idempotency-Key": key}
    async with service.client.post("/api/v1/needs", json=NEED, headers=headers) as response:
        assert list((await assert_problem(response, 422))["fields"]) == ["Idempotency-Key"]
    assert (await counts(service))[0] == 0


async def test_a_key_opens_for_24_hours_and_then_for_another_call(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    first, _ = await send(service, token, "/api/v1/needs", NEED, "k")
    kept = await service.store.database["keyed_calls"].find_one({})
    assert timedelta(hours=23, minutes=59) < kept["expires_at"] - now() <= timedelta(hours=24)
    await service.store.database["keyed_calls"].update_one({}, {"$set": {"expires_at": now()}})
    second, replayed = await send(service, token, "/api/v1/needs", NEED, "k")
    assert replayed is None
    assert json.loads(second[2])["id"] != json.loads(first[2])["id"]


async def unanswered(service: Service, **changes: Any) -> None:
    """As if the worker that was answering the one call there is had died before it committed."""
    await service.store.database["keyed_calls"].update_one({}, {"$set": {"answer": None} | changes})
    await service.store.database["needs"].delete_many({})


async def test_what_a_dead_worker_did_not_commit_is_carried_out_by_the_next_copy(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    await send(service, token, "/api/v1/needs", NEED, "k")
    await unanswered(service, until=now() + timedelta(seconds=1), owner="dead")
    copies = [send(service, token, "/api/v1/needs", NEED, "k") for _ in range(10)]
    replies = await asyncio.gather(*copies)
    assert len({reply for reply, _ in replies}) == 1
    assert (await counts(service))[0] == 1


async def test_who_comes_while_the_first_is_at_work_is_asked_to_come_again(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.idempotency.WAIT_SECONDS", 0.1)
    token = await service.token(Role.RESIDENT)
    await send(service, token, "/api/v1/needs", NEED, "k")
    await unanswered(service, until=now() + timedelta(minutes=1), owner="busy")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    async with service.client.post("/api/v1/needs", json=NEED, headers=headers) as response:
        assert (await assert_problem(response, 409))["code"] == "call_in_progress"
        assert response.headers["Retry-After"] == "1"
    assert (await counts(service))[0] == 0


async def test_a_call_that_lost_its_claim_while_it_worked_has_no_effect(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    post_need = service.desk.intake.post_need

    async def slow(*arguments: Any) -> Any:
        file = await post_need(*arguments)
        await service.store.database["keyed_calls"].update_one({}, {"$set": {"owner": "quicker"}})
        return file

    service.desk.intake.post_need = slow  # type: ignore[method-assign]
    reply, _ = await send(service, token, "/api/v1/needs", NEED, "k")
    assert (reply[0], json.loads(reply[2])["code"]) == (409, "call_in_progress")
    assert (await counts(service))[:3] == (0, 0, 0)


async def test_of_many_who_accept_with_keys_of_their_own_one_wins(service: Service) -> None:
    need = await service.need(people=1)
    people = [await own_profile(service, name=f"志愿者{number}") for number in range(20)]
    orders = [await service.offer(need, profile) for profile, _ in people]
    accepts = [
        send(service, token, f"/api/v1/orders/{order['id']}/accept", None, f"k{copy}")
        for (_, token), order in zip(people, orders, strict=True)
        for copy in range(2)
    ]
    replies = [reply for reply, _ in await asyncio.gather(*accepts)]
    assert sum(status == 200 for status, _, _ in replies) == 1
    assert {status for status, _, _ in replies} == {200, 409}
    assert await service.store.database["events"].count_documents({"action": "order.accepted"}) == 1


async def test_signing_in_keeps_no_token_for_a_key(service: Service) -> None:
    body = {"username": "nobody", "password": "not a password"}
    async with service.client.post("/api/v1/sessions", json=body, headers={"Idempotency-Key": "k"}) as response:
        await assert_problem(response, 401)
    assert (await counts(service))[3] == 0


async def test_a_call_of_several_steps_of_which_one_is_refused_is_repeated_as_it_was(service: Service) -> None:
    for name in ("测试甲", "测试乙"):
        await service.volunteer(name=name)
        await service.need(window={"from": "2027-03-03T09:00:00+08:00", "to": "2027-03-03T11:00:00+08:00"})
    token = await service.token(Role.COMMUNITY)
    (status, _, proposed), _ = await send(service, token, "/api/v1/plans", {"region": GRID}, "k")
    plan = json.loads(proposed)
    assert (status, len(plan["offers"])) == (201, 2)
    gone = f"/api/v1/volunteers/{plan['offers'][0]['provider']['id']}"
    await service.call(Role.ADMIN, "PATCH", gone, {"version": 1, "active": False}, expect=200)
    path = f"/api/v1/plans/{plan['id']}/apply"
    first, _ = await send(service, token, path, None, "k")
    assert first[0] == 200
    assert [bool(offer["refused"]) for offer in json.loads(first[2])["offers"]] == [True, False]
    assert await send(service, token, path, None, "k") == (first, "true")
    orders = await service.store.database["orders"].count_documents({})
    await service.call(token, "POST", path, expect=409)
    assert await service.store.database["orders"].count_documents({}) == orders
