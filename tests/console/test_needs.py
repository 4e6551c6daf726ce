"""A resident with the pages: posts, follows, judges; with and without scripts."""

import re
from typing import Any

from playwright.async_api import expect

from models.vocabulary import Role
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, Seen, VisitorOf

TEXT = "厨房水龙头关不紧一直漏水，明天上午在家"
FORM = {"text": TEXT, "region": GRID, "contact.phone": "00012345678", "urgency": "", "people": "", "contact.name": "周测试"}


def id_of(seen: Seen) -> str:
    found = re.fullmatch(r"/me/needs/([0-9a-f]{24})", seen.path)
    assert found, seen.path
    return found[1]


async def done(service: Service, need_id: str) -> dict[str, Any]:
    """Served to the end by a volunteer."""
    order = await service.offer({"id": need_id}, await service.volunteer())
    for step, body in (("accept", None), ("start", None), ("complete", {"summary": "换了阀芯"})):
        await service.call(Role.ADMIN, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    return order


async def test_a_need_is_posted_in_one_box_and_what_was_understood_is_shown_at_once(
    service: Service, visitor_of: VisitorOf
) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    home = await visitor.get("/")
    assert home.path == "/me/needs/new"
    looked = await visitor.post("/me/needs/preview", FORM)
    assert looked.status == 200
    assert all(words in looked.words for words in ("我们听懂的是", "水管龙头维修", "明天 08:00 到 12:00", "1 人"))
    assert TEXT in looked.words, "what was typed stays"
    assert (await service.call(Role.RESIDENT, "GET", "/api/v1/needs", expect=200))["items"] == [], "looking keeps nothing"
    posted = await visitor.post("/me/needs", FORM | {"urgency": "4", "people": "2"})
    need = await service.call(Role.RESIDENT, "GET", f"/api/v1/needs/{id_of(posted)}", expect=200)
    assert (need["text"], need["contact"]["phone"], need["people"]) == (TEXT, "00012345678", 2)
    assert need["understanding"]["urgency"] == 4
    assert all(words in posted.words for words in ("收到了", "社区正在安排人", "紧急", "2 人", "水管龙头维修"))
    assert TEXT in (await visitor.get("/me/needs")).words


async def test_a_form_that_is_refused_keeps_what_was_typed_beside_what_is_wrong(visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    refused = await visitor.post(
        f"/me/needs?region={GRID}", FORM | {"text": "水", "people": "一百", "contact.address": "测试路 1 号"}
    )
    assert refused.status == 422
    assert 'value="测试路 1 号"' in refused.text
    assert all(words in refused.words for words in ("至少 2 个字", "填写的内容有误"))
    strange = await visitor.post("/me/needs", FORM | {"status": "evaluated"})
    assert strange.status == 422
    by_htmx = await visitor.post("/me/needs/preview", FORM | {"text": "水"}, HX_Request="true")
    assert by_htmx.status == 422
    assert "<html" not in by_htmx.text


async def test_a_resident_without_a_region_chooses_one_step_by_step(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(await service.account(Role.RESIDENT))
    seen = await visitor.get("/")
    assert seen.path == "/me/needs/new/place"
    for length in (2, 4, 6, 9):
        link = f"/me/needs/new/place?region={COMMUNITY[:length]}"
        assert link in seen.text
        seen = await visitor.get(link)
    seen = await visitor.get(f"/me/needs/new/place?region={COMMUNITY}")
    assert seen.path == f"/me/needs/new?region={COMMUNITY}"
    assert (await visitor.get("/me/needs/new?region=99")).status == 422


async def test_a_need_is_followed_judged_and_done_again(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    path = (await visitor.post("/me/needs", FORM)).path
    assert "办得怎么样" not in (await visitor.get(path)).words
    await done(service, path.rpartition("/")[2])
    seen = await visitor.get(path)
    assert all(words in seen.words for words in ("已完成", "待评价", "办得怎么样", "来龙去脉"))
    early = await visitor.post(f"{path}/evaluation", {"responded": "true", "resolved": "true"})
    assert (early.status, early.words.count("必须填写")) == (422, 2)
    told = await visitor.post(f"{path}/confirm")
    assert all(words in told.words for words in ("已确认办好了", "已确认"))
    judged = {"responded": "true", "resolved": "false", "satisfied": "false", "score": "2", "comment": "又漏了"}
    again = await visitor.post(f"{path}/evaluation", judged)
    assert "已记下没有解决" in again.words
    assert (await service.call(Role.RESIDENT, "GET", f"/api/v1/needs/{path.rpartition('/')[2]}", expect=200))["round"] == 2
    late = await visitor.post(f"{path}/evaluation", judged)
    assert late.status == 409
    assert "不能评价" in late.words
    gone = await visitor.post(f"{path}/cancel", {"reason": "已经自己修好了"})
    assert all(words in gone.words for words in ("已撤销", "已经自己修好了"))


async def test_what_people_write_stays_text(service: Service, visitor_of: VisitorOf) -> None:
    probe = "<script>window.hurt=1</script><img src=x onerror='window.hurt=1'>\"'{{7*7}}"
    visitor = await visitor_of(Role.RESIDENT)
    path = (await visitor.post("/me/needs", FORM | {"text": f"水管漏水 {probe}", "contact.name": probe[:40]})).path
    await visitor.post(f"{path}/cancel", {"reason": probe})
    for where in (path, "/me/needs", "/"):
        seen = await visitor.get(where)
        assert "<script>window" not in seen.text
        assert "<img" not in seen.text
        assert "&lt;script&gt;" in seen.text


async def test_somebody_elses_need_is_neither_shown_nor_touched(service: Service, visitor_of: VisitorOf) -> None:
    path = (await (await visitor_of(Role.RESIDENT)).post("/me/needs", FORM)).path
    other = await visitor_of(await service.account(Role.RESIDENT, COMMUNITY))
    assert (await other.get(path)).status == 404
    assert (await other.post(f"{path}/cancel", {"reason": "玩笑"})).status == 404
    assert TEXT not in (await other.get("/me/needs")).text


async def test_progress_is_looked_up_without_signing_in(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need(contact={"name": "周测试", "phone": "00012345678", "address": ""})
    nobody = await visitor_of()
    assert f'value="{need["id"]}"' in (await nobody.get(f"/track?number={need['id']}")).text
    seen = await nobody.post("/track", {"number": need["id"], "phone_tail": "5678"})
    assert all(words in seen.words for words in ("待派单", "点单", "受理", "社区正在安排人", "答复您", "登录"))
    assert "水龙头" not in seen.text
    wrong = await nobody.post("/track", {"number": need["id"], "phone_tail": "1111"})
    assert wrong.status == 404
    assert "请核对编号和手机尾号" in wrong.words


async def test_on_a_telephone_one_posts_follows_and_judges(service: Service, page_as: PageAs) -> None:
    page = await page_as(Role.RESIDENT, 360)
    await page.goto("/")
    await page.get_by_label("说说您的需要").fill(TEXT)
    await expect(page.locator(".heard")).to_contain_text("水管龙头维修")
    await page.get_by_text("不对？改一改").click()
    await page.get_by_role("radio", name="紧急").check()
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
    # Twice in haste is once.
    await page.get_by_role("button", name="提交").dblclick()
    await expect(page.locator(".station-present")).to_contain_text("受理")
    await page.locator("body[data-listening]").wait_for()
    await done(service, page.url.rpartition("/")[2])
    # What was done meanwhile came without reloading.
    await expect(page.get_by_role("heading", name="办得怎么样？")).to_be_visible()
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
    await page.get_by_role("button", name="都好，满意").click()
    await expect(page.get_by_text("已评价，谢谢您")).to_be_visible()
    need = await service.call(Role.RESIDENT, "GET", f"/api/v1/needs/{page.url.rpartition('/')[2]}", expect=200)
    assert need["evaluation"]["score"] == 5
    assert len((await service.call(Role.RESIDENT, "GET", "/api/v1/needs", expect=200))["items"]) == 1
    assert need["understanding"]["urgency"] == 4


async def test_the_navigation_says_where_one_is(visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.RESIDENT)
    path = (await visitor.post("/me/needs", FORM)).path
    for where, entry, how in ((path, "/me/needs", "true"), ("/me/needs/new", "/me/needs/new", "page")):
        text = (await visitor.get(where)).text
        assert set(re.findall(r'href="([^"]+)" aria-current="(\w+)"', text)) == {(entry, how)}
