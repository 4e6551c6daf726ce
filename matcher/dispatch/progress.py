"""The work itself: start and complete."""

from matcher.dispatch.context import Context
from matcher.dispatch.merging import tell_followers
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.step import take_step
from matcher.dispatch.telling import tell_completed, tell_started
from models.account import Principal
from models.order import Order, OrderAction


class Progress:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def start(self, who: Principal, order_id: str) -> Order:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order, need = await take_step(context, unit, who, order_id, OrderAction.START, lambda need, _: need.begun(), at)
            await unit.outbox.add(*tell_started(context, order, need))
            return order

        return await context.store.transact(work)

    async def complete(self, who: Principal, order_id: str, summary: str) -> Order:
        """Completion frees the provider's hands."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order, need = await take_step(
                context, unit, who, order_id, OrderAction.COMPLETE, lambda need, _: need.finished(), at, summary=summary
            )
            await unit.providers.release_load(order.provider.ref)
            await unit.outbox.add(*tell_completed(context, order, need))
            await tell_followers(context, unit, need)
            return order

        return await context.store.transact(work)
