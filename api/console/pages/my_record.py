"""我的记录: what counts for me, how I was judged, and what is kept about me, in words."""

from api.console.cards import card_of
from api.console.pages.my_profile import own, understood
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.routing import PROVIDERS
from models.order import ORDER_STATUS_LABELS, OrderFilter, OrderStatus

MOST_JUDGED = 50


@PAGES.add("GET", "/me/record", access=PROVIDERS, nav=Nav("记录", "history", 40))
async def record(visit: Visit) -> Shown:
    if visit.who.provider is None:
        return Redirect("/me/profile/new")
    desk = visit.desk
    kept = await desk.reading.record(visit.who)
    wanted = OrderFilter(among=frozenset({OrderStatus.COMPLETED, OrderStatus.CONFIRMED}))
    files = await desk.reading.list_orders(visit.who, wanted, True, MOST_JUDGED, None)
    context = {
        "kept": kept,
        "of": {str(status): kept.outcomes.get(status, 0) for status in OrderStatus},
        "labels": ORDER_STATUS_LABELS,
        "judged": [card_of(file, desk.context) for file in files if file.judged],
        "profile": await own(visit),
        "understood": understood(visit, kept.provider),
        "decision_days": desk.context.decision_days,
    }
    return Page("me/record.html", context)
