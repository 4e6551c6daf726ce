"""A need's number on the pages: told to who posted it, said on the telephone, typed at the desk."""

from models.vocabulary import Role
from tests.conftest import FAR_COMMUNITY, GRID, Service
from tests.console.conftest import VisitorOf

CONTACT = {"name": "周测试", "phone": "000-1234-5678", "address": "测试路 1 号"}


def spaced(number: str) -> str:
    return f"{number[:4]} {number[4:]}"


async def test_resident_clerk_and_provider_read_the_same_number(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need(contact=CONTACT)
    volunteer = await service.volunteer()
    order = await service.offer(need, volunteer)
    said = f"编号 {spaced(need['number'])}"
    resident, clerk = await visitor_of(Role.RESIDENT), await visitor_of(Role.COMMUNITY)
    provider = await visitor_of(await service.as_provider(volunteer))
    for who, path in (
        (resident, f"/me/needs/{need['id']}"),
        (resident, "/me/needs"),
        (clerk, f"/desk/needs/{need['id']}"),
        (provider, f"/me/orders/{order['id']}"),
        (provider, "/me"),
    ):
        assert said in (await who.get(path)).words, path
    nobody = await visitor_of(None)
    seen = await nobody.post("/track", {"number": spaced(need["number"]), "phone_tail": "5678"})
    assert seen.status == 200
    assert said in seen.words
    slip = need["number"][:-1] + str((int(need["number"][-1]) + 1) % 10)
    assert "编号里有一位不对" in (await nobody.post("/track", {"number": slip, "phone_tail": "5678"})).words


async def test_who_posts_or_takes_a_need_is_told_its_number_at_once(service: Service, visitor_of: VisitorOf) -> None:
    clerk = await visitor_of(Role.COMMUNITY)
    taken = await clerk.post("/desk/new", {"text": "楼道灯坏了要修", "where": GRID, "phone": "00012345678"})
    number = (await service.call(Role.COMMUNITY, "GET", "/api/v1/needs?limit=1", expect=200))["items"][0]["number"]
    assert f"已录入，编号 {spaced(number)}，请念给居民" in taken.words


async def test_a_number_typed_at_the_desk_opens_the_need_of_the_clerks_own_region_only(
    service: Service, visitor_of: VisitorOf
) -> None:
    need = await service.need()
    mine = await visitor_of(Role.COMMUNITY)
    theirs = await visitor_of(await service.account(Role.COMMUNITY, FAR_COMMUNITY))
    typed = need["number"][:4] + "%20" + need["number"][4:]
    assert 'action="/desk/find"' in (await mine.get("/desk")).text
    for name in (typed, need["id"]):
        assert (await mine.get(f"/desk/find?number={name}")).path == f"/desk/needs/{need['id']}"
        seen = await theirs.get(f"/desk/find?number={name}")
        assert seen.path.startswith("/desk/find")
        assert "您的辖区里没有编号" in seen.words
    assert "编号里有一位不对" in (await mine.get(f"/desk/find?number={int(need['number']) + 1}")).words
    assert "&lt;script&gt;" in (await mine.get("/desk/find?number=%3Cscript%3E")).text
    assert "8 位数字" in (await mine.get("/desk/find")).words
