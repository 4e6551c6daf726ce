"""Whistles, and how units answered them."""

import builtins
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from models.account import ProviderRef
from models.assessment import Counts, Tally
from models.place import COMMUNITY_LENGTH
from models.provider import ProviderSummary
from models.store.client import Database
from models.store.ids import new_id
from models.store.mapping import Document, from_document, to_document, within
from models.store.work import newest_first, replace_revision
from models.vocabulary import ProviderKind
from models.whistle import Whistle, WhistleFilter
from models.whistle_states import PRESENT, UNFINISHED_WHISTLES, UnitStatus

MINUTE = 60_000


class Whistles:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._whistles, self._session = database["whistles"], session

    async def add(self, whistle: Whistle) -> None:
        await self._whistles.insert_one(to_document(whistle), session=self._session)

    async def get(self, whistle_id: str) -> Whistle | None:
        document = await self._whistles.find_one({"_id": whistle_id}, session=self._session)
        return from_document(document, Whistle) if document else None

    async def hold(self, whistle_id: str) -> Whistle | None:
        """Read it to change it in this transaction, as the first of those who come together: see Needs.hold."""
        document = await self._whistles.find_one_and_update(
            {"_id": whistle_id}, {"$set": {"held_by": new_id()}}, return_document=ReturnDocument.AFTER, session=self._session
        )
        return from_document(document, Whistle) if document else None

    async def replace(self, whistle: Whistle) -> None:
        """`whistle.revision` is one more than what was read."""
        await replace_revision(self._whistles, to_document(whistle), self._session)

    async def list(self, wanted: WhistleFilter, limit: int, before: str | None) -> list[Whistle]:
        query: Document = {**within(wanted.region)}
        if wanted.unit is not None:
            query |= _called(wanted.unit)
        if wanted.need_id is not None:
            query["need_id"] = wanted.need_id
        if wanted.status is not None:
            query["status"] = wanted.status
        return await newest_first(self._whistles, query, Whistle, limit, before, self._session)

    async def unfinished_of(self, ref: ProviderRef) -> Whistle | None:
        """One that this unit was called by and that is not closed."""
        query = {**_called(ref), "status": {"$in": sorted(UNFINISHED_WHISTLES)}}
        document = await self._whistles.find_one(query, session=self._session)
        return from_document(document, Whistle) if document else None

    async def tallies(self, region: str | None, from_at: datetime, to_at: datetime) -> builtins.list[Tally]:
        """For each unit and community; whistles called from `from_at` on and before `to_at`. Reads the period's whistles of the
        region once."""
        pipeline: builtins.list[dict[str, Any]] = [
            {"$match": {**within(region), "called_at": {"$gte": from_at, "$lt": to_at}}},
            {"$project": {"region": 1, "called_at": 1, "units": 1}},
            {"$unwind": "$units"},
            {"$group": {"_id": _GROUP, **_SUMS}},
            {"$sort": {"_id.community": 1, "_id.unit": 1}},
        ]
        cursor = await self._whistles.aggregate(pipeline, session=self._session)
        return [_tally(document) async for document in cursor]


_GROUP = {
    "community": {"$substrBytes": ["$region", 0, COMMUNITY_LENGTH]},
    "kind": "$units.unit.kind",
    "unit": "$units.unit.id",
}
_STARS = {"$ifNull": ["$units.rating.stars", 0]}
_WAITED = {"$divide": [{"$subtract": ["$units.reported_at", "$called_at"]}, MINUTE]}


def _times(*statuses: UnitStatus) -> Document:
    return {"$sum": {"$cond": [{"$in": ["$units.status", sorted(statuses)]}, 1, 0]}}


_SUMS: Document = {
    "name": {"$last": "$units.unit.name"},
    "called": {"$sum": 1},
    "on_time": _times(UnitStatus.REPORTED),
    "late": _times(UnitStatus.LATE),
    "absent": _times(UnitStatus.ABSENT),
    "minutes": {"$sum": {"$cond": [{"$in": ["$units.status", sorted(PRESENT)]}, _WAITED, 0]}},
    "rated": {"$sum": {"$cond": [{"$gt": [_STARS, 0]}, 1, 0]}},
    "stars": {"$sum": _STARS},
}


def _called(ref: ProviderRef) -> Document:
    """The id alone is indexed; ids are unique among all kinds, the kind is asked for all the same."""
    return {"units.unit.id": ref.id, "units": {"$elemMatch": {"unit.kind": ref.kind, "unit.id": ref.id}}}


def _tally(document: Document) -> Tally:
    group = document.pop("_id")
    unit = ProviderSummary(ProviderKind(group["kind"]), group["unit"], document.pop("name"))
    return Tally(group["community"], unit, Counts(**document))
