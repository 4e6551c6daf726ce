"""Open pages and what others do: who may listen, from when on, and what a page keeps when a part of it is renewed."""

import asyncio
import re
from datetime import timedelta
from html import unescape
from typing import Any

from aiohttp import ClientResponse
from playwright.async_api import Route, expect

from models.schedule import now
from models.vocabulary import Role
from tests.api.support import own_profile
from tests.conftest import FAR_COMMUNITY, Service
from tests.console.conftest import PageAs, Seen, Visitor, VisitorOf


def events_of(seen: Seen) -> str:
    """The address at which the page listens."""
    found = re.search(r'data-events="([^"]+)"', seen.text)
    assert found is not None
    return unescape(found[1])


async def listen(visitor: Visitor, path: str) -> ClientResponse:
    response = await visitor.session.get(visitor.base.join(type(visitor.base)(path, encoded=True)))
    assert (response.status, response.content_type) == (200, "text/event-stream")
    await until_line(response, "event: hello")
    return response


async def until_line(response: ClientResponse, wanted: str) -> str:
    """What comes in the line after this one."""
    while (line := (await asyncio.wait_for(response.content.readline(), 10)).decode()) and line.rstrip() != wanted:
        pass
    return (await response.content.readline()).decode().rstrip()


async def test_each_page_listens_for_what_it_shows(service: Service, visitor_of: VisitorOf) -> None:
    profile, token = await own_profile(service)
    need = await service.need()
    order = await service.offer(need, profile)
    asked: list[tuple[Any, str, str]] = [
        (Role.RESIDENT, f"/me/needs/{need['id']}", f"/events?need={need['id']}&since="),
        (Role.COMMUNITY, f"/desk/needs/{need['id']}", f"/events?need={need['id']}&since="),
        (token, f"/me/orders/{order['id']}", f"/events?need={need['id']}&since="),
        (Role.COMMUNITY, "/desk", "/events?desk=true&since="),
        (Role.STREET, f"/desk?region={need['region']}", f"/events?desk=true&region={need['region']}&since="),
        (Role.STREET, "/desk/map", "/events?desk=true&since="),
        (Role.RESIDENT, "/me/needs", "/events?since="),
    ]
    for who, path, start in asked:
        visitor = await visitor_of(who)
        address = events_of(await visitor.get(path))
        assert re.fullmatch(re.escape(start) + r"\d+", address)
        (await listen(visitor, address)).close()


async def test_what_happened_between_page_and_stream_is_told_at_once_and_older_things_are_not(
    service: Service, visitor_of: VisitorOf
) -> None:
    need = await service.need()
    visitor = await visitor_of(Role.COMMUNITY)
    path = f"/desk/needs/{need['id']}"
    address = events_of(await visitor.get(path))
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/by-hand", {"note": "我来"}, expect=200)
    response = await listen(visitor, address)
    assert await until_line(response, "event: touched") == f'data: {{"topic":"need:{need["id"]}"}}'
    response.close()
    later = re.sub(r"since=(\d+)", lambda found: f"since={int(found[1]) + 60_000}", address)
    response = await listen(visitor, later)
    silence = asyncio.create_task(until_line(response, "event: touched"))
    await asyncio.sleep(0.3)
    assert not silence.done()
    silence.cancel()
    response.close()


async def test_nobody_listens_to_what_is_not_theirs_by_the_page_either(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    far = await visitor_of(await service.account(Role.COMMUNITY, FAR_COMMUNITY))
    assert (await far.get(f"/events?need={need['id']}")).status == 404
    assert (await (await visitor_of(Role.RESIDENT)).get("/events?desk=true")).status == 403
    assert (await (await visitor_of()).get("/events?desk=true", follow=False)).status == 303


async def test_a_part_that_is_renewed_keeps_what_was_opened_and_where_one_stood(service: Service, page_as: PageAs) -> None:
    profile, token = await own_profile(service)
    need = await service.need()
    await service.need("三号楼的声控灯坏了")
    order = await service.offer(need, profile)
    page, desk = await page_as(Role.RESIDENT, 360), await page_as(Role.COMMUNITY)
    await page.goto(f"/me/needs/{need['id']}")
    await desk.goto("/desk?tab=all")
    for each in (page, desk):
        await each.locator("body[data-listening]").wait_for()
    await page.get_by_text("来龙去脉").click()
    await desk.locator(f".need-link[href^='/desk/needs/{need['id']}']").focus()
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    await expect(page.locator(".timeline-list")).to_contain_text("接单")
    await expect(page.locator(".timeline-list")).to_be_visible()
    row = desk.locator(".need-row", has_text="水龙头")
    await expect(row).to_contain_text("已接单")
    await expect(row.locator(".need-link")).to_be_focused()


async def test_a_page_that_comes_back_into_sight_asks_once_what_it_missed(service: Service, page_as: PageAs) -> None:
    profile, token = await own_profile(service)
    need = await service.need()
    order = await service.offer(need, profile)
    page = await page_as(Role.COMMUNITY)
    await page.goto(f"/desk/needs/{need['id']}")
    await page.locator("body[data-listening]").wait_for()
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    await expect(page.locator("body[data-listening]")).to_have_count(0)
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await expect(page.locator("#progress")).to_contain_text("已接单")


async def test_what_grows_old_by_itself_is_counted_anew_now_and_then(service: Service, page_as: PageAs) -> None:
    need = await service.need()
    page = await page_as(Role.STREET)
    await page.clock.install()
    await page.goto("/desk")
    await page.locator("body[data-listening]").wait_for()
    overdue = page.locator(".drawer", has_text="已超时").locator(".drawer-count")
    await expect(overdue).to_have_text("0")
    times = {"due_at": now() - timedelta(minutes=1), "near_at": now() - timedelta(hours=1)}
    await service.store.database["needs"].update_one({"_id": need["id"]}, {"$set": times})
    await page.clock.run_for(5 * 60_000)
    await expect(overdue).to_have_text("1")


async def test_an_answer_on_its_way_does_not_close_what_somebody_opens_meanwhile(service: Service, page_as: PageAs) -> None:
    need = await service.need()
    page = await page_as(Role.RESIDENT, 360)
    asked, may_answer = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        if "hx-request" in route.request.headers:
            asked.set()
            await may_answer.wait()
        await route.continue_()

    await page.route(f"**/me/needs/{need['id']}", late)
    await page.goto(f"/me/needs/{need['id']}")
    await page.locator("body[data-listening]").wait_for()
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/by-hand", {"note": "我来"}, expect=200)
    await asyncio.wait_for(asked.wait(), 10)
    question = page.locator("details:has(form[action$='/cancel'])")
    await question.locator("summary").click()
    async with page.expect_response(lambda response: "hx-request" in response.request.headers):
        may_answer.set()
    await expect(question).to_have_attribute("open", "")
    await question.get_by_label("或者自己说（可不填）").press_sequentially("好")
    await question.locator("summary").click()
    await expect(page.locator("#need .now-words")).to_be_visible()
    assert await question.get_by_label("或者自己说（可不填）").input_value() == "好"
