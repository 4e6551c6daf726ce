"""群众点单: a resident posts a need, follows it, and judges what was done."""

from typing import Any

from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.paging import decode_cursor, page
from api.routing import Access
from matcher.dispatch.closing import Judgement
from matcher.dispatch.told import KIND_WORDS
from models.correction import meant
from models.need import Need
from models.need_filter import NeedFilter
from models.need_number import spoken
from models.need_states import NEED_TRANSITIONS, UNFINISHED_NEEDS, NeedAction
from models.place import COMMUNITY_LENGTH, Region
from models.schemas.base import Code, Query, Text, Wire
from models.schemas.base import Page as PageQuery
from models.schemas.needs import AmendmentShape, EvaluationShape, NeedShape
from models.schemas.orders import ReopenShape
from models.stations import stations_of
from models.understanding import Understanding
from models.vocabulary import Role

RESIDENTS = Access(frozenset({Role.RESIDENT}))
ONE = "/me/needs/{id}"
OWN_ACTIONS = (NeedAction.CONFIRM, NeedAction.EVALUATE, NeedAction.REOPEN, NeedAction.CANCEL)
WHY_CANCELLED = ("已经自己解决了", "家里人或邻居帮忙了", "时间变了，以后再说", "点错了")
NO_REASON = "没有说原因"
FEW, MOST_COMPARED = 3, 10
# How likely the first item must be to be told to a resident, and how likely any other.
LEAST_TOLD, LEAST_OTHER = 0.5, 0.1


class PlaceQuery(Query):
    """Where the need is; without it the resident's own region."""

    region = Code(load_default=None)


class LeaveForm(Wire):
    """Nobody must say why they no longer need something."""

    reason = Text(500, load_default="")


@PAGES.add(
    "GET", "/me/needs/new", access=RESIDENTS, query=PlaceQuery, nav=Nav("点单", "message-circle", 10), home_of={Role.RESIDENT}
)
async def new_need(visit: Visit) -> Shown:
    region = visit.query["region"] or visit.who.region
    if region is None:
        return Redirect("/me/needs/new/place")
    recent = await visit.desk.intake.list_needs(visit.who, NeedFilter(), FEW, None)
    return Page("needs/new.html", new_context(visit, region) | {"recent": recent}, fragment="needs/heard.html")


@PAGES.add("GET", "/me/needs/new/place", access=RESIDENTS, query=PlaceQuery)
async def choose_place(visit: Visit) -> Shown:
    """Down the regions step by step; from a community on a need can be posted."""
    regions = visit.desk.context.regions
    chosen = regions.require(visit.query["region"]) if visit.query["region"] else None
    if chosen is not None and len(chosen.code) >= COMMUNITY_LENGTH:
        return Redirect(f"/me/needs/new?region={chosen.code}")
    return Page("needs/place.html", {"chosen": chosen, "below": regions.children(chosen.code if chosen else None)})


@PAGES.add("POST", "/me/needs/preview", access=RESIDENTS, query=PlaceQuery, form=NeedShape, again=new_need)
async def preview(visit: Visit) -> Shown:
    """What is understood of the words so far; nothing is kept."""
    heard = await visit.desk.intake.preview(visit.who, visit.form)
    context = new_context(visit, visit.form.region, heard) | {"recent": [], "before": await said_before(visit, visit.form.text)}
    return Page("needs/new.html", context, fragment="needs/heard.html")


@PAGES.add("POST", "/me/needs", access=RESIDENTS, query=PlaceQuery, form=NeedShape, again=new_need, once=True)
async def post_need(visit: Visit) -> Shown:
    file = await visit.desk.intake.post_need(visit.who, visit.form)
    first = "、".join(file.need.understanding.rescue)
    said = f"收到了。有危险请先打 {first}，不要等社区" if first else "收到了，社区会尽快安排人来"
    said = f"{said}。编号 {spoken(file.need.number)}"
    return Redirect(ONE.format(id=file.need.id), said=said)


@PAGES.add("GET", "/me/needs", access=RESIDENTS, query=PageQuery, nav=Nav("我的需求", "clipboard-list", 20))
async def my_needs(visit: Visit) -> Shown:
    limit = visit.query["limit"]
    found = await visit.desk.intake.list_needs(visit.who, NeedFilter(), limit + 1, decode_cursor(visit.query["cursor"]))
    listed = page(found, limit, lambda file: file.need.id, lambda file: {"need": file.need})
    return Page("needs/list.html", {"listed": listed}, fragment="needs/rows.html")


