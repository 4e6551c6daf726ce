"""A field for a region: by name, by code, or a step at a time, with or without scripts."""

import re

from playwright.async_api import expect

from models.vocabulary import Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, Seen, VisitorOf

DISTRICT, CITY, PROVINCE = COMMUNITY[:6], COMMUNITY[:4], COMMUNITY[:2]


def steps(seen: Seen) -> dict[str, str]:
    """Where the links lead, by their names."""
    found = re.findall(r'<a class="level[^>]*? href="([^"#]+)#[^>]*>([^<]+)</a>', seen.text)
    return {name: address.replace("&amp;", "&") for address, name in found}


def value(seen: Seen, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)" list', seen.text)[0]


async def test_an_account_is_given_its_region_by_steps_by_name_or_by_code(service: Service, visitor_of: VisitorOf) -> None:
    visitor, regions = await visitor_of(Role.ADMIN), service.desk.context.regions
    page = await visitor.get("/admin/accounts")
    for name in ("湖北省", "武汉市", "武昌区"):
        page = await visitor.get(steps(page)[name])
    assert (value(page, "region"), '<details class="card card-body" open>' in page.text) == ("武汉市武昌区", True)
    assert steps(page)["武汉市"].endswith(f"within={CITY}")
    said = {"role": "street", "name": ""}
    community = regions.full_name(COMMUNITY)
    meant = {"甲": "武昌区", "乙": "武汉市武昌区", "丙": DISTRICT, "丁": community, "戊": "湖北省", "己": PROVINCE}
    for name, region in meant.items():
        assert "密码" in (await visitor.post("/admin/accounts", said | {"username": name, "region": region})).words, region
    kept = {
        each["username"]: each["region"]
        async for each in service.store.database["accounts"].find({"username": {"$in": [*meant]}})
    }
    assert kept == {"甲": DISTRICT, "乙": DISTRICT, "丙": DISTRICT, "丁": COMMUNITY, "戊": PROVINCE, "己": PROVINCE}
    for region, words in (("没有这里<img>", "没有这个地方"), ("社区居委会", "请写全"), ("", "要写明")):
        wrong = await visitor.post("/admin/accounts", said | {"username": "庚", "region": region})
        assert (wrong.status, words in wrong.words, "<img>" in wrong.text) == (422, True, False)


async def test_who_administers_a_region_is_offered_nothing_beyond_it(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(await service.account(Role.ADMIN, CITY))
    page = await visitor.get(f"/admin/accounts?within={FAR_COMMUNITY[:6]}")
    assert value(page, "region") == ""
    assert "全部" not in steps(page)
    assert set(steps(page)) >= {"武昌区"}
    assert "浙江" not in page.text
    wrong = await visitor.post("/admin/accounts", {"role": "community", "username": "庚", "region": FAR_COMMUNITY})
    assert (wrong.status, "不在您负责的辖区内" in wrong.words) == (422, True)
    clerk = await (await visitor_of(Role.COMMUNITY)).get("/desk/new")
    assert (steps(clerk), "<datalist" in clerk.text) == ({}, True)


async def test_a_rule_a_profile_and_the_desks_forms_take_places_alike(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    made = await visitor.post("/admin/weights", {"group": "", "region": "武昌区"})
    assert "武昌区" in made.words
    profile = await service.desk.weights.get(DISTRICT)
    assert profile is not None
    assert profile.applies_to is not None
    assert profile.applies_to.region == DISTRICT
    table = await service.desk.timetables.get()
    rule = {"version": str(table.version), "place": "0", "reason": "试试", "rule.stage": "respond", "rule.minutes": "30"}
    await visitor.post("/admin/clocks/rules?rule=0", rule | {"rule.region": "武昌区"})
    assert (await service.desk.timetables.get()).rules[0].region == DISTRICT
    page = await visitor.get("/admin/clocks?rule=0")
    assert value(page, "rule.region") == "武汉市武昌区"
    assert all("rule=0" in address for address in steps(page).values())
    wrong = await visitor.post("/admin/clocks/rules?rule=0", rule | {"version": str(table.version + 1), "rule.region": "没有"})
    assert (wrong.status, "没有这个地方" in wrong.words) == (422, True)
    for path in ("/desk/new", "/desk/plan", "/whistles/new"):
        chosen = await visitor.get(f"{path}?within={GRID[:9]}")
        assert value(chosen, "where") == service.desk.context.regions.full_name(GRID[:9]), path
    taken = await visitor.post("/desk/new", {"text": "楼道灯坏了", "where": service.desk.context.regions.full_name(COMMUNITY)})
    assert "已录入" in taken.words


async def test_with_scripts_a_step_keeps_what_else_was_typed(page_as: PageAs) -> None:
    page = await page_as(Role.ADMIN, 360)
    await page.goto("/admin/accounts")
    await page.locator("main details summary").first.click()
    await page.get_by_label("用户名", exact=True).fill("周社区")
    for name in ("湖北省", "武汉市", "武昌区"):
        await page.get_by_role("link", name=name, exact=True).click()
    await expect(page.get_by_label("负责哪里", exact=True)).to_have_value("武汉市武昌区")
    await expect(page.get_by_label("用户名", exact=True)).to_have_value("周社区")
    await expect(page.get_by_role("link", name="武昌区", exact=True)).to_be_focused()
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
