"""One open place, a thousand who want it at the same moment, two worker processes: one gets it, and everybody hears so once."""

import asyncio
import os
import secrets
import time
from collections import Counter
from typing import Any

import pytest

from models.account import ProviderRef
from models.store.embedded import EmbeddedServer
from models.vocabulary import ProviderKind
from tests.api.support import told
from tests.proofs.scene import LONG, Scene, scene
from tests.proofs.town import PATIENCE_SECONDS, Reply, need_of
from tests.proofs.workers import Nursery

ROUNDS = 50 if LONG else 1
CROWD = 50
ACCEPTS_EACH = 20 if LONG else 6


async def offered_to_all(on: Scene) -> tuple[str, list[dict[str, Any]]]:
    """抢单: one need of one person, offered to everybody in the town."""
    posted = await on.callers.once(on.town.community, "/api/v1/needs", need_of(secrets.token_hex(6)))
    assert posted is not None
    need_id = str(posted.answer["id"])
    everybody = [{"kind": str(ref.kind), "id": ref.id} for ref in on.town.volunteers]
    body = {"mode": "open", "providers": everybody}
    dispatched = await on.callers.once(on.town.community, f"/api/v1/needs/{need_id}/orders", body)
    assert dispatched is not None
    assert len(dispatched.answer["orders"]) == CROWD
    return need_id, dispatched.answer["orders"]


async def all_accept(on: Scene, orders: list[dict[str, Any]]) -> list[Reply]:
    """Each asks both workers, many times, all at once; every third call has a key of its own."""
    calls = []
    for number in range(ACCEPTS_EACH):
        for order in orders:
            token = on.town.volunteers[ProviderRef(ProviderKind(order["provider"]["kind"]), order["provider"]["id"])]
            key = "" if len(calls) % 3 else secrets.token_hex(8)
            worker = on.workers[number % len(on.workers)]
            calls.append(on.callers.once(token, f"/api/v1/orders/{order['id']}/accept", None, key, worker))
    replies = await asyncio.gather(*calls)
    assert None not in replies
    return [reply for reply in replies if reply is not None]


async def assert_told_once(on: Scene, need_id: str, winner: str) -> None:
    """One event for whoever won, one for each who did not; each in one inbox, the winner's also in the resident's."""
    await told(on.store, PATIENCE_SECONDS)
    database = on.store.database
    events = Counter([each["action"] async for each in database["events"].find({"need_id": need_id})])
    assert events == Counter(
        {"need.posted": 1, "need.dispatched": 1, "order.offered": CROWD, "order.accepted": 1, "order.filled": CROWD - 1}
    )
    assert [each["order_id"] async for each in database["events"].find({"need_id": need_id, "action": "order.accepted"})] == [
        winner
    ]
    notices = [each async for each in database["notices"].find({"need_id": need_id})]
    provider = (await database["orders"].find_one({"_id": winner}))["provider"]["id"]
    [account] = [each["_id"] async for each in database["accounts"].find({"provider.id": provider})]
    to_winner = Counter(each["kind"] for each in notices if each["account_id"] == account)
    assert to_winner == Counter({"order.offered": 1, "order.accepted": 1})
    losers = [each["account_id"] for each in notices if each["kind"] == "order.filled"]
    assert len(losers) == len(set(losers)) == CROWD - 1


@pytest.mark.timeout(3600 if LONG else 300)
async def test_of_a_thousand_who_accept_one_open_place_at_once_one_wins(cradle: Nursery, mongod: EmbeddedServer) -> None:
    async with scene(cradle, mongod.uri, CROWD) as on:
        for number in range(1, ROUNDS + 1):
            need_id, orders = await offered_to_all(on)
            began = time.monotonic()
            replies = await all_accept(on, orders)
            seconds = time.monotonic() - began
            assert Counter(reply.status for reply in replies) == Counter({200: 1, 409: CROWD * ACCEPTS_EACH - 1})
            [winner] = [reply.answer["id"] for reply in replies if reply.ok]
            await assert_told_once(on, need_id, winner)
            print(f"\nround {number}: {len(replies)} accepts answered in {seconds:.1f} s, one 200; load {os.getloadavg()[0]:.1f}")
        loads = [each["load"] async for each in on.store.database["volunteers"].find({})]
        assert sum(loads) == ROUNDS
