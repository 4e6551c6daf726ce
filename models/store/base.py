"""What changes seldom: regions, the catalogue's items, and the weight profiles."""

from collections.abc import Iterable, Sequence
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.errors import BulkWriteError, DuplicateKeyError

from models.errors import DuplicateError, StaleVersionError
from models.place import Region
from models.service_item import ServiceItem
from models.store.client import Database
from models.store.mapping import Document, from_document, to_document
from models.weights import AppliesTo, Weights

DUPLICATE_KEY = 11000


class RegionStore:
    def __init__(self, database: Database) -> None:
        self._regions = database["regions"]

    async def replace_all(self, regions: Sequence[Region]) -> None:
        """Add those that are missing: regions that are gone from the list stay, since needs may lie in them."""
        documents = [_region_document(region) for region in regions]
        known = {document["_id"] async for document in self._regions.find({}, {"_id": 1})}
        await _insert_missing(self._regions, [document for document in documents if document["_id"] not in known])

    async def load(self) -> list[Region]:
        return [_region_of(document) async for document in self._regions.find({}, batch_size=5_000)]

    async def count(self) -> int:
        return await self._regions.estimated_document_count()


async def _insert_missing(collection: AsyncCollection[dict[str, Any]], documents: list[Document]) -> None:
    """What another worker has inserted meanwhile is there, which is what was wanted."""
    if not documents:
        return
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        if error.details["writeConcernErrors"] or any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
            raise


def _region_document(region: Region) -> Document:
    document = to_document(region)
    document["_id"] = document.pop("code")
    return document


def _region_of(document: Document) -> Region:
    return from_document({**document, "code": document["_id"]}, Region)


class CatalogueStore:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._catalogue, self._session = database["catalogue"], session

    async def add_missing(self, items: list[ServiceItem]) -> None:
        """What an administrator has edited stays as they left it."""
        known = {document["_id"] async for document in self._catalogue.find({}, {"_id": 1})}
        new: list[dict[str, Any]] = []
        for place, item in enumerate(items):
            document = to_document(item)
            if document["code"] not in known:
                new.append({**document, "_id": document["code"], "place": place})
        await _insert_missing(self._catalogue, new)

    async def get(self, code: str) -> ServiceItem | None:
        document = await self._catalogue.find_one({"_id": code}, session=self._session)
        return from_document(document, ServiceItem) if document else None

    async def add(self, item: ServiceItem) -> None:
        """Behind all others."""
        last = await self._catalogue.find_one({}, {"place": 1}, sort=[("place", -1)], session=self._session)
        document = to_document(item) | {"_id": item.code, "place": last["place"] + 1 if last else 0}
        try:
            await self._catalogue.insert_one(document, session=self._session)
        except DuplicateKeyError as error:
            raise DuplicateError(f"已经有代码为 {item.code} 的事项") from error

    async def replace(self, item: ServiceItem) -> None:
        """`item.version` is one more than what was read; one that was never changed has none in the database, or 1."""
        before = {"$in": [1, None]} if item.version == 2 else item.version - 1
        result = await self._catalogue.update_one(
            {"_id": item.code, "version": before}, {"$set": to_document(item)}, session=self._session
        )
        if not result.matched_count:
            raise StaleVersionError("事项已被别人修改，请重新读取后再改", present_version=item.version)

    async def load(self) -> list[ServiceItem]:
        return [
            from_document(document, ServiceItem) async for document in self._catalogue.find({}).sort([("place", 1), ("_id", 1)])
        ]


class WeightsStore:
    """A version is inserted, never changed: the unique (name, version) lets one of two writers win.

    `weight_scopes` says which profile applies to what at present, one document a scope: two cannot hold the same.
    """

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._weights, self._scopes, self._session = database["weights"], database["weight_scopes"], session

    async def get(self, name: str) -> Weights | None:
        document = await self._weights.find_one({"name": name}, {"_id": 0}, sort=[("version", -1)], session=self._session)
        return from_document(document, Weights) if document else None

    async def latest(self) -> list[Weights]:
        """Each profile's present version."""
        pipeline: list[dict[str, Any]] = [
            {"$sort": {"name": 1, "version": -1}},
            {"$group": {"_id": "$name", "latest": {"$first": "$$ROOT"}}},
            {"$sort": {"_id": 1}},
        ]
        cursor = await self._weights.aggregate(pipeline, session=self._session)
        return [from_document({k: v for k, v in document["latest"].items() if k != "_id"}, Weights) async for document in cursor]

    async def versions(self, name: str) -> list[Weights]:
        """All versions of a profile, newest first."""
        cursor = self._weights.find({"name": name}, {"_id": 0}, session=self._session).sort("version", -1)
        return [from_document(document, Weights) async for document in cursor]

    async def holders(self, scopes: Iterable[AppliesTo]) -> dict[AppliesTo, str]:
        """Which of these scopes a profile applies to, and its name."""
        wanted = {_scope_key(scope): scope for scope in scopes}
        cursor = self._scopes.find({"_id": {"$in": list(wanted)}}, session=self._session)
        return {wanted[document["_id"]]: document["name"] async for document in cursor}

    async def add(self, weights: Weights) -> None:
        """Raises DuplicateError where another profile applies to the same."""
        before = await self.get(weights.name)
        try:
            await self._weights.insert_one(to_document(weights), session=self._session)
        except DuplicateKeyError as error:
            raise StaleVersionError("权重方案已被别人修改，请重新读取后再改", present_version=weights.version) from error
        await self._move_scope(weights, before.applies_to if before else None)

    async def _move_scope(self, weights: Weights, before: AppliesTo | None) -> None:
        if weights.applies_to == before:
            return
        if before is not None:
            await self._scopes.delete_one({"_id": _scope_key(before), "name": weights.name}, session=self._session)
        if weights.applies_to is not None:
            document = {"_id": _scope_key(weights.applies_to), "name": weights.name}
            try:
                await self._scopes.insert_one(document, session=self._session)
            except DuplicateKeyError as error:
                raise DuplicateError("已有别的权重方案适用于同样的服务组和区划") from error


def _scope_key(scope: AppliesTo) -> str:
    return f"{scope.group or '*'}/{scope.region or '*'}"
