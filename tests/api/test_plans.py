"""统筹 over HTTP: proposed, looked at, applied, each offer checked again."""

import asyncio
from typing import Any

from models.vocabulary import Role
from tests.conftest import GRID, Service

WEDNESDAY = {"from": "2027-03-03T09:00:00+08:00", "to": "2027-03-03T11:00:00+08:00"}
THURSDAY = {"from": "2027-03-04T09:00:00+08:00", "to": "2027-03-04T11:00:00+08:00"}


async def propose(service: Service, **changes: object) -> dict[str, Any]:
    answer: dict[str, Any] = await service.call(Role.COMMUNITY, "POST", "/api/v1/plans", {"region": GRID} | changes, expect=201)
    return answer


async def test_two_needs_at_one_time_go_to_two_people_and_a_third_says_why_nobody_is_left(service: Service) -> None:
    for name in ("测试甲", "测试乙"):
        await service.volunteer(name=name)
    needs = [await service.need(window=WEDNESDAY) for _ in range(3)]
    plan = await propose(service)
    assert plan["needs"] == 3
    assert plan["status"] == "proposed"
    assert {offer["need"] for offer in plan["offers"]} < {need["id"] for need in needs}
    assert len({offer["provider"]["id"] for offer in plan["offers"]}) == 2
    assert [(unmet["places"], unmet["why"]) for unmet in plan["unmet"]] == [(1, "all_taken")]
    assert plan["worth"]["gap"] == 0
    assert plan["worth"]["total"] >= plan["worth"]["greedy"]
    assert "还缺 1 人" in plan["summary"]


async def test_one_person_is_planned_for_two_needs_on_two_days(service: Service) -> None:
    await service.volunteer()
    await service.need(window=WEDNESDAY)
    await service.need(window=THURSDAY)
    assert len((await propose(service))["offers"]) == 2


async def test_who_has_accepted_to_be_elsewhere_then_is_not_planned_for_that_time(service: Service) -> None:
    helper = await service.volunteer()
    order = await service.offer(await service.need(window=WEDNESDAY), helper)
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    await service.need(window=WEDNESDAY)
    plan = await propose(service)
    assert plan["offers"] == []
    assert [unmet["why"] for unmet in plan["unmet"]] == ["nobody_free"]


async def test_a_proposed_plan_offers_nothing_and_an_applied_one_offers_each_once(service: Service) -> None:
    await service.volunteer()
    need = await service.need()
    plan = await propose(service)
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}"))["status"] == "open"
    applied = await service.call(Role.COMMUNITY, "POST", f"/api/v1/plans/{plan['id']}/apply", expect=200)
    assert applied["status"] == "applied"
    assert applied["offers"][0]["order"]
    file = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}")
    assert [order["id"] for order in file["orders"]] == [applied["offers"][0]["order"]]
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/plans/{plan['id']}/apply", expect=409)


async def test_an_offer_that_can_no_longer_be_made_says_why_and_the_others_go_on(service: Service) -> None:
    helpers = [await service.volunteer(name=name, capacity=1) for name in ("测试甲", "测试乙")]
    needs = [await service.need() for _ in helpers]
    plan = await propose(service)
    gone = plan["offers"][0]["provider"]["id"]
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{gone}", {"active": False, "version": 1}, expect=200)
    applied = await service.call(Role.COMMUNITY, "POST", f"/api/v1/plans/{plan['id']}/apply", expect=200)
    outcomes = {offer["provider"]["id"]: offer for offer in applied["offers"]}
    assert outcomes.pop(gone)["refused"]
    assert [offer["order"] is not None for offer in outcomes.values()] == [True]
    assert len(needs) == 2


async def test_two_who_apply_one_plan_at_once_make_each_offer_once(service: Service) -> None:
    await service.volunteer()
    need = await service.need()
    plan = await propose(service)
    address = f"/api/v1/plans/{plan['id']}/apply"
    answers = await asyncio.gather(*(service.attempt(Role.COMMUNITY, "POST", address) for _ in range(4)))
    assert {status for status, _ in answers} <= {200, 409}
    assert len((await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}"))["orders"]) == 1
    final = await service.call(Role.COMMUNITY, "GET", f"/api/v1/plans/{plan['id']}")
    assert final["status"] == "applied"
    assert final["offers"][0]["order"]


async def test_a_plan_of_another_community_is_not_there(service: Service) -> None:
    plan = await propose(service)
    stranger = await service.account(Role.COMMUNITY, "420111001001")
    await service.call(stranger, "GET", f"/api/v1/plans/{plan['id']}", expect=404)
    await service.call(stranger, "POST", f"/api/v1/plans/{plan['id']}/apply", expect=404)
    assert (await service.call(stranger, "GET", "/api/v1/plans"))["items"] == []
    await service.call(stranger, "POST", "/api/v1/plans", {"region": GRID}, expect=422)


async def test_a_need_that_is_not_open_cannot_be_named_for_a_plan(service: Service) -> None:
    need = await service.need()
    await service.offer(need, await service.volunteer())
    answer = await service.call(Role.COMMUNITY, "POST", "/api/v1/plans", {"region": GRID, "needs": [need["id"]]}, expect=422)
    assert need["id"] in answer["fields"]["needs"][0]


async def test_an_empty_region_has_an_empty_plan(service: Service) -> None:
    plan = await propose(service)
    assert plan["needs"] == 0
    assert plan["offers"] == []
    assert plan["unmet"] == []


async def test_each_need_of_a_plan_is_ranked_by_the_profile_that_applies_to_it(service: Service) -> None:
    comrade = await service.volunteer(name="测试党员", point={"lng": 114.33, "lat": 30.55})
    near = await service.volunteer(name="测试近邻", party_member=False, point={"lng": 114.3, "lat": 30.55})
    need = await service.need(point={"lng": 114.3, "lat": 30.55})
    assert (await propose(service))["weights"] == "default:1"
    for name, criterion, first in (("nearest", "location", near), ("party", "party_member", comrade)):
        body = {"criteria": {criterion: 1}, "version": 0, "applies_to": {"region": need["region"][:12]}}
        await service.call(Role.ADMIN, "PUT", f"/api/v1/weights/{name}", body, expect=200)
        plan = await propose(service)
        assert (plan["weights"], plan["offers"][0]["provider"]["id"]) == (f"{name}:1", first["id"])
        await service.call(Role.ADMIN, "PUT", f"/api/v1/weights/{name}", body | {"version": 1, "applies_to": None}, expect=200)


async def test_who_was_asked_and_declined_before_a_plan_was_applied_was_not_sent_by_it(service: Service) -> None:
    helper = await service.volunteer()
    need = await service.need()
    plan = await propose(service)
    order = await service.offer(need, helper)
    body = {"reason": "这两天不在家", "code": "away"}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/decline", body, expect=200)
    applied = await service.call(Role.COMMUNITY, "POST", f"/api/v1/plans/{plan['id']}/apply", expect=200)
    assert [(offer["order"], bool(offer["refused"])) for offer in applied["offers"]] == [(None, True)]


async def test_a_plan_is_applied_without_the_needs_that_somebody_leaves_out(service: Service) -> None:
    await service.volunteer()
    need = await service.need()
    plan = await propose(service)
    path = f"/api/v1/plans/{plan['id']}/apply"
    applied = await service.call(Role.COMMUNITY, "POST", path, {"without": [need["id"]]}, expect=200)
    assert [(offer["order"], offer["refused"]) for offer in applied["offers"]] == [(None, "没有勾选")]
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}"))["status"] == "open"
