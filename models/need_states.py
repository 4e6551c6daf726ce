"""Where a need can stand, what may be done to it there, and where that leads: one table, from which the drawing is made too."""

from enum import StrEnum


class NeedStatus(StrEnum):
    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    EVALUATED = "evaluated"
    UNMATCHED = "unmatched"
    BY_HAND = "by_hand"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    MERGED = "merged"


NEED_STATUS_LABELS = {
    NeedStatus.OPEN: "待派单",
    NeedStatus.OFFERED: "已派单",
    NeedStatus.ACCEPTED: "已接单",
    NeedStatus.IN_PROGRESS: "服务中",
    NeedStatus.COMPLETED: "已完成",
    NeedStatus.CONFIRMED: "已确认",
    NeedStatus.EVALUATED: "已评价",
    NeedStatus.UNMATCHED: "无人可派",
    NeedStatus.BY_HAND: "人工办理",
    NeedStatus.SUSPENDED: "已挂起",
    NeedStatus.CANCELLED: "已撤销",
    NeedStatus.MERGED: "已合并",
}


class NeedAction(StrEnum):
    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    HAND_BACK = "hand_back"
    START = "start"
    COMPLETE = "complete"
    CONFIRM = "confirm"
    EVALUATE = "evaluate"
    REOPEN = "reopen"
    UNMATCH = "unmatch"
    TAKE_OVER = "take_over"
    HANDLE = "handle"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    CORRECT = "correct"
    MERGE = "merge"
    TAKE_IN = "take_in"
    UNMERGE = "unmerge"


NEED_ACTION_LABELS = {
    NeedAction.OFFER: "派单",
    NeedAction.ACCEPT: "接单",
    NeedAction.DECLINE: "拒单",
    NeedAction.EXPIRE: "逾期",
    NeedAction.WITHDRAW: "撤回",
    NeedAction.HAND_BACK: "退单",
    NeedAction.START: "开始服务",
    NeedAction.COMPLETE: "完成",
    NeedAction.CONFIRM: "确认",
    NeedAction.EVALUATE: "评价",
    NeedAction.REOPEN: "重办",
    NeedAction.UNMATCH: "记为无人可派",
    NeedAction.TAKE_OVER: "转人工办理",
    NeedAction.HANDLE: "人工办结",
    NeedAction.SUSPEND: "挂起",
    NeedAction.RESUME: "恢复",
    NeedAction.CANCEL: "撤销",
    NeedAction.CORRECT: "更正理解",
    NeedAction.MERGE: "合并到别的需求",
    NeedAction.TAKE_IN: "并入别的需求",
    NeedAction.UNMERGE: "撤销合并",
}

Statuses = frozenset[NeedStatus]


def _leads(text: str) -> dict[NeedStatus, Statuses]:
    """`from: to to, from: to` as statuses."""
    pairs = (each.split(":") for each in text.split(","))
    return {NeedStatus(start.strip()): frozenset(NeedStatus(end) for end in ends.split()) for start, ends in pairs}


# Which of several it is follows from the tallies: see Need.settled. A test walks all needs of up to three people and finds
# every one of these ways and no other.
NEED_TRANSITIONS: dict[NeedAction, dict[NeedStatus, Statuses]] = {
    NeedAction.OFFER: _leads(
        "open: offered, offered: offered, unmatched: offered, by_hand: offered, in_progress: in_progress, completed: in_progress"
    ),
    NeedAction.ACCEPT: _leads("offered: open offered accepted by_hand, in_progress: in_progress"),
    NeedAction.DECLINE: _leads("offered: open offered by_hand, in_progress: in_progress completed, suspended: suspended"),
    NeedAction.EXPIRE: _leads("offered: open offered by_hand, in_progress: in_progress completed"),
    NeedAction.WITHDRAW: _leads(
        "open: open, offered: open offered by_hand, accepted: open by_hand, unmatched: unmatched, by_hand: by_hand, "
        "in_progress: open offered by_hand unmatched in_progress completed, suspended: suspended"
    ),
    NeedAction.HAND_BACK: _leads(
        "open: open, offered: offered, accepted: open by_hand, unmatched: unmatched, by_hand: by_hand, "
        "in_progress: open offered by_hand unmatched in_progress completed, suspended: suspended"
    ),
    NeedAction.START: _leads(
        "open: in_progress, offered: in_progress, accepted: in_progress, unmatched: in_progress, by_hand: in_progress, "
        "in_progress: in_progress"
    ),
    NeedAction.COMPLETE: _leads("in_progress: in_progress completed"),
    NeedAction.CONFIRM: _leads("completed: confirmed"),
    NeedAction.EVALUATE: _leads("completed: evaluated, confirmed: evaluated"),
    NeedAction.REOPEN: _leads("completed: open by_hand, confirmed: open by_hand, evaluated: open by_hand"),
    NeedAction.UNMATCH: _leads("open: unmatched, unmatched: unmatched, by_hand: by_hand, in_progress: in_progress"),
    NeedAction.TAKE_OVER: _leads("open: by_hand, unmatched: by_hand, by_hand: by_hand, in_progress: in_progress"),
    NeedAction.HANDLE: _leads("open: completed, unmatched: completed, by_hand: completed"),
    NeedAction.SUSPEND: _leads(
        "open: suspended, offered: suspended, accepted: suspended, in_progress: suspended, unmatched: suspended, "
        "by_hand: suspended"
    ),
    NeedAction.RESUME: _leads("suspended: open offered accepted in_progress completed unmatched by_hand"),
    NeedAction.CANCEL: _leads(
        "open: cancelled, offered: cancelled, accepted: cancelled, in_progress: cancelled, unmatched: cancelled, "
        "by_hand: cancelled, suspended: cancelled"
    ),
    NeedAction.CORRECT: _leads(
        "open: open accepted, offered: offered accepted, accepted: accepted open by_hand, in_progress: in_progress completed, "
        "completed: completed, unmatched: unmatched open accepted, by_hand: by_hand accepted, suspended: suspended"
    ),
    NeedAction.MERGE: _leads("open: merged, unmatched: merged, by_hand: merged"),
    NeedAction.TAKE_IN: _leads(
        "open: open, offered: offered, accepted: accepted, in_progress: in_progress, unmatched: unmatched, by_hand: by_hand, "
        "suspended: suspended"
    ),
    NeedAction.UNMERGE: _leads("merged: open"),
}

# Nothing counts any more: the status is what it was said to be.
FINAL = frozenset({NeedStatus.EVALUATED, NeedStatus.CANCELLED, NeedStatus.MERGED})
# Nothing more is to be done for these; what becomes of a merged one is decided by the need it was merged into.
FINISHED_NEEDS = FINAL | {NeedStatus.COMPLETED, NeedStatus.CONFIRMED}
UNFINISHED_NEEDS = frozenset(NeedStatus) - FINISHED_NEEDS
# What those who dispatch still look at.
ON_THE_DESK = UNFINISHED_NEEDS | {NeedStatus.COMPLETED}
# Nobody is on it and nobody was asked: these rot unless a timer or an owner looks after them.
WAITING = frozenset({NeedStatus.OPEN, NeedStatus.UNMATCHED, NeedStatus.BY_HAND})
