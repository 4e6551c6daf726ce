"""权重: versions, refusals, and what they do to the next ranking."""

from typing import Any

import pytest

from matcher.ranking.criteria import CRITERIA, default_criteria
from models.vocabulary import Role
from tests.api.support import BODIES, snapshot
from tests.conftest import COMMUNITY, NEIGHBOUR_COMMUNITY, Service

PATH = "/api/v1/weights/default"
NEAR = pytest.approx


async def put(service: Service, criteria: dict[str, Any], version: int, expect: int = 200, path: str = PATH) -> Any:
    body = {"criteria": criteria, "version": version, "reason": "试一试"}
    return await service.call(Role.ADMIN, "PUT", path, body, expect)


async def candidates(service: Service, need: dict[str, Any], query: str = "", expect: int = 200) -> Any:
    return await service.call(Role.COMMUNITY, "GET", f"/api/v1/needs/{need['id']}/candidates{query}", expect=expect)


async def test_a_change_of_weights_is_a_new_version_that_says_who_and_why(service: Service) -> None:
    before = await service.call(Role.ADMIN, "GET", PATH, expect=200)
    assert (before["version"], before["criteria"]) == (1, default_criteria())
    after = await put(service, {"skill": 2, "location": 1}, 1)
    assert (after["version"], after["reason"]) == (2, "试一试")
    assert after["criteria"] == dict.fromkeys(CRITERIA, 0.0) | {"skill": 2.0, "location": 1.0}
    assert after["labels"] == {code: each.label for code, each in CRITERIA.items()}
    assert await service.call(Role.ADMIN, "GET", PATH, expect=200) == after
    assert (await service.call(Role.ADMIN, "GET", "/api/v1/weights", expect=200))["items"] == [after]
    me = await service.call(Role.ADMIN, "GET", "/api/v1/me", expect=200)
    assert after["changed_by"] == me["name"]
    event = await service.store.database["events"].find_one({"action": "weights.changed", "facts.version": 2})
    assert event is not None
    assert (event["by"], event["why"], event["facts"]["criteria"]) == (me["id"], "试一试", after["criteria"])
    versions = [each["version"] async for each in service.store.database["weights"].find({}).sort("version", 1)]
    assert versions == [1, 2]


async def test_a_stale_version_is_refused_with_the_present_one(service: Service) -> None:
    await put(service, {"skill": 1}, 1)
    before = await snapshot(service.store)
    for stale in (0, 1, 3, 2**31):
        refused = await put(service, {"skill": 3}, stale, expect=409)
        assert (refused["code"], refused["present_version"]) == ("stale_version", 2)
    assert (await put(service, {"skill": 1}, 1, expect=409, path="/api/v1/weights/other"))["present_version"] == 0
    assert await snapshot(service.store) == before


@pytest.mark.parametrize(
    ("criteria", "place"),
    [
        ({}, "criteria"),
        ({"skill": 0}, "criteria"),
        (dict.fromkeys(CRITERIA, 0.0), "criteria"),
        ({"skill": -0.001}, "criteria.skill"),
        ({"skill": 1, "location": -1}, "criteria.location"),
        ({"skill": 1, "kindness": 1}, "criteria.kindness"),
        ({"kindness": 0, "skill": 1}, "criteria.kindness"),
        ({"skill": 1_000_001}, "criteria.skill"),
    ],
)
async def test_weights_that_make_no_sense_are_refused(service: Service, criteria: dict[str, Any], place: str) -> None:
    await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    refused = await put(service, criteria, 1, expect=422)
    assert any(name.startswith(place) for name in refused["fields"])
    assert await snapshot(service.store) == before


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
async def test_a_weight_that_is_no_number_is_refused(service: Service, value: float) -> None:
    assert (await put(service, {"skill": value}, 1, expect=400))["code"] == "unreadable_body"


