"""Query strings with something wrong in them: for every parameter that the route table knows."""

from typing import Any
from urllib.parse import quote

from marshmallow import fields

from api.routing import ROUTES
from models.schemas.base import Code, Flag, Instant, Term, Text, Whole
from models.vocabulary import Role
from tests.api.support import address_of, assert_problem, caller_of, snapshot, stage
from tests.conftest import Service

ASKING = [(route, route.query) for route in ROUTES.table if route.query is not None]


def wrong_texts(each: fields.Field[Any]) -> list[str]:
    match each:
        case Whole():
            return [
                "",
                "３",
                "1_0",
                "1.0",
                "+1",
                "0x1",
                "true",
                "null",
                "９" * 3,
                str(each.least - 1),
                str(each.most + 1),
                "9" * 5_00,
            ]
        case Flag():
            return ["", "1", "0", "yes", "True", "TRUE", "null"]
        case Term():
            return ["", "$ne", "无此词", "open,offered"]
        case Code():
            return ["", "a b", "社区", "a.b", "$ne", "x" * 41]
        case Instant():
            return ["", "明天", "2026-13-01", "1999-12-31T00:00:00Z", "2100-01-01T00:00:00Z", "２０２６-03-01", "1767225600"]
        case Text():
            return ["字" * (each.longest + 1)]
    raise AssertionError(f"say here what is wrong for a {type(each).__name__}")


async def test_every_query_refuses_what_is_not_its_kind_unknown_names_and_names_given_twice(service: Service) -> None:
    ids = await stage(service)
    tokens = [await caller_of(service, route) for route, _ in ASKING]
    before = await snapshot(service.store)
    for (route, schema), token in zip(ASKING, tokens, strict=True):
        headers = {"Authorization": f"Bearer {token}"}
        queries = ["nonsense=1", "$where=1", "limit.x=1", "%00=1"]
        for attribute, each in schema.load_fields.items():
            name = each.data_key or attribute
            queries += [f"{name}={quote(value)}" for value in wrong_texts(each)]
            queries += [
                f"{name}[$ne]=",
                f"{name}[]=1",
                f"{name}=1&{name}=1",
                f"{name}=%00",
                f"{name}=%C2%85",
                f"{name}={'x' * 2_001}",
            ]
        if "cursor" in schema.load_fields:
            queries += [
                f"cursor={each}" for each in ("x", "abcd", "%E6%B0%B4", "====", "MTIz", "bm90IGFuIGlk" * 3, "$ne", "Z" * 32)
            ]
        for query in queries:
            async with service.client.request(route.method, f"{address_of(route, ids)}?{query}", headers=headers) as response:
                assert response.status == 422, (route.path, query, response.status)
                await assert_problem(response)
    assert await snapshot(service.store) == before


async def test_an_operator_in_a_search_is_only_text(service: Service) -> None:
    await service.volunteer()
    for text in ("$ne", "{$ne: ''}", '{"$gt":""}', ".*", "^测", "测试管工$", "[测]", "(?i)"):
        assert (await service.call(Role.ADMIN, "GET", f"/api/v1/volunteers?text={quote(text)}", expect=200))["items"] == []
    assert len((await service.call(Role.ADMIN, "GET", f"/api/v1/volunteers?text={quote('管工')}", expect=200))["items"]) == 1
