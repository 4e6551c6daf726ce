"""吹哨报到 by the pages of who is called: with a clock, as a unit or as a member of a squad; and 双报到."""

from typing import Any

from models.vocabulary import ProviderKind, Role
from tests.api.support import ADDRESSES, NOWHERE, OWN_FIELDS, PROFILE, told
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service
from tests.console.conftest import VisitorOf


async def organisation(service: Service) -> dict[str, Any]:
    body = (
        PROFILE
        | OWN_FIELDS[ProviderKind.ORGANISATION]
        | {"name": "供电所（测试）", "away_from": None, "away_to": None, "substitute": None}
    )
    answer: dict[str, Any] = await service.call(Role.ADMIN, "POST", ADDRESSES[ProviderKind.ORGANISATION], body, expect=201)
    return answer


async def test_a_unit_reports_in_and_asks_for_the_end_until_the_caller_agrees(service: Service, visitor_of: VisitorOf) -> None:
    unit = await organisation(service)
    me = {"kind": unit["kind"], "id": unit["id"]}
    visitor = await visitor_of(await service.as_provider(unit))
    assert "没有人吹哨" in (await visitor.get("/me/whistles")).words
    called = {
        "text": "河堤<b>有</b>险情",
        "region": COMMUNITY,
        "units": [me],
        "note": "带沙袋",
    }
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", called, expect=201)
    path = f"/me/whistles/{whistle['id']}"
    await told(service.store)
    [notice] = [each async for each in service.store.database["notices"].find({"kind": "whistle.called"})]
    assert (await visitor.get(f"/me/notices/{notice['_id']}")).path == path
    assert "有人吹哨，请报到" in (await visitor.get("/me")).words
    listed = await visitor.get("/me/whistles")
    assert "河堤&lt;b&gt;有&lt;/b&gt;险情" in listed.text
    assert "请报到 还剩 29 分钟" in listed.words
    early = await visitor.post(f"{path}/propose-closing", {"summary": "好了"})
    assert (early.status, "报到以后才能申请办结" in early.words) == (409, True)
    assert "已报到" in (await visitor.post(f"{path}/report-in")).words
    assert "有人吹哨" not in (await visitor.get("/me")).words
    assert (await visitor.post(f"{path}/report-in")).status == 409
    assert "等吹哨的一方答复" in (await visitor.post(f"{path}/propose-closing", {"summary": "堵住了"})).words
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/whistles/{whistle['id']}/veto", {"reason": "还在渗水"}, expect=200)
    assert "没有同意办结" in (await visitor.get(path)).words
    rating = {"unit": me, "rating": 5, "remark": "来得快"}
    closing = {"summary": "险情已排除", "ratings": [rating]}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/whistles/{whistle['id']}/close", closing, expect=200)
    ended = await visitor.get(path)
    assert "险情已排除" in ended.words
    assert "5 分：来得快" in ended.words
    stranger = await visitor_of(await service.as_provider(await service.volunteer()))
    assert (await stranger.get(path)).status == 404
    assert (await stranger.post(f"{path}/report-in")).status == 404


async def test_a_member_answers_for_their_squad_and_sees_whom_they_are_called_with(
    service: Service, visitor_of: VisitorOf
) -> None:
    volunteer, unit = await service.volunteer(name="张三（测试）"), await organisation(service)
    members = [{"kind": each["kind"], "id": each["id"]} for each in (volunteer, unit)]
    body = {"name": "防汛队", "kind": "emergency", "region": COMMUNITY, "members": members}
    squad = await service.call(Role.COMMUNITY, "POST", "/api/v1/squads", body, expect=201)
    token = await service.as_provider(volunteer)
    visitor = await visitor_of(token)
    assert "防汛队 应急队" in (await visitor.get("/me/whistles")).words
    assert [each["id"] for each in (await service.call(token, "GET", "/api/v1/me/squads", expect=200))["items"]] == [squad["id"]]
    called = {"text": "集合演练", "region": COMMUNITY, "squads": [squad["id"]]}
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", called, expect=201)
    seen = await visitor.post(f"/me/whistles/{whistle['id']}/report-in")
    assert "“防汛队”队员" in seen.words
    assert "供电所" not in seen.words
    assert (await service.call(await service.account(Role.VOLUNTEER), "GET", "/api/v1/me/squads", expect=200))["items"] == []


async def test_units_and_party_members_register_with_communities_and_leave_again(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(await service.as_provider(await service.volunteer()))
    page = await visitor.get("/me/registrations")
    assert f'value="{COMMUNITY}"' in page.text
    far = f"/me/registrations?within={FAR_COMMUNITY[:9]}"
    assert f'value="{FAR_COMMUNITY}"' in (await visitor.get(far)).text
    joined = await visitor.post(far, {"community": FAR_COMMUNITY, "kind": "home"})
    assert "居住地报到" in joined.words
    twice = await visitor.post(far, {"community": FAR_COMMUNITY, "kind": "home"})
    assert (twice.status, "已经在这个社区报到过了" in twice.words) == (409, True)
    assert (await visitor.post(far, {"community": "", "kind": "home"})).status == 422
    [registration] = [each async for each in service.store.database["registrations"].find({})]
    left = await visitor.post(f"/me/registrations/{registration['_id']}/remove")
    assert "还没有向社区报到" in left.words
    assert (await visitor.post(f"/me/registrations/{NOWHERE}/remove")).status == 404
    other = await visitor_of(await service.as_provider(await service.volunteer(party_member=False)))
    assert "双报到由单位和党员办理" in (await other.get("/me/registrations")).words
