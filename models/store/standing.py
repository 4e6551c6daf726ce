"""How many needs stand where, for each of the regions below one."""

from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession

from models.need_filter import DueState, RegionCounts
from models.need_states import WAITING, NeedStatus
from models.store.client import Database
from models.store.mapping import Document, within
from models.store.work import ANYWHERE, COUNTED, due_query

IN_HAND = frozenset({NeedStatus.ACCEPTED, NeedStatus.IN_PROGRESS})


class Standing:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._needs, self._session = database["needs"], session

    async def below(self, region: str | None, digits: int, at: datetime) -> list[RegionCounts]:
        """By the first `digits` of the needs' regions; regions without unfinished needs are not among them. Three aggregations that
        read indexes alone: each unfinished need of the region is looked at thrice at most, a finished one never."""
        here = within(region) if region is not None else ANYWHERE
        counted = [{"$match": {**here, "status": {"$in": sorted(COUNTED)}}}, _grouped(digits, _SUMS)]
        late = [{"$match": here | due_query(DueState.OVERDUE, at)}, _grouped(digits, {"overdue": {"$sum": 1}})]
        near = [{"$match": here | due_query(DueState.NEAR, at)}, _grouped(digits, {"near_due": {"$sum": 1}})]
        found: dict[str, dict[str, int]] = {}
        for pipeline in (counted, late, near):
            async for document in await self._needs.aggregate(pipeline, session=self._session):
                found.setdefault(document.pop("_id"), {}).update(document)
        return [RegionCounts(region=code, **counts) for code, counts in sorted(found.items())]


def _grouped(digits: int, sums: Document) -> dict[str, Any]:
    return {"$group": {"_id": {"$substrBytes": ["$region", 0, digits]}, **sums}}


def _among(*statuses: NeedStatus) -> Document:
    return {"$sum": {"$cond": [{"$in": ["$status", sorted(statuses)]}, 1, 0]}}


_SUMS: Document = {
    "waiting": _among(*WAITING),
    "offered": _among(NeedStatus.OFFERED),
    "in_hand": _among(*IN_HAND),
    "to_confirm": _among(NeedStatus.COMPLETED),
}
