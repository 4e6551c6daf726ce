"""What the community and the resident do to a need as a whole: cancel, suspend, resume, take it in hand, meet it themselves."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from matcher.dispatch.advance import advance
from matcher.dispatch.case import Case, case_of, is_timed
from matcher.dispatch.clocks.clock_desk import go_on
from matcher.dispatch.closing import judged_case, resident_if_not
from matcher.dispatch.context import Context
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_by_hand, tell_cancelled
from matcher.dispatch.timers import on_timer, subject_id
from models.account import SYSTEM, Principal
from models.clock import Stage
from models.dispatching import Handling, Owner, Suspension
from models.errors import InvalidInputError
from models.need import Need, NeedAction, NeedStatus
from models.order import OrderAction, OrderStatus
from models.timer import Timer, TimerKind

Act = Callable[[Case], Awaitable[None]]


class Keeping:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def cancel(self, who: Principal, need_id: str, reason: str) -> Need:
        """撤销: by the resident themself or the community; whoever was asked or on it is released and told."""

        async def act(case: Case) -> None:
            unfinished = case.unfinished
            case.need = case.need.cancelled(reason)
            await release(case, who, [order.id for order in unfinished], reason)
            await case.happened(who, "need.cancelled", reason, on_behalf_of=resident_if_not(case.need, who))
            await case.unit.outbox.add(*tell_cancelled(case.context, case.need))

        return await self._on_need(who, need_id, "撤销由居民本人或社区办理", act)

    async def suspend(self, who: Principal, need_id: str, reason: str, until: datetime) -> Need:
        """挂起: with a reason and an end. Clocks stand still; nobody can accept or begin meanwhile."""

        async def act(case: Case) -> None:
            if until <= case.at:
                raise InvalidInputError("挂起的截止时间应当在以后", {"until": ["应当晚于现在"]})
            case.need = case.need.suspended(Suspension(reason, until, who.account_id, case.at)).responded(case.at)
            for order in case.unfinished:
                if order.status == OrderStatus.OFFERED and is_timed(order.mode):
                    await case.renew(order, None)
            await case.happened(who, "need.suspended", reason, {"until": until})

        return await self._on_need(who, need_id, "挂起由社区办理", act)

    async def resume(self, who: Principal, need_id: str) -> Need:
        """恢复: every clock goes on with the time that it had left."""

        async def act(case: Case) -> None:
            await resume(case, who, "")

        return await self._on_need(who, need_id, "恢复由社区办理", act)

    async def take(self, who: Principal, need_id: str, note: str) -> Need:
        """首接负责: an overseer takes the need in hand; open offers are withdrawn."""

        async def act(case: Case) -> None:
            for order in case.unfinished:
                if order.status in (OrderStatus.OFFERED, OrderStatus.APPLIED):
                    await case.act(who, order.id, OrderAction.WITHDRAW, reason=note)
            owner = Owner(who.region or "", who.account_id, who.name, case.at, note)
            case.need = case.need.taken_over(owner).responded(case.at)
            await case.happened(who, "need.taken_over", note, {"owner": who.name, "region": owner.region})
            await case.unit.outbox.add(*tell_by_hand(case.context, case.need, case.need.region, note or f"{who.name}接手"))

        return await self._on_need(who, need_id, "转人工由社区办理", act)

    async def handle(self, who: Principal, need_id: str, summary: str) -> Need:
        """人工办结: met without any order; the resident confirms and judges it like other work."""

        async def act(case: Case) -> None:
            unfinished = case.unfinished
            case.need = case.need.handled(Handling(who.account_id, who.name, case.at, summary))
            await release(case, who, [order.id for order in unfinished], "已由社区办结")
            await case.happened(who, "need.handled", summary)

        return await self._on_need(who, need_id, "人工办结由社区办理", act)

    async def _on_need(self, who: Principal, need_id: str, refusal: str, act: Act) -> Need:
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            case = await judged_case(context, unit, who, need_id, at, refusal)
            await act(case)
            return await case.save()

        return await context.store.transact(work)


async def release(case: Case, who: Principal, order_ids: list[str], reason: str) -> None:
    """The need has counted these off already."""
    for order_id in order_ids:
        await case.act(who, order_id, OrderAction.WITHDRAW, reason=reason, counted=False)


async def resume(case: Case, who: Principal, why: str) -> None:
    case.need.require(NeedAction.RESUME)
    for order in case.unfinished:
        if order.status == OrderStatus.OFFERED and order.expires_at is not None and is_timed(order.mode):
            stopped_at = case.need.suspension.at if case.need.suspension else case.at
            clocks = case.context.clocks
            signing = order.due.get(Stage.SIGN) or clocks.until(order.offered_at, order.expires_at)
            await case.renew(order, clocks.moved(signing, stopped_at, case.at))
    await go_on(case)
    case.need = case.need.resumed()
    await case.happened(who, "need.resumed", why)
    await advance(case)


@on_timer(TimerKind.NEED_RESUME)
async def suspension_ends(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    case = await case_of(context, unit, subject_id(timer), at)
    if case.need.status == NeedStatus.SUSPENDED:
        await resume(case, SYSTEM, "挂起到期")
        await case.save()
