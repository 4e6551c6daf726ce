"""The queue of what was not understood for sure: one key each, the next at once."""

import re

from playwright.async_api import expect

from models.vocabulary import Role
from tests.conftest import FAR_COMMUNITY, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, Seen, VisitorOf

VAGUE = "那个事情麻烦帮忙看一下"
PROBE = "<script>window.hurt=1</script><img src=x onerror=alert(1)>"


def offered_in(seen: Seen) -> list[tuple[str, str]]:
    return re.findall(r'name="services" value="(\w+)" data-key="(\d)"', seen.text)


async def test_the_queue_is_worked_one_after_the_other(service: Service, visitor_of: VisitorOf) -> None:
    await service.need(VAGUE + PROBE)
    await service.need(VAGUE + PROBE)
    visitor = await visitor_of(Role.COMMUNITY)
    seen = await visitor.get("/desk/review")
    assert all(words in seen.words for words in ("还有 2 条", "说的是哪件事", "先跳过"))
    assert "<img" not in seen.text
    assert VAGUE in seen.text
    offered = offered_in(seen)
    assert [key for _, key in offered] == ["1", "2", "3"]
    first = re.findall(r"/desk/review/([0-9a-f]{24})", seen.text)[0]
    found = await visitor.get(f"/desk/review?need={first}&q=%E4%B8%8B%E6%B0%B4%E9%81%93")
    assert 'value="drain" data-key="4"' in found.text
    assert "先跳过" in found.words, "a search does not take the way on"
    form = {"services": offered[1][0], "revision": "1", "urgency": "3", "people": ""}
    done = await visitor.post(f"/desk/review/{first}", form)
    assert all(words in done.words for words in ("还有 1 条", VAGUE, "重选"))
    after = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{first}", expect=200)
    assert (after["understanding"]["services"][0]["code"], after["understanding"]["urgency"]) == (offered[1][0], 3)
    again = await visitor.get(f"/desk/review?need={first}")
    assert offered_in(again) == offered, "what the model had said"
    assert all(words in again.words for words in ("先前记作", "不改了，看下一条"))
    second = re.findall(r"/desk/review/([0-9a-f]{24})", done.text)[0]
    assert second != first
    by_htmx = await visitor.post(f"/desk/review/{second}", {"services": "drain"}, HX_Request="true")
    assert by_htmx.status == 200
    assert "<html" not in by_htmx.text
    assert "都核对完了" in by_htmx.words


async def test_what_cannot_be_put_right_is_said_and_others_needs_are_not_there(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need(VAGUE)
    visitor = await visitor_of(Role.ADMIN)
    for form, status, words in (
        ({}, 422, "没有要更正的内容"), ({"services": "nonsense"}, 422, "服务事项不存在"),
        ({"services": "drain", "revision": "9"}, 409, "已被别人改动"),
    ):  # fmt: skip
        seen = await visitor.post(f"/admin/review/{need['id']}", form)
        assert (seen.status, words in seen.words, VAGUE in seen.words) == (status, True, True)
    far = await visitor_of(await service.account(Role.STREET, FAR_COMMUNITY[:9]))
    assert "都核对完了" in (await far.get("/desk/review")).words
    assert (await far.get(f"/desk/review?need={need['id']}")).status == 404
    assert (await far.post(f"/desk/review/{need['id']}", {"services": "drain"})).status == 404


async def test_one_key_says_what_is_meant_and_the_next_one_is_there(service: Service, page_as: PageAs) -> None:
    for number in range(3):
        await service.need(f"{VAGUE}（{'甲乙丙'[number]}）")
    page = await page_as(Role.ADMIN, 360)
    await page.goto("/admin/review")
    await expect(page.get_by_text("（甲）")).to_be_visible()
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
    await page.keyboard.press("2")
    await expect(page.locator(".asked")).to_contain_text("（乙）")
    await page.keyboard.press("0")
    await expect(page.locator(".asked")).to_contain_text("（丙）")
    await page.keyboard.press("/")
    await page.keyboard.type("下水道")
    await expect(page.locator("#found button").first).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("4")
    await expect(page.get_by_text("后面没有了")).to_be_visible()
    await page.get_by_role("link", name="看刚才跳过的").click()
    await expect(page.locator(".asked")).to_contain_text("（乙）")
