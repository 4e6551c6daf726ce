"""A provider with a real telephone and a real desk: what only a browser shows."""

import asyncio

from playwright.async_api import Page, expect

from models.vocabulary import Role
from tests.conftest import COMMUNITY, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs

CONTACT = {"name": "周测试", "phone": "00012345678", "address": "测试路 1 号"}


async def test_providers_pages_fit_a_telephone_and_can_be_read_by_everybody(service: Service, page_as: PageAs) -> None:
    volunteer = await service.volunteer(availability=[{"weekday": 1, "from": "18:00", "to": "21:15"}])
    token = await service.as_provider(volunteer)
    orders = [
        await service.offer(await service.need(contact=CONTACT, point={"lng": 114.3, "lat": 30.6}), volunteer) for _ in "12"
    ]
    await service.call(token, "POST", f"/api/v1/orders/{orders[0]['id']}/accept", expect=200)
    called = {"text": "河堤有险情", "region": COMMUNITY, "units": [{"kind": "volunteer", "id": volunteer["id"]}]}
    whistle = await service.call(Role.COMMUNITY, "POST", "/api/v1/whistles", called, expect=201)
    page = await page_as(token, 360)
    for path in ("/me", f"/me/orders/{orders[0]['id']}", "/me/profile/times", "/me/record", f"/me/whistles/{whistle['id']}"):
        await page.goto(path)
        await assert_no_horizontal_scroll(page)
        await assert_accessible(page)
    await page.goto("/me")
    taps = [await each.bounding_box() for each in await page.locator("main .btn:visible, .tabbar a").all()]
    assert len(taps) >= 7
    assert all(tap is not None and tap["height"] >= 44 for tap in taps)


async def test_an_offer_appears_on_an_open_page_and_what_is_begun_there_stays(service: Service, page_as: PageAs) -> None:
    volunteer = await service.volunteer()
    page = await page_as(await service.as_provider(volunteer), 360)
    await page.goto("/me")
    await expect(page.get_by_text("现在没有要答复的单")).to_be_visible()
    await page.locator("body[data-listening]").wait_for()
    await page.evaluate("window.stays = true")
    await service.offer(await service.need("厨房水龙头关不紧一直漏水"), volunteer)
    await expect(page.get_by_text("厨房水龙头关不紧一直漏水")).to_be_visible()
    await page.locator("summary", has_text="拒单").click()
    await service.offer(await service.need("阳台水管渗水，请来看看"), volunteer)
    await expect(page.get_by_text("阳台水管渗水")).to_be_visible()
    await expect(page.get_by_role("button", name="距离太远")).to_be_visible()
    assert await page.evaluate("window.stays")
    await page.get_by_role("button", name="距离太远").click()
    await expect(page.get_by_text("已拒单，社区会另请别人")).to_be_visible()
    await expect(page.get_by_role("button", name="接单")).to_have_count(1)


async def test_of_two_who_tap_at_once_one_has_it_and_the_other_is_told(service: Service, page_as: PageAs) -> None:
    people = [await service.volunteer(name=name) for name in ("张三（测试）", "李四（测试）")]
    need = await service.need()
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", {"mode": "open", "k": 2}, expect=201)
    pages: list[Page] = []
    for person in people:
        # Without scripts: a page that hears of the loss would take its button away before the tap.
        pages.append(await page_as(await service.as_provider(person), 360, java_script_enabled=False))
        await pages[-1].goto("/me")
    await asyncio.gather(*(page.get_by_role("button", name="接单").click() for page in pages))
    said = [await page.locator("main .alert").inner_text() for page in pages]
    assert sorted("接单成功" in each for each in said) == [False, True]
    assert sorted("慢了一步，这一单已被别人接走" in each for each in said) == [False, True]
    winner = pages[0] if "接单成功" in said[0] else pages[1]
    await winner.get_by_role("button", name="开始服务").click()
    await winner.get_by_label("做了什么").fill("换了阀芯")
    await winner.get_by_role("button", name="做完了").click()
    await expect(winner.get_by_text("等居民确认")).to_be_visible()
    second = await winner.context.new_page()
    await second.goto("/me/orders?done=true")
    await expect(second.get_by_text("等居民确认")).to_be_visible()
