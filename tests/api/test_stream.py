"""The live stream: what is told arrives, once and in order, also after a break and from another worker."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientResponse

from models.notice import Notice
from models.vocabulary import Role
from tests.api.support import assert_problem, until
from tests.conftest import Service, ServiceMaker
from tests.make import notice


class Events:
    """A reader of an event stream, as a browser has one."""

    def __init__(self, response: ClientResponse) -> None:
        self.response = response
        self.last_id = ""
        self.comments = 0

    async def next(self) -> tuple[str, Any] | None:
        """The next event's name and data; None when the stream has ended."""
        name, data = "message", ""
        while line := (await asyncio.wait_for(self.response.content.readline(), 20)).decode():
            field, _, value = line.rstrip("\n").partition(": ")
            if field == ":":
                self.comments += 1
            elif field == "id":
                self.last_id = value
            elif field == "event":
                name = value
            elif field == "data":
                data = value
            elif not field and data:
                return name, json.loads(data)
        return None

    async def texts(self, count: int) -> list[str]:
        found = []
        for _ in range(count):
            event = await self.next()
            assert event is not None
            assert event[0] == "notice"
            assert str(event[1]["seq"]) == self.last_id
            found.append(event[1]["text"])
        return found


@asynccontextmanager
async def listening(service: Service, token: str, last_id: str = "", **asked: str) -> AsyncIterator[Events]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last_id} if last_id else {})
    async with service.client.get("/api/v1/stream", params=asked, headers=headers) as response:
        assert (response.status, response.content_type) == (200, "text/event-stream")
        events = Events(response)
        assert await events.next() == ("hello", {})
        yield events


async def tell(service: Service, account_id: str, *texts: str) -> None:
    for text in texts:
        said: Notice = notice(text=text)
        await service.store.transact(lambda unit, said=said: unit.inboxes.put(account_id, said, said.at))  # type: ignore[misc]


async def account_of(service: Service, token: str) -> str:
    return str((await service.call(token, "GET", "/api/v1/me", expect=200))["id"])


async def test_a_notice_arrives_at_its_account_alone_whichever_worker_put_it_there(make_service: ServiceMaker) -> None:
    first = await make_service()
    second = await make_service(first.store.database.name)
    community, resident = await first.token(Role.COMMUNITY), await first.token(Role.RESIDENT)
    async with listening(second, community) as theirs, listening(second, resident) as mine:
        need = await first.need()
        event = await theirs.next()
        assert event is not None
        assert (event[0], event[1]["kind"], event[1]["need_id"]) == ("notice", "need.posted", need["id"])
        await tell(first, await account_of(first, resident), "给居民的")
        assert await mine.texts(1) == ["给居民的"]


async def test_a_stream_that_broke_goes_on_without_loss_or_repeat_on_another_worker(make_service: ServiceMaker) -> None:
    workers = [await make_service()]
    workers.append(await make_service(workers[0].store.database.name))
    token = await workers[0].token(Role.RESIDENT)
    account_id = await account_of(workers[0], token)
    await tell(workers[0], account_id, "旧")
    said, heard, last_id = [str(number) for number in range(60)], list[str](), "1"

    async def talk() -> None:
        for number in range(0, 60, 2):
            copies = [tell(workers[place], account_id, said[number + place]) for place in (0, 1)]
            await asyncio.gather(*copies)

    talking = asyncio.create_task(talk())
    while len(heard) < 60:
        assert not talking.done() or talking.exception() is None
        async with listening(workers[len(heard) % 2], token, last_id) as events:
            heard += await events.texts(min(7, 60 - len(heard)))
            last_id = events.last_id
    await talking
    assert sorted(heard, key=int) == said
    assert last_id == "61"


async def test_who_heard_nothing_before_the_break_misses_nothing(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    async with listening(service, token) as events:
        last_id = events.last_id
    await tell(service, await account_of(service, token), "断线时", "又一条")
    async with listening(service, token, last_id) as events:
        assert await events.texts(2) == ["断线时", "又一条"]
    async with listening(service, token) as events:
        assert events.last_id == "2"


async def test_an_idle_stream_gives_a_sign_of_life_and_ends_with_its_session(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.stream.HEARTBEAT_SECONDS", 0.1)
    token = await service.token(Role.RESIDENT)
    async with listening(service, token) as events:
        ending = asyncio.create_task(events.next())
        await asyncio.sleep(0.5)
        assert not ending.done()
        await service.call(token, "DELETE", "/api/v1/sessions/current", expect=204)
        assert await ending is None
        assert events.comments >= 2


async def test_a_stream_that_is_never_idle_ends_with_its_session_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.stream.HEARTBEAT_SECONDS", 0.2)
    token = await service.token(Role.RESIDENT)
    account_id = await account_of(service, token)

    async def talk() -> None:
        while True:
            await tell(service, account_id, "又一条")
            await asyncio.sleep(0.03)

    async with listening(service, token) as events:
        talking = asyncio.create_task(talk())
        try:
            await events.texts(3)
            await service.call(token, "DELETE", "/api/v1/sessions/current", expect=204)
            async with asyncio.timeout(5):
                while await events.next() is not None:
                    pass
        finally:
            talking.cancel()
            await asyncio.gather(talking, return_exceptions=True)


async def test_a_reader_who_takes_nothing_keeps_nobody_waiting(service: Service) -> None:
    slow, quick = await service.account(Role.RESIDENT), await service.account(Role.RESIDENT)
    slow_id, quick_id = await account_of(service, slow), await account_of(service, quick)
    async with listening(service, slow), listening(service, quick) as events:
        # More than the buffers between the two hold.
        await tell(service, slow_id, *("长" * 200_000 for _ in range(20)))
        await tell(service, quick_id, "快的")
        assert await asyncio.wait_for(events.texts(1), 5) == ["快的"]


async def test_streams_end_when_the_service_stops(make_service: ServiceMaker) -> None:
    service = await make_service()
    async with listening(service, await service.token(Role.RESIDENT)) as events:
        ending = asyncio.create_task(events.next())
        await asyncio.wait_for(service.client.server.close(), 8)
        assert await ending is None


async def test_a_place_that_is_none_is_refused_and_so_is_the_eleventh_stream(service: Service) -> None:
    token = await service.token(Role.RESIDENT)
    for wrong in ("x", "-1", "1.0", "９", "9" * 19):
        headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": wrong}
        async with service.client.get("/api/v1/stream", headers=headers) as response:
            await assert_problem(response, 422)
    opened = [
        await service.client.get("/api/v1/stream", headers={"Authorization": f"Bearer {token}", "Last-Event-ID": "99"})
        for _ in range(10)
    ]
    async with service.client.get("/api/v1/stream", headers={"Authorization": f"Bearer {token}"}) as response:
        await assert_problem(response, 429)
    opened.pop().close()

    async def again() -> bool:
        async with service.client.get("/api/v1/stream", headers={"Authorization": f"Bearer {token}"}) as response:
            return response.status == 200

    await until(again)
    for response in opened:
        response.close()
