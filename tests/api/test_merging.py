"""合并: suggested with a reason, done by a person, followed by every resident, undone while the kept need is not finished."""

import asyncio
from datetime import timedelta
from typing import Any

from models.vocabulary import Role
from tests.api.support import snapshot, told
from tests.conftest import COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service

BURST = "三号楼前面自来水管爆了，水喷得老高，快来人"
BURST_AGAIN = "我们3号楼门口水管爆裂，路都淹了，赶紧派人来修"
BLOCKED = "厨房下水道堵了，水池的水下不去"
HERE = {"lng": 114.3, "lat": 30.6}


async def duplicates(service: Service, need: dict[str, Any], who: Role | str = Role.COMMUNITY, expect: int = 200) -> Any:
    answer = await service.call(who, "GET", f"/api/v1/needs/{need['id']}/duplicates", expect=expect)
    return answer["duplicates"] if expect == 200 else answer


async def act(service: Service, need: dict[str, Any], what: str, body: dict[str, Any], expect: int = 200, who: Any = None) -> Any:
    return await service.call(who or Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/{what}", body, expect)


async def read(service: Service, need: dict[str, Any], who: Role | str = Role.COMMUNITY, expect: int = 200) -> Any:
    return await service.call(who, "GET", f"/api/v1/needs/{need['id']}", expect=expect)


async def two_residents(service: Service) -> tuple[dict[str, Any], dict[str, Any], str, str]:
    """The same burst pipe told by two; and the tokens of both."""
    first, second = [await service.account(Role.RESIDENT, COMMUNITY) for _ in range(2)]
    contact = {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"}
    kept = await service.need(BURST, first, channel="resident", contact=contact)
    again = await service.need(BURST_AGAIN, second, channel="resident")
    return kept, again, first, second


async def test_one_burst_pipe_told_by_two_neighbours_is_suggested_and_a_blocked_drain_is_not(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    await service.need(BLOCKED)
    for need, other in ((kept, again), (again, kept)):
        [found] = await duplicates(service, need)
        assert found["need"]["id"] == other["id"]
        assert found["services"][0] == "plumbing"
        assert 0 < found["score"] <= 1
        assert found["reason"].startswith("都像是“水管龙头维修”，同一社区，前后不到 1 小时，说法相近 ")
        assert found["need"]["contact"]["phone"] in ("", "000****5678"), "lists mask contacts"


async def test_only_the_same_community_or_what_lies_within_three_hundred_metres_is_compared(service: Service) -> None:
    need = await service.need(BURST, point=HERE)
    await service.need(BURST_AGAIN, Role.ADMIN, region=NEIGHBOUR_COMMUNITY)
    await service.need(BURST_AGAIN, Role.ADMIN, region=NEIGHBOUR_COMMUNITY, point={"lng": 114.304, "lat": 30.6})
    assert await duplicates(service, need, Role.ADMIN) == []
    near = await service.need(BURST_AGAIN, Role.ADMIN, region=NEIGHBOUR_COMMUNITY, point={"lng": 114.3, "lat": 30.602})
    [found] = await duplicates(service, need, Role.ADMIN)
    assert found["need"]["id"] == near["id"]
    assert 0.2 < found["distance_km"] < 0.25
    assert "相距 222 米" in found["reason"]
    assert await duplicates(service, need) == [], "an overseer is told of their own region only"


async def test_points_at_the_ends_of_the_earth_are_kept(service: Service) -> None:
    for lng, lat in ((180, 90), (-180, -90), (0, 0)):
        need = await service.need(BURST, point={"lng": lng, "lat": lat}, region=GRID)
        assert await duplicates(service, need) != [need]


async def test_what_was_said_more_than_three_days_apart_or_is_finished_is_not_suggested(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    needs = service.store.database["needs"]
    stored = await needs.find_one({"_id": again["id"]})
    assert stored is not None
    await needs.update_one({"_id": again["id"]}, {"$set": {"posted_at": stored["posted_at"] - timedelta(hours=73)}})
    assert await duplicates(service, kept) == []
    await needs.update_one({"_id": again["id"]}, {"$set": {"posted_at": stored["posted_at"] - timedelta(hours=71)}})
    [found] = await duplicates(service, kept)
    assert "前后差 71 小时" in found["reason"]
    await needs.update_one({"_id": again["id"]}, {"$set": {"status": "completed"}})
    assert await duplicates(service, kept) == []
    assert await duplicates(service, again) == []


async def test_one_resident_who_asks_twice_is_recognised_by_the_telephone(service: Service) -> None:
    contact = {"phone": "00012345678"}
    need = await service.need("厨房水龙头滴水", Role.COMMUNITY, contact=contact)
    other = await service.need("水池上面那个嘴子关不住，一直滴", Role.COMMUNITY, contact=contact)
    [found] = await duplicates(service, need)
    assert (found["need"]["id"], found["same_resident"]) == (other["id"], True)
    assert found["reason"].startswith("同一位居民，")


async def test_a_merged_need_follows_the_kept_one_without_its_words_or_its_contact(service: Service) -> None:
    kept, again, first, second = await two_residents(service)
    merged = await act(service, again, "merge", {"into": kept["id"], "reason": "同一处爆管"})
    assert (merged["status"], merged["status_label"], merged["merged_into"]) == ("merged", "已合并", kept["id"])
    event = merged["events"][-1]
    assert (event["action"], event["why"], event["facts"]) == ("need.merged", "同一处爆管", {"need": kept["id"]})
    after = await read(service, kept, first)
    assert after["merged"] == [again["id"]]
    assert after["kept"] is None
    assert (after["events"][-1]["action"], after["events"][-1]["facts"]) == ("need.absorbed", {"need": again["id"]})

    order = await service.offer(kept, await service.volunteer(name="测试管工甲"))
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "换了一段管"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, 200)
    await told(service.store)
    notices = await service.call(second, "GET", "/api/v1/notices", expect=200)
    assert sorted(each["text"].partition("：")[0] for each in notices["items"]) == [
        "合并办理的需求已完成",
        "您的需求与另一条说的是同一件事，已合并办理",
    ]
    assert {each["need_id"] for each in notices["items"]} == {again["id"]}
    seen = await read(service, again, second)
    assert (seen["kept"]["id"], seen["kept"]["status"], seen["kept"]["status_label"]) == (kept["id"], "completed", "已完成")
    assert [step["label"] for step in seen["kept"]["steps"]][-4:] == ["派单", "接单", "开始服务", "完成"]
    for secret in ("周测试", "00012345678", "测试路", BURST, "测试管工甲", "换了一段管"):
        assert secret not in str(seen) + str(notices)
    await read(service, kept, second, expect=404)
    await read(service, again, first, expect=404)

    judged = {"responded": True, "resolved": True, "satisfied": True, "score": 5}
    await act(service, again, "evaluation", judged, 409, second)
    await act(service, kept, "evaluation", judged, 201, first)


async def test_nobody_is_sent_to_a_merged_need_and_it_leaves_the_queues(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    await act(service, again, "merge", {"into": kept["id"]})
    provider = await service.volunteer()
    assert (await service.offer(again, provider, expect=409))["present_status"] == "merged"
    await act(service, again, "understanding", {"confirmed": True}, 409)
    assert await duplicates(service, kept) == []
    listed = await service.call(Role.COMMUNITY, "GET", "/api/v1/needs?status=merged", expect=200)
    assert [each["id"] for each in listed["items"]] == [again["id"]]


async def test_a_merge_is_undone_while_the_kept_need_is_not_finished(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    await act(service, again, "merge", {"into": kept["id"]})
    opened = await act(service, again, "unmerge", {"reason": "不是一回事"})
    assert (opened["status"], opened["merged_into"], opened["kept"]) == ("open", None, None)
    assert (opened["events"][-1]["action"], opened["events"][-1]["why"]) == ("need.unmerged", "不是一回事")
    after = await read(service, kept)
    assert (after["merged"], after["events"][-1]["action"]) == ([], "need.released")
    assert (await act(service, again, "unmerge", {}, 409))["present_status"] == "open"

    await act(service, again, "merge", {"into": kept["id"]})
    order = await service.offer(kept, await service.volunteer())
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "好了"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, 200)
    assert (await act(service, again, "unmerge", {}, 409))["present_status"] == "completed"


async def test_what_cannot_be_merged_is_refused_and_nothing_changes(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    offered = await service.need(BURST_AGAIN)
    await service.offer(offered, await service.volunteer())
    third = await service.need(BURST_AGAIN)
    await act(service, again, "merge", {"into": kept["id"]})
    far = await service.need(BURST, Role.ADMIN, region=NEIGHBOUR_COMMUNITY)
    for role in (Role.STREET, Role.RESIDENT):
        await service.token(role)
    before = await snapshot(service.store)
    assert "into" in (await act(service, third, "merge", {"into": third["id"]}, 422))["fields"]
    assert (await act(service, offered, "merge", {"into": kept["id"]}, 409))["code"] == "still_in_use"
    assert (await act(service, kept, "merge", {"into": third["id"]}, 409))["code"] == "still_in_use"
    assert (await act(service, third, "merge", {"into": again["id"]}, 409))["present_status"] == "merged"
    assert (await act(service, again, "merge", {"into": third["id"]}, 409))["present_status"] == "merged"
    await act(service, third, "merge", {"into": far["id"]}, 404)
    await act(service, far, "merge", {"into": third["id"]}, 404)
    await act(service, third, "merge", {"into": "0" * 24}, 404)
    await act(service, third, "merge", {"into": kept["id"]}, 403, Role.RESIDENT)
    assert await snapshot(service.store) == before
    await act(service, third, "merge", {"into": far["id"]}, 200, Role.STREET)


async def test_two_who_merge_each_into_the_other_at_once_do_not_both_succeed(service: Service) -> None:
    kept, again, *_ = await two_residents(service)
    token = await service.token(Role.COMMUNITY)
    outcomes = await asyncio.gather(
        service.attempt(token, "POST", f"/api/v1/needs/{kept['id']}/merge", {"into": again["id"]}),
        service.attempt(token, "POST", f"/api/v1/needs/{again['id']}/merge", {"into": kept["id"]}),
    )
    assert sorted(status for status, _ in outcomes) == [200, 409]
