"""What somebody may not see is not there for them: 404, and nothing in their lists."""

from dataclasses import dataclass
from typing import Any

import pytest

from models.vocabulary import Role
from tests.api.support import BODIES, own_profile, ref_of, snapshot, told
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service

CONTACT = {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"}
MASKED = {"name": "周**", "phone": "000****5678", "address": "***"}
SEERS = ("owner", "community", "street", "admin", "asked")
STRANGERS = ("other_resident", "neighbour", "far", "other_street", "not_asked", "unregistered")
OVERSEERS = ("community", "street", "admin")


@dataclass
class Town:
    service: Service
    tokens: dict[str, str]
    need: dict[str, Any]
    order: dict[str, Any]
    asked: dict[str, Any]
    not_asked: dict[str, Any]

    async def call(self, who: str, method: str, path: str, body: object = None, expect: int = 200) -> Any:
        return await self.service.call(self.tokens[who], method, path, body, expect)


@pytest.fixture
async def town(service: Service) -> Town:
    """Two communities of one street, one far away; a need in the first, offered to one of two volunteers."""
    asked, asked_token = await own_profile(service, name="被派的人")
    not_asked, not_asked_token = await own_profile(service, name="没派的人")
    tokens = {
        "owner": await service.token(Role.RESIDENT),
        "other_resident": await service.account(Role.RESIDENT, COMMUNITY),
        "community": await service.token(Role.COMMUNITY),
        "neighbour": await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY),
        "far": await service.account(Role.COMMUNITY, FAR_COMMUNITY),
        "street": await service.token(Role.STREET),
        "other_street": await service.account(Role.STREET, FAR_COMMUNITY[:9]),
        "admin": await service.token(Role.ADMIN),
        "asked": asked_token,
        "not_asked": not_asked_token,
        "unregistered": await service.account(Role.VOLUNTEER),
    }
    need = await service.need(contact=CONTACT, point={"lng": 114.3, "lat": 30.6}, people=2)
    order = await service.offer(need, asked)
    return Town(service, tokens, need, order, asked, not_asked)


async def test_a_need_is_there_for_its_resident_its_overseers_and_who_was_asked(town: Town) -> None:
    for who in SEERS:
        assert (await town.call(who, "GET", f"/api/v1/needs/{town.need['id']}"))["id"] == town.need["id"]
        assert (await town.call(who, "GET", f"/api/v1/orders/{town.order['id']}"))["id"] == town.order["id"]
    for who in STRANGERS:
        await town.call(who, "GET", f"/api/v1/needs/{town.need['id']}", expect=404)
        await town.call(who, "GET", f"/api/v1/orders/{town.order['id']}", expect=404)


async def test_what_is_not_there_for_somebody_looks_like_what_is_not_there_at_all(town: Town) -> None:
    for path, missing in (
        (f"/api/v1/needs/{town.need['id']}", "/api/v1/needs/x"),
        (f"/api/v1/orders/{town.order['id']}", "/api/v1/orders/x"),
    ):
        hidden, absent = (
            await town.call("neighbour", "GET", path, expect=404),
            await town.call("neighbour", "GET", missing, expect=404),
        )
        assert {**hidden, "request_id": ""} == {**absent, "request_id": ""}


async def test_a_profile_is_there_for_its_owner_and_the_overseers_of_its_home(town: Town) -> None:
    path = f"/api/v1/volunteers/{town.asked['id']}"
    for who in (*OVERSEERS, "asked"):
        await town.call(who, "GET", path)
    for who in ("neighbour", "far", "other_street", "not_asked", "unregistered"):
        await town.call(who, "GET", path, expect=404)
    await town.call("admin", "GET", f"/api/v1/organisations/{town.asked['id']}", expect=404)


