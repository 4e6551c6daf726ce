"""派单·接单·评价 over HTTP: every action from every status either follows its table or is refused with the present status."""

from datetime import timedelta
from typing import Any

import pytest

from matcher.dispatch.timers import run_due
from models.need import NEED_TRANSITIONS, NeedAction, NeedStatus
from models.order import ORDER_TRANSITIONS, UNFINISHED, OrderAction, OrderStatus
from models.schedule import now
from models.vocabulary import Role
from tests.api.support import BODIES, own_profile, snapshot
from tests.conftest import Service

ACTION_BODIES: dict[str, dict[str, Any] | None] = {
    "accept": None,
    "decline": BODIES["DeclineShape"],
    "start": None,
    "complete": BODIES["CompleteShape"],
    "hand-back": BODIES["HandBackShape"],
    "withdraw": BODIES["WithdrawShape"],
}
WAYS = {
    OrderStatus.OFFERED: (),
    OrderStatus.APPLIED: ("accept",),
    OrderStatus.ACCEPTED: ("accept",),
    OrderStatus.STARTED: ("accept", "start"),
    OrderStatus.COMPLETED: ("accept", "start", "complete"),
    OrderStatus.CONFIRMED: ("accept", "start", "complete"),
    OrderStatus.DECLINED: ("decline",),
    OrderStatus.HANDED_BACK: ("accept", "hand-back"),
    OrderStatus.WITHDRAWN: ("withdraw",),
}
JUDGEMENT = BODIES["EvaluationShape"]


async def act(service: Service, order: dict[str, Any], action: str, expect: int = 200, who: Role | str = Role.COMMUNITY) -> Any:
    return await service.call(who, "POST", f"/api/v1/orders/{order['id']}/{action}", ACTION_BODIES[action], expect)


async def judge(service: Service, need: dict[str, Any], expect: int = 201, who: Role | str = Role.RESIDENT) -> Any:
    return await service.call(who, "POST", f"/api/v1/needs/{need['id']}/evaluation", JUDGEMENT, expect)


async def read(service: Service, need: dict[str, Any]) -> Any:
    return await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}", expect=200)


def ref(provider: dict[str, Any]) -> dict[str, str]:
    return {"kind": provider["kind"], "id": provider["id"]}


async def dispatch(service: Service, need: dict[str, Any], mode: str, expect: int = 201, **rest: Any) -> Any:
    return await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", {"mode": mode} | rest, expect)


async def order_in(service: Service, status: OrderStatus, people: int = 1) -> dict[str, Any]:
    """A new order of a new need, brought to the status. Where one applies for a place, applications are open for long."""
    need = await service.need(people=people)
    volunteer = await service.volunteer()
    if status == OrderStatus.APPLIED:
        order = (await dispatch(service, need, "window", closes_at="2099-01-01T00:00:00Z", providers=[ref(volunteer)]))["orders"][
            0
        ]
    else:
        order = await service.offer(need, volunteer)
    if status == OrderStatus.EXPIRED:
        await run_due(service.desk.context, now() + timedelta(days=2))
    if status == OrderStatus.FILLED:
        await act(service, await service.offer(need, await service.volunteer()), "accept")
    for action in WAYS.get(status, ()):
        await act(service, order, action)
    if status == OrderStatus.CONFIRMED:
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/confirm", expect=200)
    found: dict[str, Any] = await service.call(Role.COMMUNITY, "GET", f"/api/v1/orders/{order['id']}", expect=200)
    assert found["status"] == status
    return found


@pytest.mark.parametrize("status", OrderStatus)
async def test_every_action_on_an_order_follows_the_table_or_is_refused(service: Service, status: OrderStatus) -> None:
    for action in ACTION_BODIES:
        order = await order_in(service, status)
        applies = action == "accept" and status == OrderStatus.APPLIED
        taken = OrderAction.APPLY if applies else OrderAction(action.replace("-", "_"))
        leads_to = ORDER_TRANSITIONS.get((status, taken))
        if leads_to is not None:
            after = await act(service, order, action)
            assert after["status"] == leads_to
            continue
        before = await snapshot(service.store)
        refused = await act(service, order, action, expect=409)
        assert refused["present_status"] == status
        late = (status, action) == (OrderStatus.FILLED, "accept")
        assert refused["code"] == ("places_taken" if late else "transition_not_allowed")
        assert await snapshot(service.store) == before


# What is done to a need as a whole to bring it to a status.
WHOLE: dict[NeedStatus, tuple[str, dict[str, Any] | None]] = {
    NeedStatus.CONFIRMED: ("confirm", None),
    NeedStatus.CANCELLED: ("cancel", BODIES["CancelShape"]),
    NeedStatus.SUSPENDED: ("suspend", BODIES["SuspendShape"]),
    NeedStatus.BY_HAND: ("by-hand", BODIES["TakeOverShape"]),
}


