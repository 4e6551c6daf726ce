"""记录: who did what, when and why."""

from api.paging import decode_cursor, page
from api.routing import ADMINS, ROUTES, Answer, Call
from api.views.shared import logged_view
from models.event import EventFilter
from models.schemas.answers import LoggedAnswer, page_of
from models.schemas.events import EventQuery


@ROUTES.add("GET", "/api/v1/events", access=ADMINS, query=EventQuery, answer=page_of(LoggedAnswer), summary="操作记录，新的在前")
async def list_events(call: Call) -> Answer:
    found = await call.desk.chronicle.list(
        call.who, EventFilter.asked(call.query), call.query["limit"] + 1, decode_cursor(call.query["cursor"])
    )
    return page(found, call.query["limit"], lambda event: event.id, logged_view)
