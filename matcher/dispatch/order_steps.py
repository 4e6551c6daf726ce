"""What hangs on each step of an order: its event, its notices, what it does to the need, and whether it counts as an answer."""

from collections.abc import Callable

from matcher.dispatch import telling
from matcher.dispatch.context import Context
from models.need import Need
from models.order import IN_HAND, Order, OrderAction, OrderStatus

EVENTS = {
    OrderAction.APPLY: "order.applied",
    OrderAction.ACCEPT: "order.accepted",
    OrderAction.DECLINE: "order.declined",
    OrderAction.EXPIRE: "order.expired",
    OrderAction.FILL: "order.filled",
    OrderAction.WITHDRAW: "order.withdrawn",
    OrderAction.START: "order.started",
    OrderAction.HAND_BACK: "order.handed_back",
    OrderAction.COMPLETE: "order.completed",
    OrderAction.CONFIRM: "order.confirmed",
}


TELLING: dict[OrderAction, Callable[[Context, Order, Need], telling.Notices]] = {
    OrderAction.APPLY: lambda *_: (),
    OrderAction.ACCEPT: telling.tell_accepted,
    OrderAction.DECLINE: telling.tell_declined,
    OrderAction.EXPIRE: telling.tell_expired,
    OrderAction.FILL: telling.tell_filled,
    OrderAction.WITHDRAW: telling.tell_withdrawn,
    OrderAction.START: telling.tell_started,
    OrderAction.HAND_BACK: telling.tell_handed_back,
    OrderAction.COMPLETE: telling.tell_completed,
    OrderAction.CONFIRM: telling.tell_confirmed,
}


# What an order's step does to its need; the others leave its tallies alone.
NEED_STEPS: dict[OrderAction, Callable[[Need, Order], Need]] = {
    OrderAction.ACCEPT: lambda need, _: need.accepted(),
    OrderAction.DECLINE: lambda need, order: need.declined(order.provider.ref),
    OrderAction.EXPIRE: lambda need, _: need.expired(),
    OrderAction.WITHDRAW: lambda need, order: need.withdrawn(order.status in IN_HAND, order.status == OrderStatus.STARTED),
    OrderAction.START: lambda need, _: need.begun(),
    OrderAction.HAND_BACK: lambda need, order: need.handed_back(order.provider.ref, order.status == OrderStatus.STARTED),
    OrderAction.COMPLETE: lambda need, _: need.finished(),
}


# What counts as an answer, and whether as a yes: silence is one, and to hand back is a second one, a no.
ANSWERS = {OrderAction.ACCEPT: True, OrderAction.DECLINE: False, OrderAction.EXPIRE: False, OrderAction.HAND_BACK: False}


# Nobody acts for the provider in these.
BY_ITSELF = frozenset({OrderAction.FILL, OrderAction.EXPIRE, OrderAction.CONFIRM})
