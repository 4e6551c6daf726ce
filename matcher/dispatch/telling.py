"""What each change says to whom. Pure: every function gives the notices to hand to `unit.outbox.add` in the change's transaction.

A text says who, where and when. The resident's name, telephone and address stand only in what the provider who accepted is told.
"""

from collections.abc import Iterable
from datetime import datetime

from matcher.dispatch.context import Context
from matcher.understanding.masking import masked
from models.need import Need
from models.need_number import spoken
from models.notice import Notice, NoticeKind, Recipient, RecipientKind, to_account, to_overseers, to_provider
from models.order import Order
from models.provider import Contact
from models.schedule import LOCAL, Window
from models.vocabulary import URGENCY_LABELS

Notices = tuple[Notice, ...]
LONGEST_WORDS = 60


def tell_posted(context: Context, need: Need) -> Notices:
    """To those who dispatch in the need's region."""
    return (_about(context, need, to_overseers(need.region), NoticeKind.POSTED, f"{_gist(context, need)}，等待派单。"),)


def tell_offered(context: Context, order: Order, need: Need) -> Notices:
    """To the provider, without a word about who the resident is."""
    note = f"社区留言：{order.note}。" if order.note else ""
    text = f"{_gist(context, need, private=True)}。{note}请接单或拒单。"
    return (_about(context, need, to_provider(order.provider.ref), NoticeKind.OFFERED, text, order),)


def tell_accepted(context: Context, order: Order, need: Need) -> Notices:
    """To the provider with whom to ring; to the resident with who is coming."""
    mine = f"您已接单：{_gist(context, need)}。联系：{_contact(need.contact)}。"
    theirs = f"{order.provider.name}已接单：{_gist(context, need)}。"
    return (
        _about(context, need, to_provider(order.provider.ref), NoticeKind.ACCEPTED, mine, order),
        _about(context, need, to_account(need.posted_by), NoticeKind.ACCEPTED, theirs, order),
    )


def tell_declined(context: Context, order: Order, need: Need) -> Notices:
    """To those who dispatch; so for an offer that ran out and a taken order that was handed back."""
    return _to_dispatchers(context, order, need, NoticeKind.DECLINED, "拒单")


def tell_expired(context: Context, order: Order, need: Need) -> Notices:
    """To those who dispatch, and to the provider whose time has run out."""
    mine = f"您没有按时答复：{_gist(context, need, private=True)}。这张工单已关闭。"
    return (
        *_to_dispatchers(context, order, need, NoticeKind.EXPIRED, "没有按时答复"),
        _about(context, need, to_provider(order.provider.ref), NoticeKind.EXPIRED, mine, order),
    )


def tell_handed_back(context: Context, order: Order, need: Need) -> Notices:
    """To those who dispatch, and to the resident who was promised somebody."""
    theirs = f"{order.provider.name}不能来了：{_gist(context, need)}。社区会另行安排。"
    return (
        *_to_dispatchers(context, order, need, NoticeKind.HANDED_BACK, "退单"),
        _about(context, need, to_account(need.posted_by), NoticeKind.HANDED_BACK, theirs, order),
    )


def tell_withdrawn(context: Context, order: Order, need: Need) -> Notices:
    """To the provider whose offer or order is no more, because the community or the resident took it back."""
    text = f"派单已撤回，不用再去：{_gist(context, need, private=True)}。"
    return (_about(context, need, to_provider(order.provider.ref), NoticeKind.WITHDRAWN, text, order),)


def tell_filled(context: Context, order: Order, need: Need) -> Notices:
    """Once, to a provider who was asked and not chosen."""
    text = f"已由他人接单，谢谢您：{_gist(context, need, private=True)}。"
    return (_about(context, need, to_provider(order.provider.ref), NoticeKind.FILLED, text, order),)


def tell_started(context: Context, order: Order, need: Need) -> Notices:
    """To the resident."""
    text = f"{order.provider.name}已开始服务：{_gist(context, need)}。"
    return (_about(context, need, to_account(need.posted_by), NoticeKind.STARTED, text, order),)


def tell_completed(context: Context, order: Order, need: Need) -> Notices:
    """To the resident, who judges it."""
    summary = f"情况：{order.summary}。" if order.summary else ""
    text = f"{order.provider.name}已完成：{_gist(context, need)}。{summary}请确认并评价。"
    return (_about(context, need, to_account(need.posted_by), NoticeKind.COMPLETED, text, order),)


def tell_confirmed(context: Context, order: Order, need: Need) -> Notices:
    """To the provider, whose work counts from now on."""
    text = f"您的服务已得到确认：{_gist(context, need)}。"
    return (_about(context, need, to_provider(order.provider.ref), NoticeKind.CONFIRMED, text, order),)


def tell_evaluated(context: Context, order: Order, need: Need) -> Notices:
    """To a provider who served."""
    score = f"得分 {need.evaluation.score}（满分 5）。" if need.evaluation else ""
    text = f"居民评价了您的服务：{_gist(context, need)}。{score}"
    return (_about(context, need, to_provider(order.provider.ref), NoticeKind.EVALUATED, text, order),)


