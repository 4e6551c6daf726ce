"""A form that is sent twice acts once, without any script: two taps on a slow line, or the way back and "send again"."""

import asyncio
import re

import pytest

from models.vocabulary import Role
from tests.conftest import COMMUNITY, GRID, Service
from tests.console.conftest import Visitor, VisitorOf


async def key_on(visitor: Visitor, path: str) -> dict[str, str]:
    found = re.search(r'name="(_once)" value="([^"]+)"', (await visitor.get(path)).text)
    assert found is not None, path
    return {found[1]: found[2]}


@pytest.mark.parametrize(
    ("role", "page", "to", "form"),
    [
        (Role.RESIDENT, f"/me/needs/new?region={GRID}", f"/me/needs?region={GRID}", {"text": "水管漏了", "region": GRID}),
        (Role.COMMUNITY, "/desk/new", "/desk/new", {"text": "路灯不亮了", "where": COMMUNITY}),
    ],
)
async def test_a_need_that_is_sent_again_is_one_need_and_both_see_it(
    service: Service, visitor_of: VisitorOf, role: Role, page: str, to: str, form: dict[str, str]
) -> None:
    visitor = await visitor_of(role)
    keyed = form | await key_on(visitor, page)
    seen = await asyncio.gather(*(visitor.post(to, keyed) for _ in range(3)))
    again = await visitor.post(to, keyed)
    assert {each.status for each in (*seen, again)} == {200}
    assert len({each.path for each in (*seen, again)}) == 1
    needs = service.store.database["needs"]
    assert await needs.count_documents({}) == 1
    # Other words are another need, though the page came from the way back; and so are the same words from a fresh page.
    await visitor.post(to, keyed | {"text": "楼道灯也坏了"})
    await visitor.post(to, form | await key_on(visitor, page))
    assert await needs.count_documents({}) == 3


async def test_a_refused_form_is_carried_out_once_what_was_missing_is_there(service: Service, visitor_of: VisitorOf) -> None:
    clerk = await visitor_of(Role.COMMUNITY)
    need = await service.need()
    volunteer = await service.volunteer()
    path = f"/desk/needs/{need['id']}"
    form = {"mode": "direct", "provider": f"volunteer:{volunteer['id']}"} | await key_on(clerk, path)
    profile = f"/api/v1/volunteers/{volunteer['id']}"
    await service.call(Role.ADMIN, "PATCH", profile, {"active": False, "version": 1}, expect=200)
    assert (await clerk.post(f"{path}/dispatch", form)).status in (409, 422)
    await service.call(Role.ADMIN, "PATCH", profile, {"active": True, "version": 2}, expect=200)
    first, second = [await clerk.post(f"{path}/dispatch", form) for _ in range(2)]
    assert (first.status, second.status) == (200, 200)
    assert await service.store.database["orders"].count_documents({}) == 1
