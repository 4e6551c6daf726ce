"""Every mode and every act on a whole need, as a caller of the API uses it; and timers that fire by themselves."""

from datetime import timedelta
from typing import Any

import pytest

from matcher.dispatch.timers import run_due
from models.schedule import now
from models.timer import TimerKind
from models.vocabulary import Role
from tests.api.support import own_profile, until
from tests.conftest import Service, ServiceMaker


def ref(provider: dict[str, Any]) -> dict[str, str]:
    return {"kind": provider["kind"], "id": provider["id"]}


async def dispatch(service: Service, need: dict[str, Any], expect: int = 201, **body: Any) -> Any:
    return await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", body, expect)


async def read(service: Service, need: dict[str, Any]) -> Any:
    return await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}", expect=200)


async def act(service: Service, token: str, order: dict[str, Any], action: str, body: Any = None, expect: int = 200) -> Any:
    return await service.call(token, "POST", f"/api/v1/orders/{order['id']}/{action}", body, expect)


async def test_without_a_mode_the_answer_is_the_order_and_with_one_it_is_orders_and_need(service: Service) -> None:
    volunteer = await service.volunteer()
    plain = await dispatch(service, await service.need(urgency=3), provider=ref(volunteer))
    assert (plain["status"], plain["mode"], plain["mode_label"]) == ("offered", "direct", "指派")
    assert plain["expires_at"] > plain["offered_at"]
    whole = await dispatch(service, await service.need(), mode="direct", provider=ref(volunteer), offer_minutes=10)
    assert set(whole) == {"orders", "need"}
    assert (whole["orders"][0]["status"], whole["need"]["status"]) == ("offered", "offered")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "provider"),
        ({"mode": "direct"}, "provider"),
        ({"mode": "window"}, "closes_at"),
        ({"mode": "window", "closes_at": "2020-01-01T00:00:00Z"}, "closes_at"),
        ({"mode": "team", "roles": [{"role": "社工"}, {"role": "社工"}]}, "roles"),
        ({"mode": "plan"}, "mode"),
    ],
)
async def test_what_a_mode_lacks_is_named(service: Service, body: dict[str, Any], field: str) -> None:
    need = await service.need()
    assert field in (await dispatch(service, need, 422, **body))["fields"]
    assert (await read(service, need))["status"] == "open"


async def test_a_sequence_goes_on_while_the_calls_come_in(service: Service) -> None:
    people = [await own_profile(service, name=f"志愿者{number}") for number in range(3)]
    tokens = {profile["id"]: token for profile, token in people}
    need = await service.need()
    first = (await dispatch(service, need, mode="sequence", at_most=3))["orders"][0]
    token = tokens[first["provider"]["id"]]
    declined = await act(service, token, first, "decline", {"code": "too_far"})
    assert (declined["reason"], declined["decline_reason"], declined["decline_reason_label"]) == (
        "距离太远",
        "too_far",
        "距离太远",
    )
    second = (await read(service, need))["orders"][-1]
    assert (second["status"], second["provider"]["id"] != first["provider"]["id"]) == ("offered", True)
    token = tokens[second["provider"]["id"]]
    await act(service, token, second, "accept")
    handed = await act(service, token, second, "hand-back", {"reason": "孩子病了"})
    assert (handed["status"], handed["decline_reason"]) == ("handed_back", "other")
    assert (
        handed["need"]["contact"]["phone"]
        == (await service.call(token, "GET", f"/api/v1/orders/{second['id']}"))["need"]["contact"]["phone"]
    )
    await run_due(service.desk.context, now() + timedelta(days=1, hours=1))
    after = await read(service, need)
    assert [order["status"] for order in after["orders"]] == ["declined", "handed_back", "expired"]
    assert (after["status"], after["status_label"]) == ("by_hand", "人工办理")
    assert after["owner"]["name"]
    labels = [event["label"] for event in after["events"]]
    assert labels[1:3] == ["开始派单", "派单"]
    assert "转人工办理" in labels


