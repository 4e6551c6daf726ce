"""统筹 as pages: choose a place, read what is proposed, apply it."""

import re

from models.vocabulary import Role
from tests.conftest import Service
from tests.console.conftest import VisitorOf


async def test_a_plan_is_proposed_read_and_applied(service: Service, visitor_of: VisitorOf) -> None:
    await service.volunteer(name="王师傅", capacity=1)
    for place in range(2):
        await service.need(f"厨房水龙头关不紧一直漏水，{place} 号楼")
    clerk = await visitor_of(Role.COMMUNITY)
    page = await clerk.get("/desk/plan")
    assert "还没有拟过方案" in page.words
    own = service.desk.context.regions.require("420106001001").name
    assert f'value="{own}"' in page.text
    seen = await clerk.post("/desk/plan", {"where": own})
    for words in ("2 条需求", "1 单可以派", "1 人还缺", "王师傅", "都派给了更合适的需求", "按方案派单", "平均每单"):
        assert words in seen.words, words
    assert "一条也没有勾选" in (await clerk.post(f"{seen.path}/apply")).words
    ticked = {"take": re.findall(r'name="take" value="(\w+)" [^>]*checked', seen.text)}
    done = await clerk.post(f"{seen.path}/apply", ticked)
    assert "已派出 1 单" in done.words
    assert "按方案派" not in done.words
    assert (await clerk.post(f"{seen.path}/apply", ticked)).status == 409
    assert "已派单" in (await clerk.get("/desk/plan")).words
    assert (await (await visitor_of(await service.account(Role.COMMUNITY, "420106001002"))).get(seen.path)).status == 404


async def test_what_is_not_ticked_is_not_sent_and_what_nobody_has_looked_at_is_not_planned(
    service: Service, visitor_of: VisitorOf
) -> None:
    await service.volunteer(name="王师傅", capacity=5)
    taken, left = [await service.need(f"厨房水龙头关不紧一直漏水，{place} 号楼") for place in range(2)]
    doubtful = await service.need("帮帮忙")
    assert doubtful["understanding"]["needs_review"]
    clerk = await visitor_of(Role.COMMUNITY)
    seen = await clerk.post("/desk/plan", {"where": service.desk.context.regions.require("420106001001").name})
    for words in ("2 单可以派", "1 条没核对", "先去核对"):
        assert words in seen.words, words
    assert doubtful["id"] not in seen.text
    done = await clerk.post(f"{seen.path}/apply", {"take": taken["id"]})
    assert "已派出 1 单，1 单没有勾选" in done.words
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{left['id']}"))["status"] == "open"
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{taken['id']}"))["status"] == "offered"
