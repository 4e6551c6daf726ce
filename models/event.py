"""Who did what, when and why: append-only, written in the transaction of the change it tells of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.account import Principal
from models.vocabulary import Role

ACTION_LABELS = {
    "need.posted": "点单",
    "need.dispatched": "开始派单",
    "need.unmatched": "无人可派",
    "need.taken_over": "转人工办理",
    "need.handled": "人工办结",
    "need.confirmed": "确认完成",
    "need.evaluated": "评价",
    "need.amended": "改了点单内容",
    "need.corrected": "更正理解",
    "need.verified": "核对理解无误",
    "need.merged": "合并到另一条需求",
    "need.absorbed": "并入一条重复的需求",
    "need.unmerged": "撤销合并",
    "need.released": "移出一条并入的需求",
    "need.split": "拆出另一条需求",
    "need.reopened": "重办",
    "need.suspended": "挂起",
    "need.resumed": "恢复",
    "need.cancelled": "撤销",
    "need.overdue": "超时",
    "need.escalated": "升级",
    "need.department_called": "转职能部门",
    "order.offered": "派单",
    "order.applied": "报名",
    "order.accepted": "接单",
    "order.declined": "拒单",
    "order.expired": "逾期未接",
    "order.filled": "已由他人接单",
    "order.withdrawn": "撤回",
    "order.started": "开始服务",
    "order.handed_back": "退单",
    "order.completed": "完成",
    "order.confirmed": "确认",
    "order.contacted": "已联系居民",
    "order.overdue": "工单超时",
    "provider.created": "登记",
    "provider.changed": "修改资料",
    "provider.deleted": "删除资料",
    "plan.proposed": "拟定统筹方案",
    "plan.applied": "按统筹方案派单",
    "whistle.called": "吹哨",
    "whistle.reported": "报到",
    "whistle.late": "迟到报到",
    "whistle.absent": "未按时报到",
    "whistle.proposed": "申请办结",
    "whistle.vetoed": "否决办结",
    "whistle.closed": "吹哨办结",
    "registration.added": "双报到登记",
    "registration.removed": "取消双报到登记",
    "squad.created": "组建队伍",
    "squad.changed": "修改队伍",
    "squad.deleted": "解散队伍",
    "weights.changed": "修改权重",
    "timetable.changed": "修改办理时限",
    "catalogue.added": "新增事项",
    "catalogue.changed": "修改事项",
    "model.proposed": "新增理解模型",
    "model.used": "启用理解模型",
    "account.added": "新建账号",
    "account.shut": "停用账号",
    "account.opened": "重新启用账号",
    "account.password_set": "换新密码",
    "account.signed_out": "让账号退出登录",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """`subject` is what changed, as `kind:id`; `on_behalf_of` names the provider an overseer acted for; `region` is where the need or
    the whistle lies, None for what lies in no region and for what was written before regions were."""

    id: str
    action: str
    at: datetime
    by: str
    by_role: Role
    by_name: str
    subject: str
    need_id: str | None = None
    order_id: str | None = None
    on_behalf_of: str | None = None
    region: str | None = None
    why: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trace:
    """That an event was written: of what and where, without names and words."""

    action: str
    subject: str
    need_id: str | None = None
    order_id: str | None = None
    on_behalf_of: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What is None or empty is not asked for; `by_names` are whole names, any of them; `from_at` counts, `to_at` no more."""

    by_names: tuple[str, ...] = ()
    action: str | None = None
    need_id: str | None = None
    from_at: datetime | None = None
    to_at: datetime | None = None

    @classmethod
    def asked(cls, query: Mapping[str, Any]) -> "EventFilter":
        return cls((query["by"],) if query["by"] else (), query["action"], query["need"], query["from_at"], query["to_at"])


def event_of(
    who: Principal,
    action: str,
    at: datetime,
    subject: str,
    *,
    id: str,
    need_id: str | None = None,
    order_id: str | None = None,
    on_behalf_of: str | None = None,
    region: str | None = None,
    why: str = "",
    facts: Mapping[str, Any] | None = None,
) -> Event:
    return Event(
        id=id,
        action=action,
        at=at,
        by=who.account_id,
        by_role=who.role,
        by_name=who.name,
        subject=subject,
        need_id=need_id,
        order_id=order_id,
        on_behalf_of=on_behalf_of,
        region=region,
        why=why,
        facts=facts or {},
    )
