"""The work of several people in browsers of their own: what one does on their page is what the next one finds on theirs."""

import pytest
from playwright.async_api import Page, expect

from models.account import ProviderRef
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.browsing import assert_no_horizontal_scroll
from tests.console.conftest import PageAs
from tests.console.test_whistles import department

UNHAPPY = {"responded": True, "resolved": True, "satisfied": False, "score": 2}
TEXT = "厨房水龙头关不紧一直漏水"
PROBES = ("<script>window.hurt=1;alert(1)</script>", "\"><img src=x onerror='window.hurt=1;alert(1)'>")
PROBE = "".join(PROBES)


async def listening(page: Page, path: str) -> Page:
    await page.goto(path)
    await page.locator("body[data-listening]").wait_for()
    return page


@pytest.mark.parametrize("width", [1280, 360])
async def test_a_need_goes_round_from_page_to_page_until_it_is_judged(service: Service, page_as: PageAs, width: int) -> None:
    mender = await service.volunteer(name="王师傅（测试）")
    resident, clerk = await page_as(Role.RESIDENT, width), await listening(await page_as(Role.COMMUNITY, width), "/desk")
    volunteer = await listening(await page_as(await service.as_provider(mender), 360), "/me")
    need = await posted(resident)
    await dispatched_to_the_first(clerk, "王师傅（测试）")
    await served(volunteer)
    await confirmed_and_judged(resident)
    await clerk.reload()
    await expect(clerk.get_by_text("居民评价 4 分：有响应，已解决，满意。来得快")).to_be_visible()
    await volunteer.reload()
    await expect(volunteer.get_by_text("来得快")).to_be_visible()
    for page in (resident, clerk, volunteer):
        await assert_no_horizontal_scroll(page)
    await counted(await page_as(Role.STREET, width))
    await logged(await page_as(Role.ADMIN, width), need)


async def posted(page: Page) -> str:
    await page.goto("/")
    await page.get_by_label("说说您的需要").fill(TEXT)
    await page.get_by_label("联系电话").fill("00012345678")
    await page.get_by_label("门牌号").fill("测试路 1 号")
    await page.get_by_role("button", name="提交").click()
    await expect(page.get_by_text("收到了，社区会尽快安排人来")).to_be_visible()
    await page.locator("body[data-listening]").wait_for()
    return page.url.rpartition("/")[2]


async def dispatched_to_the_first(page: Page, name: str) -> None:
    await page.locator(".need-link", has_text=TEXT).click()
    first = page.locator(".candidate-first")
    await expect(first).to_contain_text(name)
    await first.get_by_role("button", name=f"派给{name}").click()
    await expect(page.locator(".order", has_text=name)).to_contain_text("待接单")
    await page.locator("body[data-listening]").wait_for()


async def served(page: Page) -> None:
    await expect(page.get_by_text(TEXT)).to_be_visible()
    await expect(page.get_by_text("测试路 1 号")).to_have_count(0)
    await page.get_by_role("button", name="接单").click()
    await expect(page.get_by_text("00012345678")).to_be_visible()
    await expect(page.get_by_text("测试路 1 号")).to_be_visible()
    await page.get_by_role("button", name="联系过了").click()
    await expect(page.get_by_text("已记下：联系过居民")).to_be_visible()
    await page.get_by_role("button", name="开始服务").click()
    await page.get_by_label("做了什么").fill("换了阀芯")
    await page.get_by_role("button", name="做完了").click()
    await expect(page.get_by_text("等居民确认")).to_be_visible()


async def confirmed_and_judged(page: Page) -> None:
    await page.get_by_role("button", name="先确认办好了，以后再评").click()
    await expect(page.get_by_text("已确认办好了，谢谢")).to_be_visible()
    await page.get_by_text("一项一项评").click()
    for question, answer in (("来得及时吗？", "及时"), ("事情办好了吗？", "办好了"), ("您满意吗？", "满意"), ("打个分", "4")):
        await page.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check()
    await page.get_by_label("还想说的").fill("来得快")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.get_by_text("已评价，谢谢您")).to_be_visible()


