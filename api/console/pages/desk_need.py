"""一条需求: the need beside those who could meet it, and all that the desk does with it."""

from datetime import timedelta
from typing import Any

from api.console.drawers import following, label_of, tab_of, to_need
from api.console.pages.desk import Tab
from api.console.people import found_by_name
from api.console.places import place_name
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.console.words import when
from api.handlers.dispatch import dispatch_request, provider_ref
from api.routing import OVERSEERS
from matcher.dispatch.intake import NeedFile
from matcher.dispatch.ranking_desk import CandidateList
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.eligibility import RULES
from models.correction import meant
from models.dispatching import MODE_LABELS, PLACE_LABELS, Mode
from models.event import ACTION_LABELS
from models.need import Need
from models.need_states import NEED_TRANSITIONS, NeedAction
from models.order import DECLINE_REASON_LABELS, UNFINISHED, OrderStatus
from models.schemas.base import Flag, Query, Term, Text, Whole
from models.schemas.needs import CorrectionShape, MergeShape, ProviderName, SplitShape, UnmergeShape
from models.schemas.orders import (
    CancelShape,
    HandleShape,
    OfferShape,
    ReopenShape,
    SuspendShape,
    TakeOverShape,
)
from models.vocabulary import URGENCY_LABELS, ProviderKind, label

PATH = "/desk/needs/{id}"
DISPATCHABLE = frozenset(NEED_TRANSITIONS[NeedAction.OFFER])
MOST_SUGGESTED = 3
MOST_LIKELY = 3
MOST_LISTED = 50
APPLICATIONS_OPEN = timedelta(hours=2)


class NeedPageQuery(Query):
    """`search`: words to find a provider by; `why`: the one who is asked about; `kind`: only these are listed; `counts`: how many fell
    to which rule, which among very many providers is not counted unasked; `tab`: the drawer of the desk that one comes from."""

    search = Text(40, load_default="")
    why = ProviderName(load_default=None)
    kind = Term(ProviderKind, load_default=None)
    limit = Whole(1, MOST_LISTED, load_default=8)
    tab = Term(Tab, load_default=None)
    counts = Flag(load_default=False)


@PAGES.add("GET", PATH, access=OVERSEERS, query=NeedPageQuery)
async def need_page(visit: Visit) -> Shown:
    file = await visit.desk.intake.get_need(visit.who, visit.path("id"))
    context = _around(visit, file)
    if not visit.wants_fragment:
        context |= await _people(visit, file) | await _way(visit, file)
    return Page("desk/need.html", context, fragment="desk/progress.html")


async def _way(visit: Visit, file: NeedFile) -> dict[str, Any]:
    tab = tab_of(visit)
    return {"tab": tab, "tab_label": label_of(tab), "following": await following(visit, file)}


def _around(visit: Visit, file: NeedFile) -> dict[str, Any]:
    need = file.need
    return {
        "need": need,
        "orders": [order for order in reversed(file.orders) if order.round == need.round],
        "earlier": [order for order in reversed(file.orders) if order.round != need.round],
        "events": list(reversed(file.events)),
        "served_by": {order.id: order.provider.name for order in file.orders},
        "kept": file.kept,
        "catalogue": visit.desk.context.catalogue,
        "regions": visit.desk.context.regions,
        "place_name": place_name(visit),
        "meant": meant(need.understanding),
        "likely": _likely(need),
        "can": {action for action in NeedAction if need.status in NEED_TRANSITIONS[action]},
        "unfinished": UNFINISHED,
        "offered": OrderStatus.OFFERED,
        "labels": {"mode": MODE_LABELS, "place": PLACE_LABELS, "action": ACTION_LABELS, "decline": DECLINE_REASON_LABELS},
        "rules": RULES,
        "urgencies": list(URGENCY_LABELS.items()),
        "closes_at": visit.desk.context.now() + APPLICATIONS_OPEN,
        "tomorrow": visit.desk.context.now() + timedelta(days=1),
    }


def _likely(need: Need) -> list[str]:
    """What else may be meant while nobody has looked: the resident reads it, too."""
    read = need.understanding
    said = read.said.services if read.said else read.services
    return [each.code for each in said if each.code not in meant(read)][: MOST_LIKELY - 1] if read.needs_review else []


async def _people(visit: Visit, file: NeedFile) -> dict[str, Any]:
    """Who could come, who could not and why; what may be the same need told twice."""
    need, asked = file.need, visit.query
    offers = need.status in DISPATCHABLE and need.places_left > 0
    ranked = await _ranked(visit, need.id) if offers else None
    return {
        "ranked": ranked,
        "candidate_parts": {each.ref: parts_of(each) for each in ranked.candidates} if ranked else {},
        "legend": [(CRITERIA[code].label, place) for place, code in enumerate(CRITERIA) if _weighs(ranked, code)],
        "why_parts": parts_of(ranked.why.candidate) if ranked and ranked.why else [],
        "found": await found_by_name(visit, need.id, asked["search"]) if offers and asked["search"] else [],
        "kind": asked["kind"],
        "kinds": [(kind, label(kind)) for kind in ProviderKind],
        "more": min(3 * asked["limit"], MOST_LISTED) if asked["limit"] < MOST_LISTED else None,
        "waited_for": [order.provider.name for order in file.orders if order.status == OrderStatus.OFFERED],
        "search": asked["search"],
        "why_ref": asked["why"],
        "squads": await visit.desk.squads.list(visit.who, need.region, 20, None) if offers else [],
        "same": await visit.desk.duplicates.of(visit.who, need.id, MOST_SUGGESTED),
    }


