"""通知: what the caller was told."""

from api.paging import decode_number, number_key, page
from api.routing import ROUTES, SIGNED_IN, Answer, Call
from api.views import notice_view
from models.schemas.answers import NoticeAnswer, ReadCountAnswer, page_of
from models.schemas.notices import NoticeQuery, ReadShape


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
