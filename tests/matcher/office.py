"""A desk by hand on a real store, with a clock that the test turns."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from matcher.dispatch.closing import Judgement
from matcher.dispatch.context import Context
from matcher.dispatch.desk import Desk
from matcher.dispatch.intake import NeedFile
from matcher.dispatch.modes import Dispatched, DispatchRequest
from matcher.dispatch.timers import run_due
from matcher.understanding.understander import Understander
from models.account import Principal
from models.dispatching import Mode
from models.need import Need, NeedPosting
from models.order import Order
from models.provider import Provider
from models.store import Store
from models.vocabulary import Channel, Role
from tests.make import AT, GRID, principal, services, understanding, volunteer
from tests.make import need as made_need
from tests.matcher.city import CATALOGUE, REGIONS, loaded

ADMIN = principal(Role.ADMIN)
COMMUNITY = principal(Role.COMMUNITY, GRID[:12])
RESIDENT = principal(Role.RESIDENT, GRID[:12])
WELL_DONE = Judgement(True, True, True, 5, "")


@dataclass
class Clock:
    """Each look is a minute later."""

    at: datetime = field(default=AT)

    def __call__(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at


class Office:
    """A desk by hand, and people put straight into the store."""

    def __init__(self, store: Store, understander: Understander) -> None:
        self.store = store
        self.clock = Clock()
        self.desk = Desk(Context(store, understander, CATALOGUE, REGIONS, loaded(), self.clock))

    async def provider(self, **changes: Any) -> Provider:
        one = volunteer(**changes)
        await self.store.providers.add(one)
        self.desk.context.columns.put(one)
        return one

    async def need(self, people: int = 1, **changes: Any) -> Need:
        one = made_need(
            posted_by=RESIDENT.account_id,
            understanding=understanding(services=services(plumbing=0.9), **changes),
            people=people,
        )
        await self.store.needs.add(one)
        return one

    async def posted(self, people: int = 1, urgency: int = 2, text: str = "水管漏了") -> NeedFile:
        """As a resident posts it."""
        posting = NeedPosting(text=text, region=GRID, channel=Channel.RESIDENT, urgency=urgency, people=people)
        return await self.desk.intake.post_need(RESIDENT, posting)

    async def dispatch(self, need: Need, mode: Mode, **request: Any) -> Dispatched:
        return await self.desk.modes.dispatch(COMMUNITY, need.id, DispatchRequest(mode=mode, **request))

    async def pass_time(self, **time: float) -> int:
        """The clock goes on and what is due by then is fired, in steps, as a worker would find it; how many timers fired."""
        end, fired = self.clock.at + timedelta(**time), 0
        while (due := await self._next_due()) is not None and due <= end:
            self.clock.at = max(self.clock.at, due)
            fired += await run_due(self.desk.context, self.clock.at)
        self.clock.at = end
        return fired

    async def _next_due(self) -> datetime | None:
        timer = await self.store.database["timers"].find_one({}, sort=[("free_at", 1)])
        return timer["free_at"] if timer else None

    async def read(self, need: Need) -> Need:
        found = await self.store.needs.get(need.id)
        assert found is not None
        return found

    async def orders(self, need: Need) -> list[Order]:
        return await self.store.orders.of_need(need.id)

    async def load(self, provider: Provider) -> int:
        found = await self.store.providers.get(provider.ref)
        assert found is not None
        return found.load

    async def offered(self, need: Need, provider: Provider) -> Order:
        return await self.desk.offers.offer(COMMUNITY, need.id, provider.ref, "")

    async def everything(self) -> dict[str, list[Any]]:
        found = {}
        for name in await self.store.database.list_collection_names():
            found[name] = [document async for document in self.store.database[name].find({}).sort("_id", 1)]
        return found


def own(provider: Provider) -> Principal:
    return principal(Role(provider.kind), provider=provider.ref)
