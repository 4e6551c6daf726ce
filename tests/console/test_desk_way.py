"""The clerk's way through the desk: from drawer to need to the next, who is asked already, who is asked for by name, two matters in one."""

from urllib.parse import quote

from models.vocabulary import Role
from tests.conftest import NEIGHBOUR_COMMUNITY, Service
from tests.console.conftest import VisitorOf

LEAK = "厨房水龙头关不紧一直漏水"


async def test_who_works_through_a_drawer_comes_to_the_next_need_and_back_to_the_drawer(
    service: Service, visitor_of: VisitorOf
) -> None:
    helper = await service.volunteer(name="王师傅")
    second, first = [await service.need(f"{LEAK}，{place} 号楼") for place in range(2)]
    clerk = await visitor_of(Role.COMMUNITY)
    assert f"/desk/needs/{first['id']}?tab=new" in (await clerk.get("/desk")).text
    page = f"/desk/needs/{first['id']}?tab=new"
    next_one = f'href="/desk/needs/{second["id"]}?tab=new">下一条'
    assert next_one in (await clerk.get(page)).text
    sent = {"mode": "direct", "provider": f"volunteer:{helper['id']}"}
    came_from = str(clerk.base.with_path(f"/desk/needs/{first['id']}").with_query(tab="new"))
    done = await clerk.post(f"/desk/needs/{first['id']}/dispatch", sent, Referer=came_from)
    assert (done.path, next_one in done.text, 'href="/desk?tab=new"' in done.text) == (page, True, True)
    assert "下一条" not in (await clerk.get(f"/desk/needs/{second['id']}?tab=new")).words
    assert (await clerk.get(f"/desk/needs/{second['id']}?tab=zzz")).status == 422


async def test_while_somebody_is_asked_for_the_only_place_the_next_is_asked_after_a_question(
    service: Service, visitor_of: VisitorOf
) -> None:
    asked = await service.volunteer(name="邵师傅")
    await service.volunteer(name="王师傅")
    need = await service.need()
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    assert "已经在等" not in (await clerk.get(path)).words
    await service.offer(need, asked)
    seen = await clerk.get(path)
    assert ("已经在等邵师傅答复" in seen.words, "也问王师傅？" in seen.words) == (True, True)


async def test_who_could_come_from_the_next_community_is_found_by_name(service: Service, visitor_of: VisitorOf) -> None:
    who = await service.volunteer(name="袁若", region=NEIGHBOUR_COMMUNITY)
    await service.volunteer(name="王师傅")
    need = await service.need()
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    assert "派给袁若" in (await clerk.get(path)).words
    found = await clerk.get(f"{path}?search={quote('袁')}")
    assert (f"why=volunteer:{who['id']}" in found.text, "不在您的辖区，排在第" in found.words) == (True, True)
    only = await clerk.get(f"{path}?kind=organisation")
    assert ("派给袁若" in only.words, "没有合适的组织" in only.words) == (False, True)


async def test_a_team_is_not_offered_for_what_is_urgent(service: Service, visitor_of: VisitorOf) -> None:
    clerk = await visitor_of(Role.COMMUNITY)
    for urgency, offered in ((2, True), (4, False)):
        need = await service.need(urgency=urgency)
        assert ('value="team"' in (await clerk.get(f"/desk/needs/{need['id']}")).text) == offered


async def test_two_matters_told_in_one_breath_become_two_needs_of_the_same_resident(
    service: Service, visitor_of: VisitorOf
) -> None:
    contact = {"name": "周大姐", "phone": "00012345678", "address": "测试路 1 号"}
    need = await service.need("灯坏了，另外我妈想找人陪着说说话", who=Role.RESIDENT, contact=contact)
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    empty = await clerk.post(path + "/split", {"text": ""})
    assert (empty.status, "不能为空" in empty.words or "至少" in empty.words) == (422, True)
    seen = await clerk.post(path + "/split", {"text": "想找人陪妈妈说说话 <script>alert(1)</script>"})
    assert (seen.path != path, "00012345678" in seen.words, "<script>alert" in seen.text) == (True, True, False)
    assert f'href="{seen.path}">看拆出的那一条' in (await clerk.get(path)).text
    listed = await service.call(Role.RESIDENT, "GET", "/api/v1/needs")
    assert {each["id"] for each in listed["items"]} == {need["id"], seen.path.rsplit("/", 1)[1]}
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/cancel", {"reason": "不用了"}, expect=200)
    split = f"/api/v1/needs/{need['id']}/split"
    await service.call(Role.COMMUNITY, "POST", split, {"text": "再来一件"}, expect=409)
    stranger = await service.account(Role.COMMUNITY, NEIGHBOUR_COMMUNITY)
    await service.call(stranger, "POST", split, {"text": "再来一件"}, expect=404)


async def test_an_unsure_reading_shows_what_else_may_be_meant_and_takes_it_with_one_button(
    service: Service, visitor_of: VisitorOf
) -> None:
    need = await service.need("帮帮忙")
    other = need["understanding"]["services"][1]
    clerk = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    seen = await clerk.get(path)
    assert (f"也可能是{other['name']}" in seen.words, f"是{other['name']}" in seen.words) == (True, True)
    assert "连续核对（1）" in (await clerk.get("/desk?tab=review")).words
    done = await clerk.post(path + "/correct", {"services": other["code"], "revision": str(need["revision"])})
    assert ("已核对" in done.words, "也可能是" in done.words) == (True, False)


async def test_who_lacks_one_thing_is_named_with_that_thing_alone(service: Service, visitor_of: VisitorOf) -> None:
    await service.volunteer(name="卢师傅", gender="male")
    need = await service.need(constraints={"gender": "female"})
    seen = await (await visitor_of(Role.COMMUNITY)).get(f"/desk/needs/{need['id']}")
    assert "卢师傅只差一样：需要女志愿者" in seen.words
