"""What a resident is told of a need: whom to ring, what was not heard well, by when somebody answers."""

from models.vocabulary import Role
from tests.conftest import Service
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
