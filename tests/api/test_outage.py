"""The database goes away under a running service, and comes back."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from api.console.session import SESSION_COOKIE
from api.keys import DESK, STORE
from api.settings import Settings
from matcher.understanding.understander import Understander
from models.store.embedded import EmbeddedServer
from models.vocabulary import Role
from tests.api.support import assert_problem, own_profile, until
from tests.api.test_stream import listening
from tests.api.test_touched import touch
from tests.conftest import Service


@pytest.fixture
def own_mongod(tmp_path: Path) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path / "mongod", cache_gb=0.25)
    server.start()
    yield server
    server.stop()


async def test_without_its_database_the_service_answers_503_and_with_it_goes_on(
    own_mongod: EmbeddedServer, understander: Understander
) -> None:
    client = TestClient(TestServer(make_app(Settings(database="outage"), own_mongod.uri, lambda _: understander)))
    async with client:
        service = Service(client, client.app[STORE], client.app[DESK])
        profile, token = await own_profile(service)
        community = await service.token(Role.COMMUNITY)
        need = await service.need(who=community)
        own_mongod.stop()
        answer, page = await asyncio.gather(
            client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}),
            client.get("/me/notices", headers={"Cookie": f"{SESSION_COOKIE}={token}"}),
        )
        assert (await assert_problem(answer, 503))["code"] == "store_unavailable"
        assert answer.headers["Retry-After"]
        assert (page.status, page.content_type) == (503, "text/html")
        assert "数据库暂时连不上" in await page.text()
        async with client.get("/readyz") as response:
            await assert_problem(response, 503)
        async with client.get("/healthz") as response:
            assert response.status == 200
        own_mongod.start()

        async def ready() -> bool:
            async with client.get("/readyz") as response:
                return response.status == 200

        await until(ready, seconds=40)
        await service.call(token, "GET", "/api/v1/me", expect=200)
        async with listening(service, community, need=need["id"]) as events:
            order = await service.offer(need, profile)
            assert await touch(events) == {"topic": f"need:{need['id']}"}
        accepted = await service.call(token, "POST", f"/api/v1/orders/{order['id']}/accept", expect=200)
        assert accepted["status"] == "accepted"
        found = await service.call(community, "GET", f"/api/v1/needs/{need['id']}/candidates", expect=200)
        assert found["excluded"] == {"asked": 1}
