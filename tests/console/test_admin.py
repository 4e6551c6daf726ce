"""The administrator's other pages: the overview, accounts, the log, models, time limits, where notices are sent."""

import re

from api.keys import IDENTITY
from matcher.tuning.model_versions import Proposal
from models.account import SYSTEM
from models.vocabulary import Role
from seed.sources import SHIPPED_MODEL
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service
from tests.console.conftest import Visitor, VisitorOf

PROBE = "<script>window.hurt=1</script>\"'><img src=x onerror=alert(1)>"
OVERVIEW = ("", "/weights", "/review", "/models", "/catalogue", "/accounts", "/events", "/clocks", "/webhooks", "/running")


async def test_one_glance_says_what_wants_attention(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    quiet = await visitor.get("/admin")
    assert all(words in quiet.words for words in ("眼下没有要您管的", "都好", "0 位，是最新的", "还没有学过"))
    await service.need("那个事情麻烦帮忙看一下")
    await service.desk.models.propose(SYSTEM, Proposal(content=SHIPPED_MODEL.read_bytes(), note="试训"))
    busy = await visitor.get("/admin")
    assert all(words in busy.words for words in ("有 2 件事要您看", "等着核对 1 条", "第 1 版等您决定"))
    for path in (f"/admin{name}" for name in OVERVIEW):
        seen = await visitor.get(path)
        assert seen.status == 200, path
        for role in (Role.STREET, Role.RESIDENT):
            assert (await (await visitor_of(role)).get(path)).status == 403


async def test_accounts_are_made_shut_opened_and_given_new_passwords(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    path = "/admin/accounts"
    form = {"username": "周社区", "role": "community", "name": PROBE[:40], "region": ""}
    refused = await visitor.post(path, form)
    assert (refused.status, "社区和街道的账号要写明负责的区划" in refused.words) == (422, True)
    made = await visitor.post(path, form | {"region": COMMUNITY})
    password = re.findall(r"<code>([^<]+)</code>", made.text)[0]
    assert "再也看不到" in made.words
    token, account = await service.client.app[IDENTITY].sign_in("周社区", password, "test")
    listed = await visitor.get(path + "?username=%E5%91%A8&role=")
    assert "周社区" in listed.words
    assert "<img" not in listed.text
    assert password not in listed.text
    assert (await visitor.post(path, form | {"region": COMMUNITY})).status == 409
    theirs = await visitor_of(token)
    assert (await theirs.get("/me/notices", follow=False)).status == 200
    shut = await visitor.post(f"{path}/{account.id}/active", {"active": "false"})
    assert "停用了" in shut.words
    assert (await theirs.get("/me/notices", follow=False)).status == 303
    await visitor.post(f"{path}/{account.id}/active", {"active": "true"})
    assert (await theirs.get("/me/notices", follow=False)).status == 303, "an old session does not come back"
    renewed = await visitor.post(f"{path}/{account.id}/password")
    assert password not in renewed.text
    assert "已在所有地方退出登录" in (await visitor.post(f"{path}/{account.id}/sessions")).words
    log = await visitor.get("/admin/events")
    assert all(
        words in log.words for words in ("新建账号", "停用账号", "重新启用账号", "换新密码", "让账号退出登录", "账号 周社区")
    )
    far = await visitor_of(await service.account(Role.ADMIN, FAR_COMMUNITY[:6]))
    assert "周社区" not in (await far.get(path)).words
    assert (await far.post(f"{path}/{account.id}/password")).status == 404
    assert "没有这样的记录" in (await far.get("/admin/events")).words


async def test_the_log_is_narrowed_by_who_what_need_and_time_and_paged(service: Service, visitor_of: VisitorOf) -> None:
    need = await service.need()
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/cancel", {"reason": PROBE}, 200)
    visitor = await visitor_of(Role.ADMIN)
    both = await visitor.get("/admin/events?by=&action=&need=&from=&to=")
    assert all(words in both.words for words in ("点单", "撤销"))
    assert "<img" not in both.text
    for query, count in (
        ("action=need.cancelled", 1), (f"need={need['id']}", 2), ("from=2099-01-01T00:00", 0), ("to=2020-01-01T00:00", 0),
        ("by=%E6%B2%A1%E6%9C%89", 0),
    ):  # fmt: skip
        assert (await visitor.get(f"/admin/events?{query}")).text.count('class="list-row"') == count, query
    first = await visitor.get("/admin/events?limit=1")
    onward = re.findall(r'rel="next" href="([^"]+)"', first.text)[0].replace("&amp;", "&")
    assert "点单" in (await visitor.get(onward)).words
    assert (await visitor.get("/admin/events?from=yesterday")).status == 422


async def test_a_model_is_put_to_use_and_taken_back(service: Service, visitor_of: VisitorOf) -> None:
    measure = {"right": 0.8, "right_when_sure": 0.9, "reviewed": 0.2, "urgency_within_one": 0.95}
    changed = [{"text": PROBE, "meant": "drain", "before": None, "after": "drain"}]
    report = {
        "asked": {"corpus": 100}, "before": {"corpus": measure}, "after": {"corpus": measure | {"right": 0.85}},
        "better": changed, "worse": [], "better_count": 1, "worse_count": 0, "confusions": [],
    }  # fmt: skip
    await service.desk.models.propose(SYSTEM, Proposal(content=SHIPPED_MODEL.read_bytes(), examples=7, report=report, note=PROBE))
    visitor = await visitor_of(Role.ADMIN)
    seen = await visitor.get("/admin/models")
    assert all(words in seen.words for words in ("程序自带的", "第 1 版", "80.0%", "85.0%", "变好的 1 条"))
    assert "<img" not in seen.text
    assert "现在用第 1 版" in (await visitor.post("/admin/models/1/use", {"reason": "试过了"})).words
    assert "现在用程序自带的" in (await visitor.post("/admin/models/back", {"reason": ""})).words
    assert (await visitor.post("/admin/models/9/use", {"reason": ""})).status == 404
    assert (await visitor.post("/admin/models/back", {"reason": ""})).status == 409


async def days(visitor: Visitor, **changes: str) -> tuple[int, str]:
    form = {"version": "2", "reason": "本地安排", "hours.from": "09:00", "hours.to": "17:00", "holidays": "", "workdays": ""}
    seen = await visitor.post("/admin/clocks/days", form | {name.replace("_", "."): value for name, value in changes.items()})
    return seen.status, seen.words


async def test_time_limits_and_working_days_are_changed_each_as_a_version(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    seen = await visitor.get("/admin/clocks")
    assert all(words in seen.words for words in ("首次响应", "5 分钟", "7 个工作日", "08:30 到 17:30", "4 小时（工作时间）"))
    version = (await service.desk.timetables.get()).version
    place = len((await service.desk.timetables.get()).rules)
    form = {"version": str(version), "place": str(place), "reason": PROBE, "rule.stage": "done", "rule.days": "3", "rule.minutes": "",
            "rule.working": "true", "rule.urgency": "2", "rule.service": "drain", "rule.group": "", "rule.region": ""}  # fmt: skip
    both = await visitor.post("/admin/clocks/rules", form | {"rule.minutes": "30"})
    assert (both.status, "填一个" in both.words) == (422, True)
    added = await visitor.post("/admin/clocks/rules", form)
    assert all(words in added.words for words in ("已改", "3 个工作日", "一般、"))
    assert "<img" not in added.text
    stale = await visitor.post("/admin/clocks/rules", form)
    assert (stale.status, "已被别人修改" in stale.words) == (409, True)
    now = await service.desk.timetables.get()
    opened = await visitor.get(f"/admin/clocks?rule={place}")
    assert "去掉这一条" in opened.words
    gone = await visitor.post(
        "/admin/clocks/rules/remove", {"version": str(now.version), "place": str(place), "reason": "不用了"}
    )
    assert "已改" in gone.words
    now = await service.desk.timetables.get()
    assert len(now.rules) == place
    assert (await days(visitor, version=str(now.version), holidays="2027-05-04\n 2027-05-05"))[0] == 200
    assert (await service.desk.timetables.get()).holidays == ("2027-05-04", "2027-05-05")
    status, words = await days(visitor, version=str(now.version + 1), holidays="2027-13-01")
    assert (status, "应当是日期" in words) == (422, True)


async def test_where_notices_are_sent_with_the_secret_shown_once(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    assert "还没有登记地址" in (await visitor.get("/admin/webhooks")).words
    added = await visitor.post("/admin/webhooks", {"url": "http://127.0.0.1:9/hook?<img>"})
    assert "whsec_" in added.text
    assert "<img>" not in added.text
    listed = await visitor.get("/admin/webhooks")
    assert "whsec_" not in listed.text
    assert (await visitor.post("/admin/webhooks", {"url": "ftp://example.org"})).status == 422
    path = re.findall(r'action="(/admin/webhooks/\w+/remove)"', listed.text)[0]
    assert "不再往那里发了" in (await visitor.post(path)).words


async def test_a_service_item_is_renamed_and_its_words_count_at_once(service: Service, visitor_of: VisitorOf) -> None:
    visitor = await visitor_of(Role.ADMIN)
    assert "水管龙头维修" in (await visitor.get("/admin/catalogue?q=%E6%B0%B4%E7%AE%A1")).words
    item = service.desk.context.catalogue.require("plumbing")
    form = {"version": "1", "reason": "叫得顺口", "name": "修水管 <img>", "group": item.group, "covers": item.covers, "excludes": "",
            "skills": "修水管、换龙头\n刷管钳", "examples": "水管漏了", "who": "volunteer", "credential": "none", "urgency": "3",
            "people": "1"}  # fmt: skip
    try:
        changed = await visitor.post("/admin/catalogue/plumbing", form)
        assert "改好了" in changed.words
        assert "<img>" not in changed.text
        present = service.desk.context.catalogue.require("plumbing")
        assert (present.name, present.version, present.skills) == ("修水管 <img>", 2, ("修水管", "换龙头", "刷管钳"))
        stale = await visitor.post("/admin/catalogue/plumbing", form)
        assert (stale.status, "已被别人修改" in stale.words, "重新读取" in stale.words) == (409, True, True)
        nobody = await visitor.post("/admin/catalogue/plumbing", form | {"version": "2", "who": "", "group": "nowhere"})
        assert nobody.status == 422
        far = await service.account(Role.ADMIN, FAR_COMMUNITY[:6])
        await service.call(far, "PATCH", "/api/v1/catalogue/plumbing", {"version": 2, "name": "别的"}, 403)
        bare = await service.call(Role.ADMIN, "PATCH", "/api/v1/catalogue/plumbing", {"version": 2, "name": "水管"}, 200)
        assert (bare["name"], bare["version"], bare["urgency"]) == ("水管", 3, 3)
    finally:
        service.desk.context.catalogue.renew([item])


async def test_a_service_item_is_added_by_page_with_what_is_wrong_beside_the_fields(
    service: Service, visitor_of: VisitorOf
) -> None:
    visitor = await visitor_of(Role.ADMIN)
    assert 'href="/admin/catalogue/new"' in (await visitor.get("/admin/catalogue")).text
    page = await visitor.get("/admin/catalogue/new")
    assert all(words in page.words for words in ("系统现在还听不出这一项", "sandan remap --all", "为什么加"))
    group = service.desk.context.catalogue.require("plumbing").group
    form = {"code": "Pet", "name": "照看宠物 <img>", "group": group, "covers": "喂猫遛狗", "excludes": "", "skills": "喂猫、遛狗",
            "examples": "找人喂猫\n找人遛狗", "who": "volunteer", "credential": "none", "urgency": "1", "people": "1",
            "reason": "问的人多"}  # fmt: skip
    wrong = await visitor.post("/admin/catalogue/new", form | {"covers": ""})
    assert (wrong.status, "以小写字母开头" in wrong.words, 'value="照看宠物 &lt;img&gt;"' in wrong.text) == (422, True, True)
    assert wrong.text.count('class="invalid-feedback') == 2
    added = await visitor.post("/admin/catalogue/new", form | {"code": "pet_care"})
    assert (added.path, "现在就能选" in added.words, "还没有学过这一项" in added.words) == (
        "/admin/catalogue/pet_care",
        True,
        True,
    )
    item = service.desk.context.catalogue.require("pet_care")
    assert (item.skills, item.examples, [*map(str, item.who)]) == (("喂猫", "遛狗"), ("找人喂猫", "找人遛狗"), ["volunteer"])
    again = await visitor.post("/admin/catalogue/new", form | {"code": "pet_care", "name": "别的"})
    assert "已经有用这个代码的事项" in again.words
    changed = await visitor.post("/admin/catalogue/pet_care", form | {"version": "1", "name": "照看猫狗"} | {"code": ""})
    assert changed.status == 422, "a code does not change"
    del form["code"]
    changed = await visitor.post("/admin/catalogue/pet_care", form | {"version": "1", "name": "照看猫狗"})
    assert "改好了" in changed.words
    assert "还没有学过" not in (await visitor.get("/admin/catalogue/plumbing")).words
