"""What is counted of needs, orders and providers. MongoDB sums; each call reads the period's documents of the region once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection

from models.clock import Stage
from models.need_states import FINISHED_NEEDS, UNFINISHED_NEEDS, NeedStatus
from models.order import OrderStatus
from models.schedule import LOCAL
from models.statistics import DIGITS, SERVICES, Dimension, Gap, Loads, Period, Sums
from models.store.client import Database
from models.store.mapping import Document, within
from models.store.providers import COLLECTIONS
from models.store.work import ANYWHERE
from models.vocabulary import ProviderKind

Key = str | None
DONE = sorted(FINISHED_NEEDS - {NeedStatus.CANCELLED, NeedStatus.MERGED})


class Statistics:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._database, self._session = database, session
        self._needs, self._orders = database["needs"], database["orders"]

    async def tallies(self, region: str | None, period: Period, by: Dimension, at: datetime) -> dict[Key, Sums]:
        """For each region code, item code (None: not understood) or first day (YYYY-MM-DD) of a stretch, in no order. Groups are
        counted as items: only the catalogue knows them. `at` tells what is overdue."""
        found: dict[Key, Sums] = {}
        for collection, date, also, sums in (
            (self._needs, "posted_at", _NOT_MERGED, need_sums(at)),
            (self._orders, "accepted_at", {}, _TAKEN),
            (self._orders, "completed_at", {"status": OrderStatus.CONFIRMED}, _SERVED),
        ):
            pipeline: list[Document] = [
                {"$match": {**_here(region), date: _during(period), **also}},
                {"$group": {"_id": _key(by, date), **sums}},
            ]
            for document in await self._all(collection, pipeline):
                key = document.pop("_id")
                found[key] = found.get(key, Sums()) + Sums(**document)
        return found

    async def gaps(self, region: str | None, period: Period, level: Dimension, rules: Iterable[str], most: int) -> list[Gap]:
        """Where needs posted in the period have nobody eligible now; those with the most such needs first."""
        names = tuple(rules)
        unmatched = {"$and": [{"$in": ["$status", sorted(UNFINISHED_NEEDS)]}, {"$eq": [{"$type": "$unmatched"}, "object"]}]}
        kept_out = {f"rule_{rule}": {"$sum": {"$cond": [unmatched, {"$ifNull": [f"$unmatched.{rule}", 0]}, 0]}} for rule in names}
        pipeline: list[Document] = [
            {"$match": {**_here(region), "posted_at": _during(period), **_NOT_MERGED}},
            {
                "$group": {
                    "_id": {"service": _ITEM, "region": _key(level, "")},
                    "needs": _ONE,
                    "unmatched": _times(unmatched),
                    **kept_out,
                }
            },
            {"$match": {"unmatched": {"$gt": 0}}},
            {"$sort": {"unmatched": -1, "_id.region": 1, "_id.service": 1}},
            {"$limit": most},
        ]
        return [_gap(document, names) for document in await self._all(self._needs, pipeline)]

    async def loads(self, region: str | None, period: Period) -> Loads:
        """Orders of the region's needs that were accepted in the period, by who took them: active providers who live in the region,
        and those from elsewhere who took one."""
        return Loads({kind: await self._taken(kind, region, period) for kind in ProviderKind})

    async def _taken(self, kind: ProviderKind, region: str | None, period: Period) -> Mapping[int, int]:
        accepted = {**_here(region), "accepted_at": _during(period), "provider.kind": kind}
        at_home = {"active": True, **within(region)}
        pipeline = [
            {"$match": accepted},
            {"$group": {"_id": "$provider.id", "taken": _ONE}},
            {
                "$lookup": {
                    "from": COLLECTIONS[kind],
                    "localField": "_id",
                    "foreignField": "_id",
                    "pipeline": [{"$match": at_home}, {"$project": {"_id": 1}}],
                    "as": "home",
                }
            },
            {"$group": {"_id": "$taken", "people": _ONE, "at_home": {"$sum": {"$size": "$home"}}}},
            {"$sort": {"_id": 1}},
        ]
        found = await self._all(self._orders, pipeline)
        living = await self._database[COLLECTIONS[kind]].count_documents({**_here(region), "active": True}, session=self._session)
        idle = max(0, living - sum(document["at_home"] for document in found))
        return {0: idle, **{document["_id"]: document["people"] for document in found}}

    async def _all(self, collection: AsyncCollection[dict[str, Any]], pipeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
        cursor = await collection.aggregate(pipeline, session=self._session)
        return [document async for document in cursor]


_ONE: Document = {"$sum": 1}
# The likeliest item of a need; null where nothing was understood.
_ITEM: Document = {"$ifNull": [{"$first": "$understanding.services.code"}, None]}
_NOT_MERGED: Document = {"status": {"$ne": NeedStatus.MERGED}}


def _times(condition: object) -> Document:
    return {"$sum": {"$cond": [condition, 1, 0]}}


def _here(region: str | None) -> Document:
    return within(region) or dict(ANYWHERE)


def _during(period: Period) -> Document:
    return {"$gte": period.from_at, "$lt": period.to_at}


def _key(by: Dimension, date: str) -> object:
    if by in DIGITS:
        return {"$substrBytes": ["$region", 0, DIGITS[by]]}
    if by in SERVICES:
        return _ITEM if date == "posted_at" else {"$ifNull": ["$service", None]}
    stretch = {"date": f"${date}", "unit": str(by), "timezone": LOCAL.key, "startOfWeek": "monday"}
    return {"$dateToString": {"date": {"$dateTrunc": stretch}, "format": "%Y-%m-%d", "timezone": LOCAL.key}}


def need_sums(at: datetime) -> Document:
    """A clock that was stopped by a suspension or a cancellation is neither kept nor over."""
    done = f"$due.{Stage.DONE}"
    met = {"$ifNull": [f"{done}.met_at", None]}
    over = {"$and": [{"$in": ["$status", _RUNNING]}, {"$lte": [f"{done}.at", at]}]}
    decided = {"$and": [{"$gt": [f"{done}.at", None]}, {"$or": [{"$ne": [met, None]}, over]}]}
    again = {"$gt": ["$round", 1]}
    return {
        "posted": _ONE,
        "finished": _times({"$in": ["$status", DONE]}),
        "judged": _times({"$gt": ["$evaluation", None]}),
        **{each: _times({"$eq": [f"$evaluation.{each}", True]}) for each in ("responded", "resolved", "satisfied")},
        "clocked": _times(decided),
        "kept": _times({"$and": [decided, {"$ne": [met, None]}, {"$lte": [met, f"{done}.at"]}]}),
        "delivered": _times({"$or": [again, {"$in": ["$status", DONE]}]}),
        "redone": _times(again),
    }


_RUNNING = sorted(UNFINISHED_NEEDS - {NeedStatus.SUSPENDED})
_TAKEN: Document = {"accepted": _ONE, "returned": _times({"$eq": ["$status", OrderStatus.HANDED_BACK]})}
_SERVED: Document = {"served": _ONE, "minutes": {"$sum": {"$ifNull": ["$service_minutes", 0]}}}


def _gap(document: dict[str, Any], rules: Iterable[str]) -> Gap:
    place = document["_id"]
    excluded = {rule: document[f"rule_{rule}"] for rule in rules if document[f"rule_{rule}"]}
    return Gap(place["service"], place["region"], document["needs"], document["unmatched"], excluded)