@pytest.mark.parametrize("who", STRANGERS)
async def test_nobody_acts_on_what_they_cannot_see(town: Town, who: str) -> None:
    before = await snapshot(town.service.store)
    need, order, profile = (
        f"/api/v1/needs/{town.need['id']}",
        f"/api/v1/orders/{town.order['id']}",
        f"/api/v1/volunteers/{town.asked['id']}",
    )
    calls: list[tuple[str, str, Any]] = [("POST", f"{need}/evaluation", BODIES["EvaluationShape"])]
    if who != "other_resident":
        calls += [("POST", f"{order}/{action}", None) for action in ("accept", "start")]
        calls += [("POST", f"{order}/decline", BODIES["DeclineShape"]), ("POST", f"{order}/complete", BODIES["CompleteShape"])]
        calls += [("PATCH", profile, {"bio": "改了", "version": 1}), ("DELETE", profile, None)]
    if who in ("neighbour", "far", "other_street"):
        calls += [("GET", f"{need}/candidates", None), ("POST", f"{need}/orders", {"provider": provider_of(town.not_asked)})]
    for method, path, body in calls:
        await town.call(who, method, path, body, expect=404)
    assert await snapshot(town.service.store) == before


def provider_of(profile: dict[str, Any]) -> dict[str, str]:
    return {"kind": profile["kind"], "id": profile["id"]}


async def test_lists_hold_only_what_is_the_callers(town: Town) -> None:
    elsewhere = await town.service.need(who=town.tokens["far"], region=FAR_COMMUNITY, channel="hotline")
    stranger = await town.service.volunteer(region=FAR_COMMUNITY)
    here, both = {town.need["id"]}, {town.need["id"], elsewhere["id"]}
    people = {town.asked["id"], town.not_asked["id"]}
    seen: dict[str, tuple[set[str], set[str] | None, set[str] | None]] = {
        "owner": (here, None, None),
        "other_resident": (set(), None, None),
        "community": (here, {town.order["id"]}, people),
        "street": (here, {town.order["id"]}, people),
        "neighbour": (set(), set(), set()),
        "far": ({elsewhere["id"]}, set(), {stranger["id"]}),
        "other_street": ({elsewhere["id"]}, set(), {stranger["id"]}),
        "admin": (both, {town.order["id"]}, people | {stranger["id"]}),
        "asked": (here, {town.order["id"]}, {town.asked["id"]}),
        "not_asked": (set(), set(), {town.not_asked["id"]}),
        "unregistered": (set(), set(), set()),
    }
    for who, lists in seen.items():
        for name, expected in zip(("needs", "orders", "volunteers"), lists, strict=True):
            if expected is None:
                await town.call(who, "GET", f"/api/v1/{name}", expect=403)
                continue
            found = await town.call(who, "GET", f"/api/v1/{name}")
            assert {item["id"] for item in found["items"]} == expected, (who, name)


@pytest.mark.parametrize("asked", [FAR_COMMUNITY, FAR_COMMUNITY[:2], NEIGHBOUR_COMMUNITY, "-", ":", "3"])
async def test_asking_for_a_region_outside_ones_own_finds_nothing(town: Town, asked: str) -> None:
    await town.service.need(who=town.tokens["far"], region=FAR_COMMUNITY, channel="hotline")
    await town.service.volunteer(region=FAR_COMMUNITY)
    for name in ("needs", "volunteers"):
        assert (await town.call("community", "GET", f"/api/v1/{name}?region={asked}"))["items"] == []


async def test_asking_for_a_region_above_ones_own_finds_only_ones_own(town: Town) -> None:
    for name, count in (("needs", 1), ("volunteers", 2)):
        assert len((await town.call("community", "GET", f"/api/v1/{name}?region={COMMUNITY[:2]}"))["items"]) == count
        assert (await town.call("neighbour", "GET", f"/api/v1/{name}?region={COMMUNITY[:2]}"))["items"] == []


