"""Any order of anything that may happen to needs and orders, on a real MongoDB: what must hold, holds after every step.

`SANDAN_STEPS` sets how many steps are walked in all; the default is short.
"""

import asyncio
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from matcher.dispatch.closing import Judgement
from matcher.dispatch.timers import run_due
from matcher.understanding.understander import Understander
from models.dispatching import ADMINISTRATORS, MOST_REDONE, Mode
from models.errors import SandanError
from models.need import Need
from models.need_states import FINAL, WAITING, NeedStatus
from models.order import IN_HAND, PENDING, SERVING, Order, OrderStatus
from models.provider import Provider
from models.store import Store
from models.store.client import connect, open_database
from tests.databases import Databases
from tests.make import services, social_worker, weights
from tests.matcher.office import COMMUNITY, RESIDENT, Office, own

STEPS_A_LIFE = 40
STEPS = int(os.environ.get("SANDAN_STEPS", "120"))
EVENT_OF = {
    OrderStatus.APPLIED: "order.applied",
    OrderStatus.ACCEPTED: "order.accepted",
    OrderStatus.STARTED: "order.started",
    OrderStatus.COMPLETED: "order.completed",
    OrderStatus.CONFIRMED: "order.confirmed",
    OrderStatus.DECLINED: "order.declined",
    OrderStatus.EXPIRED: "order.expired",
    OrderStatus.HANDED_BACK: "order.handed_back",
    OrderStatus.WITHDRAWN: "order.withdrawn",
    OrderStatus.FILLED: "order.filled",
    OrderStatus.OFFERED: "order.offered",
}
JUDGEMENTS = [
    Judgement(True, True, True, 5, ""),
    Judgement(True, True, False, 2, "慢"),
    Judgement(True, False, False, 1, "没修好"),
]
picks = st.integers(0, 1_000)
CHANGES = ("accept", "accept", "decline", "hand_back", "withdraw", "start", "complete")
WHOLE = ("confirm", "reopen", "cancel", "suspend", "resume", "take", "handle")


