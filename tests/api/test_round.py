"""One whole round, from the resident's words to the resident's judgement."""

from models.vocabulary import Role
from tests.conftest import Service


async def test_a_need_is_posted_ranked_dispatched_accepted_done_and_judged(service: Service) -> None:
    volunteer = await service.volunteer()
    token = await service.as_provider(volunteer)
    need = await service.need(contact={"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"})
    assert need["status"] == "open"

    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert [each["provider"]["id"] for each in found["candidates"]] == [volunteer["id"]]

    order = await service.offer(need, volunteer)
    offered = await service.call(token, "GET", "/api/v1/orders?mine=true&status=offered", expect=200)
    assert offered["items"][0]["need"]["contact"]["phone"] == "000****5678"

    accepted = await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    assert accepted["status"] == "accepted"
    assert accepted["need"]["contact"]["phone"] == "00012345678"
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/start", expect=200)
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/complete", {"summary": "换了阀芯"}, expect=200)

    judged = await service.call(
        Role.RESIDENT,
        "POST",
        f"/api/v1/needs/{need['id']}/evaluation",
        {"responded": True, "resolved": True, "satisfied": True, "score": 5},
        expect=201,
    )
    assert judged["status"] == "evaluated"
    assert [event["action"] for event in judged["events"]] == [
        "need.posted", "order.offered", "order.accepted", "order.started", "order.completed", "order.confirmed",
        "need.evaluated"]  # fmt: skip
    profile = await service.call(token, "GET", f"/api/v1/volunteers/{volunteer['id']}", expect=200)
    assert (profile["load"], profile["rating"], profile["version"]) == (0, 5.0, 1)
