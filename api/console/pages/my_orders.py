"""接单: what I was offered, what I have taken on, and each step of it. Answers are one tap, refusals two."""

from api.console.cards import by_day, card_of, most_pressing
from api.console.pages.my_whistles import awaits
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.paging import decode_cursor, page
from api.routing import PROVIDERS
from models.order import DECLINE_REASON_LABELS, IN_HAND, PENDING, DeclineReason, OrderFilter, OrderStatus
from models.schemas import base
from models.schemas.base import Flag
from models.schemas.orders import CompleteShape, DeclineShape, HandBackShape
from models.vocabulary import PROVIDER_ROLES, Role
from models.whistle import WhistleFilter

MOST_SHOWN, FEW = 100, 10
DONE = frozenset({OrderStatus.COMPLETED, OrderStatus.CONFIRMED})
# 其他 wants words, so it is not among the buttons.
REASONS: dict[DeclineReason, str] = {code: words for code, words in DECLINE_REASON_LABELS.items() if code != DeclineReason.OTHER}
# An organisation is neither unwell nor away; it has nobody free.
OF_UNITS: dict[DeclineReason, str] = {
    DeclineReason.NO_TIME: "派不出人",
    DeclineReason.TOO_FAR: "距离太远",
    DeclineReason.CANNOT_DO: "做不了",
}
ORDER = "/me/orders/{id}"


class MyOrdersQuery(base.Page):
    done = Flag(load_default=False)


def reasons(visit: Visit) -> dict[DeclineReason, str]:
    return OF_UNITS if visit.who.role == Role.ORGANISATION else REASONS


@PAGES.add("GET", "/me", access=PROVIDERS, nav=Nav("接单", "inbox", 10), home_of=PROVIDER_ROLES)
async def offers(visit: Visit) -> Shown:
    desk, who = visit.desk, visit.who
    asked = await desk.reading.list_orders(who, OrderFilter(among=PENDING), True, MOST_SHOWN, None)
    taken = await desk.reading.list_orders(who, OrderFilter(among=IN_HAND), True, FEW, None)
    called = await desk.whistles.list(who, WhistleFilter(), 20, None)
    context = {
        "profile": await desk.roster.get(who, who.provider) if who.provider else None,
        "offers": most_pressing(card_of(file, desk.context) for file in asked),
        "days": by_day((card_of(file, desk.context) for file in taken), desk.context.now()),
        "calls": [(file.whistle, unit) for file in called for unit in file.whistle.units if awaits(file.whistle, unit)],
        "reasons": reasons(visit),
    }
    return Page("me/offers.html", context, fragment="me/now.html")


@PAGES.add("GET", "/me/orders", access=PROVIDERS, query=MyOrdersQuery, nav=Nav("工单", "clipboard-list", 20))
async def orders(visit: Visit) -> Shown:
    desk, query = visit.desk, visit.query
    limit = query["limit"] if query["done"] else MOST_SHOWN
    wanted = OrderFilter(among=DONE if query["done"] else IN_HAND)
    found = await desk.reading.list_orders(visit.who, wanted, True, limit + 1, decode_cursor(query["cursor"]))
    listed = page(found, limit, lambda file: file.order.id, lambda file: {"card": card_of(file, desk.context)})
    days = by_day((each["card"] for each in listed["items"]), desk.context.now())
    context = {"listed": listed, "days": days, "done": query["done"]}
    return Page("me/orders.html", context, fragment="me/orders_list.html")


@PAGES.add("GET", ORDER, access=PROVIDERS)
async def order(visit: Visit) -> Shown:
    file = await visit.desk.reading.get_order(visit.who, visit.path("id"))
    return Page(
        "me/order.html", {"card": card_of(file, visit.desk.context), "reasons": reasons(visit)}, fragment="me/order_body.html"
    )


@PAGES.add("POST", ORDER + "/accept", access=PROVIDERS, again=order)
async def accept(visit: Visit) -> Shown:
    taken = await visit.desk.offers.accept(visit.who, visit.path("id"))
    applied = taken.status == OrderStatus.APPLIED
    return Redirect(_path(visit), said="已报名，截止后通知您结果" if applied else "接单成功，请先联系居民")


@PAGES.add("POST", ORDER + "/decline", access=PROVIDERS, form=DeclineShape, again=order)
async def decline(visit: Visit) -> Shown:
    await visit.desk.offers.decline(visit.who, visit.path("id"), visit.form["reason"], visit.form["code"])
    return Redirect("/me", said="已拒单，社区会另请别人")


@PAGES.add("POST", ORDER + "/contacted", access=PROVIDERS, again=order)
async def contacted(visit: Visit) -> Shown:
    await visit.desk.clocks.contacted(visit.who, visit.path("id"))
    return Redirect(_path(visit), said="已记下：联系过居民")


@PAGES.add("POST", ORDER + "/start", access=PROVIDERS, again=order)
async def start(visit: Visit) -> Shown:
    await visit.desk.progress.start(visit.who, visit.path("id"))
    return Redirect(_path(visit), said="开始计时，做完后请填写情况")


@PAGES.add("POST", ORDER + "/complete", access=PROVIDERS, form=CompleteShape, again=order)
async def complete(visit: Visit) -> Shown:
    await visit.desk.progress.complete(visit.who, visit.path("id"), visit.form["summary"])
    return Redirect(_path(visit), said="辛苦了！已请居民确认和评价")


@PAGES.add("POST", ORDER + "/hand-back", access=PROVIDERS, form=HandBackShape, again=order)
async def hand_back(visit: Visit) -> Shown:
    await visit.desk.offers.hand_back(visit.who, visit.path("id"), visit.form["reason"], visit.form["code"])
    return Redirect("/me/orders", said="已退单，社区会另请别人")


def _path(visit: Visit) -> str:
    return ORDER.format(id=visit.path("id"))
