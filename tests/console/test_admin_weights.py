"""An administrator with the weights: sliders, what the past would have been, versions there and back, what was learned."""

import pytest
from playwright.async_api import expect

from api.console.pages.admin.learning import LESSONS, Lesson
from matcher.ranking.criteria import CRITERIA, default_criteria
from matcher.tuning.evidence import HeldOut
from matcher.tuning.preview import preview
from matcher.tuning.proposal import Learned, Proposal
from matcher.tuning.replay import present_shares, shares_of
from matcher.tuning.trials import LearnReport, Words
from models.schedule import now
from models.vocabulary import Role
from tests.conftest import GRID, NEIGHBOUR_COMMUNITY, Service
from tests.console.browsing import assert_accessible, assert_no_horizontal_scroll
from tests.console.conftest import PageAs, VisitorOf

PATH = "/admin/weights/default"
PROBE = "<script>window.hurt=1</script>\"'><img src=x onerror=alert(1)>"


def form(**changes: object) -> dict[str, str]:
    weights = default_criteria() | {code: value for code, value in changes.items() if code in default_criteria()}
    rest = {"version": 1, "reason": "近的先来"} | {code: value for code, value in changes.items() if code not in weights}
    return {f"criteria.{code}": str(value) for code, value in weights.items()} | {
        name: str(value) for name, value in rest.items()
    }


async def test_weights_are_tried_saved_with_a_reason_and_taken_back(service: Service, visitor_of: VisitorOf) -> None:
    able = await service.volunteer(name="手艺好的人", region=NEIGHBOUR_COMMUNITY)
    await service.volunteer(name="住得近的人", skills=["修水管"], bio="平时做饭", region=GRID)
    for number in range(2):
        await service.offer(await service.need(f"厨房水龙头一直漏水 {PROBE} 电话 0001234567{number}"), able)
    visitor = await visitor_of(Role.ADMIN)
    opened = await visitor.get(PATH)
    assert all(words in opened.words for words in ("技能匹配", "合计 1.00", "42%", "第 1 版", "没有别的方案管的需求"))
    nearest = dict.fromkeys(default_criteria(), 0) | {"location": 1}
    tried = await visitor.post(f"{PATH}/preview", form(**nearest))
    assert "最近 2 次派单" in tried.words
    assert tried.text.count('value="1"') >= 1, "what was typed stays"
    by_htmx = await visitor.post(f"{PATH}/preview", form(skill=1, location=0, text=0), HX_Request="true")
    either = tried if "会换人的例子" in tried.words else by_htmx
    assert "手艺好的人" in either.words
    assert "住得近的人" in either.words
    assert "<html" not in by_htmx.text
    for seen in (tried, by_htmx):
        assert "<script>window" not in seen.text
        assert "<img" not in seen.text
        assert "12345" not in seen.text

    refused = await visitor.post(PATH, form(**nearest, reason=""))
    assert (refused.status, "不能为空" in refused.words) == (422, True)
    saved = await visitor.post(PATH, form(**nearest, reason=PROBE))
    assert saved.path == PATH
    assert "已保存为第 2 版" in saved.words
    assert "<img" not in saved.text
    stale = await visitor.post(PATH, form(**nearest))
    assert (stale.status, "已被别人修改" in stale.words) == (409, True)
    assert all(words in stale.words for words in ("存了第 2 版", "您填的都还在"))
    assert 'name="version" value="2"' in stale.text, "seen what the other one saved, one may save over it"
    back = await visitor.post(f"{PATH}/rollback", {"version": "1"})
    assert "已退回第 1 版，记作第 3 版" in back.words
    present = await service.call(Role.ADMIN, "GET", "/api/v1/weights/default", expect=200)
    assert (present["version"], present["criteria"]["skill"]) == (3, pytest.approx(0.42))


