"""工单: the offer of one need to one provider, and what became of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.account import ProviderRef
from models.errors import PlacesTakenError, TransitionNotAllowedError
from models.provider import ProviderSummary


class OrderStatus(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    STARTED = "started"
    COMPLETED = "completed"
    DECLINED = "declined"
    FILLED = "filled"


ORDER_STATUS_LABELS = {
    OrderStatus.OFFERED: "待接单",
    OrderStatus.ACCEPTED: "已接单",
    OrderStatus.STARTED: "服务中",
    OrderStatus.COMPLETED: "已完成",
    OrderStatus.DECLINED: "已拒单",
    OrderStatus.FILLED: "已由他人接单",
}


class OrderAction(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    START = "start"
    COMPLETE = "complete"
    FILL = "fill"


ORDER_ACTION_LABELS = {
    OrderAction.ACCEPT: "接单",
    OrderAction.DECLINE: "拒单",
    OrderAction.START: "开始服务",
    OrderAction.COMPLETE: "完成",
    OrderAction.FILL: "关闭",
}

ORDER_TRANSITIONS: dict[tuple[OrderStatus, OrderAction], OrderStatus] = {
    (OrderStatus.OFFERED, OrderAction.ACCEPT): OrderStatus.ACCEPTED,
    (OrderStatus.OFFERED, OrderAction.DECLINE): OrderStatus.DECLINED,
    (OrderStatus.OFFERED, OrderAction.FILL): OrderStatus.FILLED,
    (OrderStatus.ACCEPTED, OrderAction.START): OrderStatus.STARTED,
    (OrderStatus.STARTED, OrderAction.COMPLETE): OrderStatus.COMPLETED,
}

# Somebody still waits for what becomes of these.
UNFINISHED_ORDERS = frozenset({OrderStatus.OFFERED, OrderStatus.ACCEPTED, OrderStatus.STARTED})

# Those whose provider serves this resident and so knows whom to ring.
SERVING = frozenset({OrderStatus.ACCEPTED, OrderStatus.STARTED, OrderStatus.COMPLETED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    id: str
    need_id: str
    region: str
    provider: ProviderSummary
    status: OrderStatus = OrderStatus.OFFERED
    note: str = ""
    reason: str = ""
    summary: str = ""
    revision: int = 1
    offered_at: datetime
    offered_by: str
    changed_at: datetime
    accepted_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None

    def after(self, action: OrderAction, at: datetime) -> "Order":
        """The order one step on; raises with the present status where the table knows no such step."""
        status = ORDER_TRANSITIONS.get((self.status, action))
        if status is None:
            if action == OrderAction.ACCEPT and self.status == OrderStatus.FILLED:
                raise PlacesTakenError("这一单已被他人接走", present_status=self.status)
            raise TransitionNotAllowedError(
                f"工单目前是“{ORDER_STATUS_LABELS[self.status]}”，不能{ORDER_ACTION_LABELS[action]}", present_status=self.status
            )
        return replace(
            self,
            status=status,
            revision=self.revision + 1,
            changed_at=at,
            accepted_at=at if status == OrderStatus.ACCEPTED else self.accepted_at,
            started_at=at if status == OrderStatus.STARTED else self.started_at,
            completed_at=at if status == OrderStatus.COMPLETED else self.completed_at,
        )

    @property
    def serves(self) -> bool:
        return self.status in SERVING


@dataclass(frozen=True, slots=True)
class OrderFilter:
    provider: ProviderRef | None = None
    need_id: str | None = None
    region: str | None = None
    status: OrderStatus | None = None
