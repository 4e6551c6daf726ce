"""A part of a page that cannot be had: the words stand where it was to be shown, and what stands there stays."""

from playwright.async_api import Route, expect

from models.vocabulary import Role
from tests.conftest import FAR_COMMUNITY, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, VisitorOf

REFRESH = "document.querySelectorAll('[data-live]').forEach((each) => each.dispatchEvent(new CustomEvent('live')))"


async def test_a_refused_part_is_said_in_its_place_with_a_way_to_try_again(service: Service, page_as: PageAs) -> None:
    need = await service.need("厨房水龙头关不紧一直漏水")
    page = await page_as(Role.RESIDENT, 360)
    await page.goto(f"/me/needs/{need['id']}")
    needs = service.store.database["needs"]
    await needs.update_one({"_id": need["id"]}, {"$set": {"posted_by": "somebody-else"}})
    for _ in range(2):
        await page.evaluate(REFRESH)
        await page.wait_for_load_state("networkidle")
    notice = page.locator("#need > .failed")
    await expect(notice).to_have_count(1)
    await expect(notice).to_contain_text("没有找到：没有这条需求")
    await expect(page.get_by_text("厨房水龙头关不紧一直漏水").first).to_be_visible()
    await expect(page.locator("#bell .failed")).to_have_count(0)
    await assert_accessible(page)
    await assert_no_horizontal_scroll(page)
    posted_by = (await service.call(Role.RESIDENT, "GET", "/api/v1/me", expect=200))["id"]
    await needs.update_one({"_id": need["id"]}, {"$set": {"posted_by": posted_by}})
    await notice.get_by_role("button", name="再试一次").click()
    await expect(notice).to_have_count(0)


async def test_who_asks_for_what_does_not_come_reads_why_and_keeps_what_is_typed(service: Service, page_as: PageAs) -> None:
    page = await page_as(Role.RESIDENT)
    await page.goto("/me/needs/new")
    words = page.get_by_label("说说您的需要")
    heard = page.locator("#heard")

    async def between(route: Route) -> None:
        await route.fulfill(status=502, content_type="text/html", body="<h1>Bad Gateway</h1>")

    async def never(route: Route) -> None:
        return

    await page.route("**/me/needs/preview*", between)
    await words.fill("水龙头漏水")
    await expect(heard).to_contain_text("服务没有应答")
    await expect(heard).not_to_contain_text("Bad Gateway")
    await page.unroute("**/me/needs/preview*")
    await page.route("**/me/needs/preview*", never)
    await page.evaluate("htmx.config.timeout = 50")
    await words.fill("水龙头漏水了")
    await expect(heard).to_contain_text("等了很久没有回音")
    await page.unroute("**/me/needs/preview*")
    await page.evaluate("htmx.config.timeout = 20000")
    await page.context.set_offline(True)
    await words.fill("厨房水龙头漏水了")
    await expect(heard).to_contain_text("没有送到")
    await page.context.set_offline(False)
    await words.fill("厨房水龙头一直漏水")
    await expect(heard).to_contain_text("我们听懂的是")
    await expect(heard.locator(".failed")).to_have_count(0)


async def test_a_page_that_shows_its_form_again_is_told_from_a_failure(service: Service, visitor_of: VisitorOf) -> None:
    resident = await visitor_of(Role.RESIDENT)
    typed = await resident.post("/me/needs/preview", {"text": ""}, HX_Request="true")
    assert (typed.status, typed.headers["Sandan-Page"]) == (422, "page")
    stranger = await visitor_of(await service.account(Role.COMMUNITY, FAR_COMMUNITY))
    need = await service.need()
    missing = await stranger.get(f"/desk/needs/{need['id']}", HX_Request="true")
    assert (missing.status, missing.headers["Sandan-Page"]) == (404, "problem")
    assert "failed" in missing.text
    forbidden = await stranger.get("/admin/events", HX_Request="true")
    assert (forbidden.status, "您的身份不能打开这一页" in forbidden.words) == (403, True)