async def test_mine_is_empty_for_an_overseer_who_serves_nobody(town: Town) -> None:
    assert (await town.call("community", "GET", "/api/v1/orders?mine=true"))["items"] == []
    assert len((await town.call("asked", "GET", "/api/v1/orders?mine=true"))["items"]) == 1


async def test_a_contact_is_masked_until_the_order_is_accepted(town: Town) -> None:
    need, order = f"/api/v1/needs/{town.need['id']}", f"/api/v1/orders/{town.order['id']}"
    hidden = await town.call("asked", "GET", need)
    assert (hidden["contact"], hidden["point"]) == (MASKED, None)
    assert (await town.call("asked", "GET", order))["need"]["contact"] == MASKED
    for who in ("owner", *OVERSEERS):
        assert (await town.call(who, "GET", need))["contact"] == CONTACT
        assert (await town.call(who, "GET", order))["need"]["contact"] == CONTACT
    accepted = await town.call("asked", "POST", f"{order}/accept")
    assert accepted["need"]["contact"] == CONTACT
    shown = await town.call("asked", "GET", need)
    assert (shown["contact"], shown["point"]) == (CONTACT, {"lng": 114.3, "lat": 30.6})
    assert (await town.call("asked", "GET", order))["need"]["contact"] == CONTACT


async def test_telephone_and_door_in_the_words_are_masked_until_the_order_is_accepted(town: Town) -> None:
    words = "幸福路18号3栋502室水管漏水，电话 027-88886666"
    need = await town.service.need(words)
    order = await town.service.offer(need, town.not_asked)
    path = f"/api/v1/orders/{order['id']}"
    seen = [(await town.call("not_asked", "GET", path))["need"]["text"]]
    seen += [each["text"] for each in (await town.call("not_asked", "GET", "/api/v1/needs"))["items"]]
    seen.append((await town.call("not_asked", "GET", f"/api/v1/needs/{need['id']}"))["text"])
    await told(town.service.store)
    notices = [each async for each in town.service.store.database["notices"].find({"order_id": order["id"]})]
    seen += [each["text"] for each in notices if each["kind"] == "order.offered"]
    assert len(seen) == 4
    for text in seen:
        assert "水管漏水" in text
        assert not any(hidden in text for hidden in ("88886666", "502", "3栋"))
    assert (await town.call("community", "GET", path))["need"]["text"] == words
    assert (await town.call("not_asked", "POST", f"{path}/accept"))["need"]["text"] == words


async def test_who_declined_never_learns_the_contact(town: Town) -> None:
    declined = await town.call("asked", "POST", f"/api/v1/orders/{town.order['id']}/decline", {"reason": "不在家"})
    assert declined["need"]["contact"] == MASKED
    assert (await town.call("asked", "GET", f"/api/v1/needs/{town.need['id']}"))["contact"] == MASKED


async def test_who_declined_reads_nobodys_number_in_what_was_written_later_nor_how_others_were_judged(town: Town) -> None:
    path, hidden = f"/api/v1/needs/{town.need['id']}", ("88886666", "502")
    await town.call("asked", "POST", f"/api/v1/orders/{town.order['id']}/decline", {"reason": "不在家"})
    served = await town.service.offer(town.need, town.not_asked)
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "修好了"})):
        await town.call("not_asked", "POST", f"/api/v1/orders/{served['id']}/{step}", body)
    await town.call("owner", "POST", f"{path}/reopen", {"reason": "又漏了，到502室来，电话 027-88886666"})
    await town.call("community", "POST", f"{path}/handle", {"summary": "去了502室，电话 027-88886666"})
    judged = {"responded": True, "resolved": True, "satisfied": True, "score": 5, "comment": "谢谢，502室周测试"}
    await town.call("owner", "POST", f"{path}/evaluation", judged, expect=201)
    seen, listed = await town.call("asked", "GET", path), await town.call("asked", "GET", "/api/v1/needs")
    assert [each for each in hidden if each in repr((seen, listed))] == []
    assert (seen["evaluation"], "need.evaluated" in repr(seen["events"]), "又漏了" in repr(seen["events"])) == (None, False, True)
    full = await town.call("owner", "GET", path)
    assert full["evaluation"]["comment"] == "谢谢，502室周测试"
    assert all(each in repr(full["events"]) for each in hidden)


