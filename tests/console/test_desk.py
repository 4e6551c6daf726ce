"""The dispatch desk: what is counted and listed, one need with those who could come, and everything the desk does with it."""

import re
from datetime import timedelta

from models.account import ProviderRef
from models.schedule import LOCAL, now
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service
from tests.console.conftest import Seen, VisitorOf

LEAK = "厨房水龙头关不紧一直漏水"
XSS = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'


def count_of(seen: Seen, label: str) -> str:
    match = re.search(rf'drawer-count">([^<]*)</span><span class="drawer-label">{label}<', seen.text)
    assert match, label
    return match[1]


async def test_what_is_new_is_counted_and_listed_the_most_urgent_first(service: Service, visitor_of: VisitorOf) -> None:
    await service.need(LEAK, urgency=1)
    await service.need("老人在家摔倒了起不来", urgency=4)
    await service.need("隔壁社区的需求", who=Role.ADMIN, region=NEIGHBOUR_COMMUNITY)
    clerk = await visitor_of(Role.COMMUNITY)
    seen = await clerk.get("/desk")
    assert (seen.status, count_of(seen, "待派单"), count_of(seen, "办理中")) == (200, "2", "0")
    assert seen.text.index("摔倒") < seen.text.index("漏水")
    assert "隔壁社区" not in seen.text
    newest = await clerk.get("/desk?newest=true&limit=1")
    assert "摔倒" in newest.words
    assert "漏水" not in newest.words
    following = re.search(r'rel="next" href="([^"]+)"', newest.text)
    assert following
    assert "漏水" in (await clerk.get(following[1].replace("&amp;", "&"))).words
    part = await clerk.get("/desk", HX_Request="true")
    assert "<html" not in part.text
    assert "待派单" in part.words


async def test_each_count_leads_to_what_it_counts(service: Service, visitor_of: VisitorOf) -> None:
    provider = await service.volunteer()
    texts = {tab: f"{LEAK}，第{place}家" for place, tab in enumerate(("new", "offered", "in_hand", "confirm"))}
    texts["unmatched"] = "想请人教老人下围棋"
    needs = {tab: await service.need(text) for tab, text in texts.items()}
    orders = {tab: await service.offer(needs[tab], provider) for tab in ("offered", "in_hand", "confirm")}
    token = await service.as_provider(provider)
    for tab, steps in {"in_hand": ("accept",), "confirm": ("accept", "start", "complete")}.items():
        for step in steps:
            body = {"summary": "修好了"} if step == "complete" else None
            await service.call(token, "POST", f"/api/v1/orders/{orders[tab]['id']}/{step}", body, expect=200)
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{needs['unmatched']['id']}/orders", {"mode": "open"}, expect=201)
    clerk = await visitor_of(Role.COMMUNITY)
    for tab, text in texts.items():
        seen = await clerk.get(f"/desk?tab={tab}")
        assert [other for other in texts.values() if other in seen.text] == [text], tab
    assert [text for text in texts.values() if text not in (await clerk.get("/desk?tab=all")).text] == []
    assert "这一栏是空的" in (await clerk.get("/desk?tab=suspended")).words


async def test_one_sees_who_could_come_and_why_and_dispatches_with_one_button(service: Service, visitor_of: VisitorOf) -> None:
    provider = await service.volunteer(name="王师傅")
    await service.volunteer(name="停用的人", region=FAR_COMMUNITY)
    need = await service.need(contact={"name": "周大姐", "phone": "00012345678", "address": "测试路 1 号"})
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    seen = await clerk.get(path)
    for words in (LEAK, "周大姐", "00012345678", "王师傅", "派给王师傅", "技能匹配", "不在服务范围内：1 位"):
        assert words in seen.words, words
    assert "王师傅的得分：" in seen.text
    done = await clerk.post(path + "/dispatch", {"mode": "direct", "provider": f"volunteer:{provider['id']}"})
    assert (done.path, "已派给王师傅" in done.words, "待接单" in done.words) == (path, True, True)
    again = await clerk.post(path + "/dispatch", {"mode": "direct", "provider": f"volunteer:{provider['id']}"})
    assert (again.status, "已经派给过" in again.words, LEAK in again.words) == (409, True, True)


