"""统筹: propose who goes where for all open needs of a region, look at it, and apply it."""

import asyncio
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from matcher.dispatch.context import Context, narrowed
from matcher.dispatch.offers import Offers
from matcher.dispatch.plan.draft import planned_offers, reckon, unmet_needs
from matcher.dispatch.plan.gather import problem_of, rank_needs
from matcher.dispatch.ports import UnitPort
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError, SandanError
from models.event import Event, event_of
from models.need import Need, NeedStatus
from models.need_filter import NeedFilter
from models.plan import Plan, PlannedOffer, PlanStatus

MOST_NEEDS = 5_000


class Planning:
    def __init__(self, context: Context, offers: Offers) -> None:
        self._context, self._offers = context, offers

    async def propose(self, who: Principal, region: str, need_ids: tuple[str, ...] | None) -> Plan:
        """Over the region's open needs, oldest first, or those named. What was understood of a need for sure, or was looked at, is
        planned unnamed. Nothing is offered yet."""
        found = await self._needs(who, region, need_ids)
        needs = [need for need in found if need_ids or not need.understanding.needs_review]
        ranked = await rank_needs(self._context, needs)
        problem, refs = problem_of(self._context, ranked)
        # Arrays only: the event loop goes on while the plan is reckoned.
        reckoned = await asyncio.to_thread(reckon, problem)
        at = self._context.now()
        plan = Plan(
            id=self._context.store.new_id(),
            region=region,
            needs=len(ranked),
            offers=planned_offers(ranked, problem, reckoned.chosen),
            unmet=unmet_needs(ranked, problem, reckoned.chosen),
            worth=reckoned.worth,
            weights="、".join(sorted({f"{one.weights.name}:{one.weights.version}" for one in ranked})),
            proposed_at=at,
            proposed_by=who.name,
            changed_at=at,
            unreviewed=len(found) - len(needs),
        )
        event = self._event(who, plan, "plan.proposed", {"needs": plan.needs, "offers": len(plan.offers), "providers": len(refs)})

        async def work(unit: UnitPort) -> None:
            await unit.plans.add(plan)
            await unit.events.add(event)

        await self._context.store.transact(work)
        return plan

    async def get(self, who: Principal, plan_id: str) -> Plan:
        return await self._visible(self._context.store, who, plan_id)

    async def list_plans(self, who: Principal, region: str | None, limit: int, before: str | None) -> list[Plan]:
        return await self._context.store.plans.list(narrowed(who.scope, region), limit, before)

    async def apply(self, who: Principal, plan_id: str, without: Collection[str] = ()) -> Plan:
        """Each offer is checked again and made by itself; what cannot be made any more says why. Nothing is offered for the needs in
        `without`. Cut off, it can be taken up again."""
        at = self._context.now()

        async def begin(unit: UnitPort) -> Plan:
            plan = (await self._visible(unit, who, plan_id)).applying(at, without)
            await unit.plans.replace(plan)
            return plan

        plan = await self._context.store.transact(begin)
        made = tuple([each if each.is_settled else await self._offer(who, each, plan.began_at) for each in plan.offers])
        facts = {
            "offered": sum(each.order_id is not None for each in made),
            "refused": sum(bool(each.refused) and not each.is_left_out for each in made),
        }

        async def finish(unit: UnitPort) -> Plan:
            present = await self._visible(unit, who, plan_id)
            if present.status == PlanStatus.APPLIED:
                return present  # somebody else applied it at the same time, and was the first to end
            applied = present.applied(made, self._context.now())
            await unit.plans.replace(applied)
            await unit.events.add(self._event(who, applied, "plan.applied", facts))
            return applied

        return await self._context.store.transact(finish)

    async def _offer(self, who: Principal, planned: PlannedOffer, began_at: datetime | None) -> PlannedOffer:
        """A refusal is an outcome here: the others go on."""
        try:
            order = await self._offers.offer(who, planned.need_id, planned.provider.ref, "统筹派单")
        except SandanError as refusal:
            made = await self._made_before(planned, began_at)
            return replace(planned, order_id=made) if made else replace(planned, refused=str(refusal))
        return replace(planned, order_id=order.id)

    async def _made_before(self, planned: PlannedOffer, began_at: datetime | None) -> str | None:
        """The offer that an application made before it was cut off; what the two were to each other before it began counts for nothing."""
        orders = await self._context.store.orders.of_need(planned.need_id)
        since = [order for order in orders if began_at is None or order.offered_at >= began_at]
        ref = planned.provider.ref
        return next((order.id for order in since if order.provider.ref == ref or order.stands_in_for == str(ref)), None)

    async def _needs(self, who: Principal, region: str, need_ids: tuple[str, ...] | None) -> list[Need]:
        self._context.regions.require(region)
        if not who.oversees(region):
            raise InvalidInputError("不在您负责的辖区内", {"region": ["不在您负责的辖区内"]})
        wanted = NeedFilter(region, NeedStatus.OPEN, ids=need_ids)
        needs = await self._context.store.needs.list(wanted, MOST_NEEDS + 1, None)
        if len(needs) > MOST_NEEDS:
            raise InvalidInputError(f"一次最多统筹 {MOST_NEEDS} 条需求，请按下级区划分开做", {"region": ["需求太多"]})
        if missing := set(need_ids or ()) - {need.id for need in needs}:
            raise InvalidInputError(
                "有的需求不在待派单之列", {"needs": [f"{id} 不在这个区划，或不是待派单" for id in sorted(missing)]}
            )
        return sorted((need for need in needs if need.places_left > need.offers_open), key=lambda need: need.id)

    async def _visible(self, unit: UnitPort, who: Principal, plan_id: str) -> Plan:
        plan = await unit.plans.get(plan_id)
        if plan is None or not who.oversees(plan.region):
            raise NotFoundError("没有这个统筹方案")
        return plan

    def _event(self, who: Principal, plan: Plan, action: str, facts: dict[str, int]) -> Event:
        return event_of(who, action, plan.changed_at, f"plan:{plan.id}", id=self._context.store.new_id(), facts=facts)
