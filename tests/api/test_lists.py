"""Lists: every item once, whatever is added meanwhile; filters that mean what they say."""

from typing import Any
from urllib.parse import quote

import pytest

from models.vocabulary import Role
from tests.api.support import own_profile
from tests.conftest import COMMUNITY, FAR_COMMUNITY, NEIGHBOUR_COMMUNITY, Service


async def ids(service: Service, path: str, query: str = "", who: Role | str = Role.ADMIN) -> set[str]:
    found = await service.call(who, "GET", f"/api/v1/{path}?limit=200{query}", expect=200)
    assert found["next"] is None
    return {item["id"] for item in found["items"]}


async def walk(service: Service, path: str, limit: int, between: Any = None, who: Role | str = Role.ADMIN) -> list[str]:
    """All ids in the order of the pages; `between` is awaited after each page."""
    seen: list[str] = []
    cursor = ""
    while True:
        page = await service.call(who, "GET", f"/api/v1/{path}?limit={limit}{cursor}", expect=200)
        assert len(page["items"]) == limit or page["next"] is None
        seen += [item["id"] for item in page["items"]]
        if page["next"] is None:
            return seen
        assert page["items"], "a page that promises a next one is not empty"
        cursor = f"&cursor={quote(page['next'])}"
        if between is not None:
            await between()


@pytest.mark.parametrize("limit", [1, 3, 4, 6, 12, 13, 200])
async def test_a_walk_meets_every_need_once_newest_first_while_new_ones_come(service: Service, limit: int) -> None:
    posted = [(await service.need())["id"] for _ in range(12)]
    assert await walk(service, "needs", limit) == posted[::-1]
    assert await walk(service, "needs", limit, between=service.need) == posted[::-1]


async def test_a_walk_meets_every_volunteer_once_while_new_ones_register(service: Service) -> None:
    registered = [(await service.volunteer())["id"] for _ in range(9)]
    more = iter(range(4))

    async def another() -> None:
        if next(more, None) is not None:
            registered.append((await service.volunteer())["id"])

    assert await walk(service, "volunteers", 3) == registered
    seen = await walk(service, "volunteers", 2, between=another)
    assert seen == registered
    assert len(seen) == 13


async def test_a_walk_meets_every_order_once_newest_first(service: Service) -> None:
    profile, token = await own_profile(service, capacity=100)
    offered = [(await service.offer(await service.need(), profile))["id"] for _ in range(7)]
    another = await service.volunteer()

    async def more() -> None:
        await service.offer(await service.need(), another)

    for who, query in ((Role.COMMUNITY, "orders"), (token, "orders")):
        assert await walk(service, query, 3, who=who) == offered[::-1]
    assert await walk(service, "orders", 3, between=more, who=Role.COMMUNITY) == offered[::-1]


async def test_an_empty_list_is_a_list(service: Service) -> None:
    for path in ("needs", "orders", "volunteers", "social-workers", "organisations"):
        assert await service.call(Role.ADMIN, "GET", f"/api/v1/{path}", expect=200) == {"items": [], "next": None}


async def test_a_region_holds_all_that_lies_below_it_and_nothing_beside_it(service: Service) -> None:
    homes = {
        region: ((await service.need(who=Role.ADMIN, region=region))["id"], (await service.volunteer(region=region))["id"])
        for region in (COMMUNITY, COMMUNITY + "001", NEIGHBOUR_COMMUNITY, COMMUNITY[:9], FAR_COMMUNITY)
    }
    for asked in (
        COMMUNITY,
        COMMUNITY + "001",
        COMMUNITY[:9],
        COMMUNITY[:6],
        COMMUNITY[:2],
        FAR_COMMUNITY,
        "99",
        COMMUNITY + "999",
    ):
        for place, path in enumerate(("needs", "volunteers")):
            expected = {made[place] for region, made in homes.items() if region.startswith(asked)}
            assert await ids(service, path, f"&region={asked}") == expected, (path, asked)


