"""效由民评: the resident judges, or the community on their behalf."""

from dataclasses import dataclass

from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_evaluated
from models.account import Principal
from models.errors import ForbiddenError
from models.event import event_of
from models.need import Evaluation, Need
from models.order import OrderStatus

HIGHEST, LOWEST = 5, 1


@dataclass(frozen=True, slots=True)
class Judgement:
    responded: bool
    resolved: bool
    satisfied: bool
    score: int
    comment: str


class Closing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def evaluate(self, who: Principal, need_id: str, judgement: Judgement) -> Need:
        """Each provider who served gets the score into their rating. A provider may not judge their own work."""
        context = self._context
        at = context.now()
        evaluation = Evaluation(
            judgement.responded,
            judgement.resolved,
            judgement.satisfied,
            judgement.score,
            judgement.comment,
            who.account_id,
            who.role,
            at,
        )

        async def work(unit: UnitPort) -> Need:
            need = await visible_need(unit, who, need_id)
            if who.is_provider:
                raise ForbiddenError("评价由居民本人或社区代为填写")
            evaluated = need.evaluated(evaluation).touched(at)
            await unit.needs.replace(evaluated)
            for order in await unit.orders.of_need(need_id):
                if order.status == OrderStatus.COMPLETED:
                    await unit.providers.add_rating(order.provider.ref, (judgement.score - LOWEST) / (HIGHEST - LOWEST))
                    await unit.outbox.add(*tell_evaluated(context, order, evaluated))
            await unit.events.add(
                event_of(
                    who,
                    "need.evaluated",
                    at,
                    f"need:{need_id}",
                    id=context.store.new_id(),
                    need_id=need_id,
                    on_behalf_of=None if need.is_owned_by(who) else "resident",
                    facts={
                        "responded": judgement.responded,
                        "resolved": judgement.resolved,
                        "satisfied": judgement.satisfied,
                        "score": judgement.score,
                    },
                )
            )
            return evaluated

        return await context.store.transact(work)
