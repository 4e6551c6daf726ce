"""What a resident is told of a need: whom to ring, what was not heard well, by when somebody answers."""

from models.vocabulary import Role
from tests.conftest import GRID, Service
from tests.console.conftest import VisitorOf
from tests.console.test_needs import FORM, id_of

FALL = "头上在流血，快来人"


async def test_who_is_in_danger_is_told_to_ring_before_and_after_posting(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    looked = await visitor.post("/me/needs/preview", FORM | {"text": FALL})
    posted = await visitor.post("/me/needs", FORM | {"text": FALL})
    for seen in (looked, posted):
        assert 'href="tel:120"' in seen.text
        assert "tel:110" not in seen.text
    assert "有危险请先打 120" in posted.words
    need = await service.call(Role.RESIDENT, "GET", f"/api/v1/needs/{id_of(posted)}", expect=200)
    assert need["understanding"]["rescue"] == [{"number": "120", "label": "急救"}]
    assert "tel:" not in (await visitor.post("/me/needs/preview", FORM)).text
    assert "打过 120 没有" in (await (await visitor_of(Role.COMMUNITY)).get(f"/desk/needs/{need['id']}")).words


async def test_what_was_not_heard_well_is_said_so(visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    for text, said, unsaid in (
        ("客厅的灯坏了，想请人来修。另外我妈一个人在家想找人陪着说说话", "好像是两件事： 电路灯具维修、独居老人探访", "安宁疗护"),
        ("你好" * 30, "没听明白，社区会联系您问清楚", "手语翻译"),
        ("妈妈在卫生间摔了一跤，头上在流血", "没听准，社区会核对", "上门理发"),
    ):
        seen = await visitor.post("/me/needs/preview", FORM | {"text": text})
        assert said in seen.words
        assert unsaid not in seen.words


async def test_each_clock_is_called_by_its_name(service: Service, visitor_of: VisitorOf) -> None:
    visitor, desk = await visitor_of(Role.RESIDENT), await visitor_of(Role.COMMUNITY)
    path = (await visitor.post("/me/needs", FORM)).path
    seen = (await visitor.get(path)).words
    assert "答复您（ 还剩" in seen
    assert "办好。" in seen
    assert "首次响应 还剩" in (await desk.get("/desk")).words
    need_id = path.rpartition("/")[2]
    await service.call(Role.ADMIN, "POST", f"/api/v1/needs/{need_id}/by-hand", {"note": "我来联系"}, expect=200)
    seen = (await visitor.get(path)).words
    assert "答复您" not in seen
    assert "办好。" in seen
    assert "办结 还剩" in (await desk.get(f"/desk/needs/{need_id}")).words


async def test_what_was_done_stands_beside_the_question_how_it_was(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    path = (await visitor.post("/me/needs", FORM)).path
    await service.call(
        Role.COMMUNITY, "POST", f"/api/v1/needs/{path.rpartition('/')[2]}/handle", {"summary": "请物业换了阀芯"}, expect=200
    )
    seen = (await visitor.get(path)).words
    assert "社区直接办结" in seen
    assert seen.index("请物业换了阀芯") < seen.index("办得怎么样")
    assert seen.count("没用上") == 3, "nobody was sent, took it on or came"


async def test_a_need_is_cancelled_with_one_tap_or_without_a_word(visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    for form, said in (({"reason": "已经自己解决了"}, "已经自己解决了"), ({"reason": ""}, "没有说原因")):
        path = (await visitor.post("/me/needs", FORM)).path
        assert 'name="reason" value="点错了"' in (await visitor.get(path)).text
        assert f"已撤销：{said}" in (await visitor.post(f"{path}/cancel", form)).words


async def test_half_a_telephone_number_is_not_taken_and_without_one_nothing_is_promised(visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    for phone, promised in (("00012345678", True), ("", False)):
        posted = await visitor.post("/me/needs", FORM | {"contact.phone": phone})
        assert ("/track?number=" in posted.text) is promised
    for role, path, form in (
        (Role.RESIDENT, "/me/needs", FORM | {"contact.phone": "123"}),
        (Role.COMMUNITY, "/desk/new", {"text": "厨房水龙头漏水", "where": GRID, "phone": "123"}),
    ):
        refused = await (await visitor_of(role)).post(path, form)
        assert (refused.status, "电话不完整" in refused.words) == (422, True)


async def test_a_resident_sets_right_what_they_said_until_somebody_is_asked(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    path = (await visitor.post("/me/needs", FORM | {"text": "路灯不亮了"})).path
    same = await visitor.post("/me/needs/preview", FORM | {"text": " 路灯不亮了 "})
    assert all(words in same.words for words in ("说过一样的事", "去看进展"))
    when = {"window.from": "2090-05-06T09:00", "window.to": "2090-05-06T11:00"}
    reach = {"contact.name": "周测试", "contact.phone": "00087654321", "contact.address": "测试路 2 号"}
    told = await visitor.post(f"{path}/amend", {"text": "厨房水龙头一直漏水", **when, **reach})
    assert all(words in told.words for words in ("改好了", "水管龙头维修", "2090年5月6日 09:00 到 11:00", "改了点单内容"))
    need = await service.call(Role.RESIDENT, "GET", f"/api/v1/needs/{path.rpartition('/')[2]}", expect=200)
    assert (need["text"], need["contact"]["phone"], need["status"]) == ("厨房水龙头一直漏水", "00087654321", "open")
    wrong = await visitor.post(f"{path}/amend", {"text": "水", **reach})
    assert (wrong.status, "至少 2 个字" in wrong.words) == (422, True)
    await service.offer(need, await service.volunteer())
    assert "改联系方式" in (await visitor.get(path)).words
    late = await visitor.post(f"{path}/amend", {"text": "其实是灯坏了", **reach})
    assert (late.status, "只能改联系方式" in late.words) == (422, True)
    assert "改好了" in (await visitor.post(f"{path}/amend", reach | {"contact.phone": "00011112222"})).words
    other = await visitor_of(await service.account(Role.RESIDENT, GRID[:12]))
    assert (await other.post(f"{path}/amend", reach)).status == 404
    body = {"contact": {"name": "", "phone": "", "address": ""}}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/amendment", body, expect=403)
    await visitor.post(f"{path}/cancel", {"reason": ""})
    assert (await visitor.post(f"{path}/amend", reach)).status == 409