async def whole(
    service: Service, need: dict[str, Any], action: str, body: dict[str, Any] | None = None, expect: int = 200,
    who: Role | str = Role.COMMUNITY,
) -> Any:  # fmt: skip
    return await service.call(who, "POST", f"/api/v1/needs/{need['id']}/{action}", body, expect)


async def need_in(service: Service, status: NeedStatus, people: int) -> dict[str, Any]:
    """A new need brought to the status, with one order that did the most of it."""
    if status in (NeedStatus.OPEN, NeedStatus.MERGED):
        need = await service.need(people=people)
        if status == NeedStatus.MERGED:
            body = {"into": (await service.need())["id"]}
            await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/merge", body, expect=200)
    else:
        way = {
            NeedStatus.OFFERED: OrderStatus.OFFERED,
            NeedStatus.ACCEPTED: OrderStatus.ACCEPTED,
            NeedStatus.IN_PROGRESS: OrderStatus.STARTED,
            **dict.fromkeys((NeedStatus.BY_HAND, NeedStatus.SUSPENDED, NeedStatus.CANCELLED), OrderStatus.OFFERED),
        }.get(status, OrderStatus.COMPLETED)
        if status == NeedStatus.UNMATCHED:
            # Nobody has registered yet.
            need = await service.need(people=people)
            unmatched: dict[str, Any] = (await dispatch(service, need, "sequence"))["need"]
            assert unmatched["status"] == status
            return unmatched
        order = await order_in(service, way, people)
        need = {"id": order["need_id"]}
        if status == NeedStatus.ACCEPTED and people == 2:
            await act(service, await service.offer(need, await service.volunteer()), "accept")
        if status == NeedStatus.EVALUATED:
            await judge(service, need)
        if status in WHOLE:
            await whole(service, need, *WHOLE[status])
    found: dict[str, Any] = await read(service, need)
    assert found["status"] == status
    return found


@pytest.mark.parametrize("people", [1, 2])
@pytest.mark.parametrize("status", NeedStatus)
async def test_every_action_on_a_need_follows_the_table_or_is_refused(service: Service, status: NeedStatus, people: int) -> None:
    need = await need_in(service, status, people)
    volunteer = await service.volunteer()
    before = await snapshot(service.store)
    if status not in NEED_TRANSITIONS[NeedAction.EVALUATE]:
        refused = await judge(service, need, expect=409)
        assert (refused["code"], refused["present_status"]) == ("transition_not_allowed", status)
    if status not in NEED_TRANSITIONS[NeedAction.OFFER] or need["taken"] == people:
        refused = await service.offer(need, volunteer, expect=409)
        assert refused["present_status"] == status
        assert refused["code"] in ("transition_not_allowed", "places_taken")
    assert await snapshot(service.store) == before
    if status in NEED_TRANSITIONS[NeedAction.EVALUATE]:
        assert (await judge(service, need))["status"] == "evaluated"
    elif status in NEED_TRANSITIONS[NeedAction.OFFER] and need["taken"] < people:
        await service.offer(need, volunteer)


async def test_a_declined_offer_puts_the_need_back_and_excludes_who_declined(service: Service) -> None:
    volunteer, other, need = await service.volunteer(), await service.volunteer(), await service.need()
    order = await service.offer(need, volunteer)
    assert (await read(service, need))["status"] == "offered"
    assert (await act(service, order, "decline"))["reason"] == "这两天不在家"
    after = await read(service, need)
    assert after["status"] == "open"
    assert [(event["action"], event["why"]) for event in after["events"]][-1] == ("order.declined", "这两天不在家")
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert [each["provider"]["id"] for each in found["candidates"]] == [other["id"]]
    assert (found["eligible"], found["excluded"]) == (1, {"declined": 1})
    assert found["excluded_labels"] == {"declined": "已拒绝过这一单"}
    assert (await service.offer(need, volunteer, expect=409))["code"] == "duplicate"


async def test_nobody_is_offered_the_same_need_twice(service: Service) -> None:
    volunteer, need = await service.volunteer(), await service.need()
    await service.offer(need, volunteer)
    before = await snapshot(service.store)
    assert (await service.offer(need, volunteer, expect=409))["code"] == "duplicate"
    assert await snapshot(service.store) == before
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert found["excluded"] == {"asked": 1}


