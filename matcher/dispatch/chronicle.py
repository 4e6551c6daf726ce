"""记录: the log of everything that was done, for who answers for all of it."""

from collections.abc import Sequence

from matcher.dispatch.context import Context
from models.account import Principal
from models.event import Event, EventFilter
from models.need import Need


class Chronicle:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def list(self, who: Principal, wanted: EventFilter, limit: int, before: str | None) -> list[Event]:
        """Newest first. What was done to weights or accounts lies in no region: who oversees one reads only of its needs, one by one."""
        if who.scope is not None and not await self._oversees(who, wanted.need_id):
            return []
        return await self._context.store.events.list(wanted, limit, before)

    async def needs_of(self, who: Principal, events: Sequence[Event]) -> dict[str | None, Need]:
        """The needs that the events tell of, by id: those that the caller oversees."""
        found = await self._context.store.needs.some(sorted({event.need_id for event in events if event.need_id}))
        return {need.id: need for need in found if who.oversees(need.region)}

    async def _oversees(self, who: Principal, need_id: str | None) -> bool:
        need = await self._context.store.needs.get(need_id) if need_id else None
        return need is not None and who.oversees(need.region)