async def test_the_next_ranking_uses_the_new_weights_and_names_their_version(service: Service) -> None:
    near = await service.volunteer(name="近处的人", party_member=False)
    member = await service.volunteer(name="远处的党员", party_member=True, region=NEIGHBOUR_COMMUNITY)
    need = await service.need()
    found = await candidates(service, need)
    assert [each["provider"]["id"] for each in found["candidates"]] == [near["id"], member["id"]]
    assert found["weights"] == {"name": "default", "version": 1}
    assert "党员" not in found["candidates"][1]["reason"]

    await put(service, default_criteria() | {"party_member": 1.0}, 1)
    found = await candidates(service, need)
    assert [each["provider"]["id"] for each in found["candidates"]] == [member["id"], near["id"]]
    assert found["weights"] == {"name": "default", "version": 2}
    assert "党员" in found["candidates"][0]["reason"]
    assert found["candidates"][0]["contributions"]["party_member"]["weight"] == NEAR(0.5, abs=1e-9)


async def test_a_profile_of_another_name_ranks_only_where_it_is_asked_for(service: Service) -> None:
    await service.volunteer()
    need = await service.need()
    await put(service, {"location": 1}, 0, path="/api/v1/weights/nearest")
    assert (await candidates(service, need))["weights"] == {"name": "default", "version": 1}
    found = await candidates(service, need, "?weights=nearest")
    assert found["weights"] == {"name": "nearest", "version": 1}
    assert found["candidates"][0]["contributions"]["location"]["weight"] == 1
    await candidates(service, need, "?weights=nowhere", expect=404)


@pytest.mark.parametrize(
    "weights",
    [
        default_criteria(),
        dict.fromkeys(CRITERIA, 1),
        {"skill": 1, "location": 1, "rating": 1},
        {"skill": 1e-7},
        {"skill": 0.1, "capacity": 1e6},
    ],
)
async def test_the_shown_parts_add_up_to_the_shown_score(service: Service, weights: dict[str, float]) -> None:
    await put(service, weights, 1)
    for number, region in enumerate(("420106001001001", "420106001002", "420106001", NEIGHBOUR_COMMUNITY)):
        await service.volunteer(
            region=region, capacity=number + 1, party_member=number % 2 == 0, skills=["修水管", "通下水道"][: 1 + number % 2]
        )
    for found in (
        await candidates(service, await service.need()),
        await service.call(
            Role.COMMUNITY, "POST", "/api/v1/rankings", {"text": "水管漏水", "region": "420106001001"}, expect=200
        ),
    ):
        assert found["eligible"] == len(found["candidates"]) == 4
        for each in found["candidates"]:
            parts = each["contributions"].values()
            assert set(each["contributions"]) == set(CRITERIA)
            assert sum(part["weight"] for part in parts) == NEAR(1, abs=1e-9)
            assert sum(part["points"] for part in parts) == NEAR(each["score"], abs=1e-9)
            assert all(part["points"] == NEAR(part["weight"] * part["value"], abs=1e-6) for part in parts)
        scores = [each["score"] for each in found["candidates"]]
        assert scores == sorted(scores, reverse=True)


async def test_an_administrator_of_a_region_changes_what_applies_there_and_nowhere_else(service: Service) -> None:
    token = await service.account(Role.ADMIN, COMMUNITY[:6])
    before = await snapshot(service.store)
    criteria = {"criteria": {"location": 1}, "version": 0, "reason": "试一试"}
    for scope in (None, {"region": COMMUNITY[:4]}):
        body = criteria | ({"applies_to": scope} if scope else {})
        await service.call(token, "PUT", "/api/v1/weights/own", body, expect=403)
    await service.call(token, "PUT", "/api/v1/weights/default", criteria | {"version": 1}, expect=403)
    await service.call(token, "PUT", "/api/v1/timetable", BODIES["TimetableShape"], expect=403)
    await service.call(token, "POST", "/api/v1/models/0/use", BODIES["UseShape"], expect=403)
    assert await snapshot(service.store) == before
    body = criteria | {"applies_to": {"region": COMMUNITY[:9]}}
    assert (await service.call(token, "PUT", "/api/v1/weights/own", body, expect=200))["version"] == 1