async def test_in_lists_every_contact_is_masked_for_everybody(town: Town) -> None:
    await town.call("asked", "POST", f"/api/v1/orders/{town.order['id']}/accept")
    for who in SEERS:
        line = (await town.call(who, "GET", "/api/v1/needs"))["items"][0]
        assert (line["contact"], line["point"]) == (MASKED, None), who
    for who in (*OVERSEERS, "asked"):
        assert (await town.call(who, "GET", "/api/v1/orders"))["items"][0]["need"]["contact"] == MASKED, who


async def test_a_provider_sees_of_a_need_only_their_own_order_and_its_events(town: Town) -> None:
    await town.service.offer(town.need, town.not_asked)
    for who, profile in (("asked", town.asked), ("not_asked", town.not_asked)):
        need = await town.call(who, "GET", f"/api/v1/needs/{town.need['id']}")
        assert [order["provider"]["id"] for order in need["orders"]] == [profile["id"]]
        mine = need["orders"][0]["id"]
        assert [(event["action"], event["order_id"]) for event in need["events"]] == [
            ("need.posted", None),
            ("order.offered", mine),
        ]
        other = town.not_asked if profile is town.asked else town.asked
        assert other["id"] not in repr(need)
        assert other["name"] not in repr(need)
    full = await town.call("owner", "GET", f"/api/v1/needs/{town.need['id']}")
    assert len(full["orders"]) == 2
    assert len(full["events"]) == 3


@pytest.mark.parametrize("who", ["community", "street"])
async def test_an_overseer_posts_and_registers_only_at_home(town: Town, who: str) -> None:
    before = await snapshot(town.service.store)
    body = {"text": "水管漏水", "region": FAR_COMMUNITY, "channel": "patrol"}
    assert "region" in (await town.call(who, "POST", "/api/v1/needs", body, expect=422))["fields"]
    profile = {"name": "外地人", "skills": [], "region": FAR_COMMUNITY}
    assert "region" in (await town.call(who, "POST", "/api/v1/volunteers", profile, expect=422))["fields"]
    change = {"region": FAR_COMMUNITY, "version": 1}
    assert "region" in (await town.call(who, "PATCH", f"/api/v1/volunteers/{town.asked['id']}", change, expect=422))["fields"]
    assert await snapshot(town.service.store) == before


async def test_a_resident_posts_in_their_own_name_only(town: Town) -> None:
    body = {"text": "水管漏水", "region": GRID, "channel": "hotline"}
    assert "channel" in (await town.call("owner", "POST", "/api/v1/needs", body, expect=422))["fields"]


async def test_a_provider_registers_once_and_only_as_what_they_are(town: Town) -> None:
    profile = {"name": "再来一次", "skills": ["修水管"], "region": GRID}
    assert (await town.call("asked", "POST", "/api/v1/volunteers", profile, expect=409))["code"] == "duplicate"
    await town.call("asked", "POST", "/api/v1/social-workers", profile, expect=403)
    me = await town.call("asked", "GET", "/api/v1/me")
    assert me["provider"] == {"kind": ref_of(town.asked).kind, "id": town.asked["id"]}


async def test_an_overseer_who_was_given_no_region_sees_nothing(service: Service) -> None:
    need, volunteer = await service.need(), await service.volunteer()
    await service.offer(need, volunteer)
    token = await service.account(Role.COMMUNITY, None)
    for path in ("/api/v1/needs", "/api/v1/orders", "/api/v1/volunteers"):
        assert (await service.call(token, "GET", path, expect=200))["items"] == []
    await service.call(token, "GET", f"/api/v1/needs/{need['id']}", expect=404)
