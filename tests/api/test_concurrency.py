"""Many at once: the ranking may be stale, the decision cannot be."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from models.vocabulary import Role
from tests.api.support import own_profile
from tests.conftest import Service, ServiceMaker

Answer = tuple[int, Any]
CROWD = 50


async def at_once(*calls: Coroutine[Any, Any, Answer]) -> tuple[Counter[int], list[Any]]:
    """How often each status came, and the refusals."""
    answers = await asyncio.gather(*calls)
    return Counter(status for status, _ in answers), [answer for status, answer in answers if status >= 400]


def accept(service: Service, token: str | Role, order: dict[str, Any]) -> Coroutine[Any, Any, Answer]:
    return service.attempt(token, "POST", f"/api/v1/orders/{order['id']}/accept")


async def events_of(service: Service, need: dict[str, Any]) -> Counter[str]:
    return Counter([each["action"] async for each in service.store.database["events"].find({"need_id": need["id"]})])


async def loads(service: Service) -> list[int]:
    return sorted([each["load"] async for each in service.store.database["volunteers"].find({})], reverse=True)


async def offered_to(service: Service, need: dict[str, Any], count: int) -> list[tuple[str, dict[str, Any]]]:
    """So many volunteers, each with their token and their offer of the need."""
    people = [await own_profile(service, name=f"志愿者{number}") for number in range(count)]
    return [(token, await service.offer(need, profile)) for profile, token in people]


async def assert_one_winner(service: Service, need: dict[str, Any], count: int) -> None:
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}", expect=200)
    assert (found["status"], found["taken"]) == ("accepted", 1)
    assert Counter(order["status"] for order in found["orders"]) == Counter(accepted=1, filled=count - 1)
    assert await events_of(service, need) == Counter(
        {"need.posted": 1, "order.offered": count, "order.accepted": 1, "order.filled": count - 1}
    )
    assert await loads(service) == [1] + [0] * (count - 1)


async def test_of_fifty_who_accept_one_need_at_once_one_gets_it(service: Service) -> None:
    need = await service.need(who=Role.COMMUNITY, people=1)
    people = await offered_to(service, need, CROWD)
    statuses, refusals = await at_once(*(accept(service, token, order) for token, order in people))
    assert statuses == Counter({200: 1, 409: CROWD - 1})
    assert {refusal["code"] for refusal in refusals} == {"places_taken"}
    assert all(refusal["present_status"] for refusal in refusals)
    await assert_one_winner(service, need, CROWD)


async def test_an_order_that_is_accepted_fifty_times_at_once_is_accepted_once(service: Service) -> None:
    need = await service.need(people=1)
    [(token, order)] = await offered_to(service, need, 1)
    statuses, refusals = await at_once(*(accept(service, token, order) for _ in range(CROWD)))
    assert statuses == Counter({200: 1, 409: CROWD - 1})
    assert {refusal["present_status"] for refusal in refusals} == {"accepted"}
    await assert_one_winner(service, need, 1)


async def test_two_workers_see_the_same_winner(make_service: ServiceMaker) -> None:
    first = await make_service()
    second = await make_service(first.store.database.name)
    need = await first.need(people=1)
    people = await offered_to(first, need, 20)
    statuses, _ = await at_once(*(accept((first, second)[at % 2], token, order) for at, (token, order) in enumerate(people)))
    assert statuses == Counter({200: 1, 409: 19})
    await assert_one_winner(first, need, 20)
    token = await first.token(Role.COMMUNITY)
    told = [await each.call(token, "GET", f"/api/v1/needs/{need['id']}", expect=200) for each in (first, second)]
    assert told[0] == told[1]


async def test_a_need_of_three_people_gets_three_of_twenty(service: Service) -> None:
    need = await service.need(people=3)
    people = await offered_to(service, need, 20)
    statuses, _ = await at_once(*(accept(service, token, order) for token, order in people))
    assert statuses == Counter({200: 3, 409: 17})
    events = await events_of(service, need)
    assert (events["order.accepted"], events["order.filled"]) == (3, 17)
    assert sum(await loads(service)) == 3


async def test_who_has_one_hand_free_gets_one_of_five_orders(service: Service) -> None:
    profile, token = await own_profile(service, capacity=1)
    orders = [await service.offer(await service.need(), profile) for _ in range(5)]
    statuses, refusals = await at_once(*(accept(service, token, order) for order in orders))
    assert statuses == Counter({200: 1, 409: 4})
    assert {refusal["code"] for refusal in refusals} == {"capacity_reached"}
    listed = await service.call(token, "GET", "/api/v1/orders?mine=true", expect=200)
    assert Counter(order["status"] for order in listed["items"]) == Counter(accepted=1, offered=4)
    needs = await service.call(Role.COMMUNITY, "GET", "/api/v1/needs", expect=200)
    assert Counter(need["status"] for need in needs["items"]) == Counter(accepted=1, offered=4)
    assert await loads(service) == [1]


async def test_accepting_and_declining_one_order_at_once_has_one_outcome(service: Service) -> None:
    need = await service.need()
    [(token, order)] = await offered_to(service, need, 1)
    path = f"/api/v1/orders/{order['id']}/decline"
    declines = [service.attempt(token, "POST", path, {"reason": "没空"}) for _ in range(10)]
    statuses, _ = await at_once(*(accept(service, token, order) for _ in range(10)), *declines)
    assert statuses == Counter({200: 1, 409: 19})
    found = await service.call(token, "GET", f"/api/v1/orders/{order['id']}", expect=200)
    events = await events_of(service, need)
    assert events["order.accepted"] + events["order.declined"] == 1
    assert events[f"order.{found['status']}"] == 1
    assert await loads(service) == [int(found["status"] == "accepted")]


async def test_one_of_ten_equal_offers_at_once_is_made(service: Service) -> None:
    need, volunteer = await service.need(), await service.volunteer()
    body = {"provider": {"kind": "volunteer", "id": volunteer["id"]}}
    token = await service.token(Role.COMMUNITY)
    statuses, refusals = await at_once(
        *(service.attempt(token, "POST", f"/api/v1/needs/{need['id']}/orders", body) for _ in range(10))
    )
    assert statuses == Counter({201: 1, 409: 9})
    assert {refusal["code"] for refusal in refusals} == {"duplicate"}
    assert (await events_of(service, need))["order.offered"] == 1


async def test_one_of_twenty_changes_of_one_version_is_kept(service: Service) -> None:
    volunteer, token = await service.volunteer(), await service.token(Role.ADMIN)
    path = f"/api/v1/volunteers/{volunteer['id']}"
    statuses, refusals = await at_once(
        *(service.attempt(token, "PATCH", path, {"version": 1, "bio": f"第{number}稿"}) for number in range(20))
    )
    assert statuses == Counter({200: 1, 409: 19})
    assert {refusal["code"] for refusal in refusals} == {"stale_version"}
    assert {refusal["present_version"] for refusal in refusals} == {2}
    assert (await service.call(token, "GET", path, expect=200))["version"] == 2
    changes = [each async for each in service.store.database["events"].find({"action": "provider.changed"})]
    assert len(changes) == 1


async def test_one_of_twenty_weights_of_one_version_is_kept(service: Service) -> None:
    token = await service.token(Role.ADMIN)
    statuses, refusals = await at_once(
        *(
            service.attempt(token, "PUT", "/api/v1/weights/default", {"version": 1, "criteria": {"skill": number + 1}})
            for number in range(20)
        )
    )
    assert statuses == Counter({200: 1, 409: 19})
    assert {refusal["present_version"] for refusal in refusals} == {2}
    assert (await service.call(token, "GET", "/api/v1/weights/default", expect=200))["version"] == 2


async def test_one_account_registers_one_profile_however_often_it_asks(service: Service) -> None:
    token = await service.account(Role.VOLUNTEER)
    body = {"name": "测试人", "skills": [], "region": "420106001001"}
    statuses, _ = await at_once(*(service.attempt(token, "POST", "/api/v1/volunteers", body) for _ in range(10)))
    assert statuses == Counter({201: 1, 409: 9})
    assert len(await loads(service)) == 1
