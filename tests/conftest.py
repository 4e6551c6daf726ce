"""One mongod for the whole run, one database a test that asks for it; a real service over real HTTP."""

import gc
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
import structlog
from aiohttp import web_app
from aiohttp.test_utils import TestClient, TestServer

from api.app import make_app
from api.assembly import make_understander
from api.identity import fingerprint
from api.keys import DESK, STORE
from api.routing import ROUTES
from api.settings import Settings
from matcher.catalogue import Catalogue
from matcher.dispatch.desk import Desk
from matcher.understanding.understander import Understander
from models.account import Account, ProviderRef
from models.quiet import NEVER_QUIET
from models.schedule import now
from models.schemas.answers import ProblemAnswer
from models.store import Store
from models.store.client import connect, open_database
from models.store.embedded import EmbeddedServer
from models.vocabulary import ProviderKind, Role
from seed.sources import catalogue_items
from tests.databases import REGIONS_STAY, Databases

COMMUNITY = "420106001001"
GRID = COMMUNITY + "001"
NEIGHBOUR_COMMUNITY = "420106001002"
FAR_COMMUNITY = "330203001001"
PASSWORD = "correct horse battery"
# Files that take longest are begun first, so that no core is left with a long one at the end.
LONGEST = ("test_cli", "test_serve", "test_life", "test_month", "test_lifecycle", "test_load", "test_trials", "test_training_cli")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST))


@pytest.fixture(scope="session", autouse=True)
def quiet_logs() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))


@pytest.fixture(scope="session")
def mongod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    server = EmbeddedServer(tmp_path_factory.mktemp("mongod"), cache_gb=0.25)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def databases(mongod: EmbeddedServer) -> Databases:
    """For services; those have the regions in them."""
    return Databases(mongod.uri, REGIONS_STAY)


@pytest.fixture(scope="session")
def bare_databases(mongod: EmbeddedServer) -> Databases:
    return Databases(mongod.uri)


@pytest.fixture(scope="session")
def understander() -> Understander:
    """With the model that comes with the source. What stays for the whole run is left out of every later search for garbage:
    otherwise Python puts that search off until services that are long closed fill gigabytes."""
    made = make_understander(Catalogue(catalogue_items()))
    gc.collect()
    gc.freeze()
    return made