async def counted(page: Page) -> None:
    """The street finds it among its figures."""
    await page.goto("/statistics")
    await page.get_by_label("分列").select_option("service")
    await page.get_by_role("button", name="统计").click()
    await expect(page.get_by_role("row", name="水管龙头维修").first).to_contain_text("100.0%")
    await assert_no_horizontal_scroll(page)


async def logged(page: Page, need: str) -> None:
    await page.goto("/admin/events")
    await page.get_by_label("需求编号").fill(need)
    await page.get_by_role("button", name="找").click()
    for what in ("点单", "派单", "接单", "开始", "完成", "确认", "评价"):
        await expect(page.locator(".list-row strong", has_text=what).first).to_be_visible()
    await assert_no_horizontal_scroll(page)


async def test_each_way_of_dispatching_makes_orders_of_its_own(service: Service, page_as: PageAs) -> None:
    for number in range(3):
        await service.volunteer(name=f"管工{number}", capacity=10, party_member=number == 0)
    body = {"skills": ["修水管", "心理咨询"], "region": GRID, "credential": "assistant", "capacity": 10}
    for name in ("社工甲", "社工乙"):
        await service.call(Role.ADMIN, "POST", "/api/v1/social-workers", body | {"name": name}, expect=201)
    page = await page_as(Role.COMMUNITY)
    ways = {
        "direct": ("派给", "指派", 1), "sequence": ("顺序派单", "顺序派单", 1), "open": ("抢单", "抢单", 5),
        "window": ("限时报名", "限时报名", 5), "team": ("组队", "组队", 3),
    }  # fmt: skip
    for mode, (button, words, count) in ways.items():
        need = await service.need(f"{TEXT}（{words}）")
        await page.goto(f"/desk/needs/{need['id']}")
        if mode == "direct":
            await page.locator(".candidate-first").get_by_role("button", name=button).click()
        else:
            await page.get_by_text("换个派法").click()
            await page.get_by_role("button", name=button).click()
        await expect(page.locator(".order")).to_have_count(count)
        await expect(page.locator(".order", has_text=words)).to_have_count(count)
        made = [each async for each in service.store.database["orders"].find({"need_id": need["id"]})]
        assert [each["mode"] for each in made] == [mode] * count


async def test_a_whistle_is_blown_reported_in_and_closed_on_open_pages(service: Service, page_as: PageAs) -> None:
    unit = await department(service, "城管中队（测试）")
    clerk = await page_as(Role.COMMUNITY)
    ref = ProviderRef(ProviderKind.ORGANISATION, unit["id"])
    called = await listening(await page_as(await service.account(Role.ORGANISATION, provider=ref), 360), "/me")
    await clerk.goto("/whistles/new")
    await clerk.get_by_label("什么事").fill("路面塌了一块")
    await clerk.get_by_role("checkbox", name="城管中队（测试）").check()
    await clerk.get_by_role("button", name="吹哨").click()
    await expect(clerk.get_by_text("已吹哨，叫了 1 家单位，30 分钟内报到")).to_be_visible()
    await clerk.locator("body[data-listening]").wait_for()
    await called.get_by_text("有人吹哨，请报到").click()
    await called.get_by_role("button", name="报到").click()
    await called.get_by_label("办完了，情况怎样").fill("围起来了，坑填好了")
    await called.get_by_role("button", name="申请办结").click()
    await expect(called.get_by_text("等吹哨的一方答复")).to_be_visible()
    # The page that has been open since the whistle knows who came and what they ask.
    await expect(clerk.get_by_text("申请办结").first).to_be_visible()
    await expect(clerk.get_by_text("还没办好，退回")).to_be_visible()
    await clerk.get_by_label("怎么办结的").fill("填好了")
    await clerk.get_by_label("城管中队（测试）到场后做得").select_option("5")
    await clerk.get_by_role("button", name="办结").click()
    await expect(clerk.get_by_text("已办结：填好了")).to_be_visible()
    await called.reload()
    await expect(called.get_by_text("填好了").first).to_be_visible()


