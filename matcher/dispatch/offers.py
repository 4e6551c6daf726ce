"""派单 and the answer to it: offer, accept, decline. The ranking may be stale; these decide on what the database holds."""

from datetime import datetime

from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context, need_of, order_to_act_on, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.step import order_event, take_step
from matcher.dispatch.telling import tell_accepted, tell_declined, tell_filled, tell_offered
from matcher.ranking.columns import Columns
from matcher.ranking.eligibility import first_broken
from matcher.ranking.query import View, query_of
from matcher.tuning.decisions import keep_decision
from models.account import Principal, ProviderRef
from models.errors import CapacityReachedError, DuplicateError, NotEligibleError, NotFoundError
from models.event import event_of
from models.need import Need, NeedAction
from models.order import Order, OrderAction, OrderStatus
from models.place import Regions
from models.provider import Provider, ProviderSummary


class Offers:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def offer(self, who: Principal, need_id: str, ref: ProviderRef, note: str) -> Order:
        """Offer the need to one provider, if every rule allows it now."""
        context = self._context
        at, order_id, event_id = context.now(), context.store.new_id(), context.store.new_id()

        async def work(unit: UnitPort) -> Order:
            need = await visible_need(unit, who, need_id)
            provider = await unit.providers.get(ref)
            if provider is None:
                raise NotFoundError("没有这个承接方")
            need.require(NeedAction.OFFER)
            if any(order.provider.ref == ref for order in await unit.orders.of_need(need_id)):
                raise DuplicateError(f"这条需求已经派给过{provider.name}")
            require_eligible(need, provider, context.catalogue, context.regions, at)
            await unit.needs.replace(need.offered().touched(at))
            order = Order(
                id=order_id,
                need_id=need_id,
                region=need.region,
                provider=ProviderSummary(ref.kind, ref.id, provider.name),
                note=note,
                offered_at=at,
                offered_by=who.account_id,
                changed_at=at,
            )
            await unit.orders.add(order)
            await keep_decision(context, unit, need, order)
            await unit.providers.mark_offered(ref, at)
            await unit.events.add(
                event_of(
                    who,
                    "order.offered",
                    at,
                    f"order:{order_id}",
                    id=event_id,
                    need_id=need_id,
                    order_id=order_id,
                    why=note,
                    facts={"provider": str(ref), "provider_name": provider.name},
                )
            )
            await unit.outbox.add(*tell_offered(context, order, need))
            return order

        return await context.store.transact(work)

    async def accept(self, who: Principal, order_id: str) -> Order:
        """Take the place, if one is left: the need's revision decides who was first."""
        context = self._context
        await self._refuse_early(who, order_id)
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order, need = await take_step(context, unit, who, order_id, OrderAction.ACCEPT, lambda need, _: need.accepted(), at)
            if not await unit.providers.take_load(order.provider.ref):
                raise CapacityReachedError(
                    f"{order.provider.name}手上的工单已到上限，或已停用", present_status=OrderStatus.OFFERED
                )
            await unit.providers.record_answer(order.provider.ref, accepted=True, at=at)
            if not need.places_left:
                await self._close_others(unit, who, need, order_id)
            await unit.outbox.add(*tell_accepted(context, order, need))
            return order

        return await context.store.transact(work)

    async def decline(self, who: Principal, order_id: str, reason: str) -> Order:
        """The need remembers who declined and does not ask them again."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Order:
            order, need = await take_step(
                context,
                unit,
                who,
                order_id,
                OrderAction.DECLINE,
                lambda need, order: need.declined(order.provider.ref),
                at,
                reason=reason,
            )
            await unit.providers.record_answer(order.provider.ref, accepted=False, at=at)
            await unit.outbox.add(*tell_declined(context, order, need))
            return order

        return await context.store.transact(work)

    async def _refuse_early(self, who: Principal, order_id: str) -> None:
        """Most who come too late learn it from a plain read, without a transaction that could only fail."""
        order = await order_to_act_on(self._context.store, who, order_id)
        order.after(OrderAction.ACCEPT, self._context.now())
        (await need_of(self._context.store, order)).accepted()

    async def _close_others(self, unit: UnitPort, who: Principal, need: Need, winner: str) -> None:
        at = self._context.now()
        for other in await unit.orders.open_offers(need.id):
            if other.id == winner:
                continue
            await unit.orders.replace(other.after(OrderAction.FILL, at))
            await unit.events.add(order_event(self._context, who, OrderAction.FILL, other, at))
            await unit.outbox.add(*tell_filled(self._context, other, need))


def require_eligible(need: Need, provider: Provider, catalogue: Catalogue, regions: Regions, at: datetime) -> None:
    """The same rules as in the ranking, on the provider as they are in the database now: one row of columns, made for the purpose."""
    columns = Columns(catalogue, regions, room=1)
    columns.put(provider)
    broken = first_broken(View(query_of(need, catalogue, regions, at=at), columns, catalogue), 0)
    if broken is not None:
        raise NotEligibleError(f"不能派给{provider.name}：{broken.label}", rule=broken.code)
