"""通知: what I was told, and the stream that tells the page."""

from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.console.session import token_of
from api.console.told import threads
from api.keys import IDENTITY
from api.paging import decode_number, number_key, page
from api.routing import SIGNED_IN
from api.stream import serve_stream
from models.account import Principal
from models.notice import Received
from models.schemas.base import Whole
from models.schemas.notices import NoticeQuery, ReadShape, StreamQuery

MOST_MILLISECONDS = 10**14


class EventsQuery(StreamQuery):
    """`since`: when the page was shown what it shows, in milliseconds since 1970."""

    since = Whole(0, MOST_MILLISECONDS, load_default=None)


@PAGES.add("GET", "/me/notices", access=SIGNED_IN, query=NoticeQuery)
async def list_notices(visit: Visit) -> Shown:
    limit, before = visit.query["limit"], decode_number(visit.query["cursor"])
    found = await visit.desk.notices.list(visit.who, visit.query["unread"], limit + 1, before)
    listed = page(
        found, limit, lambda notice: number_key(notice.seq), lambda notice: {"notice": notice, "link": link_of(notice, visit.who)}
    )
    told = threads(visit, ((each["notice"], each["link"]) for each in listed["items"]))
    context = {"listed": listed, "threads": told, "only_unread": visit.query["unread"]}
    return Page("notices/list.html", context, fragment="notices/rows.html")


@PAGES.add("POST", "/me/notices/read", access=SIGNED_IN, form=ReadShape)
async def read_to(visit: Visit) -> Shown:
    count = await visit.desk.notices.read_to(visit.who, visit.form["to"])
    return Redirect("/me/notices", said=f"已读 {count} 条" if count else "都已读过")


@PAGES.add("GET", "/me/notices/count", access=SIGNED_IN)
async def unread(visit: Visit) -> Shown:
    """The number beside the bell, as a part of a page."""
    count = await visit.desk.notices.unread(visit.who)
    return Page("notices/bell.html", {"unread": count}, fragment="notices/bell.html")


@PAGES.add("GET", "/me/notices/{id}", access=SIGNED_IN)
async def open_notice(visit: Visit) -> Shown:
    """To what it is about; it counts as read, with what was told of the same before."""
    notice = await visit.desk.notices.read_with_earlier(visit.who, visit.path("id"))
    return Redirect(link_of(notice, visit.who) or "/me/notices")


@PAGES.add("GET", "/events", access=SIGNED_IN, query=EventsQuery)
async def events(visit: Visit) -> Shown:
    """The same stream as the API's, for who has a cookie and no header."""
    identity, token, since = visit.request.app[IDENTITY], token_of(visit.request) or "", visit.query["since"]
    shown_at = None if since is None else since / 1000
    return await serve_stream(visit.request, visit.who, lambda: identity.holder(token), visit.query, shown_at)


# What a notice is about, for whom it leads to which page: the first that it names counts.
ABOUT = {
    "residents": (("need_id", "/me/needs/{id}"),),
    "providers": (("whistle_id", "/me/whistles/{id}"), ("order_id", "/me/orders/{id}")),
    "overseers": (("whistle_id", "/whistles/{id}"), ("need_id", "/desk/needs/{id}")),
}


def link_of(notice: Received, who: Principal) -> str | None:
    """None where there is no such page."""
    kind = "overseers" if who.is_overseer else "providers" if who.is_provider else "residents"
    named = ((getattr(notice, about), path) for about, path in ABOUT[kind])
    return next((path.format(id=id) for id, path in named if id is not None and PAGES.has(path)), None)