class Life(RuleBasedStateMachine):
    """Refusals are fine; what they leave behind is checked like everything else."""

    databases: Databases
    understander: Understander
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.client = connect(self.databases.uri)
        self.held = self.databases.indexed()
        name = self.run(self.held.__aenter__())
        self.office = Office(Store(self.client, open_database(self.client, name)), self.understander)
        self.people: list[Provider] = []

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Any) -> Any:
        try:
            return self.run(work)
        except SandanError:
            return None

    @initialize()
    def open(self) -> None:
        self.run(self._open())

    async def _open(self) -> None:
        await self.office.store.weights.add(weights(skill=1, location=1))
        for number in range(7):
            self.people.append(
                await self.office.provider(capacity=1 + number % 3, party_member=number % 2 == 0, daily_offers=30 * number)
            )
        for _ in range(2):
            worker = social_worker(services=services(plumbing=0.5, counselling=0.5))
            await self.office.store.providers.add(worker)
            self.office.desk.context.columns.put(worker)
            self.people.append(worker)

    def teardown(self) -> None:
        self.run(self.client.close())
        self.run(self.held.__aexit__(None, None, None))

    async def _need(self, pick: int) -> Need:
        found = [need async for need in self._all_needs()]
        return found[pick % len(found)]

    async def _all_needs(self) -> Any:
        async for document in self.office.store.database["needs"].find({}).sort("_id", 1):
            need = await self.office.store.needs.get(document["_id"])
            assert need is not None
            yield need

    @initialize(people=st.integers(1, 3))
    def first_need(self, people: int) -> None:
        self.post(people, 2)

    @rule(people=st.integers(1, 3), urgency=st.integers(1, 4))
    def post(self, people: int, urgency: int) -> None:
        self.run(self.office.posted(people, urgency))

    @rule(pick=picks, whom=picks)
    def offer(self, pick: int, whom: int) -> None:
        need = self.run(self._need(pick))
        self.attempt(self.office.offered(need, self.people[whom % len(self.people)]))

    @rule(pick=picks, mode=st.sampled_from([each for each in Mode if each != Mode.DIRECT]), best=st.integers(1, 4))
    def dispatch(self, pick: int, mode: Mode, best: int) -> None:
        need = self.run(self._need(pick))
        closes_at = self.office.clock.at + timedelta(hours=2)
        self.attempt(self.office.dispatch(need, mode, best=best, closes_at=closes_at))

    @rule(pick=picks, change=st.sampled_from(CHANGES))
    def change(self, pick: int, change: str) -> None:
        orders = [order for order in self.run(self._orders()) if order.status in PENDING | IN_HAND]
        if orders:
            self.attempt(self._change(orders[pick % len(orders)], change))

    async def _change(self, order: Order, change: str) -> None:
        desk, who = self.office.desk, own(next(each for each in self.people if each.ref == order.provider.ref))
        match change:
            case "accept":
                await desk.offers.accept(who, order.id)
            case "decline":
                await desk.offers.decline(who, order.id, "没有时间")
            case "hand_back":
                await desk.offers.hand_back(who, order.id, "身体不适")
            case "withdraw":
                await desk.offers.withdraw(COMMUNITY, order.id, "")
            case "start":
                await desk.progress.start(who, order.id)
            case _:
                await desk.progress.complete(who, order.id, "好了")

    @rule(pick=picks)
    def serve(self, pick: int) -> None:
        """Somebody who accepted goes and does it: so that lives get past their middle."""
        orders = [order for order in self.run(self._orders()) if order.status in IN_HAND]
        if orders:
            order = orders[pick % len(orders)]
            for change in ("start", "complete"):
                self.attempt(self._change(order, change))

    @rule(pick=picks, judgement=st.sampled_from(JUDGEMENTS))
    def evaluate(self, pick: int, judgement: Judgement) -> None:
        need = self.run(self._need(pick))
        self.attempt(self.office.desk.closing.evaluate(RESIDENT, need.id, judgement))

    @rule(pick=picks, action=st.sampled_from(WHOLE))
    def whole(self, pick: int, action: str) -> None:
        need = self.run(self._need(pick))
        self.attempt(self._whole(need.id, action))

    async def _whole(self, need_id: str, action: str) -> None:
        keeping, closing = self.office.desk.keeping, self.office.desk.closing
        match action:
            case "confirm":
                await closing.confirm(RESIDENT, need_id)
            case "reopen":
                await closing.reopen(RESIDENT, need_id, "又坏了")
            case "cancel":
                await keeping.cancel(RESIDENT, need_id, "不用了")
            case "suspend":
                await keeping.suspend(COMMUNITY, need_id, "等配件", self.office.clock.at + timedelta(hours=5))
            case "resume":
                await keeping.resume(COMMUNITY, need_id)
            case "take":
                await keeping.take(COMMUNITY, need_id, "")
            case _:
                await keeping.handle(COMMUNITY, need_id, "社区办好了")

    @rule(hours=st.sampled_from([0.1, 1.0, 5.0, 30.0, 80.0]))
    def time_passes(self, hours: float) -> None:
        self.run(self.office.pass_time(hours=hours))

    @rule()
    def time_jumps(self) -> None:
        """The workers were away for a day and find everything at once."""
        self.office.clock.at += timedelta(days=1)
        self.run(run_due(self.office.desk.context, self.office.clock.at))

    async def _orders(self) -> list[Order]:
        return [order async for need in self._all_needs() for order in await self.office.store.orders.of_need(need.id)]

    @invariant()
    def all_holds(self) -> None:
        if self.people:
            self.run(self._check())

    async def _check(self) -> None:
        everything: list[Order] = []
        async for need in self._all_needs():
            orders = await self.office.store.orders.of_need(need.id)
            everything += orders
            tallies_hold(need, orders)
            await self._is_watched(need, orders)
            await self._has_events(need, orders)
        for one in self.people:
            held = sum(order.status in IN_HAND for order in everything if order.provider.ref == one.ref)
            assert await self.office.load(one) == held <= one.capacity

    async def _is_watched(self, need: Need, orders: list[Order]) -> None:
        """Nothing waits without a timer or an owner, and no timer outlives what it was for."""
        kinds = {timer.kind for timer in await self.office.store.timers.of_subject(f"need:{need.id}")}
        if need.status in WAITING:
            at_the_top = need.owner is not None and need.owner.region == ADMINISTRATORS
            assert "need_unattended" in kinds or at_the_top
        assert ("need_confirm" in kinds) == (need.status == NeedStatus.COMPLETED)
        assert ("need_resume" in kinds) == (need.status == NeedStatus.SUSPENDED)
        applied = [order for order in orders if order.status == OrderStatus.APPLIED]
        if applied and need.status != NeedStatus.SUSPENDED:
            assert "applications_close" in kinds
        if need.status in FINAL:
            assert kinds == set()
        for order in orders:
            timed = bool(await self.office.store.timers.of_subject(f"order:{order.id}"))
            running = order.status == OrderStatus.OFFERED and order.mode != Mode.WINDOW
            assert timed == (running and need.status != NeedStatus.SUSPENDED)

    async def _has_events(self, need: Need, orders: list[Order]) -> None:
        told = {(event.order_id, event.action) for event in await self.office.store.events.of_need(need.id)}
        for order in orders:
            assert (order.id, "order.offered") in told
            assert (order.id, EVENT_OF[order.status]) in told


def tallies_hold(need: Need, orders: list[Order]) -> None:
    mine = [order for order in orders if order.round == need.round]
    assert all(order.status not in PENDING | IN_HAND for order in orders if order.round < need.round)
    assert need.taken == sum(order.status in SERVING for order in mine) <= need.people
    assert need.done == sum(order.status in (OrderStatus.COMPLETED, OrderStatus.CONFIRMED) for order in mine)
    assert need.started == need.done + sum(order.status == OrderStatus.STARTED for order in mine)
    assert need.offers_open == sum(order.status in PENDING for order in mine)
    assert need.settled().status == need.status
    assert need.redone <= MOST_REDONE
    assert all((order.service_minutes is not None) == (order.status == OrderStatus.CONFIRMED) for order in orders)
    assert len({(order.round, order.provider.ref) for order in orders}) == len(orders)


@pytest.fixture
def machine(bare_databases: Databases, understander: Understander) -> Iterator[type[Life]]:
    """With an event loop of its own, since hypothesis runs its steps outside any."""
    loop = asyncio.new_event_loop()
    yield type("LifeHere", (Life,), {"databases": bare_databases, "understander": understander, "loop": loop})
    loop.close()


@pytest.mark.timeout(max(120, STEPS))
def test_whatever_happens_in_whatever_order_loads_tallies_events_and_timers_agree(machine: type[Life]) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(1, STEPS // STEPS_A_LIFE),
            stateful_step_count=STEPS_A_LIFE,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
