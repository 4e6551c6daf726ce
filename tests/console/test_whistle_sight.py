"""吹哨 about a need: until a called unit has come, it reads the need as a provider reads an offer that is not accepted."""

from typing import Any

from models.vocabulary import Role
from tests.api.support import told
from tests.api.test_whistles import WHISTLES, blow, party_unit, ref, step
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.conftest import VisitorOf

WORDS = "王秀英家幸福路18号3栋502室水管爆了，电话 027-88886666"
NOTE = "3栋门前集合，带水泵"
CONTACT = {"name": "王秀英", "phone": "02788886666", "address": "幸福路18号3栋502"}
HIDDEN = ("王秀英", "18号", "3栋", "502", "88886666", "第1网格", GRID)


def shown(seen: object) -> list[str]:
    return [each for each in HIDDEN if each in repr(seen)]


async def notices_of(service: Service, whistle: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    await told(service.store)
    found = service.store.database["notices"].find({"whistle_id": whistle["id"], "kind": kind})
    return [{key: each[key] for key in ("title", "text", "need_id")} async for each in found]


async def test_a_called_unit_reads_a_need_masked_and_down_to_the_community_until_it_has_come(
    service: Service, visitor_of: VisitorOf
) -> None:
    need = await service.need(WORDS, contact=CONTACT)
    power, water = await party_unit(service), await party_unit(service, "测试水务所")
    token, other = await service.as_provider(power), await service.as_provider(water)
    visitor = await visitor_of(token)
    whistle = await blow(service, power, water, text="", region=None, need=need["id"], note=NOTE)
    path, page = f"{WHISTLES}/{whistle['id']}", f"/me/whistles/{whistle['id']}"
    assert (whistle["text"], whistle["note"], whistle["region"]) == (WORDS, NOTE, GRID)

    seen = await service.call(token, "GET", path, expect=200)
    pages = [(await visitor.get(each)).words for each in ("/me", "/me/whistles", page)]
    assert "报到以后显示" in pages[-1]
    called = await notices_of(service, whistle, "whistle.called")
    everything = (seen, await service.call(token, "GET", WHISTLES, expect=200), *pages, *called)
    assert [(shown(each), "水管爆了" in repr(each)) for each in everything] == [([], True)] * 7
    assert (seen["region"], seen["note"]) == (COMMUNITY, "某栋门前集合，带水泵")
    finer = await service.call(token, "GET", f"{WHISTLES}?region={COMMUNITY}009", expect=200)
    assert [each["id"] for each in finer["items"]] == [whistle["id"]]

    come = await step(service, token, whistle, "report-in", {})
    assert (come["text"], come["note"], come["region"]) == (WORDS, NOTE, GRID)
    assert "502室" in (await visitor.get(page)).words
    assert shown(await service.call(other, "GET", path, expect=200)) == []

    ratings = [{"unit": ref(power), "rating": 5}]
    await step(service, Role.COMMUNITY, whistle, "close", {"summary": "502室修好了", "ratings": ratings})
    closed = await notices_of(service, whistle, "whistle.closed")
    assert sorted(bool(shown(each)) for each in closed) == [False, True]
    assert shown(await service.call(other, "GET", path, expect=200)) == []


async def test_what_is_called_about_no_need_is_said_to_the_units_word_for_word(service: Service) -> None:
    power = await party_unit(service)
    whistle = await blow(service, power, text="3栋门前电线垂下来了", note="联系 027-88886666")
    seen = await service.call(await service.as_provider(power), "GET", f"{WHISTLES}/{whistle['id']}", expect=200)
    assert (seen["text"], seen["note"], seen["region"]) == ("3栋门前电线垂下来了", "联系 027-88886666", GRID)
