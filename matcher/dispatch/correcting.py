"""更正理解: a person says what a need really means; the model's word is kept beside theirs, and the next model learns from it."""

from datetime import datetime
from typing import Any

from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.step import order_event
from matcher.dispatch.telling import tell_filled
from matcher.understanding.masking import masked
from models.account import Principal
from models.correction import Correction, corrected, is_confirmation, meant
from models.event import Event, event_of
from models.labelled_need import LabelledNeed
from models.need import Need, Understanding
from models.order import OrderAction


class Correcting:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def correct(self, who: Principal, need_id: str, correction: Correction) -> Need:
        """Ends the review. Offers that are open stay so, unless the places they are for are no longer asked for."""
        context = self._context
        for code in correction.codes or ():
            context.catalogue.require(code, "services")
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            before = await visible_need(unit, who, need_id)
            after = corrected(before, correction, who.account_id, at).touched(at)
            await unit.needs.replace(after)
            await unit.examples.put(_example(after, at))
            await unit.events.add(self._event(who, before, after, correction.reason, at))
            if not after.places_left:
                await self._close_offers(unit, who, after, at)
            return after

        return await context.store.transact(work)

    async def _close_offers(self, unit: UnitPort, who: Principal, need: Need, at: datetime) -> None:
        for order in await unit.orders.open_offers(need.id):
            await unit.orders.replace(order.after(OrderAction.FILL, at))
            await unit.events.add(order_event(self._context, who, OrderAction.FILL, order, at))
            await unit.outbox.add(*tell_filled(self._context, order, need))

    def _event(self, who: Principal, before: Need, after: Need, reason: str, at: datetime) -> Event:
        action = "need.verified" if is_confirmation(before.understanding, after.understanding) else "need.corrected"
        facts = {"before": _told(before.understanding), "after": _told(after.understanding)}
        id = self._context.store.new_id()
        return event_of(who, action, at, f"need:{after.id}", id=id, need_id=after.id, why=reason, facts=facts)


def _told(understanding: Understanding) -> dict[str, Any]:
    window = understanding.window
    return {
        "services": list(meant(understanding)),
        "urgency": understanding.urgency,
        "people": understanding.people,
        "window": {"from": window.from_at, "to": window.to_at} if window else None,
    }


def _example(need: Need, at: datetime) -> LabelledNeed:
    understanding = need.understanding
    said = understanding.said.services if understanding.said else ()
    return LabelledNeed(
        id=need.id,
        text=masked(need.text),
        codes=meant(understanding),
        urgency=understanding.urgency,
        people=understanding.people,
        said_code=said[0].code if said else None,
        model_version=understanding.model_version,
        by=understanding.corrected_by or "",
        at=at,
    )
