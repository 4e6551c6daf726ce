"""统筹派单: who should go where for all open needs of a region: proposed, looked at, applied."""

from typing import Any

from api.console.picking import Within, picker_of
from api.console.places import meant_place, own_place, place_name
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.paging import decode_cursor, page
from api.routing import OVERSEERS
from api.views.plans import said
from models.errors import InvalidInputError
from models.need_filter import NeedFilter
from models.plan import PLAN_STATUS_LABELS, UNMET_LABELS, Plan, PlanStatus
from models.schemas.base import Code, Many, Text, Wire
from models.schemas.base import Page as PageQuery

# What a person reads before they agree; the rest is counted.
MOST_SHOWN = 100


class PlanForm(Wire):
    where = Text(100, shortest=1, required=True)


class TakenForm(Wire):
    """`take`: the needs that are ticked, of those that are shown."""

    take = Many(Code(), most=MOST_SHOWN, load_default=list)


class PlansQuery(PageQuery, Within):
    """A page of the plans, and where the field for a new one stands."""


@PAGES.add("GET", "/desk/plan", access=OVERSEERS, query=PlansQuery, nav=Nav("统筹", "route", 40))
async def plans_page(visit: Visit) -> Shown:
    limit = visit.query["limit"]
    found = await visit.desk.planning.list_plans(visit.who, None, limit + 1, decode_cursor(visit.query["cursor"]))
    return Page(
        "plans/list.html",
        {
            "listed": page(found, limit, lambda plan: plan.id, lambda plan: {"plan": plan}),
            "labels": PLAN_STATUS_LABELS,
            "picker": picker_of(visit, "where", "/desk/plan", usual=own_place(visit)),
            "place_name": place_name(visit),
        },
    )


@PAGES.add("POST", "/desk/plan", access=OVERSEERS, form=PlanForm, again=plans_page, once=True)
async def propose(visit: Visit) -> Shown:
    region = meant_place(visit, visit.form["where"], "where")
    plan = await visit.desk.planning.propose(visit.who, region.code, None)
    return Redirect(f"/desk/plan/{plan.id}")


@PAGES.add("GET", "/desk/plan/{id}", access=OVERSEERS)
async def plan_page(visit: Visit) -> Shown:
    plan = await visit.desk.planning.get(visit.who, visit.path("id"))
    return Page("plans/plan.html", await _told(visit, plan))


@PAGES.add("POST", "/desk/plan/{id}/apply", access=OVERSEERS, form=TakenForm, again=plan_page)
async def apply(visit: Visit) -> Shown:
    """What stands beyond the page goes with what is ticked on it."""
    plan = await visit.desk.planning.get(visit.who, visit.path("id"))
    without = {each.need_id for each in plan.offers[:MOST_SHOWN]} - set(visit.form["take"])
    if without == {each.need_id for each in plan.offers}:
        raise InvalidInputError("一条也没有勾选，没有派单")
    plan = await visit.desk.planning.apply(visit.who, plan.id, without)
    made = sum(each.order_id is not None for each in plan.offers)
    left = sum(each.is_left_out for each in plan.offers)
    refused = len(plan.offers) - made - left
    said = [f"已派出 {made} 单", f"{left} 单没有勾选" if left else "", f"{refused} 单没有派成，原因见下面" if refused else ""]
    return Redirect(f"/desk/plan/{plan.id}", said="，".join(filter(None, said)))


async def _told(visit: Visit, plan: Plan) -> dict[str, Any]:
    offers, unmet = plan.offers[:MOST_SHOWN], plan.unmet[:MOST_SHOWN]
    ids = tuple({each.need_id for each in offers} | {each.need_id for each in unmet})
    files = await visit.desk.intake.list_needs(visit.who, NeedFilter(ids=ids), len(ids) or 1, None)
    return {
        "plan": plan,
        "said_of_plan": said(plan),
        "offers": offers,
        "unmet": unmet,
        "lacking": sum(each.places for each in plan.unmet),
        "needs": {file.need.id: file.need for file in files},
        "labels": PLAN_STATUS_LABELS,
        "why": UNMET_LABELS,
        "may_apply": plan.status != PlanStatus.APPLIED and bool(plan.offers),
        "place_name": place_name(visit),
    }
