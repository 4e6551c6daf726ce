"""吹哨报到 over HTTP: called, reported in, proposed, vetoed, closed; who sees what; squads, 双报到, assessment."""

import asyncio
from typing import Any

from models.vocabulary import ProviderKind, Role
from tests.api.support import ADDRESSES, until
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service

WHISTLES = "/api/v1/whistles"


async def party_unit(service: Service, name: str = "测试供电所", **changes: Any) -> dict[str, Any]:
    body = {"name": name, "skills": ["抢修"], "region": COMMUNITY, "capacity": 3, "type": "department"}
    answer: dict[str, Any] = await service.call(
        Role.ADMIN, "POST", ADDRESSES[ProviderKind.ORGANISATION], body | changes, expect=201
    )
    return answer


def ref(provider: dict[str, Any]) -> dict[str, str]:
    return {"kind": provider["kind"], "id": provider["id"]}


async def blow(service: Service, *units: dict[str, Any], expect: int = 201, **changes: Any) -> dict[str, Any]:
    body = {"text": "河堤有险情", "region": GRID, "units": [ref(each) for each in units]}
    answer: dict[str, Any] = await service.call(Role.COMMUNITY, "POST", WHISTLES, body | changes, expect=expect)
    return answer


async def step(service: Service, who: Role | str, whistle: dict[str, Any], act: str, body: Any, expect: int = 200) -> Any:
    return await service.call(who, "POST", f"{WHISTLES}/{whistle['id']}/{act}", body, expect=expect)


def statuses(whistle: dict[str, Any]) -> dict[str, str]:
    return {each["unit"]["name"]: each["status"] for each in whistle["units"]}


async def test_a_called_unit_reports_in_proposes_is_vetoed_and_is_closed_and_rated_by_the_caller(service: Service) -> None:
    power, water = await party_unit(service), await party_unit(service, "测试水务所")
    whistle = await blow(service, power, water)
    assert (whistle["status"], whistle["minutes"], statuses(whistle)) == (
        "open",
        30,
        {"测试供电所": "called", "测试水务所": "called"},
    )
    token = await service.as_provider(power)
    assert statuses(await step(service, token, whistle, "report-in", {})) == {"测试供电所": "reported"}
    assert (await step(service, token, whistle, "propose-closing", {"summary": "已抢通"}))["status"] == "proposed"
    vetoed = await step(service, Role.COMMUNITY, whistle, "veto", {"reason": "还在渗水"})
    assert (vetoed["status"], vetoed["proposal"], vetoed["vetoes"][0]["reason"]) == ("open", None, "还在渗水")
    await step(service, Role.COMMUNITY, whistle, "close", {"summary": "已排除"}, expect=422)
    ratings = [{"unit": ref(power), "rating": 4, "remark": "到得快"}]
    closed = await step(service, Role.COMMUNITY, whistle, "close", {"summary": "已排除", "ratings": ratings})
    assert (closed["status"], statuses(closed)) == ("closed", {"测试供电所": "reported", "测试水务所": "excused"})
    assert [event["action"] for event in closed["events"]] == [
        "whistle.called",
        "whistle.reported",
        "whistle.proposed",
        "whistle.vetoed",
        "whistle.closed",
    ]
    await step(service, await service.as_provider(water), whistle, "report-in", {}, expect=409)
    await step(service, Role.COMMUNITY, whistle, "close", {"summary": "又一次", "ratings": ratings}, expect=409)


async def test_a_unit_sees_the_matter_and_itself_and_others_see_nothing(service: Service) -> None:
    power, water = await party_unit(service), await party_unit(service, "测试水务所")
    whistle = await blow(service, power, water)
    await step(service, Role.COMMUNITY, whistle, "report-in", {"unit": ref(water)})
    seen = await service.call(await service.as_provider(power), "GET", f"{WHISTLES}/{whistle['id']}", expect=200)
    assert (seen["text"], statuses(seen)) == ("河堤有险情", {"测试供电所": "called"})
    assert "测试水务所" not in str(seen)
    outsider = await service.as_provider(await party_unit(service, "测试环卫所"))
    neighbour = await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY)
    for stranger in (outsider, neighbour, await service.account(Role.VOLUNTEER)):
        await service.call(stranger, "GET", f"{WHISTLES}/{whistle['id']}", expect=404)
        await step(service, stranger, whistle, "report-in", {"unit": ref(power)}, expect=404)
        assert (await service.call(stranger, "GET", WHISTLES, expect=200))["items"] == []
    await step(service, await service.as_provider(power), whistle, "report-in", {"unit": ref(water)}, expect=404)


