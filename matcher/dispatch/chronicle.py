"""记录: the log of everything that was done, for who answers for all of it."""

from matcher.dispatch.context import Context
from models.account import Principal
from models.errors import ForbiddenError
from models.event import Event, EventFilter


class Chronicle:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def list(self, who: Principal, wanted: EventFilter, limit: int, before: str | None) -> list[Event]:
        """Newest first. What was done to weights or accounts lies in no region: only who oversees everything reads the log."""
        if who.scope is not None:
            raise ForbiddenError("操作记录只给不限辖区的管理员看")
        return await self._context.store.events.list(wanted, limit, before)
