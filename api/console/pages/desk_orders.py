"""What the desk does with one order: takes it back, or notes for who has no smartphone what they say on the telephone."""

from api.console.drawers import to_need
from api.console.pages.desk_need import PATH, need_page
from api.console.routing import PAGES, Shown, Visit
from api.routing import OVERSEERS
from models.schemas.orders import CompleteShape, WithdrawShape


@PAGES.add("POST", "/desk/orders/{id}/withdraw", access=OVERSEERS, form=WithdrawShape)
async def withdraw(visit: Visit) -> Shown:
    order = await visit.desk.offers.withdraw(visit.who, visit.path("id"), visit.form["reason"])
    return to_need(visit, order.need_id, f"已撤回派给{order.provider.name}的工单")


@PAGES.add("POST", "/desk/orders/{id}/accept", access=OVERSEERS)
async def accept_for(visit: Visit) -> Shown:
    """By telephone: the provider says yes, the clerk notes it."""
    order = await visit.desk.offers.accept(visit.who, visit.path("id"))
    return to_need(visit, order.need_id, f"已代{order.provider.name}接单")


@PAGES.add("POST", "/desk/orders/{id}/start", access=OVERSEERS)
async def start_for(visit: Visit) -> Shown:
    """For who has no telephone that opens a page: they say it, the clerk notes it."""
    order = await visit.desk.progress.start(visit.who, visit.path("id"))
    return to_need(visit, order.need_id, f"已代{order.provider.name}记下开始服务")


@PAGES.add("POST", PATH + "/orders/{order}/complete", access=OVERSEERS, form=CompleteShape, again=need_page, once=True)
async def complete_for(visit: Visit) -> Shown:
    order = await visit.desk.progress.complete(visit.who, visit.path("order"), visit.form["summary"])
    return to_need(visit, order.need_id, f"已代{order.provider.name}记下完成，等居民确认")
