"""更正理解: a person says what a need really means; the model's word is kept beside theirs, and the next model learns from it."""

from datetime import datetime
from typing import Any

from matcher.dispatch.case import case_of
from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.understanding.masking import masked
from models.account import Principal
from models.correction import Correction, corrected, is_confirmation, meant
from models.labelled_need import LabelledNeed
from models.need import Need
from models.order import OrderAction
from models.understanding import Understanding


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
            await visible_need(unit, who, need_id)
            case = await case_of(context, unit, need_id, at)
            before = case.need
            case.need = corrected(before, correction, who.account_id, at)
            await unit.examples.put(_example(case.need, at))
            action = "need.verified" if is_confirmation(before.understanding, case.need.understanding) else "need.corrected"
            facts = {"before": _told(before.understanding), "after": _told(case.need.understanding)}
            await case.happened(who, action, correction.reason, facts)
            if not case.need.places_left:
                for order in await unit.orders.open_offers(need_id):
                    await case.act(who, order.id, OrderAction.FILL, counted=False)
            return await case.save()

        return await context.store.transact(work)


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
        text=masked(need.text, *need.contact.said),
        codes=meant(understanding),
        urgency=understanding.urgency,
        people=understanding.people,
        said_code=said[0].code if said else None,
        model_version=understanding.model_version,
        by=understanding.corrected_by or "",
        at=at,
    )