@dataclass
class Service:
    """A running service on a database of its own, and short ways to act on it as somebody."""

    client: TestClient[Any, Any]
    store: Store
    desk: Desk
    tokens: dict[str, str] = field(default_factory=dict)

    async def account(
        self, role: Role, region: str | None = None, provider: ProviderRef | None = None, username: str = ""
    ) -> str:
        """A new account with a session; returns its token. It has no password: to hash one takes longer than most tests.
        And no quiet hours: a test holds at any time of day."""
        username, token = username or f"{role}-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
        account = Account(self.store.new_id(), username, role, f"测试{username}", region, provider, "", True, now(), NEVER_QUIET)
        await self.store.accounts.add(account)
        await self.store.sessions.add(fingerprint(token), account.id, now() + timedelta(days=1), now())
        return token

    async def token(self, role: Role) -> str:
        """One account a role, made when first asked for; overseers oversee the test community or its street."""
        if role not in self.tokens:
            region = {Role.COMMUNITY: COMMUNITY, Role.STREET: COMMUNITY[:9], Role.RESIDENT: COMMUNITY}.get(role)
            self.tokens[role] = await self.account(role, region)
        return self.tokens[role]

    async def attempt(self, who: Role | str | None, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """One call as a role, with a token, or as nobody: the status, and the JSON answer, held to its declared shape."""
        token = await self.token(who) if isinstance(who, Role) else who
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.client.request(method, path, json=body, headers=headers) as response:
            answer = await response.json(content_type=None) if response.status != 204 else None
            assert response.content_type == ("application/json" if response.ok else "application/problem+json") or answer is None
            hold_to_shape(method, path, response.status, answer)
            return response.status, answer

    async def call(self, who: Role | str | None, method: str, path: str, body: object = None, expect: int | None = None) -> Any:
        """The answer alone. `expect` asserts the status."""
        status, answer = await self.attempt(who, method, path, body)
        if expect is not None:
            assert status == expect, (method, path, status, answer)
        return answer

    async def volunteer(self, **changes: Any) -> dict[str, Any]:
        """A volunteer of the test grid who mends pipes, registered by the administrator."""
        body = {
            "name": "测试管工",
            "skills": ["修水管", "换水龙头"],
            "bio": "",
            "region": GRID,
            "party_member": True,
            "capacity": 3,
            "daily_offers": 50,
        }
        answer: dict[str, Any] = await self.call(Role.ADMIN, "POST", "/api/v1/volunteers", body | changes, expect=201)
        return answer

    async def need(
        self, text: str = "厨房水龙头关不紧一直漏水", who: Role | str = Role.RESIDENT, **changes: Any
    ) -> dict[str, Any]:
        body = {"text": text, "region": GRID, "channel": "resident" if who == Role.RESIDENT else "community"}
        answer: dict[str, Any] = await self.call(who, "POST", "/api/v1/needs", body | changes, expect=201)
        return answer

    async def offer(self, need: dict[str, Any], provider: dict[str, Any], expect: int = 201) -> dict[str, Any]:
        body = {"provider": {"kind": provider["kind"], "id": provider["id"]}}
        answer: dict[str, Any] = await self.call(
            Role.COMMUNITY, "POST", f"/api/v1/needs/{need['id']}/orders", body, expect=expect
        )
        return answer

    async def as_provider(self, provider: dict[str, Any]) -> str:
        """A token of an account that the profile belongs to."""
        kind = ProviderKind(provider["kind"])
        return await self.account(Role(kind), provider=ProviderRef(kind, provider["id"]))


def hold_to_shape(method: str, path: str, status: int, answer: Any) -> None:
    """What is answered is what the API's description promises: nothing missing, nothing more."""
    if status >= 400:
        assert ProblemAnswer().load(answer)["status"] == status
        return
    address = path.partition("?")[0]
    route = next(
        each for each in ROUTES.table if each.method == method and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", each.path), address)
    )
    assert status == route.status, (method, path)
    if route.answer is not None:
        route.answer.load(answer)


ServiceMaker = Callable[..., Awaitable[Service]]


@pytest.fixture
async def make_service(mongod: EmbeddedServer, databases: Databases, understander: Understander) -> AsyncIterator[ServiceMaker]:
    """Makes services; two of the same `database` are two workers on one database. Databases are emptied afterwards."""
    clients: list[TestClient[Any, Any]] = []
    taken: set[str] = set()

    async def make(database: str | None = None, **settings: Any) -> Service:
        name = database or databases.take()
        taken.add(name)
        chosen = replace(Settings(database=name, login_attempts=1000, webhook_private=True), **settings)
        client = TestClient(TestServer(make_app(chosen, mongod.uri, lambda _: understander)))
        await client.start_server()
        clients.append(client)
        return Service(client, client.server.app[STORE], client.server.app[DESK])

    yield make
    for client in clients:
        await client.close()
    # aiohttp remembers the last thousand handlers with the application of each: some two hundred services that are long closed.
    web_app._cached_build_middleware.cache_clear()
    await databases.give_back(*taken)


@pytest.fixture
async def service(make_service: ServiceMaker) -> Service:
    return await make_service()


@pytest.fixture
async def store(bare_databases: Databases) -> AsyncIterator[Store]:
    """A store on an empty database with all indexes, without a service."""
    async with bare_databases.indexed() as name:
        client = connect(bare_databases.uri)
        yield Store(client, open_database(client, name), bare_databases.uri)
        await client.close()
