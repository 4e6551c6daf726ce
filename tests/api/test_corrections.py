"""更正理解: what a person says counts, the model's word stays beside it, and the review queue is worked from its urgent end."""

from typing import Any

import pytest

from models.vocabulary import Role
from tests.api.support import snapshot
from tests.conftest import GRID, NEIGHBOUR_COMMUNITY, Service

# Nothing in it says what is wanted.
VAGUE = "那个事情麻烦帮忙看一下"


async def correct(
    service: Service, need: dict[str, Any], body: dict[str, Any], expect: int = 200, who: Any = Role.COMMUNITY
) -> Any:
    return await service.call(who, "POST", f"/api/v1/needs/{need['id']}/understanding", body, expect)


async def queue(service: Service, query: str = "", who: Role | str = Role.COMMUNITY) -> list[str]:
    """The ids of the queue, gathered page by page."""
    ids: list[str] = []
    cursor = ""
    while True:
        page = await service.call(who, "GET", f"/api/v1/needs?review=true&limit=2{query}{cursor}", expect=200)
        ids += [each["id"] for each in page["items"]]
        if page["next"] is None:
            return ids
        cursor = f"&cursor={page['next']}"


async def example(service: Service, need: dict[str, Any]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = await service.store.database["examples"].find_one({"_id": need["id"]})
    return found


async def test_a_correction_counts_from_then_on_and_keeps_what_the_model_had_said(service: Service) -> None:
    need = await service.need(VAGUE)
    said = need["understanding"]
    assert said["needs_review"]
    body = {
        "services": ["drain", {"code": "plumbing"}],
        "urgency": 3,
        "people": 2,
        "window": {"from": "2027-03-01T09:00:00+08:00", "to": "2027-03-01T11:00:00+08:00"},
        "reason": "电话里问过了",
    }
    after = await correct(service, need, body)
    understood = after["understanding"]
    assert [(each["code"], each["confidence"]) for each in understood["services"]] == [("drain", 1.0), ("plumbing", 1.0)]
    assert (understood["urgency"], understood["people"], after["people"], understood["needs_review"]) == (3, 2, 2, False)
    assert understood["window"]["from"].startswith("2027-03-01T01:00")
    me = await service.call(Role.COMMUNITY, "GET", "/api/v1/me", expect=200)
    assert (understood["corrected_by"], understood["corrected_at"]) == (me["id"], after["changed_at"])
    assert understood["said"] == {key: said[key] for key in ("services", "urgency", "people", "window")}
    assert understood["model_version"] == said["model_version"]

    event = after["events"][-1]
    assert (event["action"], event["why"], event["by_name"]) == ("need.corrected", "电话里问过了", me["name"])
    assert event["facts"]["before"]["services"] == [said["services"][0]["code"]]
    assert event["facts"]["after"] == {
        "services": ["drain", "plumbing"],
        "urgency": 3,
        "people": 2,
        "window": understood["window"],
    }


async def test_the_next_ranking_goes_by_the_correction(service: Service) -> None:
    plumber = await service.volunteer()
    need = await service.need(VAGUE)
    await correct(service, need, {"services": ["plumbing"]})
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert [each["provider"]["id"] for each in found["candidates"]] == [plumber["id"]]


async def test_a_confirmation_ends_the_review_and_is_told_apart_from_a_change(service: Service) -> None:
    for body in ({"confirmed": True}, {"services": ["plumbing"]}, {"services": ["plumbing"], "confirmed": True}):
        need = await service.need()
        assert need["understanding"]["services"][0]["code"] == "plumbing"
        after = await correct(service, need, body)
        assert after["events"][-1]["action"] == "need.verified"
        assert [each["code"] for each in after["understanding"]["services"]] == ["plumbing"]
        assert not after["understanding"]["needs_review"]
        kept = await example(service, need)
        assert kept is not None
        assert (kept["codes"], kept["said_code"], kept["urgency"]) == (["plumbing"], "plumbing", need["understanding"]["urgency"])


async def test_a_second_correction_keeps_the_models_word_and_one_example(service: Service) -> None:
    need = await service.need()
    await correct(service, need, {"services": ["drain"], "window": None})
    after = await correct(service, need, {"services": ["house_repair"]})
    assert after["understanding"]["said"]["services"] == need["understanding"]["services"]
    assert after["events"][-1]["facts"]["before"]["services"] == ["drain"]
    kept = await example(service, need)
    assert kept is not None
    assert (kept["codes"], kept["said_code"]) == (["house_repair"], "plumbing")
    assert await service.store.database["examples"].count_documents({}) == 1
    # What was named by a person is confirmed whole, not only its first item.
    await correct(service, need, {"services": ["drain", "plumbing"]})
    confirmed = await correct(service, need, {"confirmed": True})
    assert [each["code"] for each in confirmed["understanding"]["services"]] == ["drain", "plumbing"]


async def test_an_example_holds_the_words_without_numbers_doors_name_or_contact(service: Service) -> None:
    contact = {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"}
    text = "我家3栋2单元501室厨房龙头关不紧，电话00013812345，找周测试"
    need = await service.need(text, contact=contact, window={"from": "2027-03-01T09:00:00Z", "to": "2027-03-01T11:00:00Z"})
    await correct(service, need, {"confirmed": True})
    kept = await example(service, need)
    assert kept is not None
    assert kept["text"] == "我家某栋某单元某室厨房龙头关不紧，电话某号码，找某某"
    assert set(kept) == {"_id", "text", "codes", "urgency", "people", "said_code", "model_version", "by", "at"}
    assert kept["model_version"] == need["understanding"]["model_version"]


async def test_fewer_people_than_came_cannot_be_asked_for_and_places_given_up_close_their_offers(service: Service) -> None:
    need = await service.need(people=3)
    people = [await service.volunteer() for _ in range(3)]
    orders = [await service.offer(need, each) for each in people]
    for order in orders[:2]:
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    refused = await correct(service, need, {"people": 1}, expect=422)
    assert "不能少于 2 人" in refused["fields"]["people"][0]
    after = await correct(service, need, {"people": 2})
    assert (after["status"], after["people"], after["taken"]) == ("accepted", 2, 2)
    assert sorted(each["status"] for each in after["orders"]) == ["accepted", "accepted", "filled"]
    assert [each["action"] for each in after["events"]][-2:] == ["need.corrected", "order.filled"]
    again = await correct(service, need, {"people": 3})
    assert (again["status"], again["people"]) == ("open", 3)


async def test_what_cannot_be_corrected_is_refused_and_nothing_changes(service: Service) -> None:
    need = await service.need()
    silent = await service.need("？？！！")
    assert silent["understanding"]["services"] == []
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    assert "confirmed" in (await correct(service, need, {}, 422))["fields"]
    assert "confirmed" in (await correct(service, need, {"revision": 1, "reason": "无"}, 422))["fields"]
    assert "services" in (await correct(service, need, {"services": ["no_such_item"]}, 422))["fields"]
    assert "services" in (await correct(service, silent, {"confirmed": True}, 422))["fields"]
    stale = await correct(service, need, {"urgency": 4, "revision": 7}, 409)
    assert (stale["code"], stale["present_version"]) == ("stale_version", 1)
    assert await snapshot(service.store) == before
    assert (await correct(service, need, {"urgency": 4, "revision": need["revision"]}))["revision"] == 2
    await correct(service, silent, {"services": ["plumbing"]})


async def test_a_need_that_was_judged_is_past_correction(service: Service) -> None:
    need = await service.need()
    order = await service.offer(need, await service.volunteer())
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "好了"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, 200)
    await correct(service, need, {"services": ["drain"]})
    judged = {"responded": True, "resolved": True, "satisfied": True, "score": 5}
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/evaluation", judged, 201)
    refused = await correct(service, need, {"services": ["plumbing"]}, 409)
    assert (refused["code"], refused["present_status"]) == ("transition_not_allowed", "evaluated")


@pytest.mark.parametrize("who", [Role.RESIDENT, Role.VOLUNTEER])
async def test_only_overseers_correct(service: Service, who: Role) -> None:
    await correct(service, await service.need(), {"confirmed": True}, 403, who)


async def test_an_overseer_of_another_region_finds_nothing_to_correct(service: Service) -> None:
    stranger = await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY)
    need = await service.need(VAGUE)
    await correct(service, need, {"confirmed": True}, 404, stranger)
    assert await queue(service, who=stranger) == []


async def test_the_review_queue_holds_the_most_urgent_first_and_of_those_the_oldest(service: Service) -> None:
    needs = [await service.need(VAGUE, urgency=urgency) for urgency in (1, 3, 2, 4, 3)]
    await service.need()
    expected = [needs[at]["id"] for at in (3, 1, 4, 2, 0)]
    assert await queue(service) == expected
    assert await queue(service, who=Role.ADMIN) == expected
    assert await queue(service, f"&region={GRID}") == expected
    assert await queue(service, "&status=offered") == []
    await correct(service, needs[1], {"services": ["plumbing"]})
    assert await queue(service) == [expected[0], *expected[2:]]


@pytest.mark.parametrize("cursor", ["bm9uc2Vuc2U=", "MDAwMDAw", "Njow", "OTowMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="])
async def test_a_cursor_of_another_list_is_refused_by_the_review_queue(service: Service, cursor: str) -> None:
    refused = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs?review=true&cursor={cursor}", expect=422)
    assert "cursor" in refused["fields"]
