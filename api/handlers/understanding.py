"""核对与更正: what a person says a need really means."""

from api.routing import OVERSEERS, ROUTES, Answer, Call
from api.views.needs import need_view
from models.schemas.need_answers import NeedAnswer
from models.schemas.needs import CorrectionShape


@ROUTES.add(
    "POST",
    "/api/v1/needs/{id}/understanding",
    access=OVERSEERS,
    body=CorrectionShape,
    answer=NeedAnswer,
    summary="更正或确认对需求的理解",
)
async def correct(call: Call) -> Answer:
    need = await call.desk.correcting.correct(call.who, call.path("id"), call.body)
    return need_view(await call.desk.intake.get_need(call.who, need.id), call.desk.context)
