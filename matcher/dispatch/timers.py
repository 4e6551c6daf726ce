"""到时: what is done when a timer is due. One worker takes it, and it is gone in the same transaction as its effect."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from matcher.dispatch.advance import advance
from matcher.dispatch.by_hand import take_over
from matcher.dispatch.case import case_of
from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from models.account import SYSTEM
from models.need import NeedStatus
from models.order import OrderAction, OrderStatus
from models.timer import Timer, TimerKind

# How long a worker has for one timer before another may try; what failed waits twice as long each time.
LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
A_TURN = timedelta(seconds=2)

Handler = Callable[[Context, UnitPort, Timer, datetime], Awaitable[None]]
HANDLERS: dict[str, Handler] = {}


def on_timer(kind: str) -> Callable[[Handler], Handler]:
    """Register what is done when a timer of this kind is due."""

    def register(handler: Handler) -> Handler:
        HANDLERS[kind] = handler
        return handler

    return register


async def take_due(context: Context, at: datetime) -> Timer | None:
    """Take the timer that is longest due; None when none is."""
    return await context.store.timers.claim(at, at + LEASE)


async def fire(context: Context, timer: Timer, at: datetime) -> bool:
    """False when it was dropped, replaced or taken by somebody else meanwhile: then nothing is done."""

    async def work(unit: UnitPort) -> bool:
        if not await unit.timers.finish(timer):
            return False
        await HANDLERS[timer.kind](context, unit, timer, at)
        return True

    return await context.store.transact(work)


async def put_off(context: Context, timer: Timer, at: datetime) -> None:
    """One that failed is tried again later: other timers must not wait for it."""
    await context.store.timers.postpone(timer, at + min(LONGEST_WAIT, LEASE * 2**timer.attempts))


async def give_back(context: Context, timer: Timer, at: datetime) -> None:
    """For another worker to take: this one cannot rank for its need."""
    await context.store.timers.postpone(timer, at + A_TURN)


async def run_due(context: Context, at: datetime) -> int:
    """Fires all that is due, one after the other; how many had an effect. An error of one ends it: for tests, which want to see it."""
    fired = 0
    while (timer := await take_due(context, at)) is not None:
        fired += await fire(context, timer, at)
    return fired


def subject_id(timer: Timer) -> str:
    return timer.subject.partition(":")[2]


@on_timer(TimerKind.OFFER_EXPIRES)
async def offer_expires(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    order = await unit.orders.get(subject_id(timer))
    if order is None or order.status != OrderStatus.OFFERED:
        return
    case = await case_of(context, unit, order.need_id, at)
    await case.act(SYSTEM, order.id, OrderAction.EXPIRE)
    await advance(case)
    await case.save()


@on_timer(TimerKind.NEED_UNATTENDED)
async def need_unattended(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    case = await case_of(context, unit, subject_id(timer), at)
    whys = {
        NeedStatus.OPEN: "到时仍没有派单",
        NeedStatus.UNMATCHED: "一直没有符合条件的人",
        NeedStatus.BY_HAND: "负责人到时仍未办结",
    }
    if case.need.status in whys:
        await take_over(case, whys[case.need.status])
        await case.save()
