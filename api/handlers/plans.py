"""统筹: many needs at once."""

from api.paging import decode_cursor, page
from api.routing import OVERSEERS, ROUTES, Answer, Call
from api.views.plans import plan_line_view, plan_view
from models.schemas.answers import page_of
from models.schemas.plan_answers import PlanAnswer, PlanLineAnswer
from models.schemas.plans import ApplyShape, PlanQuery, PlanShape

PATH = "/api/v1/plans/{id}"


@ROUTES.add(
    "POST",
    "/api/v1/plans",
    access=OVERSEERS,
    body=PlanShape,
    answer=PlanAnswer,
    status=201,
    summary="统筹：为多条需求拟定谁去哪里",
)
async def propose(call: Call) -> Answer:
    needs = None if call.body["needs"] is None else tuple(call.body["needs"])
    return plan_view(await call.desk.planning.propose(call.who, call.body["region"], needs), call.desk.context)


@ROUTES.add(
    "GET", "/api/v1/plans", access=OVERSEERS, query=PlanQuery, answer=page_of(PlanLineAnswer), summary="统筹方案列表，新的在前"
)
async def list_plans(call: Call) -> Answer:
    limit = call.query["limit"]
    plans = await call.desk.planning.list_plans(call.who, call.query["region"], limit + 1, decode_cursor(call.query["cursor"]))
    return page(plans, limit, lambda plan: plan.id, lambda plan: plan_line_view(plan, call.desk.context))


@ROUTES.add("GET", PATH, access=OVERSEERS, answer=PlanAnswer, summary="一个统筹方案")
async def get_plan(call: Call) -> Answer:
    return plan_view(await call.desk.planning.get(call.who, call.path("id")), call.desk.context)


@ROUTES.add(
    "POST",
    PATH + "/apply",
    access=OVERSEERS,
    body=ApplyShape,
    answer=PlanAnswer,
    one_transaction=False,
    summary="按方案派单；每一单都再核对一次",
)
async def apply(call: Call) -> Answer:
    return plan_view(await call.desk.planning.apply(call.who, call.path("id"), call.body["without"]), call.desk.context)
