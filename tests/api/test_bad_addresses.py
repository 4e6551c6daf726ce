"""Addresses that lead nowhere, methods that are not there, and paths and query strings that are not well formed."""

import asyncio
import json
from typing import Any
from urllib.parse import quote

from api.routing import ROUTES
from models.schemas.answers import ProblemAnswer
from models.vocabulary import Role
from tests.api.support import CHINESE, address_of, assert_problem, caller_of, right_body, snapshot, stage
from tests.conftest import Service

WITH_ID = [route for route in ROUTES.table if "{" in route.path]
UNKNOWN_PATHS = ["/api", "/api/v1", "/api/v1/", "/api/v2/needs", "/api/v1/needs/", "/api/v1/needs/x/y", "/api//v1/needs"]
UNKNOWN_PATHS += ["/favicon.ico", "/../etc/passwd", "/水", "/api/v1/Needs"]
BROKEN = ["%", "%z", "%zz", "%4", "%ff", "%c3%28", "%ed%a0%80", "%f5%80%80%80", "%C0%AF", "a%", "%%%", "%u6c34"]
ODD_IDS = ["%00", "%07", "%C2%85", "%7F", "x" * 2_001, "%E6%B0%B4" * 700]
UNKNOWN_IDS = [
    "x",
    "0" * 24,
    "%24ne",
    "%7B%22%24ne%22%3A%22%22%7D",
    "%E6%B0%B4",
    "..%2F..%2Fetc",
    "a%20b",
    "null",
    "-1",
]


async def get_raw(service: Service, method: str, target: str, body: bytes = b"", token: str = "") -> tuple[int, str, Any]:
    """A request line exactly as given, which a client library would have put right; status, head and JSON."""
    reader, writer = await asyncio.open_connection(service.client.host, service.client.port)
    head = f"{method} {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {token}\r\n"
    head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    try:
        writer.write(head.encode() + body)
        await writer.drain()
        async with asyncio.timeout(20):
            answer = await reader.read()
    finally:
        writer.close()
        await writer.wait_closed()
    start, _, content = answer.partition(b"\r\n\r\n")
    return int(start.split()[1]), start.decode("latin-1").lower(), json.loads(content) if content.startswith(b"{") else None


def assert_refused(answer: tuple[int, str, Any], *statuses: int) -> None:
    status, head, problem = answer
    assert status in statuses, answer
    assert "content-type: application/problem+json" in head
    assert ProblemAnswer().validate(problem) == {}
    assert CHINESE.search(problem["detail"])


async def test_an_unknown_address_answers_404_in_the_envelope(service: Service) -> None:
    for path in UNKNOWN_PATHS:
        for method in ("GET", "POST", "DELETE"):
            async with service.client.request(method, path) as response:
                assert (await assert_problem(response, 404))["code"] == "not_found"


async def test_a_method_that_is_not_there_answers_405_and_names_those_that_are(service: Service) -> None:
    known: dict[str, set[str]] = {}
    for route in ROUTES.table:
        known.setdefault(route.path, set()).add(route.method)
    for path, methods in known.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - methods:
            async with service.client.request(method, path.replace("{id}", "x").replace("{name}", "x")) as response:
                assert (await assert_problem(response, 405))["code"] == "method_not_allowed", (method, path)
                assert set(response.headers["Allow"].split(",")) == methods


async def test_a_request_id_is_taken_over_if_it_is_harmless_and_given_otherwise(service: Service) -> None:
    for given, kept in (("abc-1.2_3", True), ("x" * 65, False), ("a b", False), ("", False), ("水", False)):
        async with service.client.get("/nowhere", headers={"X-Request-Id": given}) as response:
            problem = await assert_problem(response, 404)
            assert (problem["request_id"] == given) == kept


async def test_an_id_that_is_not_well_formed_is_refused_at_every_address(service: Service) -> None:
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    for route in WITH_ID:
        body = json.dumps(right_body(route.body)).encode() if route.body else b""
        for odd in (*BROKEN, *ODD_IDS):
            target = address_of(route, dict.fromkeys(ids, odd)).replace("/default", f"/{odd}")
            # Some of these the router itself does not know; none may reach a handler.
            assert_refused(await get_raw(service, route.method, target, body, token), 404, 422)
    assert await snapshot(service.store) == before


async def test_an_id_of_nothing_answers_404_at_every_address(service: Service) -> None:
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    for route in WITH_ID:
        if route.method == "PUT":
            continue  # to put weights under a name that is not there is to make them
        body = json.dumps(right_body(route.body)).encode() if route.body else b""
        for unknown in UNKNOWN_IDS:
            target = address_of(route, dict.fromkeys(ids, unknown)).replace("/default", f"/{unknown}")
            assert_refused(await get_raw(service, route.method, target, body, token), 404)
    assert await snapshot(service.store) == before


async def test_a_query_that_is_not_well_formed_is_refused_at_every_address(service: Service) -> None:
    ids = await stage(service)
    tokens = [await caller_of(service, route) for route in ROUTES.table]
    before = await snapshot(service.store)
    for route, token in zip(ROUTES.table, tokens, strict=True):
        body = json.dumps(right_body(route.body)).encode() if route.body else b""
        for broken in BROKEN:
            for query in (f"text={broken}", f"{broken}=1", broken):
                answer = await get_raw(service, route.method, f"{address_of(route, ids)}?{query}", body, token)
                assert_refused(answer, 422)
    assert await snapshot(service.store) == before


async def test_weights_are_not_put_under_a_name_that_is_no_code(service: Service) -> None:
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    for name in ("a b", "水", "x" * 41, "a.b", "$ne", "%"):
        path = f"/api/v1/weights/{quote(name)}"
        refused = await service.call(token, "PUT", path, {"version": 0, "criteria": {"skill": 1}}, expect=422)
        assert "name" in refused["fields"]
    assert await snapshot(service.store) == before
