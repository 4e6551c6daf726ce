"""Time limits over HTTP: the table, the desk's numbers, the lists of what is due, and the word that the resident was spoken to."""

from datetime import timedelta
from typing import Any

from matcher.dispatch.timers import run_due
from models.schedule import now
from models.vocabulary import Role
from tests.api.support import until
from tests.conftest import GRID, Service, ServiceMaker

TABLE = "/api/v1/timetable"


async def back_date(service: Service, need: dict[str, Any], **ago: float) -> None:
    """As if all clocks of a need had begun so much earlier."""
    found = await service.store.needs.get(need["id"])
    assert found is not None
    names = ("near_at", "due_at")
    moved = {name: getattr(found, name) - timedelta(**ago) for name in names}
    await service.store.database["needs"].update_one({"_id": need["id"]}, {"$set": moved})


async def test_an_administrator_reads_the_table_writes_it_back_and_another_worker_uses_it(make_service: ServiceMaker) -> None:
    service = await make_service()
    other = await make_service(service.store.database.name)
    table = await service.call(Role.ADMIN, "GET", TABLE, expect=200)
    assert table["version"] == 1
    assert {"stage": "sign", "minutes": 5, "days": None, "working": False, "urgency": 4, "service": None, "group": None,
            "region": None} in table["rules"]  # fmt: skip
    whole = {name: table[name] for name in ("version", "rules", "hours", "holidays", "workdays", "departments")}
    own = {"stage": "respond", "minutes": 20, "region": GRID, "urgency": 2, "service": None, "working": False}
    whole |= {"rules": [*table["rules"], own], "reason": "这个网格要快", "holidays": ["2027-05-04"]}
    after = await service.call(Role.ADMIN, "PUT", TABLE, whole, expect=200)
    assert (after["version"], after["holidays"], after["reason"]) == (2, ["2027-05-04"], "这个网格要快")
    assert (await service.call(Role.ADMIN, "PUT", TABLE, whole, expect=409))["present_version"] == 2
    versions = await service.call(Role.ADMIN, "GET", f"{TABLE}/versions", expect=200)
    assert [each["version"] for each in versions["items"]] == [2, 1]

    async def follows() -> bool:
        return other.desk.context.clocks.timetable.version == 2

    await until(follows)
    need = await other.need(urgency=2)
    assert need["due"]["respond"]["label"] == "首次响应"
    assert need["due_at"] == need["due"]["respond"]["at"]


async def test_a_bad_rule_is_named_by_its_place_and_nothing_is_changed(service: Service) -> None:
    table = await service.call(Role.ADMIN, "GET", TABLE, expect=200)
    whole = {"version": 1, "reason": "试", "hours": {"from": "17:00", "to": "09:00"}, "workdays": ["明天"]}
    bad = [{"stage": "sign", "minutes": 5, "days": 1}, {"stage": "sign"}, {"stage": "never", "minutes": 0}]
    answer = await service.call(Role.ADMIN, "PUT", TABLE, whole | {"rules": bad}, expect=422)
    assert set(answer["fields"]) == {
        "rules.0.minutes",
        "rules.1.minutes",
        "rules.2.stage",
        "rules.2.minutes",
        "hours.to",
        "workdays.0",
    }
    whole |= {"hours": table["hours"], "workdays": []}
    answer = await service.call(Role.ADMIN, "PUT", TABLE, whole | {"rules": [{"stage": "sign", "minutes": 5}]}, expect=422)
    assert answer["fields"] == {"rules": ["缺少适用于所有需求的一条：首次响应、联系居民、办结"]}
    assert await service.call(Role.ADMIN, "GET", TABLE, expect=200) == table


async def test_the_desk_sees_how_many_wait_for_what_and_pages_through_what_is_overdue(service: Service) -> None:
    needs = [await service.need(urgency=3) for _ in range(4)]
    for hours, need in enumerate(needs[:3], 2):
        await back_date(service, need, hours=hours)
    counts = await service.call(Role.COMMUNITY, "GET", "/api/v1/needs/counts", expect=200)
    assert (counts["new"], counts["overdue"], counts["near_due"], counts["unmatched"]) == (4, 3, 0, 0)
    assert (await service.call(Role.ADMIN, "GET", "/api/v1/needs/counts?region=33", expect=200))["new"] == 0
    found, address = [], "/api/v1/needs?due=overdue&limit=2"
    while True:
        page = await service.call(Role.COMMUNITY, "GET", address, expect=200)
        found += [each["id"] for each in page["items"]]
        if page["next"] is None:
            break
        address = f"/api/v1/needs?due=overdue&limit=2&cursor={page['next']}"
    assert found == [need["id"] for need in reversed(needs[:3])], "what is due longest comes first, each once"
    assert (await service.call(Role.COMMUNITY, "GET", "/api/v1/needs?due=near", expect=200))["items"] == []
    await service.call(Role.COMMUNITY, "GET", "/api/v1/needs?due=near&review=true", expect=422)
    await service.call(Role.COMMUNITY, "GET", "/api/v1/needs?due=near&cursor=eHg6", expect=422)
    await service.call(Role.RESIDENT, "GET", "/api/v1/needs/counts", expect=403)


async def test_the_provider_says_that_they_spoke_with_the_resident(service: Service) -> None:
    profile, need = await service.volunteer(), await service.need()
    order, token = await service.offer(need, profile), await service.as_provider(profile)
    address = f"/api/v1/orders/{order['id']}/contacted"
    assert order["due"]["sign"]["at"] == order["expires_at"]
    await service.call(token, "POST", address, expect=409)
    await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    assert (await service.call(token, "POST", address, expect=200))["due"]["contact"]["met_at"] is not None
    stranger = await service.as_provider(await service.volunteer())
    await service.call(stranger, "POST", address, expect=404)
    events = (await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}", expect=200))["events"]
    assert [each["label"] for each in events][-1] == "已联系居民"


async def test_an_overdue_need_shows_how_far_up_it_was_carried_and_why(service: Service) -> None:
    street = await service.account(Role.STREET, GRID[:9])
    await service.token(Role.COMMUNITY)
    need = await service.need(urgency=4)
    await run_due(service.desk.context, now() + timedelta(minutes=6))
    seen = await service.call(street, "GET", f"/api/v1/needs/{need['id']}", expect=200)
    assert seen["escalated_to"] == GRID[:9]
    assert seen["due"]["respond"]["overdue_at"] is not None
    labels = [(each["label"], each["why"][:6]) for each in seen["events"]]
    assert ("超时", "首次响应超时") in labels
    assert ("升级", "首次响应超时") in labels
