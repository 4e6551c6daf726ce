"""派单台: what waits, counted and listed, the most urgent first."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from api.console.places import place_name
from api.console.routing import PAGES, Nav, Page, Shown, Visit
from api.paging import decode_need_cursor, page
from api.routing import OVERSEERS
from models.need_filter import DueState, NeedCounts, NeedFilter
from models.need_states import ON_THE_DESK, NeedStatus
from models.schemas.base import Code, Flag, Query, Term, Text, Whole
from models.vocabulary import Role


class Tab(StrEnum):
    NEW = "new"
    REVIEW = "review"
    OVERDUE = "overdue"
    NEAR = "near"
    UNMATCHED = "unmatched"
    BY_HAND = "by_hand"
    OFFERED = "offered"
    IN_HAND = "in_hand"
    CONFIRM = "confirm"
    SUSPENDED = "suspended"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Drawer:
    """One count that filters. `count` is its name among the counts, `hint` what is to be done with what lies in it."""

    label: str
    count: str
    hint: str
    statuses: frozenset[NeedStatus] = frozenset()
    due: DueState | None = None
    review: bool = False
    grave: bool = False


DRAWERS = {
    Tab.NEW: Drawer("待派单", "new", "新来的需求，等您派给合适的人。", frozenset({NeedStatus.OPEN})),
    Tab.REVIEW: Drawer("待核对", "to_review", "系统没把握读懂的需求，看一眼，改对或点“没有问题”。", review=True),
    Tab.OVERDUE: Drawer("已超时", "overdue", "过了时限还没办的，先办这些。", due=DueState.OVERDUE, grave=True),
    Tab.NEAR: Drawer("快到期", "near_due", "时限将到，最早到期的在前。", due=DueState.NEAR),
    Tab.UNMATCHED: Drawer("无人可派", "unmatched", "没有找到合适的人，换个派法，或者自己办。", frozenset({NeedStatus.UNMATCHED}), grave=True),
    Tab.BY_HAND: Drawer("人工办理", "by_hand", "已转给人办的需求，办好后写明情况。", frozenset({NeedStatus.BY_HAND})),
    Tab.OFFERED: Drawer("等接单", "offered", "已经派出，等对方答复。", frozenset({NeedStatus.OFFERED})),
    Tab.IN_HAND: Drawer("办理中", "in_hand", "有人接了单，正在办。", frozenset({NeedStatus.ACCEPTED, NeedStatus.IN_PROGRESS})),
    Tab.CONFIRM: Drawer("待确认", "to_confirm", "已经办完，等居民确认；三天没有异议自动确认。", frozenset({NeedStatus.COMPLETED})),
    Tab.SUSPENDED: Drawer("已挂起", "suspended", "暂时放一放的，到时间会自动恢复。", frozenset({NeedStatus.SUSPENDED})),
    Tab.ALL: Drawer("全部未完", "", "所有没有办完、没有确认的需求。", ON_THE_DESK),
}  # fmt: skip


# Beyond this the page says 999+: nobody acts otherwise on 1 200 than on 12 000, and the page stays quick.
MOST_COUNTED = 999


class DeskQuery(Query):
    """`newest`: the newest first instead of the most urgent, where urgency would decide."""

    tab = Term(Tab, load_default=Tab.NEW)
    region = Code(load_default=None)
    newest = Flag(load_default=False)
    limit = Whole(1, 100, load_default=20)
    cursor = Text(200, load_default=None)


@PAGES.add(
    "GET",
    "/desk",
    access=OVERSEERS,
    query=DeskQuery,
    nav=Nav("派单台", "inbox", 10),
    home_of={Role.COMMUNITY},
)
async def desk(visit: Visit) -> Shown:
    """The counts and one page of the list; over ten thousand open needs some tens of milliseconds: see bench/desk.py."""
    asked, context = visit.query, visit.desk.context
    wanted, limit = wanted_of(visit), asked["limit"]
    counts = await visit.desk.clocks.counts(visit.who, asked["region"], MOST_COUNTED + 1)
    before = decode_need_cursor({"cursor": asked["cursor"], "review": wanted.review, "due": wanted.due, "urgent": wanted.urgent})
    files = await visit.desk.intake.list_needs(visit.who, wanted, limit + 1, before)
    return Page(
        "desk/desk.html",
        {
            "tab": asked["tab"],
            "drawers": drawers(counts),
            "hint": DRAWERS[asked["tab"]].hint,
            "listed": page(files, limit, attrgetter(wanted.place), lambda file: {"need": file.need}),
            "address": address_of(asked),
            "newest": asked["newest"],
            "one_status": len(DRAWERS[asked["tab"]].statuses) == 1,
            "to_review": counts.to_review,
            "can_sort": bool(DRAWERS[asked["tab"]].statuses),
            "region": asked["region"],
            "catalogue": context.catalogue,
            "place_name": place_name(visit),
        },
        fragment="desk/board.html",
    )


def wanted_of(visit: Visit) -> NeedFilter:
    asked = visit.query
    return need_filter(asked["tab"], asked["region"], asked["newest"], visit.desk.context.now())


def need_filter(tab: Tab, region: str | None, newest: bool, at: datetime) -> NeedFilter:
    drawer = DRAWERS[tab]
    return NeedFilter(
        region,
        statuses=drawer.statuses,
        review=drawer.review,
        due=drawer.due,
        at=at,
        urgent=bool(drawer.statuses) and not newest,
    )


def drawers(counts: NeedCounts) -> list[dict[str, Any]]:
    return [
        {"tab": tab, "label": each.label, "count": getattr(counts, each.count) if each.count else None, "grave": each.grave}
        for tab, each in DRAWERS.items()
    ]


def address_of(asked: dict[str, Any]) -> dict[str, str]:
    """What the list's address says besides the page's place."""
    said = {"tab": str(asked["tab"])}
    if asked["region"]:
        said["region"] = asked["region"]
    if asked["newest"]:
        said["newest"] = "true"
    return said
