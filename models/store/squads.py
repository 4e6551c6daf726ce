"""Squads, and who has registered with which community."""

import builtins

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.account import ProviderRef
from models.errors import DuplicateError, StaleVersionError
from models.place import ancestry
from models.registration import Registration, RegistrationFilter
from models.squad import Squad
from models.store.client import Database
from models.store.mapping import Document, from_document, to_document


class Squads:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._squads, self._session = database["squads"], session

    async def add(self, squad: Squad) -> None:
        await self._squads.insert_one(to_document(squad), session=self._session)

    async def get(self, squad_id: str) -> Squad | None:
        document = await self._squads.find_one({"_id": squad_id}, session=self._session)
        return from_document(document, Squad) if document else None

    async def list(self, region: str | None, limit: int, after: str | None) -> builtins.list[Squad]:
        """Those of the region, of all below it, and of the regions around it."""
        query: Document = {}
        if region is not None:
            query = {"$or": [{"region": {"$gte": region, "$lt": region + ":"}}, {"region": {"$in": ancestry(region)}}]}
        if after is not None:
            query = {"$and": [query, {"_id": {"$gt": after}}]}
        cursor = self._squads.find(query, session=self._session).sort("_id", 1).limit(limit)
        return [from_document(document, Squad) async for document in cursor]

    async def of_member(self, ref: ProviderRef, limit: int) -> builtins.list[Squad]:
        query = {"members.id": ref.id, "members": {"$elemMatch": {"kind": ref.kind, "id": ref.id}}}
        cursor = self._squads.find(query, session=self._session).sort("_id", 1).limit(limit)
        return [from_document(document, Squad) async for document in cursor]

    async def replace(self, squad: Squad, expected_version: int) -> None:
        result = await self._squads.replace_one(
            {"_id": squad.id, "version": expected_version}, to_document(squad), session=self._session
        )
        if not result.matched_count:
            raise StaleVersionError("队伍已被别人修改，请重新读取后再改")

    async def delete(self, squad_id: str) -> bool:
        result = await self._squads.delete_one({"_id": squad_id}, session=self._session)
        return result.deleted_count == 1

    async def remove_member(self, ref: ProviderRef) -> None:
        member = {"kind": str(ref.kind), "id": ref.id}
        await self._squads.update_many(
            {"members.id": ref.id}, {"$pull": {"members": member}, "$inc": {"version": 1}}, session=self._session
        )


class Registrations:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._registrations, self._session = database["registrations"], session

    async def add(self, registration: Registration) -> None:
        try:
            await self._registrations.insert_one(to_document(registration), session=self._session)
        except DuplicateKeyError as error:
            raise DuplicateError("已经在这个社区报到过了") from error

    async def get(self, registration_id: str) -> Registration | None:
        document = await self._registrations.find_one({"_id": registration_id}, session=self._session)
        return from_document(document, Registration) if document else None

    async def list(self, wanted: RegistrationFilter, limit: int, after: str | None) -> builtins.list[Registration]:
        query: Document = {}
        if wanted.community is not None:
            query["community"] = {"$gte": wanted.community, "$lt": wanted.community + ":"}
        if wanted.provider is not None:
            query["provider.id"] = wanted.provider.id
            query["provider.kind"] = wanted.provider.kind
        if after is not None:
            query["_id"] = {"$gt": after}
        cursor = self._registrations.find(query, session=self._session).sort("_id", 1).limit(limit)
        return [from_document(document, Registration) async for document in cursor]

    async def delete(self, registration_id: str) -> bool:
        result = await self._registrations.delete_one({"_id": registration_id}, session=self._session)
        return result.deleted_count == 1

    async def delete_of(self, ref: ProviderRef) -> None:
        await self._registrations.delete_many({"provider.id": ref.id, "provider.kind": ref.kind}, session=self._session)
