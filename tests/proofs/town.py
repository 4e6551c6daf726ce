"""People of an invented community, and calls as they make them: to any of several workers, again if no answer comes."""

import asyncio
import random
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import aiohttp

from api.identity import fingerprint
from models.account import Account, ProviderRef
from models.quiet import NEVER_QUIET
from models.schedule import now
from models.store import Store
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, GRID
from tests.proofs.workers import Worker

# One who is served by a killed worker asks again after this time, and gives up after the other. What a killed worker was writing holds
# its documents for 15 s; where one is killed every few seconds on a loaded machine, a call may have to wait for several.
PAUSE_SECONDS, PATIENCE_SECONDS = 0.1, 300.0
PASSING = (503, 429)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes
    answer: Any = field(compare=False)

    @property
    def ok(self) -> bool:
        return self.status < 300


@dataclass
class Callers:
    """`errors` counts what a client saw of the machinery: 5xx and broken connections, by status, 0 for the latter. `longest_seconds` is
    what a call that was repeated until answered took at the most."""

    session: aiohttp.ClientSession
    workers: Sequence[Worker]
    dice: random.Random = field(default_factory=random.Random)
    errors: list[int] = field(default_factory=list)
    longest_seconds: float = 0.0

    async def once(self, token: str, path: str, body: object = None, key: str = "", worker: Worker | None = None) -> Reply | None:
        """None when no answer came: what became of the call is not known."""
        address = (worker or self.dice.choice(self.workers)).address
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        try:
            async with self.session.post(address + path, json=body, headers=headers) as response:
                text = await response.read()
                if response.status >= 500:
                    self.errors.append(response.status)
                return Reply(response.status, text, await response.json(content_type=None))
        except (aiohttp.ClientError, OSError, TimeoutError):
            self.errors.append(0)
            return None

    async def surely(self, token: str, path: str, body: object, key: str) -> Reply:
        """The same call with the same key, wherever somebody answers, until it is answered."""
        began = time.monotonic()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                reply = await self.once(token, path, body, key)
                if reply is not None and reply.status not in PASSING and reply.answer.get("code") != "call_in_progress":
                    self.longest_seconds = max(self.longest_seconds, time.monotonic() - began)
                    return reply
                await asyncio.sleep(PAUSE_SECONDS)


@dataclass
class Town:
    """`volunteers` are known by their tokens. Nobody is quiet and nobody's day is full: a proof holds at any time."""

    store: Store
    community: str
    resident: str
    volunteers: dict[ProviderRef, str]

    def some(self, dice: random.Random, count: int) -> list[dict[str, str]]:
        return [{"kind": str(ref.kind), "id": ref.id} for ref in dice.sample(list(self.volunteers), count)]


async def sign_up(store: Store, role: Role, region: str | None, provider: ProviderRef | None = None) -> str:
    """A token of a new account."""
    name, token = f"{role}-{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    account = Account(store.new_id(), name, role, f"测试{name}", region, provider, "", True, now(), NEVER_QUIET)
    await store.accounts.add(account)
    await store.sessions.add(fingerprint(token), account.id, now() + timedelta(days=1), now())
    return token


async def found_town(store: Store, callers: Callers, volunteers: int) -> Town:
    """Everybody registers by the service, so that all workers know them."""
    admin, people = await sign_up(store, Role.ADMIN, None), {}
    for number in range(volunteers):
        body = {"name": f"志愿者{number}", "skills": ["修水管", "换水龙头"], "region": GRID, "capacity": 1000}
        reply = await callers.once(admin, "/api/v1/volunteers", body)
        assert reply is not None
        assert reply.status == 201, reply.body
        ref = ProviderRef(ProviderKind.VOLUNTEER, reply.answer["id"])
        people[ref] = await sign_up(store, Role.VOLUNTEER, None, ref)
    community, resident = await sign_up(store, Role.COMMUNITY, COMMUNITY), await sign_up(store, Role.RESIDENT, COMMUNITY)
    return Town(store, community, resident, people)


def need_of(mark: str, people: int = 1) -> dict[str, Any]:
    """A body that is found again by its `mark`. The highest urgency passes every budget."""
    return {
        "text": "厨房水龙头关不紧一直漏水",
        "region": GRID,
        "channel": "community",
        "urgency": 4,
        "people": people,
        "contact": {"name": mark},
    }
