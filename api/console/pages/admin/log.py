"""操作记录: who did what, when and why."""

from typing import Any

from marshmallow import pre_load

from api.console.routing import PAGES, Page, Shown, Visit
from api.paging import decode_cursor, page
from api.routing import ADMINS
from models.event import ACTION_LABELS, EventFilter
from models.schemas.events import EventQuery

PATH = "/admin/events"


class Filled(EventQuery):
    """A form sends its empty boxes too."""

    @pre_load
    def leave_out_empty(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value.strip() for name, value in data.items() if value.strip()}


@PAGES.add("GET", PATH, access=ADMINS, query=Filled)
async def events(visit: Visit) -> Shown:
    limit = visit.query["limit"]
    cursor = decode_cursor(visit.query["cursor"])
    found = await visit.desk.chronicle.list(visit.who, EventFilter.asked(visit.query), limit + 1, cursor)
    listed = page(found, limit, lambda event: event.id, lambda event: {"event": event})
    asked = {name: value for name, value in visit.request.query.items() if value.strip() and name != "cursor"}
    return Page("admin/events.html", {"listed": listed, "asked": asked, "actions": ACTION_LABELS})
