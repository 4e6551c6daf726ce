"""查进度: for those who never sign in."""

from api.routing import PUBLIC, ROUTES, Answer, Call
from api.tracking import track as tracked
from api.views.tracking import tracked_view
from models.schemas.tracking import TrackShape
from models.schemas.tracking_answers import TrackedAnswer


@ROUTES.add(
    "POST",
    "/api/v1/track",
    access=PUBLIC,
    body=TrackShape,
    answer=TrackedAnswer,
    summary="查进度：凭需求或工单编号和手机尾号，只看到哪一站",
)
async def track(call: Call) -> Answer:
    return tracked_view(await tracked(call.request, call.body["number"], call.body["phone_tail"]))
