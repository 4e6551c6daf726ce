"""我的资料 and 我的记录 by the pages: what one writes is kept, what was understood is shown, what is known is said."""

from typing import Any

from models.vocabulary import ProviderKind, Role
from tests.api.support import ADDRESSES, OWN_FIELDS, own_profile
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.conftest import Visitor, VisitorOf

JOIN = {
    "region": COMMUNITY,
    "name": "王五（测试）",
    "skills": "修水管\n陪老人看病，教用手机",
    "bio": "",
    "contact.phone": "00012340000",
}


async def own(service: Service, token: str) -> dict[str, Any]:
    me = await service.call(token, "GET", "/api/v1/me", expect=200)
    kind = ProviderKind(me["provider"]["kind"])
    answer: dict[str, Any] = await service.call(token, "GET", f"{ADDRESSES[kind]}/{me['provider']['id']}", expect=200)
    return answer


async def save(visitor: Visitor, part: str, version: int, **typed: str) -> Any:
    return await visitor.post(f"/me/profile/{part}", {"version": str(version)} | typed)


async def test_somebody_new_chooses_their_community_step_by_step_and_registers(service: Service, visitor_of: VisitorOf) -> None:
    own_fields = {ProviderKind.VOLUNTEER: {"party_member": "true"}, ProviderKind.SOCIAL_WORKER: {"credential": "assistant"},
                  ProviderKind.ORGANISATION: {"type": "charity"}}  # fmt: skip
    for kind in ProviderKind:
        token = await service.account(Role(kind))
        visitor = await visitor_of(token)
        top = await visitor.get("/me/profile")
        assert (top.path, "?within=42" in top.text) == ("/me/profile/new", True)
        street = await visitor.get(f"/me/profile/new?within={COMMUNITY[:9]}")
        assert f'value="{COMMUNITY}"' in street.text
        poor = await visitor.post(f"/me/profile/new?within={COMMUNITY[:9]}", JOIN | {"skills": " ", "region": ""})
        assert (poor.status, "至少写一项" in poor.words, "王五（测试）" in poor.text) == (422, True, True)
        done = await visitor.post(f"/me/profile/new?within={COMMUNITY[:9]}", JOIN | own_fields[kind])
        assert (done.path, "登记好了" in done.words) == ("/me/profile", True), done.words
        profile = await own(service, token)
        assert profile["skills"] == ["修水管", "陪老人看病", "教用手机"]
        assert {name: profile[name] for name in OWN_FIELDS[kind] if name in own_fields[kind]}
        assert "水管龙头维修" in done.words


async def test_each_part_of_a_profile_is_kept_and_an_empty_box_takes_it_back(service: Service, visitor_of: VisitorOf) -> None:
    profile, token = await own_profile(service)
    mate = await service.volunteer(name="代班的（测试）")
    squad = {"name": "应急队", "kind": "emergency", "region": COMMUNITY}
    members = [{"kind": each["kind"], "id": each["id"]} for each in (profile, mate)]
    await service.call(Role.COMMUNITY, "POST", "/api/v1/squads", squad | {"members": members}, expect=201)
    visitor = await visitor_of(token)
    times = {
        "d1-0.from": "18:00",
        "d1-0.to": "21:00",
        "d3-0.from": "18:00",
        "d3-0.to": "21:00",
        "d6-1.from": "20:00",
        "d6-1.to": "24:00",
    }
    assert "周一、周三 18:00–21:00；周六 20:00–24:00" in (await save(visitor, "times", 1, **times)).words
    assert "<option selected>24:00</option>" in (await visitor.get("/me/profile/times")).text
    assert (
        "手上最多 5 单，一天最多问 3 次，一周 40 次"
        in (await save(visitor, "load", 2, capacity="5", daily_offers="", weekly_offers="40")).words
    )
    assert "代班的（测试）" in (await visitor.get("/me/profile/away")).text
    away = {"away_from": "", "away_to": "2090-05-06T08:00", "substitute": "代班的（测试）"}
    for unknown, why in (("没有这个人", "请核对"), (profile["name"], "也不能是自己")):
        refused = await save(visitor, "away", 3, **away | {"substitute": unknown})
        assert (refused.status, why in refused.words) == (422, True)
    assert "不在，代班的（测试）代班" in (await save(visitor, "away", 3, **away)).words
    assert 'value="代班的（测试）"' in (await visitor.get("/me/profile/away")).text
    assert (await own(service, token))["substitute"] == {"kind": "volunteer", "id": mate["id"]}
    assert "您现在不在" in (await visitor.get("/me")).words
    back = await save(visitor, "away", 4, away_from="", away_to="", substitute="")
    assert "没有安排外出" in back.words
    shown = await save(visitor, "skills", 5, skills="陪老人看病", bio="", languages="hakka")
    assert "就医陪诊" in shown.words or "陪" in shown.words
    assert "没有留电话" in (await save(visitor, "reach", 6, **{"name": "王五（测试）", "contact.phone": ""})).words
    kept = await own(service, token)
    assert (kept["away_to"], kept["substitute"], kept["languages"], kept["daily_offers"]) == (None, None, ["hakka"], 3)
    assert (await visitor.post("/me/profile/pause", {"version": "7", "active": "false"})).path == "/me/profile"
    assert "您已暂停接单" in (await visitor.get("/me")).words
    quiet = await visitor.post("/me/profile/quiet", {"from": "21:30", "to": "06:30"})
    assert "21:30 到 06:30" in quiet.words


