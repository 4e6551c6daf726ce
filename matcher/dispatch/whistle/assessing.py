"""考核: how the called units answered in a period."""

from datetime import datetime, timedelta

from matcher.dispatch.context import Context, narrowed
from models.account import Principal
from models.assessment import Assessment
from models.errors import InvalidInputError

USUAL_PERIOD = timedelta(days=30)
LONGEST_PERIOD = timedelta(days=366)


class Assessing:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def assess(self, who: Principal, region: str | None, from_at: datetime | None, to_at: datetime | None) -> Assessment:
        """Of the whistles called from `from_at` on and before `to_at`; unasked, of the last 30 days."""
        end = to_at or self._context.now()
        start = from_at or end - USUAL_PERIOD
        if start >= end:
            raise InvalidInputError("结束时间应当晚于开始时间", {"to": ["应当晚于开始时间"]})
        if end - start > LONGEST_PERIOD:
            raise InvalidInputError("一次最多考核一年", {"from": ["一次最多考核一年"]})
        scope = narrowed(who.scope, region)
        return Assessment(scope, start, end, tuple(await self._context.store.whistles.tallies(scope, start, end)))
