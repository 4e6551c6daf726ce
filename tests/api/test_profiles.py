"""Weight profiles of a service group or a region: the most specific one ranks, and two cannot claim the same."""

import asyncio
from typing import Any

import pytest

from models.vocabulary import Role
from tests.api.support import snapshot
from tests.conftest import COMMUNITY, FAR_COMMUNITY, Service

STREET = COMMUNITY[:9]


async def put(service: Service, name: str, applies_to: Any, version: int = 0, expect: int = 200, **more: Any) -> Any:
    body = {"criteria": {"skill": 1}, "version": version, "applies_to": applies_to} | more
    return await service.call(Role.ADMIN, "PUT", f"/api/v1/weights/{name}", body, expect)


async def ranked_by(service: Service, need: dict[str, Any], query: str = "") -> tuple[str, int]:
    path = f"/api/v1/needs/{need['id']}/candidates{query}"
    found = await service.call(Role.ADMIN, "GET", path, expect=200)
    return found["weights"]["name"], found["weights"]["version"]


async def group_of(service: Service, need: dict[str, Any]) -> str:
    items = (await service.call(Role.ADMIN, "GET", "/api/v1/catalogue", expect=200))["items"]
    first = need["understanding"]["services"][0]["code"]
    return str(next(item["group"] for item in items if item["code"] == first))


async def test_the_most_specific_profile_ranks_and_says_so(service: Service) -> None:
    need, far = await service.need(), await service.need(who=Role.ADMIN, region=FAR_COMMUNITY)
    group = await group_of(service, need)
    assert await ranked_by(service, need) == ("default", 1)
    made = await put(service, "repairs", {"group": group})
    assert made["applies_to"] == {"group": group, "region": None}
    assert [await ranked_by(service, each) for each in (need, far)] == [("repairs", 1)] * 2
    await put(service, "street", {"region": STREET})
    await put(service, "community", {"region": COMMUNITY})
    assert await ranked_by(service, need) == ("community", 1)
    await put(service, "street-repairs", {"region": STREET, "group": group})
    assert await ranked_by(service, need) == ("street-repairs", 1)
    assert await ranked_by(service, far) == ("repairs", 1)
    assert await ranked_by(service, need, "?weights=default") == ("default", 1)
    text = {"text": "厨房水龙头关不紧一直漏水", "region": COMMUNITY}
    tried = await service.call(Role.ADMIN, "POST", "/api/v1/rankings", text, expect=200)
    assert tried["weights"]["name"] == "street-repairs"


async def test_a_profile_keeps_what_it_applies_to_until_it_is_told_otherwise(service: Service) -> None:
    need = await service.need()
    await put(service, "street", {"region": STREET})
    body = {"criteria": {"location": 1}, "version": 1}
    kept = await service.call(Role.ADMIN, "PUT", "/api/v1/weights/street", body, expect=200)
    assert kept["applies_to"] == {"group": None, "region": STREET}
    assert await ranked_by(service, need) == ("street", 2)
    assert (await put(service, "street", None, 2))["applies_to"] is None
    assert await ranked_by(service, need) == ("default", 1)
    back = await service.call(Role.ADMIN, "POST", "/api/v1/weights/street/rollback", {"version": 1}, expect=200)
    assert (back["version"], back["applies_to"]) == (4, {"group": None, "region": STREET})
    assert await ranked_by(service, need) == ("street", 4)
    versions = (await service.call(Role.ADMIN, "GET", "/api/v1/weights/street/versions", expect=200))["items"]
    assert [each["applies_to"] is None for each in versions] == [False, True, False, False]


async def test_two_profiles_cannot_apply_to_the_same(service: Service) -> None:
    await put(service, "street", {"region": STREET})
    before = await snapshot(service.store)
    assert (await put(service, "other", {"region": STREET}, expect=409))["code"] == "duplicate"
    assert await snapshot(service.store) == before
    await put(service, "street", {"region": COMMUNITY}, 1)
    await put(service, "other", {"region": STREET})
    refused = await service.call(Role.ADMIN, "POST", "/api/v1/weights/street/rollback", {"version": 1}, expect=409)
    assert refused["code"] == "duplicate"


async def test_of_two_who_claim_the_same_at_once_one_wins(service: Service) -> None:
    await service.token(Role.ADMIN)
    body = {"criteria": {"skill": 1}, "version": 0, "applies_to": {"region": STREET}}
    answers = await asyncio.gather(
        *(service.attempt(Role.ADMIN, "PUT", f"/api/v1/weights/profile-{number}", body) for number in range(6))
    )
    assert sorted(status for status, _ in answers) == [200] + [409] * 5


@pytest.mark.parametrize(
    ("name", "applies_to", "field"),
    [
        ("new", {"region": "999999"}, "applies_to.region"),
        ("new", {"group": "no-such-group"}, "applies_to.group"),
        ("new", {}, "applies_to.group"),
        ("new", {"group": None, "region": None}, "applies_to.group"),
        ("new", {"street": STREET}, "applies_to.street"),
        ("default", {"region": STREET}, "applies_to"),
    ],
)
async def test_a_scope_that_cannot_be_is_refused(service: Service, name: str, applies_to: Any, field: str) -> None:
    await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    refused = await put(service, name, applies_to, 1 if name == "default" else 0, expect=422)
    assert field in refused["fields"]
    assert await snapshot(service.store) == before
