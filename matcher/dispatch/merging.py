"""合并: a person decides that two needs are one. The kept one is worked on; the residents of the others follow it."""

from datetime import datetime

from matcher.dispatch.case import Case, case_of
from matcher.dispatch.context import Context, visible_need
from matcher.dispatch.ports import UnitPort
from matcher.dispatch.telling import tell_follower, tell_merged, tell_unmerged
from models.account import Principal
from models.errors import InvalidInputError, StillInUseError
from models.merging import merged_into, unmerged, with_merged, without_merged
from models.need import Need
from models.need_states import FINISHED_NEEDS, NeedAction


class Merging:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def merge(self, who: Principal, need_id: str, kept_id: str, reason: str) -> Need:
        """Both needs must be in the caller's region. Gives the merged one."""
        if need_id == kept_id:
            raise InvalidInputError("不能合并到自己", {"into": ["请填另一条需求的编号"]})
        at = self._context.now()

        async def work(unit: UnitPort) -> Need:
            merged, kept = await self._cases(unit, who, need_id, kept_id, at)
            if merged.unfinished:
                raise StillInUseError("这条需求还有未了结的工单，不能合并", present_status=merged.need.status)
            merged.need = merged_into(merged.need, kept_id)
            kept.need = with_merged(kept.need, need_id)
            await merged.happened(who, "need.merged", reason, {"need": kept_id})
            await kept.happened(who, "need.absorbed", reason, {"need": need_id})
            await unit.outbox.add(*tell_merged(self._context, merged.need))
            await kept.save()
            return await merged.save()

        return await self._context.store.transact(work)

    async def unmerge(self, who: Principal, need_id: str, reason: str) -> Need:
        """The need is open again; refused once the kept one is finished."""
        at = self._context.now()

        async def work(unit: UnitPort) -> Need:
            before = await visible_need(unit, who, need_id)
            before.require(NeedAction.UNMERGE)
            kept_id = before.merged_into or ""
            merged, kept = await self._cases(unit, who, need_id, kept_id, at)
            merged.need = unmerged(merged.need)
            kept.need = without_merged(kept.need, need_id)
            await merged.happened(who, "need.unmerged", reason, {"need": kept_id})
            await kept.happened(who, "need.released", reason, {"need": need_id})
            await unit.outbox.add(*tell_unmerged(self._context, merged.need))
            await kept.save()
            return await merged.save()

        return await self._context.store.transact(work)

    async def _cases(self, unit: UnitPort, who: Principal, need_id: str, kept_id: str, at: datetime) -> tuple[Case, Case]:
        """Held in the order of their ids, so that two who merge the same pair wait for each other and never in a circle."""
        for id in (need_id, kept_id):
            await visible_need(unit, who, id)
        cases = {id: await case_of(self._context, unit, id, at) for id in sorted((need_id, kept_id))}
        return cases[need_id], cases[kept_id]


async def tell_followers(case: Case) -> None:
    """Of whatever may have finished a need: the residents of those merged into it are told once it is done."""
    if case.need.status not in FINISHED_NEEDS:
        return
    for need_id in case.need.merged:
        follower = await case.unit.needs.get(need_id)
        if follower is not None:
            await case.unit.outbox.add(*tell_follower(case.context, follower))
