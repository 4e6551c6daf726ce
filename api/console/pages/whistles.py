"""吹哨: blow one, follow who reports in, rate, close or veto. Those who are called have pages of their own: my_whistles.py."""

from typing import Any

from marshmallow import validates_schema

from api.console.callable import groups
from api.console.picking import Within, picker_of
from api.console.places import meant_place, near_name, own_place, place_name
from api.console.routing import PAGES, Nav, Page, Redirect, Shown, Visit
from api.handlers.whistles import blow_of, ratings_said, ref_of
from api.paging import decode_cursor, page
from api.routing import OVERSEERS
from models.errors import InvalidInputError
from models.event import ACTION_LABELS
from models.need import Need
from models.schemas.base import Code, Text
from models.schemas.whistles import (
    CloseWhistleShape,
    ProposeClosingShape,
    ReportInShape,
    VetoShape,
    WhistleQuery,
    WhistleShape,
)
from models.vocabulary import ProviderKind
from models.whistle import USUAL_MINUTES, Whistle, WhistleFilter
from models.whistle_states import UNIT_STATUS_LABELS, WHISTLE_STATUS_LABELS, UnitStatus

PATH = "/whistles/{id}"
WAITED_FOR = frozenset({UnitStatus.CALLED, UnitStatus.ABSENT})


class BlowQuery(Within):
    """About a need, or in a place in words."""

    need = Code(load_default=None)
    where = Text(100, load_default="")


@PAGES.add("GET", "/whistles", access=OVERSEERS, query=WhistleQuery, nav=Nav("吹哨", "speakerphone", 20))
async def whistles_page(visit: Visit) -> Shown:
    asked, limit = visit.query, visit.query["limit"]
    wanted = WhistleFilter(region=asked["region"], need_id=asked["need"], status=asked["status"])
    files = await visit.desk.whistles.list(visit.who, wanted, limit + 1, decode_cursor(asked["cursor"]))
    listed = page(files, limit, lambda file: file.whistle.id, lambda file: {"whistle": file.whistle})
    whistles = [each["whistle"] for each in listed["items"]]
    waiting = [each for each in whistles if _waits_for(visit, each)]
    return Page(
        "whistles/list.html",
        {
            "waiting": waiting,
            "others": [each for each in whistles if each not in waiting],
            "next": listed["next"],
            "chosen": asked["status"],
            **_words(visit),
        },
        fragment="whistles/rows.html",
    )


def _waits_for(visit: Visit, whistle: Whistle) -> bool:
    """Whether a unit asks the person who looks to agree that it is done."""
    return whistle.proposal is not None and whistle.may_be_closed_by(visit.who)


def _words(visit: Visit) -> dict[str, Any]:
    return {
        "status_labels": WHISTLE_STATUS_LABELS,
        "unit_labels": UNIT_STATUS_LABELS,
        "actions": ACTION_LABELS,
        "place_name": place_name(visit),
    }


class BlowForm(WhistleShape):
    """`where` in words says the region, if it is given."""

    where = Text(100, load_default="")

    @validates_schema
    def says_enough(self, data: dict[str, Any], **rest: Any) -> None:
        super().says_enough({**data, "region": data["region"] or data["where"] or None}, **rest)


@PAGES.add("GET", "/whistles/new", access=OVERSEERS, query=BlowQuery)
async def blow_page(visit: Visit) -> Shown:
    """Whom to call depends on where it is: who oversees everything says that first."""
    need = (await visit.desk.intake.get_need(visit.who, visit.query["need"])).need if visit.query["need"] else None
    region = _region(visit, need)
    text = str(visit.typed.get("text"))
    return Page(
        "whistles/new.html",
        {
            "need": need,
            "region": region,
            "groups": await groups(visit, region, need, text) if region else [],
            "squads": await visit.desk.squads.list(visit.who, region, 50, None) if region else [],
            "where": visit.query["where"],
            "usual_minutes": USUAL_MINUTES,
            "picker": picker_of(visit, "where", "/whistles/new", present=region, usual=visit.query["where"] or own_place(visit)),
            "near_name": near_name(visit),
            **_words(visit),
        },
    )


