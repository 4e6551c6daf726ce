"""The page of statistics: the figures of those who look, told without scripts, drawn with them, taken along as files."""

import json
import re
from html import unescape

from playwright.async_api import expect

from matcher.ranking.eligibility import RULES
from models.need import NeedStatus
from models.vocabulary import Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, Service, ServiceMaker
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, VisitorOf

JUDGED = {"responded": True, "resolved": True, "satisfied": False, "score": 3}


async def some_work(service: Service) -> None:
    """One need judged, one that nobody can meet."""
    need, volunteer = await service.need(), await service.volunteer()
    order = await service.offer(need, volunteer)
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "换了阀芯"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    await service.call(Role.RESIDENT, "POST", f"/api/v1/needs/{need['id']}/evaluation", JUDGED, expect=201)
    nobody = await service.need("想学二胡")
    await service.store.database["needs"].update_one(
        {"_id": nobody["id"]}, {"$set": {"status": NeedStatus.UNMATCHED, "unmatched": {"skill": 1}}}
    )


async def test_without_scripts_every_figure_stands_in_a_table_and_leads_to_its_file(
    service: Service, visitor_of: VisitorOf
) -> None:
    await some_work(service)
    community = await visitor_of(Role.COMMUNITY)
    seen = await community.get("/statistics")
    assert "满意率 0.0% 0 / 1" in seen.words
    assert "响应率 100.0% 1 / 1" in seen.words
    assert RULES["skill"].label in seen.words
    files = [unescape(each) for each in re.findall(r'href="(/statistics/[^"]+\.csv[^"]*)"', seen.text)]
    assert len(files) == 4
    for file in files:
        table = await community.get(file)
        assert table.headers["Content-Type"].startswith("text/csv")
        assert len(table.text.splitlines()) >= 2
    street = await visitor_of(Role.STREET)
    further = unescape(next(iter(re.findall(r'<th scope="row"><a href="([^"]+)"', (await street.get("/statistics")).text))))
    assert f"region={COMMUNITY}" in further
    assert "按网格" in (await street.get(further)).words


async def test_who_oversees_another_region_sees_nothing_of_this_one(service: Service, visitor_of: VisitorOf) -> None:
    await some_work(service)
    stranger = await visitor_of(await service.account(Role.COMMUNITY, FAR_COMMUNITY))
    for query in ("", f"?region={COMMUNITY}", f"?region={GRID}&by=service"):
        seen = await stranger.get(f"/statistics{query}")
        assert seen.status == 200
        assert "点单 0" in seen.words
    assert "不在您的辖区" in seen.words


async def test_what_cannot_be_asked_is_said_beside_its_field_and_an_empty_field_asks_nothing(
    service: Service, visitor_of: VisitorOf
) -> None:
    visitor = await visitor_of(Role.COMMUNITY)
    assert (await visitor.get("/statistics?region=&from=&to=&by=")).status == 200
    wrong = await visitor.get("/statistics?from=2026-03-02&to=2026-03-01")
    assert wrong.status == 422
    assert "不能早于开始日期" in wrong.words
    assert 'value="2026-03-02"' in wrong.text, "what was typed stays"
    assert "点单" not in wrong.words.partition("这些数字怎么算")[0], "no figures of another question"
    assert "应当是日期" in (await visitor.get("/statistics?from=abc")).words
    for query in ("by=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "region=%3Cimg%20src=x%20onerror=alert(1)%3E", "from=x&x=1"):
        seen = await visitor.get(f"/statistics?{query}")
        assert seen.status == 422
        assert "<script>alert" not in seen.text
        assert "<img" not in seen.text
        assert (await visitor.get(f"/statistics/rates.csv?{query}")).status == 422


async def test_a_name_with_tags_in_it_stays_a_name_in_table_and_picture(
    service: Service, make_service: ServiceMaker, visitor_of: VisitorOf
) -> None:
    name = "\"><img src=x onerror='alert(1)'></script>"
    await some_work(service)
    items = service.store.database["catalogue"]
    await items.update_many({}, {"$set": {"name": name}})
    again = await make_service(service.store.database.name)
    seen = await (await visitor_of(await service.token(Role.COMMUNITY), again)).get("/statistics?by=service")
    assert "<img" not in seen.text
    charts = [json.loads(unescape(each)) for each in re.findall(r'data-chart="([^"]*)"', seen.text)]
    assert name in charts[0]["labels"]


async def test_pictures_are_drawn_where_scripts_run_and_fit_a_telephone(service: Service, page_as: PageAs) -> None:
    await some_work(service)
    page = await page_as(Role.COMMUNITY, 360)
    await page.goto("/statistics")
    await expect(page.locator(".chart canvas")).to_have_count(4)
    await assert_no_horizontal_scroll(page)
    await page.set_viewport_size({"width": 1280, "height": 900})
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
    await page.get_by_label("分列").select_option("week")
    await page.get_by_role("button", name="统计").click()
    await expect(page.get_by_role("heading", name="服务成效：按周")).to_be_visible()
    await expect(page.locator(".chart canvas")).to_have_count(3)
