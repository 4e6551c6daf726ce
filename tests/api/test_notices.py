"""Who is told what: each change reaches its people's inboxes, and nobody else's."""

from typing import Any

from models.vocabulary import Role
from tests.api.support import own_profile, told
from tests.conftest import FAR_COMMUNITY, Service

CONTACT = {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"}


async def inbox(service: Service, who: Role | str, query: str = "") -> list[dict[str, Any]]:
    await told(service.store)
    answer = await service.call(who, "GET", f"/api/v1/notices{query}", expect=200)
    return list(answer["items"])


def kinds(notices: list[dict[str, Any]]) -> list[str]:
    return [notice["kind"] for notice in reversed(notices)]


async def step(service: Service, who: Role | str, order: dict[str, Any], name: str, body: object = None) -> None:
    await service.call(who, "POST", f"/api/v1/orders/{order['id']}/{name}", body, expect=200)


async def test_a_round_is_told_to_each_of_its_people_in_order(service: Service) -> None:
    profile, volunteer = await own_profile(service, name="李测试")
    community = await service.token(Role.COMMUNITY)
    need = await service.need(contact=CONTACT)
    order = await service.offer(need, profile)
    await step(service, volunteer, order, "accept")
    await step(service, volunteer, order, "start")
    await step(service, volunteer, order, "complete", {"summary": "换了阀芯"})
    judgement = {"responded": True, "resolved": True, "satisfied": True, "score": 5}
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/evaluation", judgement, expect=201)
    assert kinds(await inbox(service, community)) == ["need.posted"]
    assert kinds(await inbox(service, volunteer)) == ["order.offered", "order.accepted", "need.evaluated", "order.confirmed"]
    mine = await inbox(service, Role.RESIDENT)
    assert kinds(mine) == ["order.accepted", "order.started", "order.completed"]
    assert "李测试" in mine[0]["text"]
    assert "换了阀芯" in mine[0]["text"]
    assert [notice["seq"] for notice in mine] == [3, 2, 1]
    assert {notice["order_id"] for notice in mine} == {order["id"]}


async def test_whom_to_ring_is_told_only_to_who_accepted(service: Service) -> None:
    profile, volunteer = await own_profile(service)
    order = await service.offer(await service.need(contact=CONTACT), profile)
    [offered] = await inbox(service, volunteer)
    assert not any(part in offered["text"] for part in CONTACT.values())
    await step(service, volunteer, order, "accept")
    accepted = (await inbox(service, volunteer))[0]
    assert all(part in accepted["text"] for part in CONTACT.values())
    others = await inbox(service, Role.RESIDENT) + await inbox(service, Role.COMMUNITY)
    assert not any(CONTACT["phone"] in notice["text"] for notice in others)


async def test_those_who_were_not_chosen_are_told_once(service: Service) -> None:
    need = await service.need(people=1)
    people = [await own_profile(service, name=f"志愿者{number}") for number in range(4)]
    orders = [await service.offer(need, profile) for profile, _ in people]
    await step(service, people[2][1], orders[2], "accept")
    for place, (_, token) in enumerate(people):
        assert kinds(await inbox(service, token)) == ["order.offered", "order.accepted" if place == 2 else "order.filled"]


async def test_a_decline_is_told_with_its_reason_to_those_who_dispatch_and_no_further_up(service: Service) -> None:
    street, community = await service.token(Role.STREET), await service.token(Role.COMMUNITY)
    elsewhere = await service.account(Role.COMMUNITY, FAR_COMMUNITY)
    profile, volunteer = await own_profile(service)
    order = await service.offer(await service.need(), profile)
    await step(service, volunteer, order, "decline", {"reason": "这两天不在家"})
    assert "这两天不在家" in (await inbox(service, community))[0]["text"]
    assert await inbox(service, street) == await inbox(service, elsewhere) == await inbox(service, Role.ADMIN) == []


async def test_a_region_without_overseers_of_its_own_is_told_of_further_up(service: Service) -> None:
    admin, street = await service.token(Role.ADMIN), await service.token(Role.STREET)
    await service.need()
    assert kinds(await inbox(service, street)) == ["need.posted"]
    assert await inbox(service, admin) == []


async def test_a_notice_is_read_by_its_owner_alone(service: Service) -> None:
    await service.token(Role.COMMUNITY)
    needs = [await service.need() for _ in range(3)]
    newest, middle, oldest = await inbox(service, Role.COMMUNITY)
    assert [oldest["need_id"], middle["need_id"], newest["need_id"]] == [need["id"] for need in needs]
    path = f"/api/v1/notices/{newest['id']}/read"
    await service.call(Role.RESIDENT, "POST", path, expect=404)
    await service.call(Role.RESIDENT, "POST", "/api/v1/notices/read", {"to": newest["id"]}, expect=404)
    first = await service.call(Role.COMMUNITY, "POST", path, expect=200)
    assert first["read_at"] is not None
    assert await service.call(Role.COMMUNITY, "POST", path, expect=200) == first
    assert [each["id"] for each in await inbox(service, Role.COMMUNITY, "?unread=true")] == [middle["id"], oldest["id"]]
    answer = await service.call(Role.COMMUNITY, "POST", "/api/v1/notices/read", {"to": middle["id"]}, expect=200)
    assert answer == {"read": 2}
    assert await inbox(service, Role.COMMUNITY, "?unread=true") == []


async def test_the_notices_come_in_pages(service: Service) -> None:
    await service.token(Role.COMMUNITY)
    for _ in range(5):
        await service.need()
    found = await inbox(service, Role.COMMUNITY)
    first = await service.call(Role.COMMUNITY, "GET", "/api/v1/notices?limit=3", expect=200)
    second = await service.call(Role.COMMUNITY, "GET", f"/api/v1/notices?limit=3&cursor={first['next']}", expect=200)
    assert first["items"] + second["items"] == found
    assert second["next"] is None