async def _ranked(visit: Visit, need_id: str) -> CandidateList:
    return await visit.desk.ranking.candidates_of(
        visit.who, need_id, visit.query["limit"], None, visit.query["why"], kind=visit.query["kind"], counts=visit.query["counts"]
    )


def _weighs(ranked: CandidateList | None, code: str) -> bool:
    return ranked is not None and ranked.weights.criteria.get(code, 0) > 0


def parts_of(candidate: Any) -> list[tuple[str, float, int]]:
    """The score as a sum: words, points, colour. Each criterion keeps its colour on every page."""
    colours = {code: place for place, code in enumerate(CRITERIA)}
    shares = ((code, part.points) for code, part in candidate.contributions.items())
    return [(CRITERIA[code].label, points, colours[code]) for code, points in shares if points > 0]


def _back(visit: Visit, said: str) -> Redirect:
    return to_need(visit, visit.path("id"), said)


@PAGES.add("POST", PATH + "/dispatch", access=OVERSEERS, form=OfferShape, again=need_page, once=True)
async def dispatch(visit: Visit) -> Shown:
    form, need_id = visit.form, visit.path("id")
    if form["mode"] in (None, Mode.DIRECT):
        order = await visit.desk.offers.offer(
            visit.who,
            need_id,
            provider_ref(form["provider"]),
            form["note"],
            minutes=form["offer_minutes"],
            place=form["place"] or "",
        )
        return _back(visit, f"已派给{order.provider.name}，等对方接单")
    done = await visit.desk.modes.dispatch(visit.who, need_id, dispatch_request(form))
    names = "、".join(order.provider.name for order in done.orders)
    if not names:
        return _back(visit, "没有找到合适的人，已记为无人可派")
    closes_at = done.need.dispatching.closes_at if done.need.dispatching else None
    later = f"。静默时段里有人听不到，报名顺延到{when(closes_at)}" if closes_at and closes_at != form["closes_at"] else ""
    return _back(visit, f"已{MODE_LABELS[form['mode']]}：派给{names}{later}")


@PAGES.add("POST", PATH + "/correct", access=OVERSEERS, form=CorrectionShape, again=need_page, once=True)
async def correct(visit: Visit) -> Shown:
    await visit.desk.correcting.correct(visit.who, visit.path("id"), visit.form)
    return _back(visit, "已核对，能来的人按核对后的事项重新排过")


@PAGES.add("POST", PATH + "/split", access=OVERSEERS, form=SplitShape, again=need_page, once=True)
async def split(visit: Visit) -> Shown:
    file = await visit.desk.splitting.split(visit.who, visit.path("id"), visit.form["text"])
    return to_need(visit, file.need.id, "已另开一条，就是下面这条；原来那条还在，记得核对它的事项")


@PAGES.add("POST", PATH + "/suspend", access=OVERSEERS, form=SuspendShape, again=need_page, once=True)
async def suspend(visit: Visit) -> Shown:
    await visit.desk.keeping.suspend(visit.who, visit.path("id"), visit.form["reason"], visit.form["until"])
    return _back(visit, "已挂起，到时间自动恢复")


@PAGES.add("POST", PATH + "/resume", access=OVERSEERS, again=need_page, once=True)
async def resume(visit: Visit) -> Shown:
    await visit.desk.keeping.resume(visit.who, visit.path("id"))
    return _back(visit, "已恢复")


@PAGES.add("POST", PATH + "/by-hand", access=OVERSEERS, form=TakeOverShape, again=need_page, once=True)
async def take(visit: Visit) -> Shown:
    await visit.desk.keeping.take(visit.who, visit.path("id"), visit.form["note"])
    return _back(visit, "已转为人工办理，由您负责")


@PAGES.add("POST", PATH + "/handle", access=OVERSEERS, form=HandleShape, again=need_page, once=True)
async def handle(visit: Visit) -> Shown:
    await visit.desk.keeping.handle(visit.who, visit.path("id"), visit.form["summary"])
    return _back(visit, "已办结，等居民确认")


@PAGES.add("POST", PATH + "/cancel", access=OVERSEERS, form=CancelShape, again=need_page, once=True)
async def cancel(visit: Visit) -> Shown:
    await visit.desk.keeping.cancel(visit.who, visit.path("id"), visit.form["reason"])
    return _back(visit, "已撤销")


@PAGES.add("POST", PATH + "/confirm", access=OVERSEERS, again=need_page, once=True)
async def confirm(visit: Visit) -> Shown:
    await visit.desk.closing.confirm(visit.who, visit.path("id"))
    return _back(visit, "已确认完成")


@PAGES.add("POST", PATH + "/reopen", access=OVERSEERS, form=ReopenShape, again=need_page, once=True)
async def reopen(visit: Visit) -> Shown:
    await visit.desk.closing.reopen(visit.who, visit.path("id"), visit.form["reason"])
    return _back(visit, "已重办")


@PAGES.add("POST", PATH + "/merge", access=OVERSEERS, form=MergeShape, again=need_page, once=True)
async def merge(visit: Visit) -> Shown:
    need = await visit.desk.merging.merge(visit.who, visit.path("id"), visit.form["into"], visit.form["reason"])
    return to_need(visit, need.merged_into or need.id, "已合并，下面是合并后的需求")


@PAGES.add("POST", PATH + "/unmerge", access=OVERSEERS, form=UnmergeShape, again=need_page, once=True)
async def unmerge(visit: Visit) -> Shown:
    await visit.desk.merging.unmerge(visit.who, visit.path("id"), visit.form["reason"])
    return _back(visit, "已撤销合并，单独办理")
