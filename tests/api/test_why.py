"""为什么: anyone's standing for a need, the nearest misses when nobody is eligible, and weights that can go back."""

from models.vocabulary import Role
from tests.conftest import FAR_COMMUNITY, Service


async def test_why_tells_the_place_of_who_is_eligible_and_what_others_lack(service: Service) -> None:
    near, full = await service.volunteer(name="近处管工"), await service.volunteer(name="忙碌管工", capacity=1)
    other = await service.need(text="水龙头关不紧")
    order = await service.offer(other, full)
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    need = await service.need()
    path = f"/api/v1/needs/{need['id']}/candidates?why=volunteer:"

    eligible = (await service.call(Role.COMMUNITY, "GET", path + near["id"], expect=200))["why"]
    assert (eligible["place"], eligible["lacking"]) == (1, {})
    assert abs(sum(part["points"] for part in eligible["contributions"].values()) - eligible["score"]) < 1e-9

    excluded = (await service.call(Role.COMMUNITY, "GET", path + full["id"], expect=200))["why"]
    assert excluded["place"] is None
    assert excluded["lacking"] == {"capacity": "还差：手上 1 单，上限 1 单，已满"}
    await service.call(Role.COMMUNITY, "GET", path + "0" * 24, expect=404)
    await service.call(Role.COMMUNITY, "GET", path.replace("volunteer:", "nobody:x"), expect=422)


async def test_why_says_who_stands_in_for_somebody_who_is_away_and_whether_they_could(service: Service) -> None:
    stand_in = await service.volunteer(name="测试代班人")
    gone = {"away_to": "2035-01-01T00:00:00+08:00", "substitute": {"kind": "volunteer", "id": stand_in["id"]}}
    away = await service.volunteer(name="测试外出", **gone)
    need = await service.need()
    path = f"/api/v1/needs/{need['id']}/candidates?why=volunteer:{away['id']}"
    why = (await service.call(Role.COMMUNITY, "GET", path, expect=200))["why"]
    assert why["lacking"] == {"away": "还差：那时外出；点名派单时由测试代班人代班，按排序在第 1 位"}
    assert why["substitute"] == {"kind": "volunteer", "id": stand_in["id"], "name": "测试代班人"}
    order = await service.offer(need, away)
    assert (order["provider"]["id"], order["stands_in_for"]) == (stand_in["id"], f"volunteer:{away['id']}")
    other = f"/api/v1/needs/{(await service.need(text='水龙头关不紧'))['id']}/candidates?why=volunteer:{away['id']}"
    changed = {"version": stand_in["version"], "active": False}
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{stand_in['id']}", changed, expect=200)
    why = (await service.call(Role.COMMUNITY, "GET", other, expect=200))["why"]
    assert why["lacking"]["away"] == "还差：那时外出；代班的测试代班人也不能派：已停用"


async def test_when_nobody_is_eligible_each_rule_names_its_nearest_miss(service: Service) -> None:
    away = await service.volunteer(region=FAR_COMMUNITY, name="远处管工")
    window = {"from": "2030-06-01T09:00", "to": "2030-06-01T11:00"}
    evenings = await service.volunteer(name="晚间管工", availability=[{"weekday": 1, "from": "18:00", "to": "21:00"}])
    need = await service.need(window=window)
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
    assert found["candidates"] == []
    assert found["excluded"] == {"area": 1, "available": 1}
    assert found["nearest_misses"]["area"]["provider"]["id"] == away["id"]
    assert found["nearest_misses"]["available"]["provider"]["id"] == evenings["id"]
    assert found["nearest_misses"]["available"]["lacking"] == "还差：6月1日（周六）09:00 到 11:00没有空"


async def test_a_rollback_is_a_new_version_with_the_old_criteria(service: Service) -> None:
    first = await service.call(Role.ADMIN, "GET", "/api/v1/weights/default", expect=200)
    await service.call(
        Role.ADMIN, "PUT", "/api/v1/weights/default", {"criteria": {"skill": 1}, "version": 1, "reason": "试试"}, expect=200
    )
    back = await service.call(Role.ADMIN, "POST", "/api/v1/weights/default/rollback", {"version": 1}, expect=200)
    assert (back["version"], back["criteria"]) == (3, first["criteria"])
    versions = await service.call(Role.ADMIN, "GET", "/api/v1/weights/default/versions", expect=200)
    assert [(each["version"], each["reason"]) for each in versions["items"]] == [(3, "回到第 1 版"), (2, "试试"), (1, "初始方案")]
    await service.call(Role.ADMIN, "POST", "/api/v1/weights/default/rollback", {"version": 9}, expect=404)
