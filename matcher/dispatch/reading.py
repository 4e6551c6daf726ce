"""Orders as their people read them: each with as much of its need as the caller may see. And what a provider has done so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from matcher.dispatch.context import Context, as_seen, may_act_for, narrowed
from matcher.dispatch.told import need_as_told, order_as_told
from models.account import Principal
from models.errors import NotFoundError
from models.need import Evaluation, Need
from models.need_filter import NeedFilter
from models.order import Order, OrderFilter, OrderStatus
from models.place import Point
from models.provider import Provider

LEAST_DISTANCE_KM = 0.1


@dataclass(frozen=True, slots=True)
class OrderFile:
    """`distance_km` is told to the order's own provider, from where they are at home, and to a hundred metres: nearer would be a door."""

    order: Order
    need: Need
    contact_visible: bool
    distance_km: float | None = None

    @property
    def judged(self) -> Evaluation | None:
        """What the resident said of this very work: a need that was done again is judged anew, and that is somebody else's."""
        return self.need.evaluation if self.order.serves and self.order.round == self.need.round else None


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a provider's answers and work: how many orders ended in which status, and the minutes that were credited."""

    provider: Provider
    outcomes: Mapping[OrderStatus, int]
    service_minutes: int

    @property
    def offered(self) -> int:
        return sum(self.outcomes.values())

    @property
    def stars(self) -> float | None:
        """The mean score, from 1 to 5."""
        provider = self.provider
        return 1 + 4 * provider.rating_sum / provider.rating_count if provider.rating_count else None


class Reading:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def get_order(self, who: Principal, order_id: str) -> OrderFile:
        store = self._context.store
        order = await store.orders.get(order_id)
        need = await store.needs.get(order.need_id) if order else None
        if order is None or need is None or not (may_act_for(who, order) or need.is_owned_by(who)):
            raise NotFoundError("没有这张工单")
        return self._file(who, order, need, await self._home(who))

    async def list_orders(
        self, who: Principal, wanted: OrderFilter, mine: bool, limit: int, before: str | None
    ) -> list[OrderFile]:
        """A provider's own orders; an overseer's region. Others have none."""
        if who.is_overseer and not mine:
            scoped = replace(wanted, region=narrowed(who.scope, wanted.region))
        elif who.provider is not None:
            scoped = replace(wanted, provider=who.provider)
        else:
            return []
        orders = await self._context.store.orders.list(scoped, limit, before)
        ids = tuple({order.need_id for order in orders})
        needs = {need.id: need for need in await self._context.store.needs.list(NeedFilter(ids=ids), len(ids) or 1, None)}
        home = await self._home(who) if orders else None
        return [self._file(who, order, needs[order.need_id], home) for order in orders if order.need_id in needs]

    async def record(self, who: Principal) -> Record:
        """A provider's own; nobody else reads it like this."""
        store = self._context.store
        provider = await store.providers.get(who.provider) if who.provider else None
        if provider is None:
            raise NotFoundError("还没有登记资料")
        found = await store.orders.outcomes(provider.ref)
        counts = {status: count for status, (count, _) in found.items()}
        return Record(provider, counts, sum(minutes for _, minutes in found.values()))

    async def _home(self, who: Principal) -> Point | None:
        provider = await self._context.store.providers.get(who.provider) if who.provider else None
        return (provider.point or self._context.regions.point_of(provider.region)) if provider else None

    def _file(self, who: Principal, order: Order, need: Need, home: Point | None) -> OrderFile:
        mine = who.is_self(order.provider.ref)
        visible = who.oversees(order.region) or need.is_owned_by(who) or (mine and order.serves)
        place = need.point or self._context.regions.point_of(need.region)
        away = max(LEAST_DISTANCE_KM, round(home.distance_km(place), 1)) if mine and home and place else None
        if not mine and not who.oversees(order.region):
            order, need = order_as_told(order), need_as_told(need)
        return OrderFile(order, as_seen(who, need, visible), visible, away)