@PAGES.add("GET", ONE, access=RESIDENTS)
async def my_need(visit: Visit) -> Shown:
    file = await visit.desk.intake.get_need(visit.who, visit.path("id"))
    context = {
        "file": file,
        "need": file.need,
        "line": stations_of(file.need, file.orders),
        "kind_words": KIND_WORDS,
        "helpers": [order for order in file.orders if order.serves and order.round == file.need.round],
        "actions": own_actions(file.need),
        "whys": WHY_CANCELLED,
        "changeable": file.need.status in UNFINISHED_NEEDS,
        "nobody_asked": not (file.need.taken or file.need.offers_open),
        "region_name": visit.desk.context.regions.full_name(file.need.region),
        **heard_context(visit, file.need.understanding),
    }
    return Page("needs/one.html", context, fragment="needs/body.html")


@PAGES.add("POST", ONE + "/confirm", access=RESIDENTS, again=my_need, once=True)
async def confirm(visit: Visit) -> Shown:
    await visit.desk.closing.confirm(visit.who, visit.path("id"))
    return Redirect(ONE.format(id=visit.path("id")), said="已确认办好了，谢谢")


@PAGES.add("POST", ONE + "/evaluation", access=RESIDENTS, form=EvaluationShape, again=my_need, once=True)
async def evaluate(visit: Visit) -> Shown:
    await visit.desk.closing.evaluate(visit.who, visit.path("id"), Judgement(**visit.form))
    said = "已评价，谢谢您" if visit.form["resolved"] else "已记下没有解决，社区会重新安排"
    return Redirect(ONE.format(id=visit.path("id")), said=said)


@PAGES.add("POST", ONE + "/reopen", access=RESIDENTS, form=ReopenShape, again=my_need, once=True)
async def reopen(visit: Visit) -> Shown:
    await visit.desk.closing.reopen(visit.who, visit.path("id"), visit.form["reason"])
    return Redirect(ONE.format(id=visit.path("id")), said="已提出重办，社区会重新安排")


@PAGES.add("POST", ONE + "/amend", access=RESIDENTS, form=AmendmentShape, again=my_need)
async def amend(visit: Visit) -> Shown:
    need = await visit.desk.amending.amend(visit.who, visit.path("id"), visit.form)
    return Redirect(ONE.format(id=need.id), said="改好了")


@PAGES.add("POST", ONE + "/cancel", access=RESIDENTS, form=LeaveForm, again=my_need)
async def cancel(visit: Visit) -> Shown:
    await visit.desk.keeping.cancel(visit.who, visit.path("id"), visit.form["reason"] or NO_REASON)
    return Redirect(ONE.format(id=visit.path("id")), said="已撤销")


def own_actions(need: Need) -> frozenset[NeedAction]:
    """What the buttons offer; whether it may be done is decided where it is done."""
    known = {action for action in OWN_ACTIONS if need.status in NEED_TRANSITIONS[action]}
    return frozenset(known - {NeedAction.REOPEN} if need.is_content else known)


def new_context(visit: Visit, region: str, heard: Understanding | None = None) -> dict[str, Any]:
    regions = visit.desk.context.regions
    return {
        "region": regions.require(region),
        "region_name": regions.full_name(region),
        "places": places_near(visit, region),
        "before": None,
        **heard_context(visit, heard),
    }


async def said_before(visit: Visit, text: str) -> Need | None:
    """The resident's own need with the same words, if it is still being seen to."""
    plain = visit.desk.context.understander.plain
    recent = await visit.desk.intake.list_needs(visit.who, NeedFilter(), MOST_COMPARED, None)
    alike = (file.need for file in recent if file.need.status in UNFINISHED_NEEDS and plain(file.need.text) == plain(text))
    return next(alike, None)


def places_near(visit: Visit, region: str) -> list[Region]:
    """The community and its grids, whichever of them was chosen."""
    regions = visit.desk.context.regions
    community = regions.get(region[:COMMUNITY_LENGTH])
    return [community, *regions.children(community.code)] if community else [regions.require(region)]


def heard_context(visit: Visit, heard: Understanding | None) -> dict[str, Any]:
    """`services` are the items worth telling the resident, `apart` those of two matters in one text."""
    names = visit.desk.context.catalogue.name_of
    told = told_services(heard) if heard else []
    return {
        "heard": heard,
        "services": [names(code) for code in told],
        "apart": [names(code) for code in heard.apart] if heard else [],
    }


def told_services(heard: Understanding) -> list[str]:
    """Of a guess nothing, and of what was heard only what is likely: a list of strange items makes people doubt the whole."""
    if not heard.needs_review:
        return list(meant(heard))
    found = heard.services[:FEW]
    if not found or found[0].confidence < LEAST_TOLD:
        return []
    return [each.code for each in found if each.confidence >= LEAST_OTHER]
