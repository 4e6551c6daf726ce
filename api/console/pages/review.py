"""核对: needs that were not understood for sure, one after the other; one key says what is meant."""

from dataclasses import replace
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.paging import cursor_after, decode_need_cursor, page
from api.routing import ADMINS, OVERSEERS
from matcher.dispatch.intake import NeedFile
from models.correction import meant
from models.need_filter import NeedFilter
from models.schemas.base import Code, Query, Text
from models.schemas.needs import CorrectionShape
from models.service_item import ServiceItem
from models.understanding import Understanding

DESK, ADMIN = "/desk/review", "/admin/review"
OFFERED = 3
# As many as have a key of their own beside those offered.
MOST_FOUND = 6
SURE_LOOKING = 0.75


class ReviewQuery(Query):
    """`cursor`: what stands before it was skipped. `need`: this one, though it may not wait any more. `q`: another item is looked for.
    `done`: the one that was just put right, so that one can go back to it."""

    cursor = Text(200, load_default=None)
    need = Code(load_default=None)
    q = Text(40, load_default="")
    done = Code(load_default=None)


@PAGES.add("GET", ADMIN, access=ADMINS, query=ReviewQuery)
@PAGES.add("GET", DESK, access=OVERSEERS, query=ReviewQuery)
async def review(visit: Visit) -> Shown:
    return await shown(visit)


@PAGES.add("POST", ADMIN + "/{id}", access=ADMINS, query=ReviewQuery, form=CorrectionShape, again=review)
@PAGES.add("POST", DESK + "/{id}", access=OVERSEERS, query=ReviewQuery, form=CorrectionShape, again=review)
async def correct(visit: Visit) -> Shown:
    """The next one follows at once: in place where htmx asked."""
    need = await visit.desk.correcting.correct(visit.who, visit.path("id"), visit.form)
    on = {"cursor": visit.query["cursor"], "done": need.id}
    if visit.wants_fragment:
        return await shown(replace(visit, query=visit.query | on | {"need": None, "q": ""}))
    return Redirect(address(base_of(visit), **on))


async def shown(visit: Visit) -> Page:
    refused = visit.path("id") if visit.problem else None
    file, following = await present(visit, refused or visit.query["need"])
    context: dict[str, Any] = {
        "base": base_of(visit),
        "need": file.need if file else None,
        "here_query": address("", cursor=visit.query["cursor"]),
        "skip": address(base_of(visit), cursor=following) if following else None,
        "region_name": visit.desk.context.regions.full_name(file.need.region) if file else "",
        "offered": offered(visit, file) if file else [],
        "why": why_asked(file.need.understanding) if file else "",
        "decided": decided(visit, file) if file else "",
        "back": address(base_of(visit), cursor=visit.query["cursor"]),
        "found": visit.desk.context.catalogue.search(visit.query["q"])[:MOST_FOUND],
        "asked": visit.query,
        "waiting": (await visit.desk.clocks.counts(visit.who, None)).to_review,
        "done": await done(visit),
    }
    return Page("review/page.html", context, fragment="review/need.html")


async def present(visit: Visit, named: str | None) -> tuple[NeedFile | None, str | None]:
    """The need to look at, and the cursor behind it: None where it is the last, or was put right before."""
    wanted = NeedFilter(review=True)
    if named is not None:
        file = await visit.desk.intake.get_need(visit.who, named)
        waits = file.need.understanding.needs_review
        return file, cursor_after(attrgetter(wanted.place)(file)) if waits else None
    after = decode_need_cursor({"cursor": visit.query["cursor"], "review": True, "due": None})
    found = await visit.desk.intake.list_needs(visit.who, wanted, 2, after)
    return (found[0] if found else None), page(found, 1, attrgetter(wanted.place), lambda _: {})["next"]


async def done(visit: Visit) -> dict[str, str] | None:
    if visit.query["done"] is None or visit.problem:
        return None
    need = (await visit.desk.intake.get_need(visit.who, visit.query["done"])).need
    names = [visit.desk.context.catalogue.name_of(each.code) for each in need.understanding.services]
    again = address(base_of(visit), need=need.id, cursor=visit.query["cursor"])
    return {"text": need.text, "name": names[0] if names else "", "again": again}


def decided(visit: Visit, file: NeedFile) -> str:
    """What a person said before, for who came back to say something else."""
    understanding = file.need.understanding
    names = [visit.desk.context.catalogue.name_of(code) for code in meant(understanding)]
    return "、".join(names) if understanding.corrected_by and not understanding.needs_review else ""


def why_asked(understanding: Understanding) -> str:
    """Why a person is to look. How sure the model is of the first item is only a part of it: how near the next ones come, and how
    much of what was said it had ever met, count as well."""
    if not understanding.services:
        return ""
    if understanding.apart:
        return "好像是两件事，请先定要紧的那件。"
    if understanding.services[0].confidence >= SURE_LOOKING:
        return "看着很像第一样，但这样的说法学过的不多，请您看一眼。"
    return "有几样都说得通，请您定一下。"


def offered(visit: Visit, file: NeedFile) -> list[tuple[ServiceItem, float]]:
    """The likeliest first, with how sure the model is. Those that have left the catalogue cannot be meant."""
    items = visit.desk.context.catalogue
    understanding = file.need.understanding
    said = understanding.said.services if understanding.said else understanding.services
    found = ((items.get(each.code), each.confidence) for each in said)
    return [(item, confidence) for item, confidence in found if item is not None][:OFFERED]


def base_of(visit: Visit) -> str:
    return ADMIN if visit.request.path.startswith(ADMIN) else DESK


def address(path: str, **named: str | None) -> str:
    said = {name: value for name, value in named.items() if value}
    return f"{path}?{urlencode(said)}" if said else path
