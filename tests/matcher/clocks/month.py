"""A month of several communities on a real store: what people do is drawn by lot, time is moved by the test."""

from datetime import UTC, datetime, timedelta
from random import Random

from matcher.dispatch.closing import Judgement
from matcher.dispatch.context import Context
from matcher.dispatch.desk import Desk
from matcher.dispatch.modes import DispatchRequest
from matcher.dispatch.timers import run_due
from matcher.ranking.columns import Columns
from matcher.understanding.understander import Understander
from models.account import SYSTEM, Account, Principal
from models.dispatching import Mode
from models.errors import SandanError
from models.need import Need, NeedPosting, NeedStatus
from models.order import Order, OrderStatus
from models.place import Region, Regions, ancestry
from models.quiet import NEVER_QUIET
from models.store import Store
from models.store.mapping import from_document
from models.vocabulary import Channel, RegionLevel, Role
from tests.make import services, volunteer
from tests.matcher.city import CATALOGUE
from tests.matcher.clocks.whistling import Whistling

# A Friday before 国庆 2026, 16:00 in Shanghai: the month holds eight days off and the working weekends around them.
BEGIN = datetime(2026, 9, 18, 8, 0, tzinfo=UTC)
DAYS, TICK = 30, timedelta(hours=2)
ACTIVE = (OrderStatus.OFFERED, OrderStatus.ACCEPTED, OrderStatus.STARTED)
MODES = (Mode.SEQUENCE, Mode.SEQUENCE, Mode.OPEN)


class Month:
    """Some communities do not dispatch, some providers say nothing, some come late, some owners leave things lying."""

    def __init__(self, store: Store, understander: Understander, communities: int, needs_each: int, seed: str) -> None:
        self.store, self.at, self.dice, self.fired = store, BEGIN, Random(seed), 0
        self.communities = [f"420106{1 + n // 10:03d}{1 + n % 10:03d}" for n in range(communities)]
        codes = {code for each in self.communities for code in ancestry(each + "001")}
        regions = Regions(_region(code) for code in sorted(codes))
        self.columns = Columns(CATALOGUE, regions)
        self.desk = Desk(Context(store, understander, CATALOGUE, regions, self.columns, lambda: self.at))
        self.posts = sorted(
            (BEGIN + self.dice.random() * timedelta(days=DAYS), place) for place in self.communities for _ in range(needs_each)
        )
        self.lot: dict[str, str] = {}
        self.whistling = Whistling(store, self.desk, seed)

    async def open(self) -> None:
        for region in {code for each in self.communities for code in (each, each[:9])} | {None}:
            role = Role.ADMIN if region is None else Role.COMMUNITY if len(region) == 12 else Role.STREET
            id = self.store.new_id()
            await self.store.accounts.add(Account(id, id, role, f"测试{region}", region, None, "", True, BEGIN, NEVER_QUIET))
        for place in self.communities:
            for _ in range(3):
                one = volunteer(region=place + "001", point=None, capacity=9, daily_offers=50, weekly_offers=200,
                                services=services(plumbing=0.9) if self.dice.random() < 0.8 else services(escort=0.9))  # fmt: skip
                await self.store.providers.add(one)
                self.columns.put(one)
        await self.whistling.open(self.communities, BEGIN, DAYS)

    async def run(self) -> None:
        """The month, and then time alone until whatever was left has been through all its clocks."""
        while self.at < BEGIN + timedelta(days=DAYS):
            await self.pass_to(self.at + TICK)
            await self._post()
            await self._act()
        await self.pass_to(self.at + timedelta(days=45))

    async def pass_to(self, end: datetime) -> None:
        """What is due at the same instant as somebody comes, comes after them."""
        while True:
            timer = await self.store.database["timers"].find_one({}, sort=[("free_at", 1)])
            fires_at, comes_at = timer["free_at"] if timer else None, self.whistling.next_at
            if comes_at is not None and comes_at <= min(fires_at or end, end):
                self.at = comes_at
                await self.whistling.go_on()
            elif fires_at is not None and fires_at <= end:
                self.at = max(self.at, fires_at)
                self.fired += await run_due(self.desk.context, self.at)
            else:
                break
        self.at = end

    async def _post(self) -> None:
        while self.posts and self.posts[0][0] <= self.at:
            _, place = self.posts.pop(0)
            who = Principal(f"resident-{place}", Role.RESIDENT, "测试居民", place, None)
            urgency = self.dice.choice((1, 2, 2, 2, 3, 3, 4))
            posting = NeedPosting(text="水管漏了", region=place + "001", channel=Channel.RESIDENT, urgency=urgency)
            need = (await self.desk.intake.post_need(who, posting)).need
            if self.dice.random() < 0.75:
                await self._try(self.desk.modes.dispatch(_overseer(need), need.id, DispatchRequest(mode=self.dice.choice(MODES))))

    async def _act(self) -> None:
        """Each by what stood at the beginning: who comes after another has changed it is refused."""
        for document in await self.store.database["orders"].find({"status": {"$in": ACTIVE}}).to_list():
            await self._provider(from_document(document, Order))
        open_now = [NeedStatus.BY_HAND, NeedStatus.COMPLETED]
        for document in await self.store.database["needs"].find({"status": {"$in": open_now}}).to_list():
            if self.dice.random() < 0.1:
                await self._resident_or_owner(from_document(document, Need))

    async def _provider(self, order: Order) -> None:
        who = Principal(f"p-{order.provider.id}", Role.VOLUNTEER, order.provider.name, None, order.provider.ref)
        offers, progress = self.desk.offers, self.desk.progress
        if order.status == OrderStatus.OFFERED:
            match self.lot.setdefault(order.id, self.dice.choice(("yes", "yes", "yes", "late", "no", "silent"))):
                case "yes" | "late":
                    await self._try(offers.accept(who, order.id))
                case "no":
                    await self._try(offers.decline(who, order.id, "忙"))
        elif self.lot.get(order.id) == "late" and self.dice.random() < 0.97:
            return
        elif order.status == OrderStatus.ACCEPTED:
            again = self.dice.random() < 0.1
            await self._try(offers.hand_back(who, order.id, "病了") if again else progress.start(who, order.id))
        else:
            await self._try(progress.complete(who, order.id, "好了"))

    async def _resident_or_owner(self, need: Need) -> None:
        if need.status == NeedStatus.BY_HAND:
            await self._try(self.desk.keeping.handle(_overseer(need), need.id, "办好了"))
            return
        resident = Principal(need.posted_by, Role.RESIDENT, "测试居民", need.region[:12], None)
        content = self.dice.random() < 0.8
        await self._try(self.desk.closing.evaluate(resident, need.id, Judgement(True, content, content, 5 if content else 1, "")))

    async def _try(self, work: object) -> None:
        """What comes too late is refused, and that is all."""
        try:
            await work  # type: ignore[misc]
        except SandanError:
            return


def _overseer(need: Need) -> Principal:
    return Principal(SYSTEM.account_id, Role.COMMUNITY, "测试社区", need.region[:12], None)


def _region(code: str) -> Region:
    above = ancestry(code)[1:]
    return Region(code, code, RegionLevel.GRID, above[0] if above else None, None, False)
