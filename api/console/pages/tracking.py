"""查进度: by number and the end of the telephone number, without signing in."""

from api.console.routing import PAGES, Page, Shown, Visit
from api.routing import PUBLIC
from api.tracking import track as tracked
from models.schemas.base import Query, Text
from models.schemas.tracking import TrackShape


class NumberQuery(Query):
    number = Text(40, load_default="")


@PAGES.add("GET", "/track", access=PUBLIC, query=NumberQuery)
async def tracking_page(visit: Visit) -> Shown:
    return Page("track.html", {"tracked": None, "number": visit.query["number"]})


@PAGES.add("POST", "/track", access=PUBLIC, query=NumberQuery, form=TrackShape, again=tracking_page)
async def track(visit: Visit) -> Shown:
    """Answered at once rather than by a redirect: number and tail stand in no address."""
    found = await tracked(visit.request, visit.form["number"], visit.form["phone_tail"])
    return Page("track.html", {"tracked": found, "number": found.number})
