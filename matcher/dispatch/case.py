"""One need inside one transaction: its orders' steps, events, notices, loads and timers are written as they happen, the need itself
once, at the end. All or nothing: what is done here is done when the transaction commits."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from matcher.dispatch import telling
from matcher.dispatch.clocks.deadlines import matter_of
from matcher.dispatch.clocks.standing import acts_at, clocked, marked, running
from matcher.dispatch.context import Context, may_act_for
from matcher.dispatch.order_steps import ANSWERS, BY_ITSELF, EVENTS, NEED_STEPS, TELLING
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.watching import keep_watch
from matcher.tuning.decisions import keep_decision
from models.account import SYSTEM, Principal
from models.clock import Deadline, Stage
from models.dispatching import Mode, Place
from models.errors import CapacityReachedError, NotFoundError
from models.event import Event, event_of
from models.need import Need
from models.notice import Notice
from models.order import IN_HAND, SERVING, UNFINISHED, DeclineReason, Order, OrderAction, OrderStatus
from models.timer import TimerKind

AN_HOUR = timedelta(hours=1)


class Case:
    """`need` is the need as it stands by now; `before` as it was read, None when it is new."""

    def __init__(
        self, context: Context, unit: UnitPort, at: datetime, need: Need, orders: list[Order], *, new: bool = False
    ) -> None:
        self.context, self.unit, self.at, self.need = context, unit, at, need
        self.before = None if new else need
        self._orders = {order.id: order for order in orders}
        self._offered: list[Order] = []
        self._overseers_told: set[str] = set()
        self._clock_at = None if new else acts_at(running(need, self.orders))

    @property
    def orders(self) -> list[Order]:
        """Of this round, oldest first."""
        return [order for order in self._orders.values() if order.round == self.need.round]

    @property
    def all_orders(self) -> list[Order]:
        return list(self._orders.values())

    @property
    def unfinished(self) -> list[Order]:
        return [order for order in self.orders if order.status in UNFINISHED]

    @property
    def in_hand(self) -> list[Order]:
        return [order for order in self.orders if order.status in IN_HAND]

    def order(self, order_id: str) -> Order:
        return self._orders[order_id]

    async def act(
        self,
        who: Principal,
        order_id: str,
        action: OrderAction,
        *,
        reason: str = "",
        code: DeclineReason | None = None,
        summary: str = "",
        counted: bool = True,
    ) -> Order:
        """One step of an order, with all that hangs on it. `counted` False leaves the need's tallies to the caller."""
        order = self._orders[order_id]
        after = replace(
            order.after(action, self.at),
            reason=reason or order.reason,
            decline_reason=code or order.decline_reason,
            summary=summary or order.summary,
        )
        need = NEED_STEPS[action](self.need, order) if counted and action in NEED_STEPS else self.need
        if action == OrderAction.ACCEPT:
            await self._take_load(order)
            after = self._to_contact(replace(after, place=self._place_of(after)))
        elif order.status in IN_HAND and after.status not in IN_HAND:
            await self.unit.providers.release_load(order.provider.ref)
        self.need = need
        if action in ANSWERS:
            await self.unit.providers.record_answer(order.provider.ref, accepted=ANSWERS[action], at=self.at)
        await self._written(who, action, [after], why=reason or summary)
        if action == OrderAction.ACCEPT and not self.need.places_left:
            await self._close_others(who)
        return after

    async def add(self, who: Principal, order: Order, timed: bool) -> None:
        """A new offer; the need has counted it already. `timed` sets the timer of its deadline."""
        self._orders[order.id] = order
        self._offered.append(order)
        await self.unit.orders.add(order)
        await self.unit.providers.mark_offered(order.provider.ref, self.at)
        if timed and order.expires_at is not None:
            await self.unit.timers.set(TimerKind.OFFER_EXPIRES, f"order:{order.id}", order.expires_at)
        facts = {"provider": str(order.provider.ref), "provider_name": order.provider.name, "mode": str(order.mode)}
        await self._event(who, "order.offered", f"order:{order.id}", order.note, facts, order)
        await self.unit.outbox.add(*telling.tell_offered(self.context, order, self.need))

    async def renew(self, order: Order, until: Deadline | None) -> None:
        """Another deadline for an open offer, or with None its clock is stopped."""
        subject = f"order:{order.id}"
        if until is None:
            await self.unit.timers.drop(TimerKind.OFFER_EXPIRES, subject)
            return
        await self.put_clock(Stage.SIGN, until, replace(order, expires_at=until.at))
        await self.unit.timers.set(TimerKind.OFFER_EXPIRES, subject, until.at)

    async def put_clock(self, stage: Stage, deadline: Deadline, order: Order | None) -> None:
        """Of the need, or of one of its orders as it is given."""
        if order is None:
            self.need = replace(self.need, due={**self.need.due, stage: deadline})
            return
        after = replace(order.with_clock(stage, deadline), revision=order.revision + 1, changed_at=self.at)
        self._orders[order.id] = after
        await self.unit.orders.replace(after)

    async def contacted(self, who: Principal, order: Order) -> None:
        """`order` is the order after it."""
        self._orders[order.id] = order
        await self.unit.orders.replace(order)
        acted_for = None if who.is_self(order.provider.ref) else str(order.provider.ref)
        await self._event(who, "order.contacted", f"order:{order.id}", "", None, order, acted_for)

    async def overdue(self, order: Order | None, why: str, facts: dict[str, Any]) -> None:
        if order is None:
            await self.happened(SYSTEM, "need.overdue", why, facts)
        else:
            await self._event(SYSTEM, "order.overdue", f"order:{order.id}", why, facts, order)

    async def tell_overseers(self, *notices: Notice) -> None:
        """What one change says to those who are to see to it: nobody is told twice, by the first notice that reaches them."""
        for notice in notices:
            people = set(await self.unit.accounts.overseers_of(notice.recipient.key))
            if not people or not people <= self._overseers_told:
                await self.unit.outbox.add(notice)
            self._overseers_told |= people

    def escalated_to(self, region: str) -> None:
        self.need = replace(self.need, escalated_to=region)

    def clock_is_gone(self) -> None:
        """The timer of the need's clocks has just fired: `save` must set it again."""
        self._clock_at = None

    async def happened(
        self,
        who: Principal,
        action: str,
        why: str = "",
        facts: dict[str, Any] | None = None,
        on_behalf_of: str | None = None,
    ) -> None:
        await self._event(who, action, f"need:{self.need.id}", why, facts, on_behalf_of=on_behalf_of)

    async def save(self) -> Need:
        """Writes the need if anything changed, and sets its clocks and timers by where it stands now."""
        self.need = clocked(self.before, self.need, self.context.clocks, self.context.catalogue, self.at)
        clocks = running(self.need, self.orders)
        self.need = marked(self.need, clocks)
        if self.before is None:
            await self.unit.needs.add(self.need)
        elif self.need != self.before:
            self.need = self.need.touched(self.at)
            await self.unit.needs.replace(self.need)
        # A team is found role by role: no one ranking saw it.
        ranked = [order for order in self._offered if order.mode != Mode.TEAM]
        if ranked:
            await keep_decision(self.context, self.unit, self.before or self.need, *ranked)
        await keep_watch(self.unit, self.before, self.need, self.at, self._attended_by())
        await self._keep_clock(acts_at(clocks))
        return self.need

    async def _keep_clock(self, next_at: datetime | None) -> None:
        """One timer for all clocks of the need, at the next instant at which one of them acts."""
        if next_at == self._clock_at:
            return
        subject = f"need:{self.need.id}"
        if next_at is None:
            await self.unit.timers.drop(TimerKind.NEED_CLOCK, subject)
        else:
            await self.unit.timers.set(TimerKind.NEED_CLOCK, subject, next_at)
        self._clock_at = next_at

    def _attended_by(self) -> datetime:
        """Until when somebody must have looked after a need that waits: its first response, or later as long as an offer would have."""
        respond = self.need.due.get(Stage.RESPOND)
        if respond is not None and respond.met_at is None and respond.at > self.at:
            return respond.at
        signing = self.context.clocks.start(Stage.SIGN, matter_of(self.need, self.context.catalogue), self.at)
        return signing.at if signing else self.at + AN_HOUR

    def _to_contact(self, order: Order) -> Order:
        """A new acceptance starts the clock of the contact."""
        contact = self.context.clocks.start(Stage.CONTACT, matter_of(self.need, self.context.catalogue), self.at)
        return order.with_clock(Stage.CONTACT, contact) if contact else order

    async def _take_load(self, order: Order) -> None:
        if not await self.unit.providers.take_load(order.provider.ref):
            raise CapacityReachedError(f"{order.provider.name}手上的工单已到上限，或已停用", present_status=order.status)

    def _place_of(self, order: Order) -> str:
        """Of several who come the first leads, unless the offer said otherwise or somebody leads already."""
        if order.place or self.need.people == 1:
            return order.place
        leads = any(each.place == Place.LEAD and each.status in SERVING for each in self.orders if each.id != order.id)
        return Place.ASSISTANT if leads else Place.LEAD

    async def _close_others(self, who: Principal) -> None:
        """In as many writes for fifty as for one: all who want the place wait for this."""
        pending = [order for order in self.unfinished if order.status not in IN_HAND]
        if pending:
            filled = [order.after(OrderAction.FILL, self.at) for order in pending]
            await self._written(who, OrderAction.FILL, filled, why="")

    async def _written(self, who: Principal, action: OrderAction, orders: list[Order], why: str) -> None:
        """Orders that have taken the same step: with their events, their notices, and without the timers that they leave behind."""
        left = [order.id for order in orders if self._orders[order.id].status == OrderStatus.OFFERED]
        if left:
            await self.unit.timers.drop(TimerKind.OFFER_EXPIRES, *(f"order:{id}" for id in left))
        self._orders |= {order.id: order for order in orders}
        await self.unit.orders.replace(*orders)
        await self.unit.events.add(*(self._step(who, action, order, why) for order in orders))
        await self.unit.outbox.add(*(told for order in orders for told in TELLING[action](self.context, order, self.need)))

    def _step(self, who: Principal, action: OrderAction, order: Order, why: str) -> Event:
        acted_for = None if who.is_self(order.provider.ref) or action in BY_ITSELF else str(order.provider.ref)
        return self._event_of(who, EVENTS[action], f"order:{order.id}", why, None, order, acted_for)

    async def _event(
        self,
        who: Principal,
        action: str,
        subject: str,
        why: str,
        facts: dict[str, Any] | None,
        order: Order | None = None,
        on_behalf_of: str | None = None,
    ) -> None:
        await self.unit.events.add(self._event_of(who, action, subject, why, facts, order, on_behalf_of))

    def _event_of(
        self,
        who: Principal,
        action: str,
        subject: str,
        why: str,
        facts: dict[str, Any] | None,
        order: Order | None = None,
        on_behalf_of: str | None = None,
    ) -> Event:
        return event_of(
            who,
            action,
            self.at,
            subject,
            id=self.context.store.new_id(),
            need_id=self.need.id,
            order_id=order.id if order else None,
            on_behalf_of=on_behalf_of,
            region=self.need.region,
            why=why,
            facts=facts,
        )


async def case_of(context: Context, unit: UnitPort, need_id: str, at: datetime) -> Case:
    """The need is held from here on: who else wants to change it begins again when this transaction is over."""
    need = await unit.needs.hold(need_id)
    if need is None:
        raise NotFoundError("没有这条需求")
    return Case(context, unit, at, need, await unit.orders.of_need(need_id))


async def case_of_order(
    context: Context, unit: UnitPort, who: Principal, order_id: str, at: datetime, attempt: Callable[[Order], Order]
) -> tuple[Case, Order]:
    """For those who may act for the order's provider; for others there is no such order. `attempt` is the step: one that the order can
    no longer take is refused before the need is held: of a thousand who come too late each would otherwise wait for all the others."""
    order = await unit.orders.get(order_id)
    if order is None or not may_act_for(who, order):
        raise NotFoundError("没有这张工单")
    attempt(order)
    return await case_of(context, unit, order.need_id, at), order


def is_timed(mode: Mode) -> bool:
    """Whether each offer has a timer of its own; applications close all at once."""
    return mode != Mode.WINDOW
