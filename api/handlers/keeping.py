"""What is done to a need as a whole: confirm, do again, cancel, suspend, take in hand."""

from api.routing import OVERSEERS, ROUTES, SIGNED_IN, Answer, Call
from api.views.needs import need_view
from models.schemas.need_answers import NeedAnswer
from models.schemas.orders import CancelShape, HandleShape, ReopenShape, SuspendShape, TakeOverShape

PATH = "/api/v1/needs/{id}"


async def _read(call: Call) -> Answer:
    return need_view(await call.desk.intake.get_need(call.who, call.path("id")), call.desk.context)


@ROUTES.add("POST", PATH + "/confirm", access=SIGNED_IN, answer=NeedAnswer, summary="确认完成；三天没有异议自动确认")
async def confirm(call: Call) -> Answer:
    await call.desk.closing.confirm(call.who, call.path("id"))
    return await _read(call)


@ROUTES.add("POST", PATH + "/reopen", access=SIGNED_IN, body=ReopenShape, answer=NeedAnswer, summary="重办：没有解决或不满意")
async def reopen(call: Call) -> Answer:
    await call.desk.closing.reopen(call.who, call.path("id"), call.body["reason"])
    return await _read(call)


@ROUTES.add("POST", PATH + "/cancel", access=SIGNED_IN, body=CancelShape, answer=NeedAnswer, summary="撤销需求，说明原因")
async def cancel(call: Call) -> Answer:
    await call.desk.keeping.cancel(call.who, call.path("id"), call.body["reason"])
    return await _read(call)


@ROUTES.add("POST", PATH + "/suspend", access=OVERSEERS, body=SuspendShape, answer=NeedAnswer, summary="挂起，写明原因和截止时间")
async def suspend(call: Call) -> Answer:
    await call.desk.keeping.suspend(call.who, call.path("id"), call.body["reason"], call.body["until"])
    return await _read(call)


@ROUTES.add("POST", PATH + "/resume", access=OVERSEERS, answer=NeedAnswer, summary="恢复挂起的需求")
async def resume(call: Call) -> Answer:
    await call.desk.keeping.resume(call.who, call.path("id"))
    return await _read(call)


@ROUTES.add("POST", PATH + "/by-hand", access=OVERSEERS, body=TakeOverShape, answer=NeedAnswer, summary="转人工：自己负责到底")
async def take(call: Call) -> Answer:
    await call.desk.keeping.take(call.who, call.path("id"), call.body["note"])
    return await _read(call)


@ROUTES.add("POST", PATH + "/handle", access=OVERSEERS, body=HandleShape, answer=NeedAnswer, summary="人工办结，写明情况")
async def handle(call: Call) -> Answer:
    await call.desk.keeping.handle(call.who, call.path("id"), call.body["summary"])
    return await _read(call)
