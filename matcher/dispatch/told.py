"""What a resident is told of their own need: what happened, in kind words, and never why somebody could not come or what the community
wrote for itself or for providers. What was written for the resident stays as it is."""

from collections.abc import Sequence
from dataclasses import replace

from models.account import SYSTEM, Principal
from models.event import Event
from models.need import Need
from models.order import Order
from models.provider import ProviderSummary
from models.vocabulary import label

SOMEBODY = "一位服务者"
# In place of the reason, whoever gave it.
KIND_WORDS = {
    "order.offered": "已请一位服务者来帮忙，等对方答复",
    "order.applied": "一位服务者报了名",
    "order.declined": "一位服务者未能接单，正在另找",
    "order.expired": "一位服务者没有来得及答复，正在另找",
    "order.filled": "已有别的服务者接单",
    "order.withdrawn": "安排有变动，正在重新安排",
    "order.handed_back": "服务者临时来不了，正在另找",
    "need.taken_over": "由专人负责办理",
    "need.merged": "和另一条需求是同一件事，一起办",
    "need.unmerged": "改为单独办理",
}
# The reason is addressed to the resident, or is what was done for them.
FOR_THE_RESIDENT = frozenset({"need.cancelled", "need.suspended", "need.handled", "need.evaluated", "order.completed"})


def need_as_told(need: Need) -> Need:
    return replace(need, owner=replace(need.owner, why="")) if need.owner else need


def orders_as_told(orders: Sequence[Order]) -> list[Order]:
    """Who never took it on is not named."""
    return [order_as_told(order) for order in orders]


def order_as_told(order: Order) -> Order:
    unnamed = ProviderSummary(order.provider.kind, "", SOMEBODY)
    return replace(
        order,
        provider=order.provider if order.accepted_at else unnamed,
        stands_in_for=None,
        note="",
        reason="",
        decline_reason=None,
    )


def events_as_told(who: Principal, orders: Sequence[Order], events: Sequence[Event]) -> list[Event]:
    """`orders` are all of the need, as they stand in the store."""
    took = {order.id for order in orders if order.accepted_at}
    return [_told(who, event, event.order_id is None or event.order_id in took) for event in events]


def _told(who: Principal, event: Event, named: bool) -> Event:
    return replace(
        event,
        why=_why(who, event),
        by_name=event.by_name if named or event.by == SYSTEM.account_id else label(event.by_role),
        on_behalf_of=event.on_behalf_of if named else None,
        # Of an order they name its provider.
        facts={} if event.order_id else event.facts,
    )


def _why(who: Principal, event: Event) -> str:
    if event.action in KIND_WORDS:
        return KIND_WORDS[event.action]
    own = event.by in (who.account_id, SYSTEM.account_id)
    return event.why if own or event.action in FOR_THE_RESIDENT else ""
