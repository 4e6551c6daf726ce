"""Orders as their people read them: each with as much of its need as the caller may see."""

from dataclasses import dataclass, replace

from matcher.dispatch.context import Context, may_act_for, narrowed
from models.account import Principal
from models.errors import NotFoundError
from models.need import Need
from models.need_filter import NeedFilter
from models.order import Order, OrderFilter


@dataclass(frozen=True, slots=True)
class OrderFile:
    order: Order
    need: Need
    contact_visible: bool


class Reading:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def get_order(self, who: Principal, order_id: str) -> OrderFile:
        store = self._context.store
        order = await store.orders.get(order_id)
        need = await store.needs.get(order.need_id) if order else None
        if order is None or need is None or not (may_act_for(who, order) or need.is_owned_by(who)):
            raise NotFoundError("没有这张工单")
        return _file(who, order, need)

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
        return [_file(who, order, needs[order.need_id]) for order in orders if order.need_id in needs]


def _file(who: Principal, order: Order, need: Need) -> OrderFile:
    oversees = who.oversees(order.region)
    return OrderFile(order, need, oversees or need.is_owned_by(who) or (who.is_self(order.provider.ref) and order.serves))
