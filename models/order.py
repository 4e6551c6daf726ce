"""工单: the offer of one need to one provider, and what became of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from models.account import ProviderRef
from models.clock import Deadline, Due, Stage, with_met
from models.dispatching import Mode
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.provider import ProviderSummary


class OrderStatus(StrEnum):
    OFFERED = "offered"
    APPLIED = "applied"
    ACCEPTED = "accepted"
    STARTED = "started"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    HANDED_BACK = "handed_back"
    WITHDRAWN = "withdrawn"
    FILLED = "filled"


ORDER_STATUS_LABELS = {
    OrderStatus.OFFERED: "待接单",
    OrderStatus.APPLIED: "已报名",
    OrderStatus.ACCEPTED: "已接单",
    OrderStatus.STARTED: "服务中",
    OrderStatus.COMPLETED: "已完成",
    OrderStatus.CONFIRMED: "已确认",
    OrderStatus.DECLINED: "已拒单",
    OrderStatus.EXPIRED: "逾期未接",
    OrderStatus.HANDED_BACK: "已退单",
    OrderStatus.WITHDRAWN: "已撤回",
    OrderStatus.FILLED: "已由他人接单",
}


class OrderAction(StrEnum):
    APPLY = "apply"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    FILL = "fill"
    WITHDRAW = "withdraw"
    START = "start"
    HAND_BACK = "hand_back"
    COMPLETE = "complete"
    CONFIRM = "confirm"


ORDER_ACTION_LABELS = {
    OrderAction.APPLY: "报名",
    OrderAction.ACCEPT: "接单",
    OrderAction.DECLINE: "拒单",
    OrderAction.EXPIRE: "到期",
    OrderAction.FILL: "关闭",
    OrderAction.WITHDRAW: "撤回",
    OrderAction.START: "开始服务",
    OrderAction.HAND_BACK: "退单",
    OrderAction.COMPLETE: "完成",
    OrderAction.CONFIRM: "确认",
}

ORDER_TRANSITIONS: dict[tuple[OrderStatus, OrderAction], OrderStatus] = {
    (OrderStatus.OFFERED, OrderAction.APPLY): OrderStatus.APPLIED,
    (OrderStatus.OFFERED, OrderAction.ACCEPT): OrderStatus.ACCEPTED,
    (OrderStatus.OFFERED, OrderAction.DECLINE): OrderStatus.DECLINED,
    (OrderStatus.OFFERED, OrderAction.EXPIRE): OrderStatus.EXPIRED,
    (OrderStatus.OFFERED, OrderAction.FILL): OrderStatus.FILLED,
    (OrderStatus.OFFERED, OrderAction.WITHDRAW): OrderStatus.WITHDRAWN,
    (OrderStatus.APPLIED, OrderAction.ACCEPT): OrderStatus.ACCEPTED,
    (OrderStatus.APPLIED, OrderAction.DECLINE): OrderStatus.DECLINED,
    (OrderStatus.APPLIED, OrderAction.FILL): OrderStatus.FILLED,
    (OrderStatus.APPLIED, OrderAction.WITHDRAW): OrderStatus.WITHDRAWN,
    (OrderStatus.ACCEPTED, OrderAction.START): OrderStatus.STARTED,
    (OrderStatus.ACCEPTED, OrderAction.HAND_BACK): OrderStatus.HANDED_BACK,
    (OrderStatus.ACCEPTED, OrderAction.WITHDRAW): OrderStatus.WITHDRAWN,
    (OrderStatus.STARTED, OrderAction.COMPLETE): OrderStatus.COMPLETED,
    (OrderStatus.STARTED, OrderAction.HAND_BACK): OrderStatus.HANDED_BACK,
    (OrderStatus.STARTED, OrderAction.WITHDRAW): OrderStatus.WITHDRAWN,
    (OrderStatus.COMPLETED, OrderAction.CONFIRM): OrderStatus.CONFIRMED,
}

# Waiting for an answer, from the provider or, once they applied, from the close of applications.
PENDING = frozenset({OrderStatus.OFFERED, OrderStatus.APPLIED})
# On the provider's hands: these are their load.
IN_HAND = frozenset({OrderStatus.ACCEPTED, OrderStatus.STARTED})
# Those whose provider serves this resident and so knows whom to ring.
SERVING = IN_HAND | {OrderStatus.COMPLETED, OrderStatus.CONFIRMED}
UNFINISHED = PENDING | IN_HAND
# What the provider said in time.
ANSWERED = frozenset({OrderStatus.APPLIED, OrderStatus.ACCEPTED, OrderStatus.DECLINED})

# Nobody is credited with more for one order: a forgotten "complete" is not a day of service.
MOST_SERVICE_MINUTES = 8 * 60


class DeclineReason(StrEnum):
    NO_TIME = "no_time"
    TOO_FAR = "too_far"
    CANNOT_DO = "cannot_do"
    UNWELL = "unwell"
    AWAY = "away"
    OTHER = "other"


DECLINE_REASON_LABELS = {
    DeclineReason.NO_TIME: "没有时间",
    DeclineReason.TOO_FAR: "距离太远",
    DeclineReason.CANNOT_DO: "不会做",
    DeclineReason.UNWELL: "身体不适",
    DeclineReason.AWAY: "已外出",
    DeclineReason.OTHER: "其他",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """`round` and `service`, the likeliest item, are the need's at the time of the offer; `place` a Place or a team role's name, empty
    where one person comes.

    `due` holds the clocks of signing, which ends with `expires_at`, and of contacting the resident, which work that begins meets.
    `stands_in_for` names, as `kind:id`, the absent provider whose substitute this is. `service_minutes` is known once confirmed.
    """

    id: str
    need_id: str
    region: str
    provider: ProviderSummary
    status: OrderStatus = OrderStatus.OFFERED
    mode: Mode = Mode.DIRECT
    round: int = 1
    service: str | None = None
    place: str = ""
    stands_in_for: str | None = None
    note: str = ""
    reason: str = ""
    decline_reason: DeclineReason | None = None
    summary: str = ""
    due: Due = field(default_factory=dict)
    service_minutes: int | None = None
    revision: int = 1
    offered_at: datetime
    offered_by: str
    changed_at: datetime
    expires_at: datetime | None = None
    applied_at: datetime | None = None
    accepted_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    confirmed_at: datetime | None = None

    def after(self, action: OrderAction, at: datetime) -> "Order":
        """The order one step on; raises with the present status where the table knows no such step."""
        status = ORDER_TRANSITIONS.get((self.status, action))
        if status is None:
            if action in (OrderAction.ACCEPT, OrderAction.APPLY) and self.status == OrderStatus.FILLED:
                raise PlacesTakenError("这一单已被他人接走", present_status=self.status)
            raise TransitionNotAllowedError(
                f"工单目前是“{ORDER_STATUS_LABELS[self.status]}”，不能{ORDER_ACTION_LABELS[action]}", present_status=self.status
            )
        return replace(
            self,
            status=status,
            revision=self.revision + 1,
            changed_at=at,
            applied_at=at if status == OrderStatus.APPLIED else self.applied_at,
            accepted_at=at if status == OrderStatus.ACCEPTED else self.accepted_at,
            started_at=at if status == OrderStatus.STARTED else self.started_at,
            completed_at=at if status == OrderStatus.COMPLETED else self.completed_at,
            confirmed_at=at if status == OrderStatus.CONFIRMED else self.confirmed_at,
            due=self._due_after(status, at),
            service_minutes=self.minutes_served if status == OrderStatus.CONFIRMED else self.service_minutes,
        )

    def _due_after(self, status: OrderStatus, at: datetime) -> Due:
        signed = with_met(self.due, Stage.SIGN, at) if status in ANSWERED else self.due
        return with_met(signed, Stage.CONTACT, at) if status == OrderStatus.STARTED else signed

    def contacted(self, at: datetime) -> "Order":
        """The provider has spoken with the resident. Said again it changes nothing; work that has begun says it by itself."""
        if self.status not in IN_HAND:
            raise TransitionNotAllowedError(
                f"工单目前是“{ORDER_STATUS_LABELS[self.status]}”，不能登记已联系", present_status=self.status
            )
        due = with_met(self.due, Stage.CONTACT, at)
        return self if due == self.due else replace(self, due=due, revision=self.revision + 1, changed_at=at)

    def with_clock(self, stage: Stage, deadline: Deadline) -> "Order":
        return replace(self, due={**self.due, stage: deadline})

    @property
    def serves(self) -> bool:
        return self.status in SERVING

    @property
    def minutes_served(self) -> int:
        """Whole minutes from start to completion, at most MOST_SERVICE_MINUTES."""
        if self.started_at is None or self.completed_at is None:
            return 0
        return min(MOST_SERVICE_MINUTES, max(0, (self.completed_at - self.started_at) // timedelta(minutes=1)))


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """`among` asks for any of several statuses."""

    provider: ProviderRef | None = None
    need_id: str | None = None
    region: str | None = None
    status: OrderStatus | None = None
    among: frozenset[OrderStatus] | None = None
