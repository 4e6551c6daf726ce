"""The work itself: start and complete."""

from dataclasses import replace

from matcher.dispatch.context import Context, need_of, order_to_act_on
from matcher.dispatch.offers import behalf
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.event import event_of
from models.order import Order, OrderAction


class Progress:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def start(self, who: Principal, order_id: str) -> Order:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order = await order_to_act_on(unit, who, order_id)
            started = order.after(OrderAction.START, at)
            await unit.needs.replace((await need_of(unit, order)).begun().touched(at))
            await unit.orders.replace(started)
            await unit.events.add(
                event_of(
                    who,
                    "order.started",
                    at,
                    f"order:{order_id}",
                    id=context.store.new_id(),
                    need_id=order.need_id,
                    order_id=order_id,
                    on_behalf_of=behalf(who, order),
                )
            )
            return started

        return await context.store.transact(work)

    async def complete(self, who: Principal, order_id: str, summary: str) -> Order:
        """Completion frees the provider's hands."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order = await order_to_act_on(unit, who, order_id)
            completed = replace(order.after(OrderAction.COMPLETE, at), summary=summary)
            await unit.needs.replace((await need_of(unit, order)).finished().touched(at))
            await unit.orders.replace(completed)
            await unit.providers.release_load(order.provider.ref)
            await unit.events.add(
                event_of(
                    who,
                    "order.completed",
                    at,
                    f"order:{order_id}",
                    id=context.store.new_id(),
                    need_id=order.need_id,
                    order_id=order_id,
                    on_behalf_of=behalf(who, order),
                    why=summary,
                )
            )
            return completed

        return await context.store.transact(work)