async def test_whose_session_is_ended_elsewhere_is_led_to_sign_in_and_loses_nothing(service: Service, page_as: PageAs) -> None:
    need = await service.need()
    token = await service.account(Role.COMMUNITY, COMMUNITY)
    account = (await service.call(token, "GET", "/api/v1/me", expect=200))["id"]
    page, resident, street = await page_as(token), await page_as(Role.RESIDENT, 360), await page_as(Role.STREET)
    await page.goto(f"/desk/needs/{need['id']}")
    await page.get_by_text("我来办").click()
    await page.get_by_label("打算怎么办").fill("下午上门看看")
    await service.call(Role.ADMIN, "DELETE", f"/api/v1/accounts/{account}/sessions", expect=204)
    await page.get_by_role("button", name="转为人工办理").click()
    await expect(page.get_by_text("登录已失效。填的内容还在这一页")).to_be_visible()
    await expect(page.get_by_label("打算怎么办")).to_have_value("下午上门看看")
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}", expect=200))["status"] == "open"
    # A page that asks by itself leaves what is being written where it is.
    await resident.goto("/")
    former = await service.token(Role.RESIDENT)
    await service.call(former, "DELETE", "/api/v1/sessions/current", expect=204)
    box = resident.get_by_label("说说您的需要")
    await box.fill(TEXT)
    await expect(resident.get_by_text("登录已失效。填的内容还在这一页")).to_be_visible()
    await expect(box).to_have_value(TEXT)
    await resident.get_by_role("link", name="我的需求").filter(visible=True).click()
    await expect(resident.get_by_role("button", name="登录")).to_be_visible()
    # Where nothing is being written it goes to sign in by itself.
    await street.goto("/desk/regions")
    await service.call(await service.token(Role.STREET), "DELETE", "/api/v1/sessions/current", expect=204)
    await street.evaluate("document.getElementById('bell').dispatchEvent(new CustomEvent('live'))")
    await expect(street.get_by_role("button", name="登录")).to_be_visible()


async def test_words_that_are_markup_stay_words_in_a_browser(service: Service, page_as: PageAs) -> None:
    mender = await service.volunteer(name=PROBES[1][:60], bio=PROBE)
    contact = {"name": PROBES[0][:40], "phone": "00012345678", "address": PROBE}
    need = await service.need(f"水龙头漏水 {PROBE}", contact=contact)
    who = {"provider": {"kind": mender["kind"], "id": mender["id"]}}
    path = f"/api/v1/needs/{need['id']}"
    clerk = await probed(await page_as(Role.COMMUNITY))
    for each in ("/desk", f"/desk/needs/{need['id']}"):
        await shows_words_alone(clerk, each)
    order = await service.call(Role.COMMUNITY, "POST", f"{path}/orders", {**who, "note": PROBE}, expect=201)
    volunteer = await probed(await page_as(await service.as_provider(mender), 360))
    await shows_words_alone(volunteer, "/me")
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": PROBE})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    await service.call(Role.RESIDENT, "POST", f"{path}/evaluation", UNHAPPY | {"comment": PROBE}, expect=201)
    await shows_words_alone(volunteer, f"/me/orders/{order['id']}")
    await service.call(Role.RESIDENT, "POST", f"{path}/reopen", {"reason": PROBE}, expect=200)
    await shows_words_alone(clerk, f"/desk/needs/{need['id']}")
    await shows_words_alone(await probed(await page_as(Role.RESIDENT, 360)), f"/me/needs/{need['id']}")
    await shows_words_alone(await probed(await page_as(Role.ADMIN)), f"/admin/events?need={need['id']}")


async def probed(page: Page) -> Page:
    """A dialogue that opens would be the probe's."""
    page.on("dialog", lambda dialog: pytest.fail(f"a probe fired on {page.url}: {dialog.message}"))
    return page


async def shows_words_alone(page: Page, path: str) -> None:
    await page.goto(path)
    await page.wait_for_load_state("load")
    await expect(page.locator("main")).to_contain_text("<img src=x")
    assert await page.locator("img[src=x]").count() == 0
    assert await page.evaluate("window.hurt") is None, path
