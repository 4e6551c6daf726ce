"""Notices as pages: one thing together, one's own place unsaid, read with what came before."""

from models.vocabulary import Role
from tests.api.support import told
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.conftest import VisitorOf


async def test_what_is_told_of_one_need_stands_together_without_ones_own_place_and_is_read_together(
    service: Service, visitor_of: VisitorOf
) -> None:
    clerk = await visitor_of(Role.COMMUNITY)
    need, other = await service.need(), await service.need("楼道里灯不亮 <img src=x>")
    order = await service.offer(need, await service.volunteer(name="王师傅"))
    body = {"reason": "这两天不在家", "code": "away"}
    await service.call(Role.ADMIN, "POST", f"/api/v1/orders/{order['id']}/decline", body, expect=200)
    await told(service.store)
    seen = await clerk.get("/me/notices")
    assert (seen.text.count('class="list-row list-row-new"'), "之前：新需求" in seen.words) == (2, True)
    assert seen.words.index("王师傅拒单") < seen.words.index("楼道里灯不亮")
    regions = service.desk.context.regions
    assert regions.full_name(COMMUNITY) not in seen.words
    assert regions.require(GRID).name in seen.words
    assert "<img" not in seen.text
    latest = (await service.call(Role.COMMUNITY, "GET", "/api/v1/notices", expect=200))["items"][0]
    assert (await clerk.get(f"/me/notices/{latest['id']}")).path == f"/desk/needs/{need['id']}"
    left = (await service.call(Role.COMMUNITY, "GET", "/api/v1/notices?unread=true", expect=200))["items"]
    assert [each["need_id"] for each in left] == [other["id"]]
