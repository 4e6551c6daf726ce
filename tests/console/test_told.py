"""What a resident reads of their need: the facts in kind words, and nobody's private reason. By the API and on the page."""

from models.vocabulary import Role
from tests.conftest import GRID, Service
from tests.console.conftest import VisitorOf

PRIVATE = ("不想去那家", "嫌远的留言", "换个靠谱的", "居民难缠", "话没说清", "腰不好", "甲某", "派错", "volunteer:")


async def test_a_resident_reads_that_somebody_could_not_come_and_never_why_or_who(
    service: Service, visitor_of: VisitorOf
) -> None:
    need = await service.need(people=2)
    path = f"/api/v1/needs/{need['id']}"
    providers = [await service.volunteer(name=name) for name in ("甲某", "乙手", "丙工")]
    tokens = [await service.as_provider(each) for each in providers]
    orders = [
        await service.call(
            Role.COMMUNITY,
            "POST",
            f"{path}/orders",
            {"provider": {"kind": "volunteer", "id": each["id"]}, "note": "嫌远的留言"},
            expect=201,
        )
        for each in providers
    ]
    step = "/api/v1/orders/{}/{}"
    declined = {"reason": "不想去那家", "code": "too_far"}
    await service.call(tokens[0], "POST", step.format(orders[0]["id"], "decline"), declined, expect=200)
    await service.call(tokens[1], "POST", step.format(orders[1]["id"], "accept"), expect=200)
    await service.call(tokens[1], "POST", step.format(orders[1]["id"], "hand-back"), {"reason": "腰不好"}, expect=200)
    await service.call(Role.COMMUNITY, "POST", step.format(orders[2]["id"], "withdraw"), {"reason": "派错"}, expect=200)
    revision = (await service.call(Role.COMMUNITY, "GET", path, expect=200))["revision"]
    correction = {"urgency": 3, "revision": revision, "reason": "话没说清"}
    await service.call(Role.COMMUNITY, "POST", f"{path}/understanding", correction, expect=200)
    await service.call(Role.COMMUNITY, "POST", f"{path}/by-hand", {"note": "居民难缠，换个靠谱的"}, expect=200)
    await service.call(Role.COMMUNITY, "POST", f"{path}/handle", {"summary": "社区请物业换了阀芯"}, expect=200)

    seen = await service.call(Role.RESIDENT, "GET", path, expect=200)
    lines = await service.call(Role.RESIDENT, "GET", "/api/v1/needs", expect=200)
    page = await (await visitor_of(Role.RESIDENT)).get(f"/me/needs/{need['id']}")
    read = [await service.call(Role.RESIDENT, "GET", f"/api/v1/orders/{each['id']}", expect=200) for each in orders]
    for each in (seen, lines, page.text, *read):
        assert [private for private in PRIVATE if private in repr(each)] == []
    whys = {each["action"]: each["why"] for each in seen["events"]}
    for words in ("一位服务者未能接单，正在另找", "服务者临时来不了，正在另找", "由专人负责办理", "社区请物业换了阀芯"):
        assert words in whys.values()
        assert words in page.words
    assert "拒单" not in page.words
    # Who was promised is named, so that the resident knows who does not come.
    assert [each["provider"]["name"] for each in seen["orders"]] == ["一位服务者", "乙手", "一位服务者"]

    kept = repr(await service.call(Role.COMMUNITY, "GET", path, expect=200))
    assert [private for private in PRIVATE if private not in kept] == []


async def test_what_the_community_says_to_the_resident_is_read_word_for_word(service: Service) -> None:
    need = await service.need(region=GRID)
    path = f"/api/v1/needs/{need['id']}"
    await service.call(Role.COMMUNITY, "POST", f"{path}/cancel", {"reason": "不属于社区服务，请打 12345"}, expect=200)
    seen = await service.call(Role.RESIDENT, "GET", path, expect=200)
    assert seen["closing_reason"] == seen["events"][-1]["why"] == "不属于社区服务，请打 12345"
