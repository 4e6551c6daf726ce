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

    `due` asks for what is nearly due or overdue at `at`: what is due first comes first.
    """

    region: str | None = None
    status: NeedStatus | None = None
    service: str | None = None
    posted_by: str | None = None
    review: bool = False
    ids: tuple[str, ...] | None = None
    due: DueState | None = None
    at: datetime | None = None

    @property
    def place(self) -> str:
        """Which of a listed thing's names its page is continued from."""
        if self.due is not None:
            return "need.place_in_due"
        return "need.place_in_review" if self.review else "need.id"


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