async def test_what_makes_no_sense_is_said_where_it_stands(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    for changes, words in (({"skill": "很多"}, "应当是数字"), (dict.fromkeys(default_criteria(), 0), "至少要有一项权重大于 0")):
        for path in (PATH, f"{PATH}/preview"):
            seen = await visitor.post(path, form(**changes))
            assert (seen.status, words in seen.words) == (422, True), path
    assert (await visitor.get("/admin/weights/nowhere")).status == 404
    assert "还没有派过单" in (await visitor.post(f"{PATH}/preview", form())).words


async def test_a_profile_of_its_own_for_a_group_and_a_region(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    group = service.desk.context.catalogue.items[0]
    street = service.desk.context.regions.full_name(GRID[:9])
    made = await visitor.post("/admin/weights", {"group": group.group, "region": GRID[:9]})
    assert made.path == f"/admin/weights/{group.group}-{GRID[:9]}"
    listed = await visitor.get("/admin/weights")
    assert all(words in listed.words for words in (f"{street}、{group.group_name}", "默认方案"))
    twice = await visitor.post("/admin/weights", {"group": group.group, "region": GRID[:9]})
    assert (twice.status, "已有别的权重方案" in twice.words) == (409, True)
    nothing = await visitor.post("/admin/weights", {"group": "", "region": ""})
    assert (nothing.status, "选一类事，或者填一个地方" in nothing.words) == (422, True)
    moved = await visitor.post(f"{made.path}/scope", {"version": "1", "group": "", "region": GRID[:9]})
    assert f"已改：{street}" in moved.words
    ended = await visitor.post(f"{made.path}/scope", {"version": "2", "group": "", "region": ""})
    assert "现在不用" in ended.words
    assert (await visitor.post(f"{made.path}/scope", {"version": "2", "group": "", "region": ""})).status == 409


async def test_what_was_learned_is_shown_with_its_evidence_and_taken_with_one_press(
    service: Service, visitor_of: VisitorOf
) -> None:
    visitor = await visitor_of(Role.ADMIN)
    waiting = await visitor.get(f"{PATH}/learn")
    assert "开始学" in waiting.words
    little = await visitor.get(f"{PATH}/learned")
    assert all(words in little.words for words in ("证据还不够", "0 / 200", "有答复的工单 0 / 200"))
    proposed = dict.fromkeys(CRITERIA, 0.0) | {"skill": 0.45, "location": 0.5512}
    proposed["text"] = 1 - 0.45 - 0.5512 + 0.0012
    learnt = Learned(
        300, 280, {"accepted": 200, "declined": 90, "expired": 5, "handed_back": 5}, {},
        Proposal(
            proposed, dict.fromkeys(CRITERIA, (0.0, 0.9)), HeldOut(5, 0.61, 0.52, 0.09, 0.01),
            preview([], present_shares(await service.desk.weights.get("default")), shares_of(proposed), []),
        ),
    )  # fmt: skip
    report = LearnReport(await service.desk.weights.get("default"), learnt, Words({}, {}))
    LESSONS[service.desk]["default", None] = Lesson(report, now())
    seen = await visitor.get(f"{PATH}/learn")
    assert all(words in seen.words for words in ("建议的分量", "超出偶然", "看了 300 次派单", "采用建议", "55% ↑", "18%"))
    fields = {f"criteria.{code}": f"{value:.4f}" for code, value in proposed.items()}
    assert all(f'name="{name}" value="{value}"' in seen.text for name, value in fields.items())
    taken = await visitor.post(PATH, fields | {"version": "1", "reason": "采用从接单情况学来的建议"})
    assert "已保存为第 2 版" in taken.words
    assert "开始学" in (await visitor.get(f"{PATH}/learn")).words, "learned from weights that count no more"


async def test_a_slider_moves_its_number_the_shares_and_what_the_past_would_have_been(service: Service, page_as: PageAs) -> None:
    able = await service.volunteer(name="手艺好的人", region=NEIGHBOUR_COMMUNITY)
    await service.volunteer(name="住得近的人", skills=["修水管"], bio="平时做饭", region=GRID)
    await service.offer(await service.need(), able)
    page = await page_as(Role.ADMIN, 360)
    await page.goto(PATH)
    await expect(page.locator("#tried")).to_contain_text("最近 1 次派单")
    await page.get_by_label("距离远近的滑块").fill("1")
    await expect(page.get_by_label("距离远近", exact=True)).to_have_value("1")
    await expect(page.locator(".total")).to_have_text("1.82")
    await page.get_by_label("技能匹配", exact=True).fill("0")
    async with page.expect_response("**/preview"):
        await page.get_by_label("简介相符", exact=True).fill("0")
    await expect(page.locator("#tried")).to_contain_text("最近 1 次派单")
    await assert_no_horizontal_scroll(page)
    await assert_accessible(page)
    await page.get_by_label("为什么改").fill("近的先来")
    await page.get_by_role("button", name="存为新的一版").click()
    await expect(page.get_by_text("已保存为第 2 版")).to_be_visible()
    await page.get_by_role("button", name="退回第 1 版").click()
    await expect(page.get_by_text("已退回第 1 版，记作第 3 版")).to_be_visible()
