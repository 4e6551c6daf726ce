"""What each step of a whistle says to whom. A call, an absence and a veto are urgent: they pass the quiet hours."""

from collections.abc import Callable, Iterable

from matcher.dispatch.context import Context
from matcher.dispatch.telling import LONGEST_WORDS, Notices
from matcher.dispatch.whistle.sight import as_called
from models.account import SYSTEM, Principal
from models.called_unit import CalledUnit
from models.dispatching import next_owner_region
from models.notice import URGENT, Notice, NoticeKind, Recipient, RecipientKind, to_account, to_overseers, to_provider
from models.schedule import LOCAL
from models.whistle import Proposal, Veto, Whistle

USUAL = 2
Words = Callable[[Context, Whistle, CalledUnit], str]


def tell_called(context: Context, whistle: Whistle) -> Notices:
    """To every called unit, with its own time."""
    return tuple(_to_unit(context, whistle, each, NoticeKind.WHISTLED, _call, URGENT) for each in whistle.units)


def tell_reported(context: Context, whistle: Whistle, each: CalledUnit) -> Notices:
    """To the caller."""
    text = f"{each.unit.name}{'迟到' if each.reported_at and each.reported_at >= each.due_at else '已'}报到：{_gist(context, whistle)}。"
    return (_of(context, whistle, _caller(whistle), NoticeKind.REPORTED_IN, text, URGENT),)


def tell_absent(context: Context, whistle: Whistle, each: CalledUnit) -> Notices:
    """To the unit, to the caller, and to the level above the caller's."""
    theirs = f"{each.unit.name}没有在 {whistle.minutes} 分钟内报到：{_gist(context, whistle)}。"
    told = [_caller(whistle)]
    above = next_owner_region(whistle.region, whistle.caller_scope) if whistle.caller_scope else None
    if above is not None:
        told.append(to_overseers(above))
    return (
        _to_unit(context, whistle, each, NoticeKind.ABSENT, _missed, URGENT),
        *_each(context, whistle, told, NoticeKind.ABSENT, theirs, URGENT),
    )


def tell_proposed(context: Context, whistle: Whistle, proposal: Proposal) -> Notices:
    """To the caller, who confirms or vetoes."""
    text = f"{proposal.unit.name}申请办结：{_gist(context, whistle)}。情况：{proposal.summary}。请确认或否决。"
    return (_of(context, whistle, _caller(whistle), NoticeKind.CLOSING_PROPOSED, text, USUAL),)


def tell_vetoed(context: Context, whistle: Whistle, veto: Veto) -> Notices:
    """To all who came: they stay."""
    text = f"办结申请被否决（{veto.reason}），请继续处置，办结前不要撤离：{_gist(context, whistle)}。"
    return _each(context, whistle, _came(whistle), NoticeKind.CLOSING_VETOED, text, URGENT)


def tell_closed(context: Context, whistle: Whistle, who: Principal) -> Notices:
    """To every called unit, with its own rating; to the caller where somebody else closed it."""
    kind = NoticeKind.WHISTLE_CLOSED
    theirs = [_to_unit(context, whistle, each, kind, _end, USUAL) for each in whistle.units]
    if who.account_id == whistle.called_by:
        return tuple(theirs)
    text = f"{who.name}办结了您的吹哨：{_gist(context, whistle)}。情况：{whistle.summary}。"
    return (*theirs, _of(context, whistle, _caller(whistle), kind, text, USUAL))


def _caller(whistle: Whistle) -> Recipient:
    """Who called; for what the service called by rule whoever oversees the region that answers for it."""
    return to_overseers(whistle.caller_scope) if whistle.called_by == SYSTEM.account_id else to_account(whistle.called_by)


def _came(whistle: Whistle) -> list[Recipient]:
    return [to_provider(each.unit.ref) for each in whistle.units if each.came]


def _call(context: Context, whistle: Whistle, each: CalledUnit) -> str:
    squad = f"（{each.squad.name}）" if each.squad else ""
    note = f"留言：{whistle.note}。" if whistle.note else ""
    by = each.due_at.astimezone(LOCAL)
    return (
        f"{whistle.caller_name}吹哨{squad}：{_gist(context, whistle)}。{note}请在 {by:%H:%M} 前报到（{whistle.minutes} 分钟）。"
    )


def _missed(context: Context, whistle: Whistle, each: CalledUnit) -> str:
    return f"您没有在 {whistle.minutes} 分钟内报到，已记录在案，请立即报到：{_gist(context, whistle)}。"


def _end(context: Context, whistle: Whistle, each: CalledUnit) -> str:
    if each.rating is None:
        return f"吹哨已办结：{_gist(context, whistle)}。"
    remark = f"，{each.rating.remark}" if each.rating.remark else ""
    return f"吹哨已办结：{_gist(context, whistle)}。对您的评价：{each.rating.stars} 分（满分 5）{remark}。"


def _gist(context: Context, whistle: Whistle) -> str:
    words = whistle.text if len(whistle.text) <= LONGEST_WORDS else whistle.text[: LONGEST_WORDS - 1] + "…"
    return f"{context.regions.full_name(whistle.region)}，“{words}”"


def _to_unit(context: Context, whistle: Whistle, each: CalledUnit, kind: NoticeKind, words: Words, urgency: int) -> Notice:
    """In the words and with the place that this unit may read by now."""
    seen = as_called(whistle, each)
    return _of(context, seen, to_provider(each.unit.ref), kind, words(context, seen, each), urgency)


def _each(context: Context, whistle: Whistle, told: Iterable[Recipient], kind: NoticeKind, text: str, urgency: int) -> Notices:
    return tuple(_of(context, whistle, each, kind, text, urgency) for each in told)


def _of(context: Context, whistle: Whistle, recipient: Recipient, kind: NoticeKind, text: str, urgency: int) -> Notice:
    return Notice(
        id=context.store.new_id(),
        at=context.now(),
        recipient=recipient,
        kind=kind,
        title=f"{kind.label}：{context.regions.full_name(whistle.region)}",
        text=text,
        # A called unit knows the matter by the whistle: the need itself is not theirs to read.
        need_id=None if recipient.kind == RecipientKind.PROVIDER else whistle.need_id,
        whistle_id=whistle.id,
        urgency=urgency,
    )