async def test_the_unit_is_told_to_come_and_the_caller_that_it_came(service: Service) -> None:
    power = await party_unit(service)
    token = await service.as_provider(power)
    whistle = await blow(service, power, note="带上发电机", minutes=15)
    await step(service, token, whistle, "report-in", {})

    async def told(who: Role | str) -> list[tuple[str, str]]:
        notices = (await service.call(who, "GET", "/api/v1/notices", expect=200))["items"]
        return [(each["kind"], each["text"]) for each in notices if each["whistle_id"] == whistle["id"]]

    async def both_are() -> bool:
        return bool(await told(token) and await told(Role.COMMUNITY))

    await until(both_are)
    [(kind, text)] = await told(token)
    assert kind == "whistle.called"
    assert "带上发电机" in text
    assert "15 分钟" in text
    assert [kind for kind, _ in await told(Role.COMMUNITY)] == ["whistle.reported"]


async def test_of_twenty_report_ins_and_a_close_at_once_each_unit_counts_once(service: Service) -> None:
    power = await party_unit(service)
    token = await service.as_provider(power)
    whistle = await blow(service, power)
    address = f"{WHISTLES}/{whistle['id']}"
    close = {"summary": "已排除", "ratings": [{"unit": ref(power), "rating": 5}]}
    answers = await asyncio.gather(
        *(service.attempt(token, "POST", address + "/report-in", {}) for _ in range(20)),
        service.attempt(Role.COMMUNITY, "POST", address + "/close", close),
    )
    reported = sum(status == 200 for status, _ in answers[:20])
    assert {status for status, _ in answers} <= {200, 409}
    final = await service.call(Role.COMMUNITY, "GET", address, expect=200)
    assert final["status"] == "closed"
    assert statuses(final) == {"测试供电所": "reported" if reported else "excused"}
    assert reported <= 1
    assert len(final["events"]) == 2 + reported


async def test_a_whistle_about_a_need_carries_its_words_and_is_found_by_it(service: Service) -> None:
    need = await service.need("小区大门口电线杆倒了")
    power = await party_unit(service)
    whistle = await blow(service, power, text="", region=None, need=need["id"])
    assert (whistle["text"], whistle["need"], whistle["region"]) == ("小区大门口电线杆倒了", need["id"], GRID)
    found = await service.call(Role.STREET, "GET", f"{WHISTLES}?need={need['id']}", expect=200)
    assert [each["id"] for each in found["items"]] == [whistle["id"]]
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/cancel", {"reason": "已扶起"}, expect=200)
    await blow(service, power, text="", region=None, need=need["id"], expect=409)


async def test_a_community_does_not_close_what_its_street_has_called(service: Service) -> None:
    power = await party_unit(service)
    body = {"text": "河堤有险情", "region": COMMUNITY, "units": [ref(power)]}
    whistle = await service.call(Role.STREET, "POST", WHISTLES, body, expect=201)
    await step(service, Role.COMMUNITY, whistle, "close", {"summary": "好了"}, expect=403)
    await step(service, Role.STREET, whistle, "close", {"summary": "好了"})


async def test_a_unit_from_elsewhere_can_be_called_once_it_has_registered(service: Service) -> None:
    far = await party_unit(service, "测试高校党委", region=FAR_COMMUNITY, type="party_unit")
    await blow(service, far, expect=422)
    token = await service.as_provider(far)
    made = await service.call(token, "POST", "/api/v1/registrations", {"community": COMMUNITY, "kind": "base"}, expect=201)
    listed = await service.call(Role.COMMUNITY, "GET", f"/api/v1/registrations?community={COMMUNITY}", expect=200)
    assert [each["provider"]["name"] for each in listed["items"]] == ["测试高校党委"]
    await service.call(token, "POST", "/api/v1/registrations", {"community": COMMUNITY, "kind": "base"}, expect=409)
    await blow(service, far)
    neighbour = await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY)
    assert (await service.call(neighbour, "GET", "/api/v1/registrations", expect=200))["items"] == []
    await service.call(neighbour, "DELETE", f"/api/v1/registrations/{made['id']}", expect=404)
    await service.call(token, "DELETE", f"/api/v1/registrations/{made['id']}", expect=204)
    await blow(service, far, expect=422)


