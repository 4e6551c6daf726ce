"""合并: a person decides that two needs are one. The kept one is worked on; the residents of the others follow it."""

from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_follower, tell_merged, tell_unmerged
from models.account import Principal
from models.errors import InvalidInputError, NotFoundError, StillInUseError
from models.event import Event, event_of
from models.merging import merged_into, unmerged, with_merged, without_merged
from models.need import FINISHED, Need
from models.order import UNFINISHED_ORDERS


class Merging:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def merge(self, who: Principal, need_id: str, kept_id: str, reason: str) -> Need:
        """Both needs must be in the caller's region. Gives the merged one."""
        if need_id == kept_id:
            raise InvalidInputError("不能合并到自己", {"into": ["请填另一条需求的编号"]})
        at = self._context.now()

        async def work(unit: UnitPort) -> Need:
            need, kept = await visible_need(unit, who, need_id), await visible_need(unit, who, kept_id)
            if any(order.status in UNFINISHED_ORDERS for order in await unit.orders.of_need(need_id)):
                raise StillInUseError("这条需求还有未了结的工单，不能合并", present_status=need.status)
            merged = merged_into(need, kept_id).touched(at)
            await unit.needs.replace(merged)
            await unit.needs.replace(with_merged(kept, need_id).touched(at))
            await self._record(unit, who, ("need.merged", need, kept), ("need.absorbed", kept, need), reason)
            await unit.outbox.add(*tell_merged(self._context, need))
            return merged

        return await self._context.store.transact(work)

    async def unmerge(self, who: Principal, need_id: str, reason: str) -> Need:
        """The need is open again; refused once the kept one is finished."""
        at = self._context.now()

        async def work(unit: UnitPort) -> Need:
            need = await visible_need(unit, who, need_id)
            opened = unmerged(need).touched(at)
            kept = await unit.needs.get(need.merged_into or "")
            if kept is None:
                raise NotFoundError("没有这条需求")
            await unit.needs.replace(opened)
            await unit.needs.replace(without_merged(kept, need_id).touched(at))
            await self._record(unit, who, ("need.unmerged", need, kept), ("need.released", kept, need), reason)
            await unit.outbox.add(*tell_unmerged(self._context, need))
            return opened

        return await self._context.store.transact(work)

    async def _record(
        self, unit: UnitPort, who: Principal, first: tuple[str, Need, Need], second: tuple[str, Need, Need], reason: str
    ) -> None:
        await unit.events.add(*(self._event(who, *each, reason) for each in (first, second)))

    def _event(self, who: Principal, action: str, need: Need, other: Need, reason: str) -> Event:
        context = self._context
        subject, id = f"need:{need.id}", context.store.new_id()
        return event_of(who, action, context.now(), subject, id=id, need_id=need.id, why=reason, facts={"need": other.id})


async def tell_followers(context: Context, unit: UnitPort, need: Need) -> None:
    """Call it in the transaction of whatever may have finished a need: the residents of those merged into it are told once it is done."""
    if need.status not in FINISHED:
        return
    for need_id in need.merged:
        follower = await unit.needs.get(need_id)
        if follower is not None:
            await unit.outbox.add(*tell_follower(context, follower))