def _region(visit: Visit, need: Need | None) -> str | None:
    """None where the place that was typed is none: its field says so."""
    if need is not None:
        return need.region
    where = str(visit.typed.get("where", visit.query["where"]))
    try:
        return meant_place(visit, where, "where").code if where else visit.who.scope
    except InvalidInputError:
        if visit.problem is None:
            raise
        return None


@PAGES.add("POST", "/whistles/new/units", access=OVERSEERS, query=BlowQuery, again=blow_page)
async def units_of(visit: Visit) -> Shown:
    """The page once more, with what was typed, for the place that is meant now. Nothing is called."""
    return await blow_page(visit)


@PAGES.add("POST", "/whistles/new", access=OVERSEERS, query=BlowQuery, form=BlowForm, again=blow_page, once=True)
async def blow(visit: Visit) -> Shown:
    form = dict(visit.form)
    where = form.pop("where")
    if where and form["need"] is None:
        form["region"] = meant_place(visit, where, "where").code
    whistle = await visit.desk.whistles.blow(visit.who, blow_of(form))
    return Redirect(f"/whistles/{whistle.id}", said=f"已吹哨，叫了{_counted(whistle)}，{whistle.minutes} 分钟内报到")


def _counted(whistle: Whistle) -> str:
    """Units and people are counted with different words."""
    people = sum(each.unit.kind != ProviderKind.ORGANISATION for each in whistle.units)
    units = len(whistle.units) - people
    return " " + "、".join(filter(None, [f"{units} 家单位" if units else "", f"{people} 人" if people else ""]))


@PAGES.add("GET", PATH, access=OVERSEERS)
async def whistle_page(visit: Visit) -> Shown:
    file = await visit.desk.whistles.get(visit.who, visit.path("id"))
    whistle = file.whistle
    context = {
        "whistle": whistle,
        "events": list(reversed(file.events)),
        "may_close": whistle.is_unfinished and whistle.may_be_closed_by(visit.who),
        "came": [each for each in whistle.units if each.came],
        "waited_for": WAITED_FOR,
        "phones": await visit.desk.whistles.phones(visit.who, whistle),
        **_words(visit),
    }
    return Page("whistles/whistle.html", context, fragment="whistles/live.html")


def _back(visit: Visit, said: str) -> Redirect:
    return Redirect(f"/whistles/{visit.path('id')}", said=said)


@PAGES.add("POST", PATH + "/report-in", access=OVERSEERS, form=ReportInShape, again=whistle_page)
async def report_in(visit: Visit) -> Shown:
    await visit.desk.whistles.report_in(visit.who, visit.path("id"), ref_of(visit.form["unit"]))
    return _back(visit, "已报到")


@PAGES.add("POST", PATH + "/propose-closing", access=OVERSEERS, form=ProposeClosingShape, again=whistle_page)
async def propose(visit: Visit) -> Shown:
    await visit.desk.whistles.propose(visit.who, visit.path("id"), ref_of(visit.form["unit"]), visit.form["summary"])
    return _back(visit, "已代为申请办结")


@PAGES.add("POST", PATH + "/veto", access=OVERSEERS, form=VetoShape, again=whistle_page)
async def veto(visit: Visit) -> Shown:
    await visit.desk.whistles.veto(visit.who, visit.path("id"), visit.form["reason"])
    return _back(visit, "已退回，请单位接着办")


@PAGES.add("POST", PATH + "/close", access=OVERSEERS, form=CloseWhistleShape, again=whistle_page)
async def close(visit: Visit) -> Shown:
    units, squads = ratings_said(visit.form)
    await visit.desk.whistles.close(visit.who, visit.path("id"), visit.form["summary"], units, squads)
    return _back(visit, "已办结")
