"""接单 by the pages: what a provider sees before and after they have taken something on, each step, and who was too late."""

import re
from typing import Any

from models.vocabulary import Role
from tests.conftest import GRID, Service
from tests.console.conftest import Visitor, VisitorOf

PLACE = {
    "contact": {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号 302"},
    "point": {"lng": 114.3, "lat": 30.6},
}
WORDS = "我家在幸福路18号3栋502室，厨房水龙头关不紧一直漏水，电话 027-88886666"


async def offered(service: Service, visitor_of: VisitorOf, **changes: object) -> tuple[dict[str, Any], Visitor, str]:
    volunteer = await service.volunteer(name="张三（测试）", point={"lng": 114.31, "lat": 30.6})
    visitor = await visitor_of(await service.as_provider(volunteer))
    need = await service.need(WORDS, **(PLACE | changes))
    order = await service.offer(need, volunteer)
    return order, visitor, f"/me/orders/{order['id']}"


async def test_an_offer_says_what_when_and_how_far_and_not_whose_door(service: Service, visitor_of: VisitorOf) -> None:
    _, visitor, path = await offered(service, visitor_of)
    for seen in (await visitor.get("/"), await visitor.get(path)):
        assert seen.status == 200
        for said in ("水龙头关不紧", "时间待约", "离您约 1.0 公里", "还剩", "接单", "拒单", "没有时间"):
            assert said in seen.words, said
        for hidden in ("00012345678", "测试路", "302", "88886666", "3栋", "502", "uri.amap.com", "114.3"):
            assert hidden not in seen.text, hidden
    assert (await visitor.get("/")).path == "/me"


async def test_one_takes_it_on_goes_there_and_says_what_was_done(service: Service, visitor_of: VisitorOf) -> None:
    order, visitor, path = await offered(service, visitor_of)
    taken = await visitor.post(f"{path}/accept")
    assert (taken.path, "接单成功" in taken.words) == (path, True)
    for said in ("测试路 1 号 302", "00012345678", "幸福路18号", "请先联系居民"):
        assert said in taken.words, said
    assert "tel:00012345678" in taken.text
    assert "to=114.300000,30.600000," in taken.text
    assert 'href="geo:30.600000,114.300000' in taken.text
    assert "已记下" in (await visitor.post(f"{path}/contacted")).words
    assert "时间待约" in (await visitor.get("/me/orders")).words
    await visitor.post(f"{path}/start")
    listed = await visitor.get("/me/orders")
    assert "今天" in listed.words
    empty = await visitor.post(f"{path}/complete", {"summary": " "})
    assert (empty.status, "不能为空" in empty.words) == (422, True)
    done = await visitor.post(f"{path}/complete", {"summary": "换了阀芯"})
    assert "等居民确认" in done.words
    assert "手上没有单" in (await visitor.get("/me/orders")).words
    judgement = {"responded": True, "resolved": True, "satisfied": True, "score": 4, "comment": "来得快"}
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{order['need_id']}/evaluation", judgement, expect=201)
    judged = await visitor.get(path)
    assert "4 分" in judged.words
    assert "来得快" in judged.words
    assert "居民已确认" in (await visitor.get("/me/orders?done=true")).words


async def test_one_declines_in_two_taps_and_hands_back_with_a_reason(service: Service, visitor_of: VisitorOf) -> None:
    order, visitor, path = await offered(service, visitor_of)
    assert "必须填写" in (await visitor.post(f"{path}/decline", {"reason": ""})).words
    assert 'value="太远了太远了' in (await visitor.post(f"{path}/decline", {"reason": "太远了" * 200})).text
    declined = await visitor.post(f"{path}/decline", {"code": "too_far"})
    assert (declined.path, "已拒单" in declined.words) == ("/me", True)
    api = await service.call(Role.COMMUNITY, "GET", f"/api/v1/orders/{order['id']}", expect=200)
    assert (api["status"], api["decline_reason"], api["reason"]) == ("declined", "too_far", "距离太远")
    need = await service.need("客厅水管又漏了，来人看看")
    again = await service.offer(need, order["provider"])
    await visitor.post(f"/me/orders/{again['id']}/accept")
    back = await visitor.post(f"/me/orders/{again['id']}/hand-back", {"reason": "孩子<b>发烧</b>"})
    assert back.path == "/me/orders"
    shown = await visitor.get(f"/me/orders/{again['id']}")
    assert "孩子&lt;b&gt;发烧&lt;/b&gt;" in shown.text


async def test_who_is_too_late_is_told_so_and_not_by_whom(service: Service, visitor_of: VisitorOf) -> None:
    first, second = await service.volunteer(name="张三（测试）"), await service.volunteer(name="李四（测试）")
    need = await service.need()
    body = {"mode": "open", "k": 2}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", body, expect=201)
    visitors = [await visitor_of(await service.as_provider(each)) for each in (first, second)]
    paths = [re.findall(r"/me/orders/[0-9a-f]{24}", (await each.get("/me")).text)[0] for each in visitors]
    assert (await visitors[0].post(f"{paths[0]}/accept")).status == 200
    late = await visitors[1].post(f"{paths[1]}/accept")
    assert late.status == 409
    assert "慢了一步，这一单已被别人接走" in late.words
    assert "张三" not in late.text
    twice = await visitors[0].post(f"{paths[0]}/accept")
    assert (twice.status, "这一步已经办过了" in twice.words, "已接单" in twice.words) == (409, True, True)
    assert (await visitors[1].get(paths[0])).status == 404


async def test_one_applies_where_applications_are_collected(service: Service, visitor_of: VisitorOf) -> None:
    volunteer = await service.volunteer()
    visitor = await visitor_of(await service.as_provider(volunteer))
    need = await service.need()
    body = {"mode": "window", "k": 1, "closes_at": "2090-01-01T00:00:00+08:00"}
    status, answer = await service.attempt(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", body)
    assert status == 201, answer
    seen = await visitor.get("/me")
    assert "限时报名" in seen.words
    path = re.findall(r"/me/orders/[0-9a-f]{24}", seen.text)[0]
    assert "已报名" in (await visitor.post(f"{path}/accept")).words
    assert "不报了" in (await visitor.get("/me")).words


async def test_somebody_without_a_profile_is_led_to_make_one(visitor_of: VisitorOf) -> None:
    for role in (Role.VOLUNTEER, Role.SOCIAL_WORKER, Role.ORGANISATION):
        seen = await (await visitor_of(role)).get("/")
        assert (seen.path, "先登记您的资料" in seen.words) == ("/me", True)


async def test_what_residents_write_stays_text(service: Service, visitor_of: VisitorOf) -> None:
    probe = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
    volunteer = await service.volunteer(name=f"张{probe}"[:60])
    visitor = await visitor_of(await service.as_provider(volunteer))
    need = await service.need(f"水管漏水{probe}", region=GRID, contact={"name": probe[:40], "address": probe})
    body = {"provider": {"kind": "volunteer", "id": volunteer["id"]}, "note": probe}
    order = await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", body, expect=201)
    path = f"/me/orders/{order['id']}"
    texts = [(await visitor.get("/me")).text, (await visitor.post(f"{path}/accept")).text, (await visitor.get("/me/orders")).text]
    await visitor.post(f"{path}/start")
    texts.append((await visitor.post(f"{path}/complete", {"summary": probe})).text)
    for text in texts:
        assert "&lt;img src=x" in text
        assert "<img" not in text
        assert "<script>" not in text


async def test_days_before_the_agreed_time_one_is_asked_before_the_clock_starts(service: Service, visitor_of: VisitorOf) -> None:
    far = {"from": "2090-05-06T09:00:00+08:00", "to": "2090-05-06T11:00:00+08:00"}
    _, visitor, path = await offered(service, visitor_of, window=far)
    await visitor.post(f"{path}/accept")
    for where in (path, "/me/orders"):
        seen = await visitor.get(where)
        assert all(words in seen.words for words in ("还早。现在就开始计时吗？", "确定开始服务")), where
