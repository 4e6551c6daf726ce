"""派单 and the answer to it: offer, accept, decline, hand back, withdraw. What comes next comes in the same transaction."""

from collections.abc import Callable

from matcher.dispatch.advance import advance
from matcher.dispatch.case import case_of, case_of_order
from matcher.dispatch.context import Context, need_of, order_to_act_on, visible_need
from matcher.dispatch.making import make_offer, present, provider_of, require_eligible, require_unasked
from matcher.dispatch.ports import UnitPort
from models.account import Principal, ProviderRef
from models.dispatching import Mode
from models.errors import ForbiddenError
from models.need import NeedAction
from models.order import DeclineReason, Order, OrderAction

Step = Callable[[Order], OrderAction]


class Offers:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def offer(
        self, who: Principal, need_id: str, ref: ProviderRef, note: str, *, minutes: int | None = None, place: str = ""
    ) -> Order:
        """指派: offer the need to one provider, or while they are away to their substitute, if every rule allows it now."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            await visible_need(unit, who, need_id)
            case = await case_of(context, unit, need_id, at)
            asked = await provider_of(case, ref)
            case.need.require(NeedAction.OFFER)
            require_unasked(case, asked)
            chosen = await present(case, asked)
            require_unasked(case, chosen.provider)
            require_eligible(case.need, chosen.provider, context.catalogue, context.regions, at)
            order = await make_offer(
                case,
                who,
                chosen.provider,
                note=note,
                place=place,
                minutes=minutes,
                stands_in_for=chosen.stands_in_for,
            )
            await case.save()
            return order

        return await context.store.transact(work)

    async def accept(self, who: Principal, order_id: str) -> Order:
        """Take the place, if one is left: the need's revision decides who was first. Where applications are collected this
        applies for the place."""
        await self._refuse_early(who, order_id)
        return await self._on_order(who, order_id, _yes)

    async def decline(self, who: Principal, order_id: str, reason: str, code: DeclineReason | None = None) -> Order:
        """The need remembers who declined and does not ask them again in this round."""
        return await self._on_order(who, order_id, lambda _: OrderAction.DECLINE, reason, code)

    async def hand_back(self, who: Principal, order_id: str, reason: str, code: DeclineReason | None = None) -> Order:
        """退单: an accepted order goes back, and the next provider is asked."""
        return await self._on_order(who, order_id, lambda _: OrderAction.HAND_BACK, reason, code)

    async def withdraw(self, who: Principal, order_id: str, reason: str) -> Order:
        """撤回: the community takes an offer or an unfinished order back."""
        if not who.is_overseer:
            raise ForbiddenError("撤回派单由社区办理；承接方可以拒单或退单")
        return await self._on_order(who, order_id, lambda _: OrderAction.WITHDRAW, reason)

    async def _on_order(
        self, who: Principal, order_id: str, step: Step, reason: str = "", code: DeclineReason | None = None
    ) -> Order:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            case, order = await case_of_order(context, unit, who, order_id, at, lambda order: order.after(step(order), at))
            after = await case.act(who, order.id, step(order), reason=reason, code=code)
            await advance(case)
            await case.save()
            return after

        return await context.store.transact(work)

    async def _refuse_early(self, who: Principal, order_id: str) -> None:
        """Most who come too late learn it from a plain read, without a transaction that could only fail."""
        order = await order_to_act_on(self._context.store, who, order_id)
        order.after(_yes(order), self._context.now())
        if _yes(order) == OrderAction.ACCEPT:
            (await need_of(self._context.store, order)).accepted()


def _yes(order: Order) -> OrderAction:
    return OrderAction.APPLY if order.mode == Mode.WINDOW else OrderAction.ACCEPT