async def test_needs_are_filtered_by_status_and_by_what_is_meant_first(service: Service) -> None:
    leak, lamp = await service.need("厨房水龙头漏水"), await service.need("楼道的灯不亮了，换了灯泡也不行，要请电工")
    await service.offer(leak, await service.volunteer())
    first = {each["id"]: each["understanding"]["services"][0]["code"] for each in (leak, lamp)}
    assert first[leak["id"]] != first[lamp["id"]]
    for need, code in first.items():
        assert await ids(service, "needs", f"&service={code}") == {need}
    assert await ids(service, "needs", "&service=nothing") == set()
    assert await ids(service, "needs", "&status=offered") == {leak["id"]}
    assert await ids(service, "needs", "&status=open") == {lamp["id"]}
    assert await ids(service, "needs", f"&status=open&service={first[leak['id']]}") == set()
    assert await ids(service, "needs", who=Role.RESIDENT) == {leak["id"], lamp["id"]}


async def test_providers_are_filtered_by_what_they_can_do(service: Service) -> None:
    plumber = await service.volunteer()
    idle = await service.volunteer(skills=[], bio="")
    code = plumber["services"][0]["code"]
    assert idle["services"] == []
    assert await ids(service, "volunteers", f"&service={code}") == {plumber["id"]}
    assert await ids(service, "volunteers") == {plumber["id"], idle["id"]}


TEXTS = ["a.c", ".*", "^", "$", "a|b", "(", "[", "[a-z]", "\\", "\\d", "+", "?", "{1}", "*", "$ne", "%", "&", "a b", "Ａ"]


async def test_a_search_takes_every_character_for_itself(service: Service) -> None:
    """A name, a skill or a bio that holds these very characters is found, and none other."""
    await service.volunteer(name="abc", skills=["修水管1"], bio="会修 a-c 与 d")
    made = dict.fromkeys(TEXTS, "")
    for number, text in enumerate(TEXTS):
        words = [{"name": f"甲{text}乙"}, {"name": "丙", "skills": [f"会{text}的"]}, {"name": "丁", "bio": f"说{text}。"}]
        made[text] = (await service.volunteer(**{"skills": [], "bio": ""} | words[number % 3]))["id"]
    for text in TEXTS:
        # Some of these stand inside others, as "$" in "$ne": those are found too.
        expected = {made[other] for other in TEXTS if text in other}
        assert await ids(service, "volunteers", f"&text={quote(text, safe='')}") == expected, text


async def test_a_search_does_not_mind_case_or_blanks_around(service: Service) -> None:
    volunteer = await service.volunteer(name="Tian老师")
    for text in ("tian", "TIAN", " Tian ", "n老"):
        assert await ids(service, "volunteers", f"&text={quote(text)}") == {volunteer["id"]}


async def test_orders_are_filtered_by_status_and_ownership(service: Service) -> None:
    profile, token = await own_profile(service)
    open_order = await service.offer(await service.need(), profile)
    taken = await service.offer(await service.need(), profile)
    await service.call(token, "POST", f"/api/v1/orders/{taken['id']}/accept", expect=200)
    for who in (token, Role.COMMUNITY):
        assert await ids(service, "orders", "&status=offered", who) == {open_order["id"]}
        assert await ids(service, "orders", "&status=accepted&mine=false", who) == {taken["id"]}
        assert await ids(service, "orders", "&status=declined", who) == set()
    assert await ids(service, "orders", "&mine=true", Role.COMMUNITY) == set()
    assert await ids(service, "orders", "&mine=true", token) == {open_order["id"], taken["id"]}


async def test_regions_and_catalogue_are_there_for_everybody_who_signed_in(service: Service) -> None:
    for role in Role:
        top = await service.call(role, "GET", "/api/v1/regions", expect=200)
        assert {region["level"] for region in top["items"]} == {"province"}
        below = await service.call(role, "GET", f"/api/v1/regions?parent={COMMUNITY}", expect=200)
        assert {region["parent"] for region in below["items"]} == {COMMUNITY}
        catalogue = await service.call(role, "GET", "/api/v1/catalogue", expect=200)
        assert len({item["code"] for item in catalogue["items"]}) == len(service.desk.context.catalogue)
