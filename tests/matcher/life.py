"""A machine that does anything in any order to needs and orders, and looks after every step whether all that must hold still holds."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from matcher.dispatch.closing import Judgement
from matcher.dispatch.timers import run_due
from matcher.understanding.understander import Understander
from models.dispatching import Mode, TeamRole
from models.errors import SandanError
from models.need import Need
from models.need_states import FINAL, NeedStatus
from models.order import IN_HAND, PENDING
from models.provider import Provider
from models.store import Store
from models.vocabulary import ProviderKind
from tests.make import services, social_worker, weights
from tests.matcher.changes import CHANGES, WHOLE, change_need, change_order
from tests.matcher.kept import Kept, hold, read
from tests.matcher.office import RESIDENT, Office, own

JUDGEMENTS = [
    Judgement(True, True, True, 5, ""),
    Judgement(True, True, False, 2, "慢"),
    Judgement(True, False, False, 1, "没修好"),
]
TEAM = (
    TeamRole(name="党员志愿者", kind=ProviderKind.VOLUNTEER, party_member=True),
    TeamRole(name="社工", kind=ProviderKind.SOCIAL_WORKER),
)
picks = st.integers(0, 1_000)


class Life(RuleBasedStateMachine):
    """Refusals are fine; what they leave behind is checked like everything else. `walked` counts steps and events of all lives."""

    store: ClassVar[Store]
    understander: ClassVar[Understander]
    loop: ClassVar[asyncio.AbstractEventLoop]
    walked: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.office = Office(self.store, self.understander)
        self.people: list[Provider] = []
        self.kept = Kept()

    def run(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def attempt(self, work: Any) -> Any:
        try:
            return self.run(work)
        except SandanError:
            return None

    @initialize(people=st.integers(1, 3))
    def open(self, people: int) -> None:
        """Its first need is for so many."""
        self.run(self._open())
        self.post(people, 2)

    async def _open(self) -> None:
        for name in await self.store.database.list_collection_names():
            await self.store.database[name].delete_many({})
        await self.store.weights.add(weights(skill=1, location=1))
        for number in range(7):
            self.people.append(
                await self.office.provider(capacity=1 + number % 3, party_member=number % 2 == 0, daily_offers=30 * number)
            )
        for _ in range(2):
            worker = social_worker(services=services(plumbing=0.5, counselling=0.5))
            await self.store.providers.add(worker)
            self.office.desk.context.columns.put(worker)
            self.people.append(worker)

    def teardown(self) -> None:
        for (_, action), count in self.kept.told.items():
            self.walked[action] += count

    def _need(self, pick: int, *first: NeedStatus) -> Need:
        """Mostly one that stands where something can be done with it, or is alive: most of what is asked of the others is refused."""
        fit = [need for need in self.kept.needs if need.status in first]
        alive = [need for need in self.kept.needs if need.status not in FINAL]
        pool = (fit or alive or self.kept.needs) if pick % 4 else self.kept.needs
        return pool[pick // 4 % len(pool)]

    @rule(people=st.integers(1, 3), urgency=st.integers(1, 4))
    def post(self, people: int, urgency: int) -> None:
        self.run(self.office.posted(people, urgency))

    @rule(pick=picks, whom=picks)
    def offer(self, pick: int, whom: int) -> None:
        self.attempt(self.office.offered(self._need(pick), self.people[whom % len(self.people)]))

    @rule(pick=picks, mode=st.sampled_from([each for each in Mode if each != Mode.DIRECT]), best=st.integers(1, 4))
    def dispatch(self, pick: int, mode: Mode, best: int) -> None:
        closes_at = self.office.clock.at + timedelta(hours=2)
        self.attempt(self.office.dispatch(self._need(pick), mode, best=best, closes_at=closes_at, roles=TEAM))

    @rule(pick=picks, change=st.sampled_from(["accept"] * 4 + ["serve"] * 3 + list(CHANGES)))
    def change(self, pick: int, change: str) -> None:
        """Of the orders where it could be done, if there are any. `serve`: who accepted goes and does it, so that lives get past
        their middle."""
        orders = self.kept.orders_in({"accept": PENDING, "serve": IN_HAND}.get(change, PENDING | IN_HAND))
        if orders:
            order = orders[pick % len(orders)]
            who = own(next(each for each in self.people if each.ref == order.provider.ref))
            for step in ("start", "complete") if change == "serve" else (change,):
                self.attempt(change_order(self.office, who, order.id, step))

    @rule(pick=picks, judgement=st.sampled_from(JUDGEMENTS))
    def evaluate(self, pick: int, judgement: Judgement) -> None:
        need = self._need(pick, NeedStatus.COMPLETED, NeedStatus.CONFIRMED)
        self.attempt(self.office.desk.closing.evaluate(RESIDENT, need.id, judgement))

    @rule(pick=picks, action=st.sampled_from(["confirm", *WHOLE]))
    def whole(self, pick: int, action: str) -> None:
        need = self._need(pick, *([NeedStatus.COMPLETED] if action in ("confirm", "reopen") else []))
        self.attempt(change_need(self.office, need.id, action))

    @rule(hours=st.sampled_from([0.1, 0.1, 0.1, 0.5, 0.5, 0.5, 2.5, 5.0, 30.0, 80.0]))
    def time_passes(self, hours: float) -> None:
        self.run(self.office.pass_time(hours=hours))

    @rule()
    def time_jumps(self) -> None:
        """The workers were away for a day and find everything at once."""
        self.office.clock.at += timedelta(days=1)
        self.run(run_due(self.office.desk.context, self.office.clock.at))

    @invariant()
    def all_holds(self) -> None:
        if self.people:
            self.walked["steps"] += 1
            self.kept = self.run(read(self.store))
            hold(self.kept, self.people)
