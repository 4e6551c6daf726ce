"""统筹: who should go where for many needs at once. Proposed first; only when applied are the offers made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from models.errors import TransitionNotAllowedError
from models.provider import ProviderSummary


class PlanStatus(StrEnum):
    PROPOSED = "proposed"
    APPLYING = "applying"
    APPLIED = "applied"


PLAN_STATUS_LABELS = {PlanStatus.PROPOSED: "待确认", PlanStatus.APPLYING: "正在派单", PlanStatus.APPLIED: "已派单"}


class Unmet(StrEnum):
    """Why a place stays empty."""

    NOBODY_ELIGIBLE = "nobody_eligible"
    NOBODY_FREE = "nobody_free"
    ALL_TAKEN = "all_taken"


UNMET_LABELS = {
    Unmet.NOBODY_ELIGIBLE: "没有符合条件的承接方",
    Unmet.NOBODY_FREE: "符合条件的承接方那段时间已另有安排",
    Unmet.ALL_TAKEN: "符合条件的承接方都派给了更合适的需求",
}


LEFT_OUT = "没有勾选"


@dataclass(frozen=True, slots=True)
class PlannedOffer:
    """`order_id` or `refused` say what became of it once the plan was applied: an order, or why there is none; LEFT_OUT is somebody's
    wish."""

    need_id: str
    provider: ProviderSummary
    score: float
    distance_km: float | None
    order_id: str | None = None
    refused: str = ""

    @property
    def is_settled(self) -> bool:
        return self.order_id is not None or bool(self.refused)

    @property
    def is_left_out(self) -> bool:
        return self.refused == LEFT_OUT


@dataclass(frozen=True, slots=True)
class UnmetNeed:
    """`places` stay empty; `excluded` counts who fell to which rule, `eligible` who did not."""

    need_id: str
    places: int
    why: Unmet
    eligible: int
    excluded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Summed scores: of the plan, the most that any plan can reach, of taking the best pair first, of serving who asked first."""

    total: float
    bound: float
    greedy: float
    first_come: float

    @property
    def gap(self) -> float:
        """The share by which the plan may fall short of the best; 0 where it is proven to be the best."""
        return max(0.0, self.bound - self.total) / self.bound if self.bound else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`weights` is the profile, with its version, that scored the pairs. `unreviewed` open needs of the region were not planned for:
    nobody has looked yet at what was understood of them. `began_at` is when its application first began."""

    id: str
    region: str
    status: PlanStatus = PlanStatus.PROPOSED
    needs: int
    offers: tuple[PlannedOffer, ...]
    unmet: tuple[UnmetNeed, ...]
    worth: Worth
    weights: str
    proposed_at: datetime
    proposed_by: str
    changed_at: datetime
    unreviewed: int = 0
    began_at: datetime | None = None
    revision: int = 1

    def applying(self, at: datetime, without: Collection[str]) -> "Plan":
        """`without`: needs for which nothing is offered. A plan whose application was cut off may be taken up again."""
        if self.status == PlanStatus.APPLIED:
            raise TransitionNotAllowedError("这个统筹方案已经派过单了", present_status=self.status)
        offers = tuple(
            replace(each, refused=LEFT_OUT) if each.need_id in without and not each.is_settled else each for each in self.offers
        )
        began_at = self.began_at or at
        return replace(
            self, status=PlanStatus.APPLYING, offers=offers, began_at=began_at, changed_at=at, revision=self.revision + 1
        )

    def applied(self, offers: tuple[PlannedOffer, ...], at: datetime) -> "Plan":
        return replace(self, status=PlanStatus.APPLIED, offers=offers, changed_at=at, revision=self.revision + 1)
