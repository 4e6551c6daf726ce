"""The work itself: start and complete."""

from matcher.dispatch.case import case_of_order
from matcher.dispatch.context import Context
from matcher.dispatch.merging import tell_followers
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.order import Order, OrderAction


class Progress:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def start(self, who: Principal, order_id: str) -> Order:
        return await self._step(who, order_id, OrderAction.START)

    async def complete(self, who: Principal, order_id: str, summary: str) -> Order:
        """Completion frees the provider's hands."""
        return await self._step(who, order_id, OrderAction.COMPLETE, summary)

    async def _step(self, who: Principal, order_id: str, action: OrderAction, summary: str = "") -> Order:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            case, order = await case_of_order(context, unit, who, order_id, at, lambda order: order.after(action, at))
            after = await case.act(who, order.id, action, summary=summary)
            await tell_followers(case)
            await case.save()
            return after

        return await context.store.transact(work)
