"""What is asked of the stored needs: which of them, and how many stand where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.need_states import NEED_ACTION_LABELS as NEED_ACTION_LABELS
from models.need_states import NEED_STATUS_LABELS as NEED_STATUS_LABELS
from models.need_states import NeedAction as NeedAction
from models.need_states import NeedStatus as NeedStatus


class DueState(StrEnum):
    NEAR = "near"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class NeedFilter:
    """`review` asks for what waits for a person to look at it: the most urgent first, and of those the oldest.

    `due` asks for what is nearly due or overdue at `at`: what is due first comes first. `urgent` asks for the most urgent first, and of
    those the newest; it needs a status or several `statuses`, all of ON_THE_DESK. `number` is the short one that people say.
    """

    region: str | None = None
    status: NeedStatus | None = None
    service: str | None = None
    posted_by: str | None = None
    review: bool = False
    ids: tuple[str, ...] | None = None
    due: DueState | None = None
    at: datetime | None = None
    statuses: frozenset[NeedStatus] = frozenset()
    urgent: bool = False
    number: str | None = None

    @property
    def place(self) -> str:
        """Which of a listed thing's names its page is continued from."""
        if self.due is not None:
            return "need.place_in_due"
        return "need.place_in_review" if self.review or self.urgent else "need.id"


@dataclass(frozen=True, slots=True)
class NeedCounts:
    """For the desk: how many needs of a region stand where. One need may be counted in several."""

    new: int
    unmatched: int
    by_hand: int
    offered: int
    in_hand: int
    suspended: int
    near_due: int
    overdue: int
    to_review: int
    to_confirm: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionCounts:
    """For who has several regions below: how many unfinished needs of one of them wait for somebody, are in hand, are late.

    `waiting` are those that nobody has taken on: open, unmatched, by hand. `providers` are those who live or are seated there.
    """

    region: str
    waiting: int = 0
    offered: int = 0
    in_hand: int = 0
    to_confirm: int = 0
    near_due: int = 0
    overdue: int = 0
    providers: int = 0
