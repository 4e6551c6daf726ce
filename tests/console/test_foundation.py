"""The frame of every page, in a real browser: it fits, it can be read, it hears of news, it works without scripts."""

from playwright.async_api import expect

from api.keys import IDENTITY
from models.vocabulary import Role
from tests.conftest import COMMUNITY, PASSWORD, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs


async def test_the_frame_fits_a_telephone_and_a_desk_and_can_be_read_by_everybody(service: Service, page_as: PageAs) -> None:
    await service.need()
    for who, path in ((None, "/login"), (Role.COMMUNITY, "/me/notices"), (Role.RESIDENT, "/nowhere")):
        page = await page_as(who, 360)
        await page.goto(path)
        await assert_no_horizontal_scroll(page)
        await page.set_viewport_size({"width": 1280, "height": 900})
        await assert_no_horizontal_scroll(page)
        await assert_accessible(page)


async def test_news_reach_the_bell_and_the_list_without_reloading(service: Service, page_as: PageAs) -> None:
    page = await page_as(Role.COMMUNITY)
    await page.goto("/me/notices")
    await expect(page.get_by_text("还没有通知")).to_be_visible()
    await page.locator("body[data-listening]").wait_for()
    await page.evaluate("window.stays = true")
    await service.need("厨房水龙头关不紧一直漏水")
    await expect(page.locator(".bell-count")).to_have_text("1")
    await expect(page.locator(".list-row-new")).to_contain_text("水龙头")
    assert await page.evaluate("window.stays")


async def test_without_scripts_one_signs_in_reads_and_signs_out(service: Service, page_as: PageAs) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    page = await page_as(None, 360, java_script_enabled=False)
    await page.goto("/me/notices")
    await page.get_by_label("用户名").fill("周居民")
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="通知")).to_be_visible()
    await page.locator("details.menu summary").click()
    await page.get_by_role("button", name="退出登录").click()
    await expect(page.get_by_text("您已退出登录")).to_be_visible()


async def test_with_scripts_one_signs_in_and_may_look_at_what_is_typed(service: Service, page_as: PageAs) -> None:
    await service.client.app[IDENTITY].add_account("周居民", PASSWORD, Role.RESIDENT, "周居民", COMMUNITY)
    page = await page_as(None, 360)
    await page.goto("/me/notices")
    await page.get_by_label("用户名").fill("周居民")
    await page.get_by_label("密码").fill("wrong")
    await page.get_by_label("显示输入的内容").check()
    await expect(page.get_by_label("密码")).to_have_attribute("type", "text")
    await page.get_by_role("button", name="登录").click()
    await expect(page.locator("form").get_by_role("alert")).to_be_focused()
    await assert_accessible(page)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="通知")).to_be_visible()


async def test_who_goes_back_to_a_refused_form_finds_it_and_sends_nothing_again(page_as: PageAs) -> None:
    page = await page_as(Role.COMMUNITY)
    await page.goto("/desk/new")
    await page.locator("[name=text]").fill("水龙头漏水")
    await page.locator("[name=where]").fill("没有这个地方吧")
    await page.get_by_role("button", name="录入").click()
    await expect(page.get_by_role("alert").first).to_be_visible()
    await expect(page.locator("[name=text]")).to_have_value("水龙头漏水")
    await page.goto("/me/notices")
    await page.go_back()
    await expect(page.get_by_role("button", name="录入")).to_be_visible()


async def test_a_lost_network_is_said_and_taken_back(page_as: PageAs) -> None:
    page = await page_as(Role.RESIDENT, 360)
    await page.goto("/me/notices")
    await page.context.set_offline(True)
    await expect(page.get_by_text("网络断开了")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("网络断开了")).to_be_hidden()


async def test_what_is_sent_without_a_network_stays_on_the_page_and_goes_when_there_is_one(page_as: PageAs) -> None:
    said = "水龙头漏水，想请人修一下"
    page = await page_as(Role.COMMUNITY, 360)
    await page.goto("/desk/new")
    await page.locator("[name=text]").fill(said)
    await page.context.set_offline(True)
    await page.get_by_role("button", name="录入").click()
    await expect(page.get_by_text("没有发出去，连上后请再按一次")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("没有发出去")).to_be_hidden()
    await expect(page.locator("[name=text]")).to_have_value(said)
    await page.get_by_role("button", name="录入").click()
    await page.wait_for_url("**/desk/needs/*")
