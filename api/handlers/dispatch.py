"""派单: one provider, or dispatch in one of its modes."""

from collections.abc import Mapping
from typing import Any

from api.routing import OVERSEERS, ROUTES, Answer, Call
from api.views.needs import dispatched_view
from api.views.orders import order_view
from matcher.dispatch.modes import Dispatched, DispatchRequest
from models.account import ProviderRef
from models.dispatching import Mode
from models.schemas.need_answers import DispatchAnswer
from models.schemas.orders import OfferShape
from models.vocabulary import ProviderKind


@ROUTES.add(
    "POST",
    "/api/v1/needs/{id}/orders",
    access=OVERSEERS,
    body=OfferShape,
    answer=DispatchAnswer,
    status=201,
    summary="派单：指派、顺序派单、抢单、限时报名、组队",
)
async def dispatch(call: Call) -> Answer:
    mode = call.body["mode"]
    if mode in (None, Mode.DIRECT):
        return await _direct(call, told_whole=mode is not None)
    done = await call.desk.modes.dispatch(call.who, call.path("id"), dispatch_request(call.body))
    return dispatched_view(done, call.desk.context)


async def _direct(call: Call, told_whole: bool) -> Answer:
    order = await call.desk.offers.offer(
        call.who,
        call.path("id"),
        provider_ref(call.body["provider"]),
        call.body["note"],
        minutes=call.body["offer_minutes"],
        place=call.body["place"] or "",
    )
    if not told_whole:
        return order_view(order)
    file = await call.desk.intake.get_need(call.who, order.need_id)
    return dispatched_view(Dispatched(file.need, (order,)), call.desk.context)


def dispatch_request(body: Mapping[str, Any]) -> DispatchRequest:
    """An OfferShape of any mode but direct."""
    return DispatchRequest(
        mode=body["mode"],
        providers=tuple(provider_ref(each) for each in body["providers"]),
        squad=body["squad"],
        best=body["k"],
        at_most=body["at_most"],
        offer_minutes=body["offer_minutes"],
        closes_at=body["closes_at"],
        roles=tuple(body["roles"]),
        note=body["note"],
    )


def provider_ref(named: dict[str, str]) -> ProviderRef:
    return ProviderRef(ProviderKind(named["kind"]), named["id"])
