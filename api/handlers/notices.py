"""通知: what the caller was told."""

from api.paging import decode_number, number_key, page
from api.routing import ROUTES, SIGNED_IN, Answer, Call
from api.views.notices import notice_view, quiet_hours_view
from models.schemas.answers import page_of
from models.schemas.notice_answers import NoticeAnswer, QuietHoursAnswer, ReadCountAnswer
from models.schemas.notices import NoticeQuery, QuietHoursShape, ReadShape


@ROUTES.add(
    "GET",
    "/api/v1/notices",
    access=SIGNED_IN,
    query=NoticeQuery,
    answer=page_of(NoticeAnswer),
    summary="我的通知，新的在前；unread=true 只看未读",
)
async def list_notices(call: Call) -> Answer:
    limit, before = call.query["limit"], decode_number(call.query["cursor"])
    found = await call.desk.notices.list(call.who, call.query["unread"], limit + 1, before)
    return page(found, limit, lambda notice: number_key(notice.seq), notice_view)


@ROUTES.add("POST", "/api/v1/notices/{id}/read", access=SIGNED_IN, answer=NoticeAnswer, summary="一条通知记为已读")
async def read(call: Call) -> Answer:
    return notice_view(await call.desk.notices.read(call.who, call.path("id")))


@ROUTES.add(
    "POST",
    "/api/v1/notices/read",
    access=SIGNED_IN,
    body=ReadShape,
    answer=ReadCountAnswer,
    summary="到这一条为止都记为已读",
)
async def read_to(call: Call) -> Answer:
    return {"read": await call.desk.notices.read_to(call.who, call.body["to"])}


QUIET = "/api/v1/me/quiet-hours"


@ROUTES.add("GET", QUIET, access=SIGNED_IN, answer=QuietHoursAnswer, summary="我的静默时段")
async def get_quiet_hours(call: Call) -> Answer:
    return quiet_hours_view(await call.desk.notices.quiet_hours(call.who))


@ROUTES.add("PUT", QUIET, access=SIGNED_IN, body=QuietHoursShape, answer=QuietHoursAnswer, summary="设静默时段；两头相同就是不设")
async def put_quiet_hours(call: Call) -> Answer:
    return quiet_hours_view(await call.desk.notices.set_quiet_hours(call.who, call.body))
