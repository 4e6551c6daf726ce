"""Bodies that are not the JSON this service reads: always a 4xx in the envelope, and nothing changed."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from api.routing import ROUTES
from models.schemas.answers import ProblemAnswer
from models.vocabulary import Role
from tests.api.support import BODIES, address_of, assert_problem, right_body, snapshot, stage
from tests.conftest import Service, ServiceMaker

JSON = "application/json"
NEED = BODIES["NeedShape"]
TAKING = [route for route in ROUTES.table if route.body is not None]


def with_text(raw: str) -> bytes:
    """A right need but for its text, which stands in the body as given."""
    return json.dumps(NEED | {"text": "@"}).replace('"@"', raw).encode("utf-8", "surrogatepass")


def with_urgency(raw: str) -> bytes:
    return json.dumps(NEED | {"urgency": "@"}).replace('"@"', raw).encode()


def with_more(raw: str) -> bytes:
    return json.dumps(NEED).encode()[:-1] + b"," + raw.encode() + b"}"


UNREADABLE = {
    "escaped lone surrogate": with_text('"\\ud800水管漏水"'),
    "escaped low surrogate": with_text('"水管漏水\\udc00"'),
    "raw lone surrogate": with_text('"\ud800水管漏水"'),
    "surrogate in a key": with_more('"\\ud800": 1'),
    "integer of 2^63": with_urgency(str(2**63)),
    "integer below -2^63": with_urgency(str(-(2**63) - 1)),
    "integer of 5 000 digits": with_urgency("9" * 5_000),
    "float beyond floats": with_urgency("1e400"),
    "negative float beyond floats": with_urgency("-1e400"),
    "NaN": with_urgency("NaN"),
    "Infinity": with_urgency("Infinity"),
    "-Infinity": with_urgency("-Infinity"),
    "leading zero": with_urgency("02"),
    "lists 100 000 deep": b"[" * 100_000,
    "objects 20 000 deep": b'{"a":' * 20_000,
    "closed lists 100 000 deep": b"[" * 100_000 + b"]" * 100_000,
    "a little too deep": with_more('"x": ' + "[" * 30 + "]" * 30),
    "duplicate key": with_more('"text": "水管漏水"'),
    "empty key": with_more('"": 1'),
    "operator key": with_more('"$where": "1"'),
    "dotted key": with_more('"contact.phone": "1"'),
    "nested operator key": with_text('{"$ne": ""}'),
    "very long key": with_more(f'"{"k" * 201}": 1'),
    "null character": with_text('"水管\\u0000漏水"'),
    "bell": with_text('"水管\\u0007漏水"'),
    "C1 control": with_text('"水管\\u0085漏水"'),
    "raw control character": with_text('"水管\x07漏水"'),
    "raw line feed in a string": with_text('"水管\n漏水"'),
    "control character in a key": with_more('"a\\u0001": 1'),
    "invalid UTF-8": with_text('"水管"').replace("水".encode(), b"\xff\xfe"),
    "overlong UTF-8": with_text('"水管"').replace("水".encode(), b"\xc0\xaf"),
    "UTF-16": json.dumps(NEED).encode("utf-16"),
    "UTF-32": json.dumps(NEED).encode("utf-32-le"),
    "GBK": with_text('"水管漏水"').decode().encode("gbk"),
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(NEED).encode(),
    "nothing": b"",
    "white space": b" \n",
    "cut short": json.dumps(NEED).encode()[:-5],
    "two documents": json.dumps(NEED).encode() * 2,
    "single quotes": b"{'text': 'x'}",
    "form": b"text=abc&region=1",
}


async def post(service: Service, body: Any, kind: str | None = JSON, path: str = "/api/v1/needs", **headers: str) -> Any:
    token = await service.token(Role.COMMUNITY)
    headers |= {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind is not None else {})
    skipped = ["Content-Type"] if kind is None else []
    return service.client.post(path, data=body, headers=headers, skip_auto_headers=skipped)


async def test_the_right_body_is_taken(service: Service) -> None:
    for kind in (JSON, "application/json; charset=utf-8", "Application/JSON; Charset=UTF-8"):
        async with await post(service, json.dumps(NEED).encode(), kind) as response:
            assert response.status == 201


async def test_no_bytes_are_read_as_json_that_are_not(service: Service) -> None:
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    for name, body in UNREADABLE.items():
        async with await post(service, body) as response:
            answer = await assert_problem(response, 400)
            assert answer["code"] == "unreadable_body", name
    assert await snapshot(service.store) == before


async def test_json_that_is_no_object_is_refused_by_every_address(service: Service) -> None:
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": JSON}
    for body in ("null", "1", "1.5", '"text"', "true", "[]", "[{}]"):
        for route in TAKING:
            async with service.client.request(route.method, address_of(route, ids), data=body, headers=headers) as response:
                await assert_problem(response, 422)
    assert await snapshot(service.store) == before


UNSUPPORTED = [
    None,
    "text/plain",
    "text/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=x",
    "application/xml",
]
UNSUPPORTED += [f"application/json; charset={name}" for name in ("klingon", "utf-16", "gbk", "latin-1", "utf-7", "ascii")]


async def test_a_body_that_does_not_say_it_is_json_in_utf_8_is_refused_by_every_address(service: Service) -> None:
    ids = await stage(service)
    token = await service.token(Role.ADMIN)
    before = await snapshot(service.store)
    for kind in UNSUPPORTED:
        for route in TAKING:
            headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind is not None else {})
            body = json.dumps(right_body(route.body)).encode() if route.body else b""
            async with service.client.request(
                route.method, address_of(route, ids), data=body, headers=headers, skip_auto_headers=["Content-Type"]
            ) as response:
                assert response.status == 415, (kind, route.path)
                assert (await assert_problem(response))["code"] == "unsupported_media_type"
    assert await snapshot(service.store) == before


async def test_where_everything_may_be_left_out_the_body_may_be_too_and_elsewhere_not(service: Service) -> None:
    need = await service.need()
    order = await service.offer(need, await service.volunteer())
    token = await service.token(Role.COMMUNITY)
    headers, bare = {"Authorization": f"Bearer {token}"}, ["Content-Type"]
    for path, status in ((f"/api/v1/orders/{order['id']}/withdraw", 200), ("/api/v1/needs", 415)):
        async with service.client.post(path, headers=headers, skip_auto_headers=bare) as response:
            assert response.status == status
    assert (await service.call(Role.COMMUNITY, "GET", f"/api/v1/orders/{order['id']}", expect=200))["status"] == "withdrawn"


async def test_a_body_beyond_the_limit_is_refused_whether_or_not_it_says_its_length(make_service: ServiceMaker) -> None:
    service = await make_service(body_limit=4_096)
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    large = json.dumps(NEED | {"text": "漏" * 2_000}, ensure_ascii=False).encode()

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(large), 1_000):
            yield large[start : start + 1_000]

    for body in (large, pieces()):
        async with await post(service, body) as response:
            assert (await assert_problem(response, 413))["code"] == "body_too_large"
    async with await post(service, gzip.compress(b"[" + b" " * 10_000_000 + b"]"), **{"Content-Encoding": "gzip"}) as response:
        await assert_problem(response)
    assert await snapshot(service.store) == before


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
async def test_a_body_that_is_not_in_the_coding_it_names_is_refused(service: Service, coding: str) -> None:
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    async with await post(service, b"\x00\x01not packed at all", **{"Content-Encoding": coding}) as response:
        await assert_problem(response)
    assert await snapshot(service.store) == before


async def talk(service: Service, head: str, body: bytes) -> tuple[int, bytes]:
    """Bytes on a bare socket that we leave open; the status and the body that come back."""
    token = await service.token(Role.COMMUNITY)
    reader, writer = await asyncio.open_connection(service.client.host, service.client.port)
    start = f"POST /api/v1/needs HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: {JSON}\r\n{head}\r\n\r\n"
    try:
        writer.write(start.encode() + body)
        await writer.drain()
        async with asyncio.timeout(20):
            answer = await reader.readuntil(b"\r\n\r\n")
            length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            return int(answer.split()[1]), await reader.readexactly(length)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize(
    ("head", "body"),
    [("Content-Length: 500", b'{"text": "'), ("Content-Length: 5", b""), ("Transfer-Encoding: chunked", b'5\r\n{"tex\r\n')],
)
async def test_a_body_that_is_begun_and_not_finished_is_given_up(make_service: ServiceMaker, head: str, body: bytes) -> None:
    service = await make_service(body_seconds=0.3)
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    status, answer = await talk(service, head, body)
    assert (status, ProblemAnswer().loads(answer)["code"]) == (408, "body_timeout")
    assert await snapshot(service.store) == before


async def test_a_body_whose_chunks_are_broken_is_refused(service: Service) -> None:
    await service.token(Role.COMMUNITY)
    before = await snapshot(service.store)
    # Refused by the HTTP server before there is a request: the one answer without our envelope.
    assert (await talk(service, "Transfer-Encoding: chunked", b"zz\r\n{}\r\n0\r\n\r\n"))[0] == 400
    assert await snapshot(service.store) == before