async def test_applications_and_places_over_http(service: Service) -> None:
    people = [await own_profile(service, name=f"志愿者{number}") for number in range(3)]
    tokens = {profile["id"]: token for profile, token in people}
    need = await service.need(people=2)
    closes_at = (now() + timedelta(hours=1)).isoformat()
    orders = (await dispatch(service, need, mode="window", closes_at=closes_at))["orders"]
    assert len(orders) == 3
    for order in orders:
        applied = await act(service, tokens[order["provider"]["id"]], order, "accept")
        assert (applied["status"], applied["status_label"]) == ("applied", "已报名")
    await run_due(service.desk.context, now() + timedelta(hours=2))
    after = await read(service, need)
    assert sorted(order["status"] for order in after["orders"]) == ["accepted", "accepted", "filled"]
    assert sorted(order["place_label"] for order in after["orders"] if order["place"]) == ["协助", "牵头"]


async def test_why_there_is_no_team_is_told(service: Service) -> None:
    await service.volunteer(party_member=True)
    refused = await dispatch(service, await service.need(), 409, mode="team")
    assert refused["code"] == "no_team"
    assert "社工" in refused["detail"]


async def test_nobody_eligible_is_a_state_with_counts(service: Service) -> None:
    await service.volunteer(skills=["修剪花木"])
    answer = await dispatch(service, await service.need(), mode="open")
    assert (answer["orders"], answer["need"]["status"]) == ([], "unmatched")
    assert answer["need"]["unmatched"] == {"excluded": {"skill": 1}, "excluded_labels": {"skill": "没有相关技能"}}


async def test_a_resident_cancels_confirms_and_has_it_done_again(service: Service) -> None:
    gone = await service.need()
    cancelled = await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{gone['id']}/cancel", {"reason": "自己修好了"}, 200)
    assert (cancelled["status"], cancelled["closing_reason"]) == ("cancelled", "自己修好了")
    volunteer, token = await own_profile(service)
    need = await service.need()
    order = await service.offer(need, volunteer)
    for action, body in (("accept", None), ("start", None), ("complete", {"summary": "换了阀芯"})):
        await act(service, token, order, action, body)
    await service.call(token, "POST", f"/api/v1/needs/{need['id']}/confirm", expect=403)
    confirmed = await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/confirm", expect=200)
    assert (confirmed["status"], confirmed["orders"][0]["service_minutes"]) == ("confirmed", 0)
    again = await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/reopen", {"reason": "又漏了"}, 200)
    assert (again["status"], again["round"], again["redone"]) == ("open", 2, 1)
    await service.offer(need, volunteer)


async def test_the_community_suspends_resumes_takes_over_and_closes(service: Service) -> None:
    need = await service.need()
    path = f"/api/v1/needs/{need['id']}"
    until_at = (now() + timedelta(days=2)).isoformat()
    await service.call(Role.RESIDENT, "POST", f"{path}/suspend", {"reason": "等", "until": until_at}, 403)
    paused = await service.call(Role.COMMUNITY, "POST", f"{path}/suspend", {"reason": "等配件", "until": until_at}, 200)
    assert (paused["status"], paused["suspension"]["reason"]) == ("suspended", "等配件")
    assert (await service.call(Role.COMMUNITY, "POST", f"{path}/resume", expect=200))["status"] == "open"
    taken = await service.call(Role.COMMUNITY, "POST", f"{path}/by-hand", {"note": "我来"}, 200)
    assert (taken["status"], taken["owner"]["why"]) == ("by_hand", "我来")
    closed = await service.call(Role.COMMUNITY, "POST", f"{path}/handle", {"summary": "物业修好了"}, 200)
    assert (closed["status"], closed["handling"]["summary"]) == ("completed", "物业修好了")


async def test_an_offer_expires_by_itself_on_whichever_worker_and_after_a_restart(make_service: ServiceMaker) -> None:
    first = await make_service(timer_seconds=30.0)
    need = await first.need()
    order = await first.offer(need, await first.volunteer())
    past = now() - timedelta(seconds=1)
    await first.store.timers.set(TimerKind.OFFER_EXPIRES, f"order:{order['id']}", past)
    for _ in range(2):
        await make_service(first.store.database.name, timer_seconds=0.05)

    async def expired() -> bool:
        return bool((await read(first, need))["orders"][0]["status"] == "expired")

    await until(expired)
    events = [event["action"] for event in (await read(first, need))["events"]]
    assert events.count("order.expired") == 1
