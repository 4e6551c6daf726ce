"""Volunteers, social workers and organisations: three collections of one shape."""

import builtins
import re
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import DuplicateKeyError

from models.account import ProviderRef
from models.budget import day_number, monday_of
from models.errors import DuplicateError, StaleVersionError
from models.place import ancestry
from models.provider import Provider, ProviderFilter
from models.provider_entities import ENTITIES
from models.store.batches import VERSIONS, raw_batches, within_any
from models.store.client import Database
from models.store.mapping import UNREADABLE, Document, from_document, to_document, within
from models.vocabulary import ProviderKind
from models.workload import work_at

COLLECTIONS = {
    ProviderKind.VOLUNTEER: "volunteers",
    ProviderKind.SOCIAL_WORKER: "social_workers",
    ProviderKind.ORGANISATION: "organisations",
}
# What moves with the orders and must survive an edit of the profile made from an older reading.
TALLIES = (
    "load", "rating_sum", "rating_count", "last_offered_at", "answered", "accepted_count", "recent_work",
    "asked_day", "asked_today", "asked_week",
)  # fmt: skip


class Providers:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._database, self._session = database, session

    def _of(self, kind: ProviderKind) -> AsyncCollection[dict[str, Any]]:
        return self._database[COLLECTIONS[kind]]

    async def add(self, provider: Provider) -> None:
        try:
            await self._of(provider.kind).insert_one(to_document(provider), session=self._session)
        except DuplicateKeyError as error:
            raise DuplicateError("这个账号已经有一份资料") from error

    async def add_many(self, providers: list[Provider]) -> None:
        """For loading a city: one kind or several, unordered. Existing ids raise."""
        by_kind: dict[ProviderKind, list[Document]] = {}
        for provider in providers:
            by_kind.setdefault(provider.kind, []).append(to_document(provider))
        for kind, documents in by_kind.items():
            await self._of(kind).insert_many(documents, ordered=False, session=self._session)

    async def get(self, ref: ProviderRef) -> Provider | None:
        document = await self._of(ref.kind).find_one({"_id": ref.id}, session=self._session)
        return from_document(document, ENTITIES[ref.kind]) if document else None

    async def list(self, kind: ProviderKind, wanted: ProviderFilter, limit: int, after: str | None) -> list[Provider]:
        """By id, ascending; `text` looks into name, skills and bio and scans what the other conditions leave."""
        query: Document = {**within(wanted.region)}
        if wanted.service is not None:
            query["services.code"] = wanted.service
        if wanted.account_id is not None:
            query["account_id"] = wanted.account_id
        if wanted.text:
            pattern = {"$regex": re.escape(wanted.text), "$options": "i"}
            query["$or"] = [{"name": pattern}, {"skills": pattern}, {"bio": pattern}]
        if after is not None:
            query["_id"] = {"$gt": after}
        cursor = self._of(kind).find(query, session=self._session).sort("_id", 1).limit(limit)
        return [from_document(document, ENTITIES[kind]) async for document in cursor]

    async def called(self, said: str, region: str, limit: int) -> builtins.list[Provider]:
        """Of any kind in `region`, those with exactly this name or this telephone number; looks through the region's."""
        query = {**within(region), "$or": [{"name": said}, {"contact.phone": said}]}
        return [
            from_document(document, ENTITIES[kind])
            for kind in ProviderKind
            async for document in self._of(kind).find(query, session=self._session).limit(limit)
        ]

    async def organisations_around(self, region: str, scope: str | None, limit: int) -> builtins.list[Provider]:
        """Active organisations of `scope` (None: of `region`), those that serve `region` or a region around it, and those seated
        around it; at most `limit`, in no order."""
        around = {"$in": ancestry(region)}
        query = {"active": True, "$or": [within(scope or region), {"region": around}, {"service_regions": around}]}
        kind = ProviderKind.ORGANISATION
        cursor = self._of(kind).find(query, session=self._session).limit(limit)
        return [from_document(document, ENTITIES[kind]) async for document in cursor]

    async def count(self, kind: ProviderKind, regions: tuple[str, ...] = ()) -> int:
        """About how many there are; of those whose area lies in these regions, where there are any."""
        if regions:
            return await self._of(kind).count_documents(within_any(regions, kind))
        return await self._of(kind).estimated_document_count()

    async def ids(self) -> set[str]:
        """The ids of all providers of all kinds."""
        return {document["_id"] for kind in COLLECTIONS async for document in self._of(kind).find({}, {"_id": 1})}

    async def every(self, unreadable: Callable[[ProviderRef], None] = lambda _: None) -> AsyncIterator[Provider]:
        """All providers of all kinds, in no order. A document that cannot be read is told and left out."""
        for kind, entity in ENTITIES.items():
            async for document in self._of(kind).find({}, batch_size=2_000):
                try:
                    provider = from_document(document, entity)
                except UNREADABLE:
                    unreadable(ProviderRef(kind, str(document["_id"])))
                    continue
                yield provider

    def raw(self, kind: ProviderKind, regions: tuple[str, ...] = ()) -> AsyncIterator[bytes]:
        """Batches for `models.store.lockstep`; of those whose area lies in these regions, where there are any."""
        return raw_batches(self._of(kind), within_any(regions, kind))

    def versions(self, kind: ProviderKind, regions: tuple[str, ...] = ()) -> AsyncIterator[bytes]:
        """Of the same, ids and versions only: batches for `models.store.batches.versions`."""
        return raw_batches(self._of(kind), within_any(regions, kind), VERSIONS)

    async def some(
        self, kind: ProviderKind, ids: Sequence[str], unreadable: Callable[[ProviderRef], None] = lambda _: None
    ) -> AsyncIterator[Provider]:
        """Those of these ids that are there and can be read."""
        async for document in self._of(kind).find({"_id": {"$in": [*ids]}}, batch_size=500):
            try:
                provider = from_document(document, ENTITIES[kind])
            except UNREADABLE:
                unreadable(ProviderRef(kind, str(document["_id"])))
                continue
            yield provider

    async def mapped_otherwise(self, model_version: str) -> AsyncIterator[Provider]:
        """Those whose services another model gave, or whose telling words were never looked for."""
        query = {"$or": [{"model_version": {"$ne": model_version}}, {"terms": {"$exists": False}}]}
        for kind, entity in ENTITIES.items():
            async for document in self._of(kind).find(query, batch_size=500):
                yield from_document(document, entity)

    async def set_meaning(self, provider: Provider) -> None:
        """Write only what the words were taken to mean, unless the words have changed meanwhile."""
        document = to_document(provider)
        await self._of(provider.kind).update_one(
            {"_id": provider.id, "version": provider.version},
            {"$set": {key: document[key] for key in ("services", "terms", "languages_read", "model_version")}},
        )

    async def replace(self, provider: Provider, expected_version: int) -> None:
        """Write an edited profile if its version is still the expected one; the tallies of the moment stay."""
        document = to_document(provider)
        for key in ("_id", *TALLIES):
            document.pop(key)
        result = await self._of(provider.kind).update_one(
            {"_id": provider.id, "version": expected_version}, {"$set": document}, session=self._session
        )
        if not result.matched_count:
            present = await self._of(provider.kind).find_one({"_id": provider.id}, {"version": 1}, session=self._session)
            facts = {"present_version": present["version"]} if present else {}
            raise StaleVersionError("资料已被别人修改，请重新读取后再改", **facts)

    async def claim(self, ref: ProviderRef, account_id: str) -> bool:
        """Give a profile its account; False when it has another already."""
        result = await self._of(ref.kind).update_one(
            {"_id": ref.id, "account_id": {"$in": [None, account_id]}},
            {"$set": {"account_id": account_id}},
            session=self._session,
        )
        return result.matched_count == 1

    async def settle(self, ref: ProviderRef, account_id: str, region: str, at: datetime) -> None:
        """Give a profile its account and its home, where it is not another account's."""
        await self._of(ref.kind).update_one(
            {"_id": ref.id, "account_id": {"$in": [None, account_id]}},
            {"$set": {"account_id": account_id, "region": region, "point": None, "changed_at": at}},
        )

    async def delete(self, ref: ProviderRef) -> bool:
        """Destroy the profile if nothing is on its hands; False says that something is."""
        result = await self._of(ref.kind).delete_one({"_id": ref.id, "load": 0}, session=self._session)
        return result.deleted_count == 1

    async def mark_offered(self, ref: ProviderRef, at: datetime) -> None:
        """Part of making an offer: counts it for its day and week. A profile that is being deleted at the same moment makes one
        of the two run again."""
        day = day_number(at)
        same_day: Document = {"$eq": ["$asked_day", day]}
        same_week: Document = {"$gte": ["$asked_day", monday_of(day)]}
        counted = {
            "last_offered_at": at,
            "asked_day": day,
            "asked_today": {"$cond": [same_day, {"$add": [{"$ifNull": ["$asked_today", 0]}, 1]}, 1]},
            "asked_week": {"$cond": [same_week, {"$add": [{"$ifNull": ["$asked_week", 0]}, 1]}, 1]},
        }
        await self._of(ref.kind).update_one({"_id": ref.id}, [{"$set": counted}], session=self._session)

    async def take_load(self, ref: ProviderRef) -> bool:
        """One order more, if the capacity at this moment allows it: the condition and the change are one operation."""
        result = await self._of(ref.kind).update_one(
            {"_id": ref.id, "active": True, "$expr": {"$lt": ["$load", "$capacity"]}},
            {"$inc": {"load": 1}},
            session=self._session,
        )
        return result.modified_count == 1

    async def release_load(self, ref: ProviderRef) -> None:
        await self._of(ref.kind).update_one({"_id": ref.id, "load": {"$gt": 0}}, {"$inc": {"load": -1}}, session=self._session)

    async def record_answer(self, ref: ProviderRef, accepted: bool, at: datetime) -> None:
        """One offer answered: by a yes, which is work of this moment; or by a no or by silence."""
        yes = {"accepted_count": 1, "recent_work": work_at(at)} if accepted else {}
        await self._of(ref.kind).update_one({"_id": ref.id}, {"$inc": {"answered": 1, **yes}}, session=self._session)

    async def add_rating(self, ref: ProviderRef, value: float) -> None:
        """`value` in [0, 1]."""
        await self._of(ref.kind).update_one(
            {"_id": ref.id}, {"$inc": {"rating_sum": value, "rating_count": 1}}, session=self._session
        )
