"""A need by the number that somebody says on the telephone."""

from marshmallow import ValidationError

from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.routing import OVERSEERS
from models.need_filter import NeedFilter
from models.need_number import looks_like_number
from models.schemas.base import Query, Text
from models.schemas.numbers import SaidNumber

NUMBER = SaidNumber()


class FindQuery(Query):
    """As it was typed: what is wrong with it is said on the page."""

    number = Text(40, load_default="")


@PAGES.add("GET", "/desk/find", access=OVERSEERS, query=FindQuery)
async def find(visit: Visit) -> Shown:
    """Within the caller's own regions; whether there is one elsewhere is not told."""
    typed = visit.query["number"]
    try:
        number = NUMBER.deserialize(typed) if typed else ""
    except ValidationError as error:
        return Page("desk/find.html", {"number": typed, "wrong": "；".join(map(str, error.messages))})
    wanted = NeedFilter(number=number) if looks_like_number(number) else NeedFilter(ids=(number,))
    found = await visit.desk.intake.list_needs(visit.who, wanted, 1, None)
    if found:
        return Redirect(f"/desk/needs/{found[0].need.id}")
    return Page("desk/find.html", {"number": number, "wrong": ""})
