"""Wishes for a helper on their way through the service: read or stated, kept, shown, and held against every provider."""

from models.vocabulary import Role
from tests.conftest import COMMUNITY, NEIGHBOUR_COMMUNITY, Service

TEXT = "厨房水龙头关不紧一直漏水，我一个人住，派个女师傅来"


async def test_a_wish_in_the_text_keeps_out_who_is_not_known_to_meet_it(service: Service) -> None:
    woman = await service.volunteer(name="女管工", gender="female")
    unknown = await service.volunteer(name="未说明")
    need = await service.need(text=TEXT)
    assert need["understanding"]["constraints"] == {
        "gender": "female",
        "languages": [],
        "party_member": False,
        "labels": ["女志愿者"],
    }
    path = f"/api/v1/needs/{need['id']}/candidates?why=volunteer:{unknown['id']}"
    found = await service.call(Role.COMMUNITY, "GET", path, expect=200)
    assert [each["provider"]["id"] for each in found["candidates"]] == [woman["id"]]
    assert found["excluded_labels"] == {"constraint": "不符合特别要求"}
    assert found["why"]["lacking"] == {"constraint": "还差：需要女志愿者"}
    refused = await service.offer(need, unknown, expect=409)
    assert (refused["code"], refused["rule"]) == ("not_eligible", "constraint")
    await service.offer(need, woman)


async def test_what_is_stated_overrides_what_was_read(service: Service) -> None:
    unknown = await service.volunteer()
    need = await service.need(text=TEXT, constraints={})
    assert need["understanding"]["constraints"]["gender"] is None
    await service.offer(need, unknown)
    asked = await service.need(constraints={"languages": ["sign", "wuhan", "sign"], "party_member": True})
    assert asked["understanding"]["constraints"]["labels"] == ["会手语", "会武汉话", "党员"]
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{asked['id']}/candidates", expect=200)
    assert found["nearest_misses"]["constraint"]["lacking"] == "还差：需要会手语、会武汉话"
    wrong = await service.call(
        Role.RESIDENT,
        "POST",
        "/api/v1/needs",
        {"text": "水管漏了", "region": COMMUNITY, "constraints": {"gender": "人"}},
        expect=422,
    )
    assert list(wrong["fields"]) == ["constraints.gender"]


async def test_a_provider_says_what_they_speak_or_their_skills_do(service: Service) -> None:
    stated = await service.volunteer(languages=["wuhan", "wuhan"], gender="male")
    assert (stated["gender"], stated["languages"], stated["languages_read"]) == ("male", ["wuhan"], [])
    signing = await service.volunteer(skills=["修水管", "手语翻译"])
    assert (signing["gender"], signing["languages"], signing["languages_read"]) == (None, [], ["sign"])
    path = f"/api/v1/volunteers/{signing['id']}"
    changed = await service.call(Role.ADMIN, "PATCH", path, {"skills": ["修水管"], "version": 1}, expect=200)
    assert changed["languages_read"] == []
    need = await service.need(text="水龙头漏水，要会手语的师傅，我听不见")
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert (found["candidates"], found["excluded"]) == ([], {"constraint": 2})
    assert [group["name"] for group in need["understanding"]["for_whom"]] == ["残疾人"]


async def test_a_place_outside_the_posted_region_is_told_and_moves_nothing(service: Service) -> None:
    need = await service.need(text="我爸住洪山区，他家水管漏了", region=NEIGHBOUR_COMMUNITY)
    assert need["region"] == NEIGHBOUR_COMMUNITY
    (place,) = need["understanding"]["places"]
    assert (place["code"], place["inside"]) == ("420111", False)
    assert place["name"].endswith("洪山区")
    body = {"text": "武昌区的路灯都不亮", "region": NEIGHBOUR_COMMUNITY}
    ranked = await service.call(Role.COMMUNITY, "POST", "/api/v1/rankings", body, expect=200)
    assert [(each["code"], each["inside"]) for each in ranked["understanding"]["places"]] == [("420106", True)]


async def test_a_need_under_review_offers_the_three_likeliest_items(service: Service) -> None:
    unclear = await service.need(text="那个东西又不对劲了，烦死了，你们管不管")
    assert unclear["understanding"]["needs_review"]
    assert unclear["understanding"]["offered"] == unclear["understanding"]["services"][:3]
    assert unclear["understanding"]["offered"]
    clear = await service.need()
    assert not clear["understanding"]["needs_review"]
    assert clear["understanding"]["offered"] == []
