"""时限 as use cases: what is done when a clock runs low or out, what stops one by word, and how many needs wait for what."""

from dataclasses import replace
from datetime import datetime

from matcher.dispatch import telling
from matcher.dispatch.by_hand import take_over
from matcher.dispatch.case import Case, case_of, case_of_order
from matcher.dispatch.clocks.escalation import escalate
from matcher.dispatch.clocks.standing import UNATTENDED, Running, running
from matcher.dispatch.context import Context, narrowed
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.timers import on_timer, subject_id
from models.account import Principal
from models.clock import STAGE_LABELS, Deadline, Stage
from models.need_filter import NeedCounts
from models.notice import Notice, Recipient, RecipientKind, to_overseers, to_provider
from models.order import Order
from models.schedule import LOCAL
from models.timer import Timer, TimerKind


class ClockDesk:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def contacted(self, who: Principal, order_id: str) -> Order:
        """已联系: the provider has spoken with the resident; the clock of the contact stops."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            case, order = await case_of_order(context, unit, who, order_id, at, lambda order: order.contacted(at))
            after = order.contacted(at)
            if after != order:
                await case.contacted(who, after)
                await case.save()
            return after

        return await context.store.transact(work)

    async def counts(self, who: Principal, region: str | None, at_most: int | None = None) -> NeedCounts:
        """Of the caller's region or the asked part of it; each number is an indexed query's, and goes no higher than `at_most`."""
        return await self._context.store.needs.counts(narrowed(who.scope, region), self._context.now(), at_most)


@on_timer(TimerKind.NEED_CLOCK)
async def clock_acts(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    """All clocks of one need have one timer, which `save` sets to the next instant at which one of them acts."""
    case = await case_of(context, unit, subject_id(timer), at)
    case.clock_is_gone()
    for each in running(case.need, case.orders):
        deadline = each.deadline
        if deadline.overdue_at is None and deadline.at <= at:
            await _overdue(case, each)
        elif deadline.overdue_at is not None and deadline.next_at is not None and deadline.next_at <= at:
            await _still_overdue(case, each)
        elif deadline.told_at is None and deadline.near_at <= at < deadline.at:
            await _near(case, each)
    await case.save()


async def _near(case: Case, clock: Running) -> None:
    await case.put_clock(clock.stage, replace(clock.deadline, told_at=case.at), clock.order)
    text = f"{STAGE_LABELS[clock.stage]}时限将在{_when(clock.deadline)}到"
    await case.unit.outbox.add(*telling.tell_near_due(case.context, case.need, text, clock.order, *responsible(case, clock)))


async def _overdue(case: Case, clock: Running) -> None:
    """An offer's end has a timer and an event of its own: here it is only too late to tell of it before."""
    if clock.stage == Stage.SIGN:
        await case.put_clock(clock.stage, replace(clock.deadline, told_at=case.at), clock.order)
        return
    next_at = case.context.clocks.half_again(clock.deadline, case.at)
    deadline = replace(clock.deadline, told_at=clock.deadline.told_at or case.at, overdue_at=case.at, next_at=next_at)
    await case.put_clock(clock.stage, deadline, clock.order)
    why = f"{STAGE_LABELS[clock.stage]}超时，时限是{_when(clock.deadline)}"
    facts = {"stage": str(clock.stage), "due_at": clock.deadline.at}
    await case.overdue(clock.order, why, facts)
    if clock.stage == Stage.RESPOND and case.need.status in UNATTENDED:
        await take_over(case, why)
    for notice in telling.tell_overdue(case.context, case.need, why, clock.order, *responsible(case, clock)):
        if notice.recipient.kind == RecipientKind.OVERSEERS:
            await _tell_overdue(case, clock, notice)
        else:
            await case.unit.outbox.add(notice)
    await escalate(case, why, facts)


async def _tell_overdue(case: Case, clock: Running, notice: Notice) -> None:
    """Whoever became the owner because nobody responded in time was told so."""
    owner = case.need.owner
    if clock.stage != Stage.RESPOND or owner is None or owner.since_at < clock.deadline.at:
        await case.tell_overseers(notice)


async def _still_overdue(case: Case, clock: Running) -> None:
    why = f"{STAGE_LABELS[clock.stage]}超时后仍未处理"
    called = await escalate(case, why, {"stage": str(clock.stage), "due_at": clock.deadline.at})
    next_at = case.context.clocks.half_again(clock.deadline, case.at) if called else None
    await case.put_clock(clock.stage, replace(clock.deadline, next_at=next_at), clock.order)


def responsible(case: Case, clock: Running) -> list[Recipient]:
    """Who could still keep it: the provider an order's clocks run for; for the need's own its overseers and whoever is on it."""
    if clock.stage == Stage.SIGN and clock.order is not None:
        return [to_provider(clock.order.provider.ref)]
    if clock.order is not None:
        return [to_provider(clock.order.provider.ref), to_overseers(case.need.region)]
    on_it = case.in_hand if clock.stage == Stage.DONE else []
    return [to_overseers(case.need.region), *(to_provider(order.provider.ref) for order in on_it)]


def _when(deadline: Deadline) -> str:
    moment = deadline.at.astimezone(LOCAL)
    return f"{moment.month}月{moment.day}日{moment:%H:%M}"


async def go_on(case: Case) -> None:
    """After a suspension: every clock goes on with the time that it had left. Called while the need is still suspended."""
    pause = case.need.suspension
    if pause is None:
        return
    clocks = case.context.clocks
    for stage, deadline in case.need.due.items():
        if deadline.met_at is None:
            await case.put_clock(stage, clocks.moved(deadline, pause.at, case.at), None)
    for order in case.in_hand:
        contact = order.due.get(Stage.CONTACT)
        if contact is not None and contact.met_at is None:
            await case.put_clock(Stage.CONTACT, clocks.moved(contact, pause.at, case.at), order)