async def test_who_is_not_eligible_now_is_not_offered_the_need_and_the_rule_is_named(service: Service) -> None:
    need = await service.need()
    away = await service.volunteer(region="330203001001")
    gardener = await service.volunteer(skills=["修剪花木"])
    busy = await service.volunteer(capacity=1)
    await act(service, await service.offer(await service.need(), busy), "accept")
    resting = await service.volunteer()
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{resting['id']}", {"version": 1, "active": False}, 200)
    for provider, rule in ((away, "area"), (gardener, "skill"), (busy, "capacity"), (resting, "active")):
        refused = await service.offer(need, provider, expect=409)
        assert (refused["code"], refused["rule"]) == ("not_eligible", rule)
    await service.offer(need, {"kind": "volunteer", "id": "0" * 24}, expect=404)
    await service.offer(need, {"kind": "organisation", "id": away["id"]}, expect=404)
    assert (await read(service, need))["status"] == "open"


async def test_a_need_of_two_people_is_closed_by_the_second_who_accepts(service: Service) -> None:
    need = await service.need(people=2)
    orders = [await service.offer(need, await service.volunteer()) for _ in range(4)]
    await act(service, orders[0], "accept")
    between = await read(service, need)
    assert (between["status"], between["taken"]) == ("offered", 1)
    await act(service, orders[1], "accept")
    after = await read(service, need)
    assert (after["status"], after["taken"]) == ("accepted", 2)
    assert [order["status"] for order in after["orders"]] == ["accepted", "accepted", "filled", "filled"]
    assert [event["order_id"] for event in after["events"] if event["action"] == "order.filled"] == [
        each["id"] for each in orders[2:]
    ]
    assert (await act(service, orders[2], "accept", expect=409))["code"] == "places_taken"
    for action in ("start", "complete"):
        await act(service, orders[0], action)
    assert (await read(service, need))["status"] == "in_progress"
    await judge(service, need, expect=409)
    for action in ("start", "complete"):
        await act(service, orders[1], action)
    assert (await judge(service, need))["status"] == "evaluated"


async def test_only_the_resident_or_an_overseer_judges_and_only_once(service: Service) -> None:
    volunteer, token = await own_profile(service)
    need = await service.need()
    order = await service.offer(need, volunteer)
    for action in ("accept", "start", "complete"):
        await act(service, order, action, who=token)
    other = await service.account(Role.RESIDENT)
    before = await snapshot(service.store)
    assert (await judge(service, need, expect=403, who=token))["code"] == "forbidden"
    await judge(service, need, expect=404, who=other)
    assert await snapshot(service.store) == before
    judged = await judge(service, need)
    assert judged["evaluation"] == {**JUDGEMENT, "by_role": "resident", "at": judged["evaluation"]["at"]}
    assert judged["events"][-1]["on_behalf_of"] is None
    assert (await judge(service, need, expect=409))["present_status"] == "evaluated"
    assert (await judge(service, need, expect=409, who=Role.STREET))["present_status"] == "evaluated"
    profile = await service.call(token, "GET", f"/api/v1/volunteers/{volunteer['id']}", expect=200)
    assert (profile["rating"], profile["rating_count"], profile["load"]) == (4.0, 1, 0)


async def test_what_the_community_does_for_others_says_so(service: Service) -> None:
    volunteer, token = await own_profile(service)
    need = await service.need(who=await service.account(Role.RESIDENT), channel="resident")
    order = await service.offer(need, volunteer)
    await act(service, order, "accept")
    await act(service, order, "start", who=token)
    await act(service, order, "complete", who=Role.STREET)
    await judge(service, need, who=Role.COMMUNITY)
    told = {event["action"]: (event["by_role"], event["on_behalf_of"]) for event in (await read(service, need))["events"]}
    provider = f"volunteer:{volunteer['id']}"
    assert told == {
        "need.posted": ("resident", None),
        "order.offered": ("community", None),
        "order.accepted": ("community", provider),
        "order.started": ("volunteer", None),
        "order.completed": ("street", provider),
        "order.confirmed": ("community", None),
        "need.evaluated": ("community", "resident"),
    }


async def test_a_profile_with_an_unfinished_order_is_not_deleted(service: Service) -> None:
    for status in OrderStatus:
        order = await order_in(service, status)
        address = f"/api/v1/volunteers/{order['provider']['id']}"
        unfinished = status in UNFINISHED
        answer = await service.call(Role.ADMIN, "DELETE", address, expect=409 if unfinished else 204)
        assert not unfinished or answer["code"] == "still_in_use"
        # The order stays readable, with the name of who is gone.
        kept = await service.call(Role.COMMUNITY, "GET", f"/api/v1/orders/{order['id']}", expect=200)
        assert kept["provider"] == order["provider"]
