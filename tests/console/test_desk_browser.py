"""The desk in a real browser: it fits, it can be read, it is quick from the keyboard, and news reach it."""

from playwright.async_api import expect

from models.vocabulary import Role
from tests.conftest import COMMUNITY, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs
from tests.console.test_whistles import department


async def test_the_desk_fits_a_telephone_and_can_be_read_by_everybody(service: Service, page_as: PageAs) -> None:
    await service.volunteer(name="王师傅")
    need = await service.need(urgency=4)
    unit = await department(service, "城管中队")
    body = {"need": need["id"], "units": [{"kind": "organisation", "id": unit["id"]}]}
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", body, expect=201)
    plan = await service.call(Role.COMMUNITY, "POST", "/api/v1/plans", {"region": COMMUNITY}, expect=201)
    page = await page_as(Role.COMMUNITY, 360)
    paths = (
        "/desk", f"/desk/needs/{need['id']}", "/desk/new", "/desk/plan", f"/desk/plan/{plan['id']}", "/desk/regions", "/desk/map",
        "/whistles", "/whistles/new", f"/whistles/{whistle['id']}",
    )  # fmt: skip
    for path in paths:
        await page.goto(path)
        await assert_no_horizontal_scroll(page)
        await assert_accessible(page)


async def test_a_need_is_taken_by_telephone_with_the_keyboard_alone_and_dispatched_in_two_clicks(
    service: Service, page_as: PageAs
) -> None:
    await service.volunteer(name="王师傅")
    page = await page_as(Role.COMMUNITY)
    await page.goto("/desk/new")
    await page.keyboard.type("厨房水龙头关不紧一直漏水")
    await page.keyboard.press("Tab")
    await page.keyboard.type("00012345678")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("已录入")).to_be_visible()
    await expect(page.get_by_text("00012345678")).to_be_visible()
    await page.get_by_text("换个派法").click()
    await page.get_by_role("button", name="抢单").click()
    await expect(page.get_by_text("已抢单：派给王师傅")).to_be_visible()


async def test_a_new_need_and_what_becomes_of_it_reach_the_desk_without_reloading(service: Service, page_as: PageAs) -> None:
    page = await page_as(Role.COMMUNITY)
    await page.goto("/desk")
    await page.locator("body[data-listening]").wait_for()
    await page.evaluate("window.stays = true")
    await service.need("三号楼的声控灯坏了")
    await expect(page.locator(".need-row")).to_contain_text("声控灯")
    await expect(page.locator(".drawer[aria-current] .drawer-count")).to_have_text("1")
    assert await page.evaluate("window.stays")
    await expect(page.locator("#urgent-news")).to_be_hidden()
    await service.need("老人在家摔倒了起不来", urgency=4)
    await expect(page.locator("#urgent-news")).to_contain_text("摔倒")
    await expect(page).to_have_title("● 紧急 · 派单台 · 三单")
    await page.keyboard.press("Shift")
    await expect(page).to_have_title("派单台 · 三单")


async def test_the_map_draws_what_the_table_says(service: Service, page_as: PageAs) -> None:
    await service.need()
    await service.volunteer()
    page = await page_as(Role.STREET)
    await page.goto("/desk/map")
    await expect(page.locator("path.leaflet-interactive")).to_have_count(2)
    await page.locator("path.leaflet-interactive").last.click()
    await expect(page.locator(".leaflet-popup")).to_contain_text("没办完 1 条")
    await page.locator("body[data-listening]").wait_for()
    await service.need("三号楼的声控灯坏了")
    await expect(page.locator(".leaflet-popup", has_text="没办完 2 条")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.locator(".map-name").first.locator("span").click()
    await expect(page.locator(".leaflet-popup", has_text="看这里的需求").last).to_be_visible()


async def test_a_unit_is_found_among_many_by_typing_and_what_is_ticked_stays_in_sight(service: Service, page_as: PageAs) -> None:
    for name in ("城管中队", "消防站", "环卫所"):
        await department(service, name)
    page = await page_as(Role.COMMUNITY)
    await page.goto("/whistles/new")
    await page.get_by_label("环卫所").check()
    await page.get_by_label("按名字找单位").fill("消防")
    await expect(page.get_by_label("消防站")).to_be_visible()
    await expect(page.get_by_label("环卫所")).to_be_visible()
    await expect(page.get_by_label("城管中队")).to_be_hidden()


async def test_an_accept_reaches_the_pages_of_the_desk_and_leaves_an_open_question_alone(
    service: Service, page_as: PageAs
) -> None:
    """By the stream: a page asks by itself once a minute at the most, and then only where it has none."""
    person = await service.volunteer(name="王师傅")
    need = await service.need()
    order = await service.offer(need, person)
    desk, page, phone = (
        await page_as(Role.STREET),
        await page_as(Role.COMMUNITY),
        await page_as(await service.as_provider(person), 360),
    )
    for each, path in ((desk, "/desk?tab=in_hand"), (page, f"/desk/needs/{need['id']}"), (phone, f"/me/orders/{order['id']}")):
        await each.goto(path)
        await each.locator("body[data-listening]").wait_for()
        await each.evaluate("window.stays = true")
    question = page.locator("#progress details:has(form[action$='/withdraw'])")
    await question.locator("summary").click()
    await phone.get_by_role("button", name="接单").click()
    await expect(phone.get_by_text("接单成功")).to_be_visible()
    await expect(desk.locator(".need-row")).to_contain_text("水龙头")
    await expect(question).to_have_attribute("open", "")
    await question.locator("summary").click()
    await expect(page.locator("#progress")).to_contain_text("已接单")
    await expect(page.get_by_text("“谁能来”还是刚才的名单")).to_be_visible()
    assert await page.evaluate("window.stays")
    await expect(page.locator("#events")).to_contain_text("接单 王师傅")
    await page.get_by_role("link", name="重新看").click()
    await expect(page.get_by_text("现在不用派单")).to_be_visible()
    await expect(page.get_by_text("“谁能来”还是刚才的名单")).to_be_hidden()
    assert await desk.evaluate("window.stays")


async def test_without_a_stream_a_page_asks_by_a_slow_clock(service: Service, page_as: PageAs) -> None:
    person = await service.volunteer(name="王师傅")
    need = await service.need()
    order = await service.offer(need, person)
    page = await page_as(Role.COMMUNITY)
    await page.route("**/events?*", lambda route: route.abort())
    await page.clock.install()
    await page.goto(f"/desk/needs/{need['id']}")
    await service.call(await service.as_provider(person), "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    await page.clock.fast_forward(61_000)
    await expect(page.locator("#progress")).to_contain_text("已接单")