async def test_why_somebody_is_not_on_the_list_is_answered_by_name(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    who = await service.volunteer(name="李理发", skills=["理发"])
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    found = await clerk.get(f"{path}?search=%E6%9D%8E%E7%90%86")
    assert f"{path}?why=volunteer:{who['id']}#why" in found.text
    assert "不能派" in (await clerk.get(f"{path}?why=volunteer:{who['id']}")).words
    assert "没有找到叫“无此人”" in (await clerk.get(f"{path}?search=%E6%97%A0%E6%AD%A4%E4%BA%BA")).words


async def test_every_mode_is_one_button_of_one_form(service: Service, visitor_of: VisitorOf) -> None:
    for number in range(3):
        await service.volunteer(name=f"管工{number}")
    await service.call(
        Role.ADMIN, "POST", "/api/v1/social-workers",
        {"name": "社工", "skills": ["修水管"], "region": GRID, "credential": "assistant"}, expect=201,
    )  # fmt: skip
    clerk = await visitor_of(Role.COMMUNITY)
    form = (await clerk.get(f"/desk/needs/{(await service.need())['id']}")).text
    closes_at = re.search(r'name="closes_at" type="datetime-local" value="([^"]+)"', form)
    assert closes_at
    for mode, said in {"sequence": "已顺序派单", "open": "已抢单", "window": "已限时报名", "team": "已组队"}.items():
        assert f'name="mode" value="{mode}"' in form
        need = await service.need(f"{LEAK}（{mode}）")
        sent = {"mode": mode, "k": "", "offer_minutes": "", "closes_at": closes_at[1], "squad": "", "note": ""}
        done = await clerk.post(f"/desk/needs/{need['id']}/dispatch", sent)
        assert said in done.words or "凑不成队" in done.words, (mode, done.words)


async def test_what_was_understood_is_confirmed_or_put_right(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    other = service.desk.context.catalogue.items[3]
    form = {
        "revision": str(need["revision"]), "services": other.code, "urgency": "4", "people": "2",
        "window.from": "2027-03-01T09:00", "window.to": "2027-03-01T11:00",
    }  # fmt: skip
    seen = await clerk.post(path + "/correct", form)
    for words in (other.name, "紧急", "2 人", "2027年3月1日 09:00 到 11:00", "已核对"):
        assert words in seen.words, words
    stale = await clerk.post(path + "/correct", form)
    assert (stale.status, "已被别人改动" in stale.words) == (409, True)
    wrong = await clerk.post(path + "/correct", {**form, "revision": "", "people": "99"})
    assert (wrong.status, "应当在 1 到 50 之间" in wrong.words, 'value="99"' in wrong.text) == (422, True, True)


async def test_a_need_is_suspended_resumed_taken_in_hand_and_handled(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    until = f"{(now() + timedelta(days=1)).astimezone(LOCAL):%Y-%m-%dT%H:%M}"
    refused = await clerk.post(path + "/suspend", {"reason": "", "until": until})
    assert (refused.status, "不能为空" in refused.words) == (422, True)
    steps = (
        ("suspend", {"reason": "居民出门了", "until": until}, "居民出门了"),
        ("resume", {}, "已恢复"),
        ("by-hand", {"note": "我去看看"}, "负责到底"),
        ("handle", {"summary": "上门关了总阀"}, "已人工办结：上门关了总阀"),
        ("confirm", {}, "已确认完成"),
        ("reopen", {"reason": "又漏了"}, "已重办"),
        ("cancel", {"reason": "居民自己修好了"}, "撤销原因：居民自己修好了"),
    )
    for step, form, words in steps:
        seen = await clerk.post(f"{path}/{step}", form)
        assert (seen.status, words in seen.words) == (200, True), (step, seen.words)
    assert (await clerk.post(path + "/handle", {"summary": "再办"})).status == 409


async def test_an_order_is_accepted_for_who_said_yes_by_telephone_and_withdrawn(service: Service, visitor_of: VisitorOf) -> None:
    provider = await service.volunteer(name="王师傅")
    order = await service.offer(await service.need(), provider)
    clerk = await visitor_of(Role.COMMUNITY)
    assert "已代王师傅接单" in (await clerk.post(f"/desk/orders/{order['id']}/accept")).words
    seen = await clerk.post(f"/desk/orders/{order['id']}/withdraw")
    assert ("已撤回派给王师傅的工单" in seen.words, "派给王师傅" in seen.words) == (True, True)


async def test_the_work_of_who_has_no_smartphone_is_noted_for_them_to_its_end(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    order = await service.offer(need, await service.volunteer(name="王师傅"))
    clerk = await visitor_of(Role.COMMUNITY)
    path, order_path = f"/desk/needs/{need['id']}", f"/desk/orders/{order['id']}"
    assert "代开始" in (await clerk.post(order_path + "/accept")).words
    assert "代完成" in (await clerk.post(order_path + "/start")).words
    complete = f"{path}/orders/{order['id']}/complete"
    refused = await clerk.post(complete, {"summary": ""})
    assert (refused.status, "不能为空" in refused.words) == (422, True)
    done = await clerk.post(complete, {"summary": "换了阀芯"})
    assert (done.path, "换了阀芯" in done.words, "代居民确认" in done.words) == (path, True, True)
    events = await service.store.events.of_need(need["id"])
    acted = {event.action: event.on_behalf_of for event in events if event.order_id}
    provider = f"volunteer:{order['provider']['id']}"
    assert [acted[action] for action in ("order.accepted", "order.started", "order.completed")] == [provider] * 3


async def test_two_that_tell_of_one_thing_are_put_together_and_parted_again(service: Service, visitor_of: VisitorOf) -> None:
    kept, told_again = await service.need("小区门口路灯不亮了"), await service.need("小区门口的路灯不亮了")
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{told_again['id']}"
    assert "可能说的是同一件事" in (await clerk.get(path)).words
    merged = await clerk.post(path + "/merge", {"into": kept["id"]})
    assert merged.path == f"/desk/needs/{kept['id']}"
    assert "这一条已经合并" in (await clerk.get(path)).words
    assert "已撤销合并" in (await clerk.post(path + "/unmerge")).words


async def test_a_need_told_by_telephone_is_typed_in_one_go(service: Service, visitor_of: VisitorOf) -> None:
    clerk = await visitor_of(Role.COMMUNITY)
    page = await clerk.get("/desk/new")
    assert "autofocus" in page.text
    names = re.findall(r'<option value="([^"]+)"></option>', page.text)
    grid = service.desk.context.regions.require(GRID)
    assert grid.name in names
    seen = await clerk.post(
        "/desk/new",
        {"text": "独居老人家里灯不亮", "where": grid.name, "phone": "00012345678", "urgency": "", "channel": "hotline"},
    )
    assert seen.path.startswith("/desk/needs/")
    for words in ("独居老人家里灯不亮", "00012345678", "热线转入", grid.name):
        assert words in seen.words, words
    for where, words in {
        "没有这个地方的": "没有这个地方",
        service.desk.context.regions.require(FAR_COMMUNITY).name: "没有这个地方",
    }.items():
        wrong = await clerk.post("/desk/new", {"text": "灯不亮", "where": where})
        assert (wrong.status, words in wrong.words, "灯不亮</textarea>" in wrong.text) == (422, True, True)


async def test_words_stay_words_on_every_page_of_the_desk(service: Service, visitor_of: VisitorOf) -> None:
    provider = await service.volunteer(name=XSS[:60], skills=["修水管"])
    contact = {"name": XSS[:40], "phone": "0001234", "address": XSS}
    need = await service.need(f"水龙头漏水 {XSS}", contact=contact)
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    await clerk.post(path + "/dispatch", {"mode": "direct", "provider": f"volunteer:{provider['id']}", "note": XSS})
    await clerk.post(path + "/suspend", {"reason": XSS, "until": "2027-03-01T09:00"})
    pages = [
        await clerk.get(each)
        for each in ("/desk?tab=suspended", path, f"{path}?search=%3Cscript%3E", "/desk/regions", "/desk/map")
    ]
    pages.append(await clerk.post("/desk/new", {"text": XSS, "where": XSS, "name": XSS}))
    for seen in pages:
        assert "<script>" not in seen.text
        assert "<img" not in seen.text


async def test_nobody_opens_a_need_of_another_community(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    stranger = await visitor_of(await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY))
    path = f"/desk/needs/{need['id']}"
    assert (await stranger.get(path)).status == 404
    assert (await stranger.post(path + "/by-hand", {"note": "我来"})).status == 404
    provider = await service.volunteer()
    form = {"mode": "direct", "provider": str(ProviderRef(ProviderKind.VOLUNTEER, provider["id"]))}
    assert (await stranger.post(path + "/dispatch", form)).status == 404


async def test_a_street_sees_how_each_community_stands_and_goes_down_into_it(service: Service, visitor_of: VisitorOf) -> None:
    await service.need()
    await service.need(who=Role.ADMIN, region=NEIGHBOUR_COMMUNITY)
    await service.volunteer()
    street = await visitor_of(Role.STREET)
    assert (await street.get("/")).path == "/desk/regions"
    seen = await street.get("/desk/regions")
    row = re.search(rf'<tr[^>]*data-href="/desk\?tab=all&amp;region={COMMUNITY}".*?</tr>', seen.text, re.DOTALL)
    assert row
    assert 'data-waiting="1"' in row[0]
    assert 'data-providers="1"' in row[0]
    below = await street.get(f"/desk/regions?region={COMMUNITY}")
    assert f"region={GRID}" in below.text
    assert "上一级" in below.words
    assert GRID in (await street.get(f"/desk/map?region={COMMUNITY}")).text
