"""A worker that holds the providers of some regions only answers for these and says so for others."""

from typing import Any

from matcher.dispatch.timers import give_back, take_due
from models.schedule import now
from models.vocabulary import Role
from tests.api.support import until
from tests.conftest import FAR_COMMUNITY, GRID, Service, ServiceMaker

TEXT = "厨房水龙头一直漏水"


async def ranking(service: Service, region: str) -> tuple[int, Any]:
    return await service.attempt(Role.ADMIN, "POST", "/api/v1/rankings", {"text": TEXT, "region": region})


async def test_needs_outside_are_refused_with_421_and_inside_ranked_as_by_a_worker_for_all(make_service: ServiceMaker) -> None:
    everywhere = await make_service()
    here = await make_service(everywhere.store.database.name, regions=("4201",))
    near, far = await everywhere.volunteer(), await everywhere.volunteer(region=FAR_COMMUNITY)
    serves = {"name": "测试机构", "skills": ["修水管"], "bio": "", "region": FAR_COMMUNITY, "capacity": 3, "type": "charity"}
    bound = await everywhere.call(Role.ADMIN, "POST", "/api/v1/organisations", serves | {"service_regions": ["42"]}, expect=201)

    async def known() -> bool:
        return {ref.id for ref in here.desk.context.columns.row_of} == {near["id"], bound["id"]}

    await until(known)
    assert len(everywhere.desk.context.columns) == 3
    assert {ref.id for ref in everywhere.desk.context.columns.row_of} > {far["id"]}
    status, problem = await ranking(here, FAR_COMMUNITY)
    assert (status, problem["code"], problem["rule"], problem["regions"]) == (421, "region_not_carried", "need.region", ["4201"])
    assert (await ranking(everywhere, FAR_COMMUNITY))[0] == 200
    found = [(await ranking(each, GRID))[1]["candidates"] for each in (everywhere, here)]
    assert found[0] == found[1]
    assert {each["provider"]["id"] for each in found[0]} == {near["id"], bound["id"]}


async def test_a_need_outside_can_be_posted_anywhere_and_a_move_takes_a_provider_along(make_service: ServiceMaker) -> None:
    here = await make_service(regions=("4201",))
    need = await here.need(who=Role.ADMIN, region=FAR_COMMUNITY)
    status, problem = await here.attempt(Role.ADMIN, "GET", f"/api/v1/needs/{need['id']}/candidates")
    assert (status, problem["code"]) == (421, "region_not_carried")
    mover = await here.volunteer(region=FAR_COMMUNITY)
    columns = here.desk.context.columns
    assert len(columns) == 0
    for version, region in ((1, GRID), (2, FAR_COMMUNITY)):
        change = {"version": version, "region": region}
        await here.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{mover['id']}", change, expect=200)
        assert len(columns) == (region == GRID)


async def test_a_timer_of_another_workers_region_is_free_again_at_once(service: Service) -> None:
    context, at = service.desk.context, now()
    await context.store.timers.set("need_unattended", "need:x", at)
    timer = await take_due(context, at)
    assert timer is not None
    await give_back(context, timer, at)
    [left] = await context.store.timers.of_subject("need:x")
    assert (left.free_at - at).total_seconds() == 2
