"""What the desk asks of the API: the most urgent first, how the regions below stand, whom a whistle may call."""

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from models.vocabulary import Role
from tests.conftest import COMMUNITY, FAR_COMMUNITY, GRID, NEIGHBOUR_COMMUNITY, Service


async def test_the_most_urgent_come_first_and_of_those_the_newest_page_by_page(service: Service) -> None:
    posted = [await service.need(urgency=urgency) for urgency in (2, 4, 1, 4, 3)]
    expected = [posted[place]["id"] for place in (3, 1, 4, 0, 2)]
    seen: list[str] = []
    cursor = ""
    while len(seen) < len(posted):
        page = await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs?status=open&urgent=true&limit=2{cursor}", expect=200)
        seen += [need["id"] for need in page["items"]]
        cursor = f"&cursor={quote(page['next'] or '')}"
    assert seen == expected
    for wrong in ("urgent=true", "urgent=true&status=open&review=true", "urgent=true&status=open&due=near"):
        await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs?{wrong}", expect=422)
    await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs?urgent=true&status=open&cursor={quote('OTk6MA==')}", expect=422)


async def test_a_street_reads_how_each_community_stands(service: Service) -> None:
    provider = await service.volunteer()
    need = await service.need()
    order = await service.offer(await service.need(), provider)
    await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
    for step, body in (("start", None), ("complete", {"summary": "好了"})):
        await service.call(Role.COMMUNITY, "POST", f"/api/v1/orders/{order['id']}/{step}", body, expect=200)
    await service.need(who=Role.ADMIN, region=NEIGHBOUR_COMMUNITY)
    await service.need(who=Role.ADMIN, region=FAR_COMMUNITY)
    found = await service.call(Role.STREET, "GET", "/api/v1/overview", expect=200)
    assert found["region"] == COMMUNITY[:9]
    by_code = {each["region"]: each for each in found["regions"]}
    assert {code for code, each in by_code.items() if each["waiting"]} == {COMMUNITY, NEIGHBOUR_COMMUNITY}
    assert (by_code[COMMUNITY]["to_confirm"], by_code[COMMUNITY]["providers"]) == (1, 1)
    assert all(code.startswith(COMMUNITY[:9]) for code in by_code)
    grids = await service.call(Role.COMMUNITY, "GET", "/api/v1/overview", expect=200)
    assert {each["region"]: each["waiting"] for each in grids["regions"] if each["waiting"]} == {GRID: 1}
    beyond = await service.call(Role.COMMUNITY, "GET", f"/api/v1/overview?region={COMMUNITY[:6]}", expect=200)
    assert beyond["region"] == COMMUNITY
    everything = await service.call(Role.ADMIN, "GET", "/api/v1/overview", expect=200)
    assert {each["region"] for each in everything["regions"] if each["waiting"]} == {COMMUNITY[:6], FAR_COMMUNITY[:6]}
    counts = await service.call(Role.COMMUNITY, "GET", "/api/v1/needs/counts", expect=200)
    assert (counts["to_confirm"], counts["new"]) == (1, 1)
    await service.call(Role.COMMUNITY, "GET", f"/api/v1/overview?region={FAR_COMMUNITY}", expect=404)
    assert need["status"] == "open"


async def test_what_is_nearly_due_is_counted_by_region(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    need = await service.need(urgency=4)
    respond = datetime.fromisoformat(need["due"]["respond"]["near_at"])
    monkeypatch.setattr(service.desk.context, "now", lambda: respond + timedelta(seconds=1))
    [grid] = [
        each for each in (await service.call(Role.COMMUNITY, "GET", "/api/v1/overview"))["regions"] if each["region"] == GRID
    ]
    assert (grid["near_due"], grid["overdue"], grid["waiting"]) == (1, 0, 1)


async def test_departments_around_and_registered_members_may_be_called(service: Service) -> None:
    async def organisation(name: str, region: str, **changes: object) -> None:
        body = {"name": name, "skills": ["处置"], "region": region, "type": "enterprise", **changes}
        await service.call(Role.ADMIN, "POST", "/api/v1/organisations", body, expect=201)

    await organisation("街上的企业", COMMUNITY)
    await organisation("区城管", COMMUNITY[:6], type="department")
    await organisation("为本街道服务", FAR_COMMUNITY, service_regions=[COMMUNITY[:9]])
    await organisation("外地的", FAR_COMMUNITY)
    member = await service.volunteer(name="报到党员", region=NEIGHBOUR_COMMUNITY)
    token = await service.as_provider(member)
    await service.call(token, "POST", "/api/v1/registrations", {"community": COMMUNITY, "kind": "home"}, expect=201)
    found = await service.call(Role.COMMUNITY, "GET", f"/api/v1/units?region={GRID}", expect=200)
    names = [each["name"] for each in found["units"]]
    assert names[0] == "区城管"
    assert names[-1] == "报到党员"
    assert set(names) == {"区城管", "街上的企业", "为本街道服务", "报到党员"}
    await service.call(Role.COMMUNITY, "GET", f"/api/v1/units?region={NEIGHBOUR_COMMUNITY}", expect=422)