async def test_what_does_not_fit_is_said_beside_the_box_and_what_was_typed_stays(service: Service, visitor_of: VisitorOf) -> None:
    _, token = await own_profile(service)
    visitor = await visitor_of(token)
    for part, typed, message in (
        ("times", {"d2-0.from": "20:00", "d2-0.to": "18:00"}, "结束应当晚于开始"),
        ("times", {"d2-0.from": "20:00", "d2-0.to": ""}, "不能为空"),
        ("load", {"capacity": "0"}, "应当在 1 到 1000 之间"),
        ("away", {"away_from": "2090-05-06T08:00", "away_to": "2090-05-05T08:00"}, "结束时间应当晚于开始时间"),
        ("skills", {"skills": "长" * 61}, "太长"),
        ("reach", {"name": ""}, "不能为空"),
    ):
        seen = await save(visitor, part, 1, **typed)
        assert (seen.status, message in seen.words) == (422, True), (part, seen.words)
        assert all(value in seen.text for value in typed.values())
    stale = await save(visitor, "load", 9, capacity="4")
    assert (stale.status, "重新读取" in stale.words) == (409, True)


async def test_a_record_counts_what_was_confirmed_and_says_what_is_known(service: Service, visitor_of: VisitorOf) -> None:
    volunteer = await service.volunteer()
    token = await service.as_provider(volunteer)
    visitor = await visitor_of(token)
    assert "还没有派给过您" in (await visitor.get("/me/record")).words
    orders = [await service.offer(await service.need(), volunteer) for _ in range(3)]
    path = "/api/v1/orders/{}/{}"
    await service.call(token, "POST", path.format(orders[0]["id"], "decline"), {"code": "no_time"}, expect=200)
    for order in orders[1:]:
        for action, body in (("accept", None), ("start", None), ("complete", {"summary": "修好了"})):
            await service.call(token, "POST", path.format(order["id"], action), body, expect=200)
    await service.store.database["orders"].update_many(
        {"status": "completed"}, [{"$set": {"started_at": {"$subtract": ["$completed_at", 75 * 60_000]}}}]
    )
    judgement = {"responded": True, "resolved": True, "satisfied": True, "score": 5, "comment": "来得<i>快</i>"}
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{orders[1]['need_id']}/evaluation", judgement, expect=201)
    seen = await visitor.get("/me/record")
    for said in ("1 小时 15 分钟", "做完 2 单", "还有 1 单等居民确认", "5.0 分", "一共派给过您 3 单：接了 2 单，拒了 1 单"):
        assert said in seen.words, said
    assert "来得&lt;i&gt;快&lt;/i&gt;" in seen.text
    api = await service.call(token, "GET", "/api/v1/me/record", expect=200)
    assert (api["offered"], api["service_minutes"], api["rating"]) == (3, 75, 5.0)
    assert {each["status"]: each["count"] for each in api["outcomes"]} == {"completed": 1, "confirmed": 1, "declined": 1}
    await service.call(await service.account(Role.VOLUNTEER), "GET", "/api/v1/me/record", expect=404)


async def test_what_a_profile_says_stays_text(service: Service, visitor_of: VisitorOf) -> None:
    probe = '"><img src=x onerror=alert(1)>'
    _, token = await own_profile(
        service, name=probe, skills=[probe], bio=probe, contact={"phone": "1", "address": probe}, region=GRID
    )
    visitor = await visitor_of(token)
    for path in ("", "/skills", "/reach"):
        seen = await visitor.get(f"/me/profile{path}")
        assert "&lt;img src=x" in seen.text
        assert "<img" not in seen.text