async def test_only_units_and_party_members_register_and_only_with_a_community(service: Service) -> None:
    member, other = await service.volunteer(), await service.volunteer(party_member=False)
    path = "/api/v1/registrations"
    await service.call(await service.as_provider(member), "POST", path, {"community": COMMUNITY, "kind": "home"}, expect=201)
    await service.call(await service.as_provider(other), "POST", path, {"community": COMMUNITY, "kind": "home"}, expect=422)
    await service.call(await service.as_provider(member), "POST", path, {"community": GRID, "kind": "home"}, expect=422)
    body = {"community": COMMUNITY, "kind": "base", "provider": ref(member)}
    await service.call(Role.COMMUNITY, "POST", path, body, expect=201)
    await service.call(Role.COMMUNITY, "POST", path, body | {"community": FAR_COMMUNITY}, expect=422)


async def test_a_squad_is_called_as_one_and_its_members_answer_one_by_one(service: Service) -> None:
    members = [await service.volunteer(name=name) for name in ("测试甲", "测试乙")]
    body = {"name": "防汛队", "kind": "emergency", "region": COMMUNITY, "members": [ref(each) for each in members]}
    squad = await service.call(Role.COMMUNITY, "POST", "/api/v1/squads", body, expect=201)
    whistle = await blow(service, squads=[squad["id"]])
    assert {each["squad"]["name"] for each in whistle["units"]} == {"防汛队"}
    await step(service, await service.as_provider(members[0]), whistle, "report-in", {})
    ratings = [{"squad": squad["id"], "rating": 5, "remark": "好"}]
    closed = await step(service, Role.COMMUNITY, whistle, "close", {"summary": "已排除", "squad_ratings": ratings})
    assert {each["unit"]["name"]: (each["status"], each["rating"]) for each in closed["units"]} == {
        "测试甲": ("reported", 5),
        "测试乙": ("excused", None),
    }


async def test_a_squad_is_its_regions_to_change_and_a_lower_ones_to_call(service: Service) -> None:
    member = await service.volunteer()
    body = {"name": "街道应急队", "kind": "emergency", "region": COMMUNITY[:9], "members": [ref(member)]}
    squad = await service.call(Role.STREET, "POST", "/api/v1/squads", body, expect=201)
    path = f"/api/v1/squads/{squad['id']}"
    listed = await service.call(Role.COMMUNITY, "GET", "/api/v1/squads", expect=200)
    assert [each["id"] for each in listed["items"]] == [squad["id"]]
    await service.call(Role.COMMUNITY, "PATCH", path, {"name": "别的", "version": 1}, expect=404)
    await service.call(Role.COMMUNITY, "DELETE", path, expect=404)
    assert (await service.call(Role.STREET, "PATCH", path, {"name": "新名", "version": 1}, expect=200))["version"] == 2
    await service.call(Role.STREET, "PATCH", path, {"name": "旧名", "version": 1}, expect=409)
    await blow(service, squads=[squad["id"]])
    stranger = await service.account(Role.COMMUNITY, FAR_COMMUNITY)
    await service.call(stranger, "GET", path, expect=404)
    assert (await service.call(stranger, "GET", "/api/v1/squads", expect=200))["items"] == []
    await service.call(Role.STREET, "DELETE", path, expect=204)
    await blow(service, squads=[squad["id"]], expect=422)


async def test_a_unit_cannot_vanish_from_an_unfinished_whistle(service: Service) -> None:
    power = await party_unit(service)
    address = f"{ADDRESSES[ProviderKind.ORGANISATION]}/{power['id']}"
    whistle = await blow(service, power)
    await service.call(Role.ADMIN, "POST", "/api/v1/registrations",
                       {"community": COMMUNITY, "kind": "base", "provider": ref(power)}, expect=201)  # fmt: skip
    refused = await service.call(Role.ADMIN, "DELETE", address, expect=409)
    assert "事不完，人不撤" in refused["detail"]
    await step(service, Role.COMMUNITY, whistle, "close", {"summary": "误吹"})
    await service.call(Role.ADMIN, "DELETE", address, expect=204)
    assert (await service.call(Role.COMMUNITY, "GET", "/api/v1/registrations", expect=200))["items"] == []
