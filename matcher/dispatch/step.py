"""One step of an order: the order, its need and the event that tells of both, written together or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from matcher.dispatch.context import Context, need_of, order_to_act_on
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.event import Event, event_of
from models.need import Need
from models.order import Order, OrderAction

EVENTS = {
    OrderAction.ACCEPT: "order.accepted",
    OrderAction.DECLINE: "order.declined",
    OrderAction.START: "order.started",
    OrderAction.COMPLETE: "order.completed",
    OrderAction.FILL: "order.filled",
}


async def take_step(
    context: Context,
    unit: UnitPort,
    who: Principal,
    order_id: str,
    action: OrderAction,
    need_after: Callable[[Need, Order], Need],
    at: datetime,
    *,
    reason: str = "",
    summary: str = "",
) -> tuple[Order, Need]:
    """Both transition tables are asked; the revisions of order and need decide between two who come at once."""
    order = await order_to_act_on(unit, who, order_id)
    stepped = order.after(action, at)
    stepped = replace(stepped, reason=reason or stepped.reason, summary=summary or stepped.summary)
    need = need_after(await need_of(unit, order), order).touched(at)
    await unit.needs.replace(need)
    await unit.orders.replace(stepped)
    await unit.events.add(order_event(context, who, action, stepped, at, why=reason or summary))
    return stepped, need


def order_event(context: Context, who: Principal, action: OrderAction, order: Order, at: datetime, why: str = "") -> Event:
    """Names the provider when somebody else acts in their place."""
    acted_for = None if who.is_self(order.provider.ref) or action == OrderAction.FILL else str(order.provider.ref)
    return event_of(
        who,
        EVENTS[action],
        at,
        f"order:{order.id}",
        id=context.store.new_id(),
        need_id=order.need_id,
        order_id=order.id,
        on_behalf_of=acted_for,
        why=why,
    )
