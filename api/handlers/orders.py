"""接单: what providers were offered, and their answers."""

from dataclasses import replace

from api.paging import decode_cursor, page
from api.routing import OVERSEERS, PROVIDERS_AND_OVERSEERS, ROUTES, SIGNED_IN, Answer, Call
from api.views.orders import order_file_view
from models.order import OrderFilter
from models.schemas.answers import page_of
from models.schemas.order_answers import OrderFileAnswer
from models.schemas.orders import CompleteShape, DeclineShape, HandBackShape, OrderQuery, WithdrawShape

PATH = "/api/v1/orders/{id}"


async def _read(call: Call) -> Answer:
    return order_file_view(await call.desk.reading.get_order(call.who, call.path("id")), call.desk.context)


@ROUTES.add(
    "GET",
    "/api/v1/orders",
    access=PROVIDERS_AND_OVERSEERS,
    query=OrderQuery,
    answer=page_of(OrderFileAnswer),
    summary="工单列表；mine=true 只看自己的",
)
async def list_orders(call: Call) -> Answer:
    limit = call.query["limit"]
    files = await call.desk.reading.list_orders(
        call.who, OrderFilter(status=call.query["status"]), call.query["mine"], limit + 1, decode_cursor(call.query["cursor"])
    )
    masked = (replace(file, contact_visible=False) for file in files)
    return page(tuple(masked), limit, lambda file: file.order.id, lambda file: order_file_view(file, call.desk.context))


@ROUTES.add("GET", PATH, access=SIGNED_IN, answer=OrderFileAnswer, summary="一张工单")
async def get_order(call: Call) -> Answer:
    return await _read(call)


@ROUTES.add("POST", PATH + "/accept", access=PROVIDERS_AND_OVERSEERS, answer=OrderFileAnswer, summary="接单；限时报名的是报名")
async def accept(call: Call) -> Answer:
    await call.desk.offers.accept(call.who, call.path("id"))
    return await _read(call)


@ROUTES.add(
    "POST", PATH + "/decline", access=PROVIDERS_AND_OVERSEERS, body=DeclineShape, answer=OrderFileAnswer, summary="拒单，说明原因"
)
async def decline(call: Call) -> Answer:
    await call.desk.offers.decline(call.who, call.path("id"), call.body["reason"], call.body["code"])
    return await _read(call)


@ROUTES.add(
    "POST",
    PATH + "/hand-back",
    access=PROVIDERS_AND_OVERSEERS,
    body=HandBackShape,
    answer=OrderFileAnswer,
    summary="退单：接了又不能去，说明原因",
)
async def hand_back(call: Call) -> Answer:
    await call.desk.offers.hand_back(call.who, call.path("id"), call.body["reason"], call.body["code"])
    return await _read(call)


@ROUTES.add(
    "POST", PATH + "/withdraw", access=OVERSEERS, body=WithdrawShape, answer=OrderFileAnswer, summary="撤回一张没有完成的工单"
)
async def withdraw(call: Call) -> Answer:
    await call.desk.offers.withdraw(call.who, call.path("id"), call.body["reason"])
    return await _read(call)


@ROUTES.add("POST", PATH + "/start", access=PROVIDERS_AND_OVERSEERS, answer=OrderFileAnswer, summary="开始服务")
async def start(call: Call) -> Answer:
    await call.desk.progress.start(call.who, call.path("id"))
    return await _read(call)


@ROUTES.add(
    "POST",
    PATH + "/complete",
    access=PROVIDERS_AND_OVERSEERS,
    body=CompleteShape,
    answer=OrderFileAnswer,
    summary="完成，写明情况",
)
async def complete(call: Call) -> Answer:
    await call.desk.progress.complete(call.who, call.path("id"), call.body["summary"])
    return await _read(call)
