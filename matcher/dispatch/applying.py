"""限时报名 and the night: as the time of an offer that is held back runs from when it is told, so applications stay open for as long as
was meant for who hears of them last; and they do not close while somebody who was asked is told nothing."""

from dataclasses import replace
from datetime import datetime

from matcher.dispatch.case import Case
from matcher.dispatch.making import heard_at
from models.account import ProviderRef
from models.clock import Stage
from models.dispatching import Dispatching, Mode
from models.order import Order, OrderStatus


async def closing_when_heard(case: Case, plan: Dispatching) -> Dispatching:
    """The plan with the common closing of those who have just been asked; later than what the caller named, never earlier."""
    asked = [order for order in case.unfinished if _was_just_asked(case, order)]
    if plan.mode != Mode.WINDOW or plan.closes_at is None or not asked:
        return plan
    closes_at = max([await _closing_for(case, order.provider.ref, plan.closes_at) for order in asked])
    if closes_at == plan.closes_at:
        return plan
    until = case.context.clocks.until(case.at, closes_at)
    for order in asked:
        await case.put_clock(Stage.SIGN, until, replace(order, expires_at=closes_at))
    return replace(plan, closes_at=closes_at)


def _was_just_asked(case: Case, order: Order) -> bool:
    return order.mode == Mode.WINDOW and order.status == OrderStatus.OFFERED and order.offered_at == case.at


async def _closing_for(case: Case, ref: ProviderRef, closes_at: datetime) -> datetime:
    told_at = await heard_at(case, ref, case.at)
    return await heard_at(case, ref, closes_at + (told_at - case.at))
