"""Right JSON with something wrong in it: for every field of every body and query that the route table knows."""

import copy
import json
from collections.abc import Iterator
from typing import Any

from marshmallow import Schema, fields

from api.routing import ROUTES
from models.schemas.base import Clock, Code, Flag, Inner, Instant, Many, Number, Term, Text, Whole
from models.schemas.weights import Criteria
from models.vocabulary import Role
from tests.api.support import address_of, assert_problem, right_body, snapshot, stage
from tests.conftest import Service

Path = tuple[str | int, ...]
OPERATOR = {"$ne": ""}
TAKING = [(route, route.body) for route in ROUTES.table if route.body is not None]


def fields_of(schema: Schema, at: Path = ()) -> Iterator[tuple[Path, fields.Field[Any]]]:
    """Every field with the place where it stands, those of inner objects and lists too."""
    for name, each in schema.load_fields.items():
        yield from _with_inner(each, (*at, each.data_key or name))


def _with_inner(each: fields.Field[Any], at: Path) -> Iterator[tuple[Path, fields.Field[Any]]]:
    yield at, each
    if isinstance(each, Inner):
        yield from fields_of(each.schema, at)
    if isinstance(each, Many):
        yield from _with_inner(each.inner, (*at, 0))


def wrong_values(each: fields.Field[Any], right: Any) -> list[Any]:
    """What this kind of field must not take; a kind that is not listed here fails the test."""
    numbers_as_text = ["1", "３", "1_0", " 1", "1.0", "", "true"]
    match each:
        case Code():
            wrong = [1, True, [right], {}, "", " ", "a b", "社区", "a.b", "$ne", "../x", "x" * 41]
        case Text():
            wrong = [1, True, 1.5, [right], {}, "字" * (each.longest + 1), *([""] if each.shortest else [])]
        case Whole():
            wrong = [True, False, 1.5, 2.0, [1], {}, each.least - 1, each.most + 1, 2**62, -(2**62), *numbers_as_text]
        case Number():
            wrong = [True, [1], {}, each.least - 0.001, each.most + 0.001, 1e300, 2**62, *numbers_as_text]
        case Flag():
            wrong = [0, 1, "", "true", "yes", [], {}]
        case Term():
            wrong = [1, True, "", "无此词", f" {right}", str(right).upper(), [right], {}]
        case Instant():
            wrong = [
                1,
                True,
                "",
                "昨天",
                "2026-13-01",
                "1999-12-31T00:00:00Z",
                "2100-01-01T00:00:00Z",
                "２０２７-03-01",
                [right],
                {},
            ]
        case Clock():
            wrong = [1, True, "", "9:00", "24:01", "25:00", "１８:00", "18:60", [right], {}]
        case Many():
            wrong = ["", right[0], 1, {}, right[:1] * 2_000]
        case Inner():
            wrong = ["", "x", 1, True, [], [right]]
        case Criteria():
            wrong = [
                "",
                1,
                [],
                {},
                {"skill": True},
                {"skill": "1"},
                {"skill": -0.1},
                {"skill": None},
                {"技能": 1},
                {"skill": 1e300},
            ]
        case _:
            raise AssertionError(f"say here what is wrong for a {type(each).__name__}")
    return [*wrong, *([] if each.allow_none else [None])]


def changed(body: dict[str, Any], at: Path, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(body)
    inner: Any = body
    for step in at[:-1]:
        inner = inner[step]
    inner[at[-1]] = value
    return body


async def assert_all_refused(service: Service, bodies: dict[str, list[tuple[str, Any]]]) -> None:
    """`bodies` by "METHOD /path": the place that must be named in the answer, and the body."""
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    before = await snapshot(service.store)
    for route, _ in TAKING:
        for place, body in bodies[f"{route.method} {route.path}"]:
            async with service.client.request(
                route.method, address_of(route, ids), data=json.dumps(body), headers=headers
            ) as response:
                assert response.status == 422, (route.path, place, body, await response.text())
                problem = await assert_problem(response)
                assert any(name.startswith(place) for name in problem.get("fields", ())), (route.path, place, body, problem)
                assert all(messages for messages in problem["fields"].values())
    assert await snapshot(service.store) == before


def test_the_right_bodies_are_right() -> None:
    for _, schema in TAKING:
        assert schema.validate(right_body(schema)) == {}
        assert {at[0] for at, _ in fields_of(schema)} == set(right_body(schema)), "a field without a right value is never tested"


async def test_every_field_refuses_what_is_not_its_kind(service: Service) -> None:
    bodies: dict[str, list[tuple[str, Any]]] = {}
    for route, schema in TAKING:
        right = right_body(schema)
        wrong = bodies.setdefault(f"{route.method} {route.path}", [])
        for at, each in fields_of(schema):
            inner: Any = right
            for step in at:
                inner = inner[step]
            # An operator in the place of a value, if it is read as JSON at all, is read as an object of unknown fields.
            wrong += [(str(at[0]), changed(right, at, value)) for value in wrong_values(each, inner)]
    assert sum(map(len, bodies.values())) > 1_000
    await assert_all_refused(service, bodies)


async def test_every_shape_refuses_unknown_fields_and_misses_required_ones(service: Service) -> None:
    bodies: dict[str, list[tuple[str, Any]]] = {}
    for route, schema in TAKING:
        right = right_body(schema)
        wrong = bodies.setdefault(f"{route.method} {route.path}", [])
        wrong += [(name, {**right, name: 1}) for name in ("nonsense", "id", "status", "load", "_id", "posted_by", "无此项")]
        for at, each in fields_of(schema):
            if isinstance(each, Inner):
                wrong.append((f"{at[0]}", changed(right, (*at, "nonsense"), 1)))
            if each.required and isinstance(at[-1], str):
                missing = changed(right, at, None)
                inner: Any = missing
                for step in at[:-1]:
                    inner = inner[step]
                del inner[at[-1]]
                wrong.append((str(at[0]), missing))
    await assert_all_refused(service, bodies)


async def test_an_operator_in_the_place_of_any_value_is_refused(service: Service) -> None:
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    for route, schema in TAKING:
        for at, _ in fields_of(schema):
            for operator in (OPERATOR, {"$gt": ""}, {"$regex": ".*"}, {"$where": "1"}):
                status, _ = await service.attempt(
                    token, route.method, address_of(route, ids), changed(right_body(schema), at, operator)
                )
                assert status == 400, (route.path, at, operator)
    assert await snapshot(service.store) == before


async def test_ends_come_after_beginnings_and_a_change_changes_something(service: Service) -> None:
    await stage(service)
    window = {"from": "2027-03-01T09:00:00+08:00", "to": "2027-03-01T01:00:00Z"}
    need = {"text": "水管漏水", "region": "420106001001", "window": window}
    slot = {"weekday": 1, "from": "18:00", "to": "18:00"}
    profile = {"name": "测试", "skills": [], "region": "420106001001", "availability": [slot]}
    for path, body, place in (("needs", need, "window.to"), ("volunteers", profile, "availability.0.to")):
        answer = await service.call(Role.ADMIN, "POST", f"/api/v1/{path}", body, expect=422)
        assert place in answer["fields"]
    volunteer = await service.volunteer()
    await service.call(Role.ADMIN, "PATCH", f"/api/v1/volunteers/{volunteer['id']}", {"version": 1}, expect=422)
