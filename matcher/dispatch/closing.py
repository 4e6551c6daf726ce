"""效由民评: completion is confirmed, the resident judges, or the community on their behalf; what was not resolved is done again."""

from dataclasses import dataclass
from datetime import datetime

from matcher.dispatch.advance import advance
from matcher.dispatch.by_hand import owner_of
from matcher.dispatch.case import Case, case_of
from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_evaluated, tell_reopened
from matcher.dispatch.timers import on_timer, subject_id
from models.account import SYSTEM, Principal
from models.dispatching import owner_regions
from models.errors import ForbiddenError
from models.need import Evaluation, Need, NeedStatus
from models.order import SERVING, OrderAction, OrderStatus
from models.timer import Timer, TimerKind

HIGHEST, LOWEST = 5, 1


@dataclass(frozen=True, slots=True)
class Judgement:
    responded: bool
    resolved: bool
    satisfied: bool
    score: int
    comment: str

    def by(self, who: Principal, at: datetime) -> Evaluation:
        return Evaluation(self.responded, self.resolved, self.satisfied, self.score, self.comment, who.account_id, who.role, at)

    @property
    def facts(self) -> dict[str, object]:
        return {"responded": self.responded, "resolved": self.resolved, "satisfied": self.satisfied, "score": self.score}


class Closing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def evaluate(self, who: Principal, need_id: str, judgement: Judgement) -> Need:
        """Each provider who served gets the score into their rating, and their hours where the matter is resolved. What is not
        resolved begins anew at once. A provider may not judge their own work."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            case = await judged_case(context, unit, who, need_id, at, "评价由居民本人或社区代为填写")
            case.need = case.need.evaluated(judgement.by(who, at))
            served = [order for order in case.orders if order.status in SERVING]
            for order in served:
                await unit.providers.add_rating(order.provider.ref, (judgement.score - LOWEST) / (HIGHEST - LOWEST))
                await unit.outbox.add(*tell_evaluated(context, order, case.need))
            if judgement.resolved:
                await confirm_orders(case, who)
            await case.happened(who, "need.evaluated", judgement.comment, judgement.facts, resident_if_not(case.need, who))
            if not judgement.resolved:
                await redo(case, who, judgement.comment or "评价为未解决")
            return await case.save()

        return await context.store.transact(work)

    async def confirm(self, who: Principal, need_id: str) -> Need:
        """The resident, or the community for them, says that it was done: the hours count."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            case = await judged_case(context, unit, who, need_id, at, "完成由居民本人或社区代为确认")
            await confirm(case, who, "")
            return await case.save()

        return await context.store.transact(work)

    async def reopen(self, who: Principal, need_id: str, reason: str) -> Need:
        """重办: what was not resolved or does not satisfy is done again, by somebody else first; after the second time a person answers for it."""
        context = self._context
        at = context.now()

        async def work(unit: UnitPort) -> Need:
            case = await judged_case(context, unit, who, need_id, at, "重办由居民本人或社区代为提出")
            await redo(case, who, reason)
            return await case.save()

        return await context.store.transact(work)


async def judged_case(context: Context, unit: UnitPort, who: Principal, need_id: str, at: datetime, refusal: str) -> Case:
    """For the resident and those who oversee the need; who served it does not decide on it."""
    await visible_need(unit, who, need_id)
    if who.is_provider:
        raise ForbiddenError(refusal)
    return await case_of(context, unit, need_id, at)


def resident_if_not(need: Need, who: Principal) -> str | None:
    return None if need.is_owned_by(who) else "resident"


async def confirm(case: Case, who: Principal, why: str) -> None:
    case.need = case.need.confirmed(case.at)
    await confirm_orders(case, who)
    behalf = None if who == SYSTEM else resident_if_not(case.need, who)
    await case.happened(who, "need.confirmed", why, on_behalf_of=behalf)


async def confirm_orders(case: Case, who: Principal) -> None:
    for order in case.orders:
        if order.status == OrderStatus.COMPLETED:
            await case.act(who, order.id, OrderAction.CONFIRM)


async def redo(case: Case, who: Principal, why: str) -> None:
    """A new round; automatic dispatch goes on with it at once."""
    case.need.require_reopening()
    owner = None
    if case.need.redone_enough:
        owner = await owner_of(case, owner_regions(case.need.region)[0], f"已重办 {case.need.redone} 次")
    case.need = case.need.reopened(owner)
    await case.happened(who, "need.reopened", why, {"round": case.need.round}, resident_if_not(case.need, who))
    await case.unit.outbox.add(*tell_reopened(case.context, case.need, why))
    await advance(case)


@on_timer(TimerKind.NEED_CONFIRM)
async def nobody_objected(context: Context, unit: UnitPort, timer: Timer, at: datetime) -> None:
    case = await case_of(context, unit, subject_id(timer), at)
    if case.need.status == NeedStatus.COMPLETED:
        await confirm(case, SYSTEM, "三天内没有提出异议")
        await case.save()
