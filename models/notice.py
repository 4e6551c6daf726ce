"""通知: what somebody is told, written in the transaction of the change it tells of."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.account import ProviderRef

URGENT = 4
MOST_IN_DIGEST = 50


class RecipientKind(StrEnum):
    ACCOUNT = "account"
    PROVIDER = "provider"
    OVERSEERS = "overseers"


@dataclass(frozen=True, slots=True)
class Recipient:
    """`key` is an account's id, a provider as `kind:id`, or a region's code.

    A region stands for the accounts that oversee the smallest region around it which has any.
    """

    kind: RecipientKind
    key: str


def to_account(account_id: str) -> Recipient:
    return Recipient(RecipientKind.ACCOUNT, account_id)


def to_provider(ref: ProviderRef) -> Recipient:
    return Recipient(RecipientKind.PROVIDER, str(ref))


def to_overseers(region: str) -> Recipient:
    return Recipient(RecipientKind.OVERSEERS, region)


class NoticeKind(StrEnum):
    POSTED = "need.posted"
    BY_HAND = "need.by_hand"
    REOPENED = "need.reopened"
    EVALUATED = "need.evaluated"
    CANCELLED = "need.cancelled"
    NEAR_DUE = "need.near_due"
    OVERDUE = "need.overdue"
    ESCALATED = "need.escalated"
    OFFERED = "order.offered"
    ACCEPTED = "order.accepted"
    DECLINED = "order.declined"
    EXPIRED = "order.expired"
    HANDED_BACK = "order.handed_back"
    WITHDRAWN = "order.withdrawn"
    FILLED = "order.filled"
    STARTED = "order.started"
    COMPLETED = "order.completed"
    CONFIRMED = "order.confirmed"
    WHISTLED = "whistle.called"
    REPORTED_IN = "whistle.reported"
    ABSENT = "whistle.absent"
    CLOSING_PROPOSED = "whistle.proposed"
    CLOSING_VETOED = "whistle.vetoed"
    WHISTLE_CLOSED = "whistle.closed"
    WEBHOOK_DISABLED = "webhook.disabled"
    DIGEST = "digest"
    OTHER = "other"

    @property
    def label(self) -> str:
        return NOTICE_LABELS[self]


NOTICE_LABELS: dict[str, str] = {
    NoticeKind.POSTED: "新需求",
    NoticeKind.BY_HAND: "转人工办理",
    NoticeKind.REOPENED: "需求重办",
    NoticeKind.EVALUATED: "收到评价",
    NoticeKind.CANCELLED: "需求已撤销",
    NoticeKind.NEAR_DUE: "快到时限",
    NoticeKind.OVERDUE: "已超时限",
    NoticeKind.ESCALATED: "升级督办",
    NoticeKind.OFFERED: "新工单",
    NoticeKind.ACCEPTED: "已接单",
    NoticeKind.DECLINED: "拒单",
    NoticeKind.EXPIRED: "逾期未接",
    NoticeKind.HANDED_BACK: "退单",
    NoticeKind.WITHDRAWN: "派单已撤回",
    NoticeKind.FILLED: "已由他人接单",
    NoticeKind.STARTED: "开始服务",
    NoticeKind.COMPLETED: "服务完成",
    NoticeKind.CONFIRMED: "完成已确认",
    NoticeKind.WHISTLED: "吹哨",
    NoticeKind.REPORTED_IN: "单位报到",
    NoticeKind.ABSENT: "单位未报到",
    NoticeKind.CLOSING_PROPOSED: "申请办结",
    NoticeKind.CLOSING_VETOED: "办结被否决",
    NoticeKind.WHISTLE_CLOSED: "吹哨办结",
    NoticeKind.WEBHOOK_DISABLED: "webhook 已停用",
    NoticeKind.DIGEST: "夜间通知汇总",
    NoticeKind.OTHER: "通知",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A row of the outbox. `text` says who, where and when; `urgency` is the need's, and 4 passes the quiet hours."""

    id: str
    at: datetime
    recipient: Recipient
    kind: NoticeKind
    title: str
    text: str
    need_id: str | None = None
    order_id: str | None = None
    whistle_id: str | None = None
    urgency: int = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A notice in an account's inbox. `seq` counts the account's notices from 1 in the order in which they were committed,
    without gaps: who has seen n has missed nothing up to n."""

    id: str
    account_id: str
    seq: int
    at: datetime
    kind: NoticeKind
    title: str
    text: str
    need_id: str | None = None
    order_id: str | None = None
    whistle_id: str | None = None
    urgency: int = 2
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for the end of somebody's quiet hours."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row that this worker may deliver until `until`; the instant is also its proof that nobody else has claimed it since."""

    notice: Notice
    attempts: int
    until: datetime
    held: tuple[Held, ...] = ()

    def as_told(self) -> Notice:
        """The notice; of a digest's row, the digest of what was held."""
        if self.notice.kind != NoticeKind.DIGEST:
            return self.notice
        lines = [f"{place}. {each.text}" for place, each in enumerate(self.held[:MOST_IN_DIGEST], 1)]
        more = len(self.held) - len(lines)
        end = [f"另有 {more} 条，请看需求和工单列表。"] if more else []
        text = "\n".join([f"静默时段里有 {len(self.held)} 条通知：", *lines, *end])
        return replace(self.notice, title=f"{self.notice.title}（{len(self.held)} 条）", text=text)


def digest_of(account_id: str, until: datetime) -> Notice:
    """The still empty digest of one account and one morning; its id is made of both."""
    return Notice(
        id=f"digest:{account_id}:{until:%Y%m%d%H%M}",
        at=until,
        recipient=to_account(account_id),
        kind=NoticeKind.DIGEST,
        title=NoticeKind.DIGEST.label,
        text="",
    )
