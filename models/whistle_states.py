"""Where a whistle and each called unit can stand, what may be done there, and where that leads: the tables of both.

There is no way out for a unit that has come: only the caller's closing ends it (事不完人不撤).
"""

from enum import StrEnum


class WhistleStatus(StrEnum):
    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


class WhistleAction(StrEnum):
    PROPOSE = "propose"
    VETO = "veto"
    CLOSE = "close"


class UnitStatus(StrEnum):
    CALLED = "called"
    REPORTED = "reported"
    LATE = "late"
    ABSENT = "absent"
    EXCUSED = "excused"


class UnitAction(StrEnum):
    """The first two are one act before and after the unit's clock has run out."""

    REPORT = "report"
    REPORT_LATE = "report_late"
    RUN_OUT = "run_out"
    EXCUSE = "excuse"
    LEAVE = "leave"


WHISTLE_STATUS_LABELS = {
    WhistleStatus.OPEN: "处置中",
    WhistleStatus.PROPOSED: "申请办结",
    WhistleStatus.CLOSED: "已办结",
}
WHISTLE_ACTION_LABELS = {
    WhistleAction.PROPOSE: "申请办结",
    WhistleAction.VETO: "否决办结",
    WhistleAction.CLOSE: "办结",
}
UNIT_STATUS_LABELS = {
    UnitStatus.CALLED: "已吹哨",
    UnitStatus.REPORTED: "已报到",
    UnitStatus.LATE: "迟到报到",
    UnitStatus.ABSENT: "未报到",
    UnitStatus.EXCUSED: "未到先结",
}
UNIT_ACTION_LABELS = {
    UnitAction.REPORT: "报到",
    UnitAction.REPORT_LATE: "报到",
    UnitAction.RUN_OUT: "记为未报到",
    UnitAction.EXCUSE: "免于报到",
    UnitAction.LEAVE: "撤离",
}

WHISTLE_TRANSITIONS: dict[tuple[WhistleStatus, WhistleAction], WhistleStatus] = {
    (WhistleStatus.OPEN, WhistleAction.PROPOSE): WhistleStatus.PROPOSED,
    (WhistleStatus.PROPOSED, WhistleAction.VETO): WhistleStatus.OPEN,
    (WhistleStatus.OPEN, WhistleAction.CLOSE): WhistleStatus.CLOSED,
    (WhistleStatus.PROPOSED, WhistleAction.CLOSE): WhistleStatus.CLOSED,
}
UNIT_TRANSITIONS: dict[tuple[UnitStatus, UnitAction], UnitStatus] = {
    (UnitStatus.CALLED, UnitAction.REPORT): UnitStatus.REPORTED,
    (UnitStatus.CALLED, UnitAction.REPORT_LATE): UnitStatus.LATE,
    (UnitStatus.CALLED, UnitAction.RUN_OUT): UnitStatus.ABSENT,
    (UnitStatus.ABSENT, UnitAction.REPORT_LATE): UnitStatus.LATE,
    (UnitStatus.CALLED, UnitAction.EXCUSE): UnitStatus.EXCUSED,
}
PRESENT = frozenset({UnitStatus.REPORTED, UnitStatus.LATE})
UNFINISHED_WHISTLES = frozenset({WhistleStatus.OPEN, WhistleStatus.PROPOSED})