def tell_cancelled(context: Context, need: Need) -> Notices:
    """To those who dispatch; the providers are told by `tell_withdrawn`."""
    return (_about(context, need, to_overseers(need.region), NoticeKind.CANCELLED, f"需求已撤销：{_gist(context, need)}。"),)


def tell_reopened(context: Context, need: Need, why: str) -> Notices:
    """To those who dispatch."""
    text = f"需求要求重办（{why}）：{_gist(context, need)}。"
    return (_about(context, need, to_overseers(need.region), NoticeKind.REOPENED, text),)


def tell_merged(context: Context, need: Need) -> Notices:
    """To the resident of a need that was merged into another."""
    text = f"您的需求与另一条说的是同一件事，已合并办理：{_gist(context, need)}。进展可在需求里查看。"
    return (_about(context, need, to_account(need.posted_by), NoticeKind.OTHER, text),)


def tell_unmerged(context: Context, need: Need) -> Notices:
    """To the resident of a need that is worked on by itself again."""
    text = f"您的需求已改为单独办理：{_gist(context, need)}。"
    return (_about(context, need, to_account(need.posted_by), NoticeKind.OTHER, text),)


def tell_follower(context: Context, need: Need) -> Notices:
    """To the resident of a merged need, once the need that it was merged into is done."""
    text = f"合并办理的需求已完成：{_gist(context, need)}。"
    return (_about(context, need, to_account(need.posted_by), NoticeKind.COMPLETED, text),)


def tell_by_hand(context: Context, need: Need, region: str, why: str) -> Notices:
    """To the overseers of `region`, who are to see to it themselves."""
    text = f"需要人工办理（{why}）：{_gist(context, need)}。"
    return (_about(context, need, to_overseers(region), NoticeKind.BY_HAND, text),)


def tell_near_due(context: Context, need: Need, what: str, order: Order | None, *recipients: Recipient) -> Notices:
    """Once for each clock, to those who can still keep it; `order` is the one whose clock it is."""
    return _of_clock(context, need, NoticeKind.NEAR_DUE, what, order, recipients)


def tell_overdue(context: Context, need: Need, what: str, order: Order | None, *recipients: Recipient) -> Notices:
    """To those who were responsible."""
    return _of_clock(context, need, NoticeKind.OVERDUE, what, order, recipients)


def _of_clock(
    context: Context, need: Need, kind: NoticeKind, what: str, order: Order | None, recipients: Iterable[Recipient]
) -> Notices:
    """A provider may not have answered yet: they read the words as in the offer."""
    return tuple(
        _about(context, need, each, kind, f"{what}：{_gist(context, need, private=each.kind == RecipientKind.PROVIDER)}。", order)
        for each in recipients
    )


def tell_escalated(context: Context, need: Need, region: str, why: str) -> Notices:
    """To the overseers of the level that is called; empty: the administrators."""
    text = f"{why}，请督办：{_gist(context, need)}。"
    return (_about(context, need, to_overseers(region), NoticeKind.ESCALATED, text),)


def _to_dispatchers(context: Context, order: Order, need: Need, kind: NoticeKind, did: str) -> Notices:
    reason = f"（{order.reason}）" if order.reason else ""
    text = f"{order.provider.name}{did}{reason}：{_gist(context, need)}。"
    return (_about(context, need, to_overseers(need.region), kind, text, order),)


def _about(context: Context, need: Need, recipient: Recipient, kind: NoticeKind, text: str, order: Order | None = None) -> Notice:
    return Notice(
        id=context.store.new_id(),
        at=context.now(),
        recipient=recipient,
        kind=kind,
        title=f"{kind.label}：{_service(context, need)}",
        text=text,
        need_id=need.id,
        order_id=order.id if order else None,
        urgency=need.urgency,
    )


def _service(context: Context, need: Need) -> str:
    services = need.understanding.services
    return context.catalogue.name_of(services[0].code) if services else "待定事项"


def _gist(context: Context, need: Need, *, private: bool = False) -> str:
    """Where, what, when, how urgent, and the number to ask by. `private` leaves out the telephone and door numbers and the resident's name
    that stand in the words: a text that is cut in the middle of a number is masked before."""
    text = masked(need.text, *need.contact.said) if private else need.text
    words = text if len(text) <= LONGEST_WORDS else text[: LONGEST_WORDS - 1] + "…"
    return (
        f"{context.regions.full_name(need.region)}，{_service(context, need)}“{words}”，"
        f"{when(need.window)}，{URGENCY_LABELS[need.urgency]}" + (f"，编号 {spoken(need.number)}" if need.number else "")
    )


def when(window: Window | None) -> str:
    """In the words of the civil clock."""
    if window is None:
        return "时间待约"
    start, end = window.from_at.astimezone(LOCAL), window.to_at.astimezone(LOCAL)
    return f"{_day(start)}{start:%H:%M}至{'' if start.date() == end.date() else _day(end)}{end:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.month}月{moment.day}日"


def _contact(contact: Contact) -> str:
    return "，".join(part for part in (contact.name, contact.phone, contact.address) if part) or "居民没有留下联系方式，请问社区"
