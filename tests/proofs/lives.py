"""Mixed calls as chance has them: needs are posted, dispatched in all ways, answered, suspended, done and judged."""

import asyncio
import random
import secrets
import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from api.idempotency import LEASES
from models.schedule import now
from models.store import UNAVAILABLE
from models.timer import TimerKind
from tests.proofs.town import Callers, Town, need_of

HURRIED = [TimerKind.OFFER_EXPIRES, TimerKind.NEED_UNATTENDED, TimerKind.NEED_CONFIRM]
JUDGEMENT = {"responded": True, "resolved": True, "satisfied": True, "score": 5, "comment": ""}


@dataclass
class Ledger:
    """What was answered with success: the event that must be there, and the id of what it is about; and when, by the clock that
    runs evenly."""

    acknowledged: list[tuple[str, str]] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass
class Lives:
    """`stopped` begins nothing new; `over` when what was begun has been answered."""

    callers: Callers
    town: Town
    ledger: Ledger
    dice: random.Random
    stopped: bool = False
    over: bool = False

    async def run(self) -> None:
        while not self.stopped:
            await self._live()
            await asyncio.sleep(self.dice.random() * 0.1)

    async def act(self, event: str, path: str, body: object = None, subject: str = "") -> Any:
        """Every other call has a key and is repeated until answered; of the others those without an answer are given up."""
        if self.stopped:
            return None
        key = secrets.token_hex(8) if self.dice.random() < 0.5 else ""
        callers = self.callers
        try:
            reply = await (
                callers.surely(self.town.community, path, body, key) if key else callers.once(self.town.community, path, body)
            )
        except TimeoutError:
            self.ledger.faults.append(f"no answer to {path}")
            return None
        if reply is None or reply.status == 503:
            return None
        if reply.status >= 500:
            self.ledger.faults.append(f"{reply.status} for {path}: {reply.body[:200]!r}")
        if not reply.ok:
            return None
        self.ledger.acknowledged.append((event, subject or reply.answer["id"]))
        self.ledger.moments.append(time.monotonic())
        self.ledger.heard.set()
        return reply.answer

    async def _live(self) -> None:
        mark = secrets.token_hex(6)
        self.ledger.marks.append(mark)
        posted = await self.act("need.posted", "/api/v1/needs", need_of(mark, self.dice.choice((1, 1, 2))))
        if posted is None:
            return
        need = f"/api/v1/needs/{posted['id']}"
        orders = await self._dispatch(need, posted["id"])
        if self.dice.random() < 0.2:
            body = {"reason": "等配件", "until": (now() + timedelta(seconds=1)).isoformat()}
            await self.act("need.suspended", f"{need}/suspend", body, posted["id"])
            await asyncio.sleep(1.5)
        for order in orders:
            await self._answer(order)
        if self.dice.random() < 0.5:
            await self.act("need.evaluated", f"{need}/evaluation", JUDGEMENT, posted["id"])

    async def _dispatch(self, need: str, need_id: str) -> list[dict[str, Any]]:
        mode = self.dice.choice(("direct", "sequence", "open", "window", "window"))
        if mode == "direct":
            [chosen] = self.town.some(self.dice, 1)
            order = await self.act("order.offered", f"{need}/orders", {"provider": chosen})
            return [order] if order else []
        body = {"mode": mode, "providers": self.town.some(self.dice, 3)}
        if mode == "window":
            body["closes_at"] = (now() + timedelta(seconds=1 + self.dice.random())).isoformat()
        dispatched = await self.act("need.dispatched", f"{need}/orders", body, need_id)
        return dispatched["orders"] if dispatched else []

    async def _answer(self, order: dict[str, Any]) -> None:
        path, applies = f"/api/v1/orders/{order['id']}", order["mode"] == "window"
        if self.dice.random() < 0.25:
            await self.act("order.declined", f"{path}/decline", {"code": "no_time"})
            return
        if await self.act("order.applied" if applies else "order.accepted", f"{path}/accept") is None:
            return
        if applies:
            await asyncio.sleep(2.5)
        if await self.act("order.started", f"{path}/start") is None:
            return
        if self.dice.random() < 0.2:
            await self.act("order.handed_back", f"{path}/hand-back", {"code": "unwell"})
        else:
            await self.act("order.completed", f"{path}/complete", {"summary": "换了阀芯"})


async def hurry(lives: Lives) -> None:
    """Time passes for some: a timer that nobody has taken yet is due now, and so is the end of what a dead worker had claimed.
    Applications and suspensions end by the clock itself."""
    database = lives.town.store.database
    timers, calls = database["timers"], database["keyed_calls"]
    while not lives.over:
        await asyncio.sleep(0.4)
        at = now()
        chosen = {"kind": {"$in": HURRIED}, "attempts": 0, "due_at": {"$gt": at + timedelta(seconds=5)}}
        stale = {"answer": None, "until": {"$gt": at, "$lt": at + LEASES[True] - timedelta(seconds=5)}}
        try:
            found = [each["_id"] async for each in timers.find(chosen, {"_id": 1}).limit(50)]
            some = lives.dice.sample(found, len(found) // 5)
            await timers.update_many({"_id": {"$in": some}, "attempts": 0}, {"$set": {"due_at": at, "free_at": at}})
            await calls.update_many(stale, {"$set": {"until": at}})
        except UNAVAILABLE:
            continue
