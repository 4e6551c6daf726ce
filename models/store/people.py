"""Accounts and their sessions."""

import builtins
from datetime import datetime
from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.account import Account, Principal, ProviderRef
from models.errors import DuplicateError
from models.place import ancestry
from models.quiet import DEFAULT_QUIET, QuietHours
from models.store.client import Database
from models.store.mapping import from_document, to_document, within
from models.vocabulary import OVERSEER_ROLES, Role


class Accounts:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._accounts, self._session = database["accounts"], session

    async def add(self, account: Account) -> None:
        try:
            await self._accounts.insert_one(to_document(account), session=self._session)
        except DuplicateKeyError as error:
            raise DuplicateError(f"用户名 {account.username} 已被使用") from error

    async def find_by_username(self, username: str) -> Account | None:
        document = await self._accounts.find_one({"username": username}, session=self._session)
        return from_document(document, Account) if document else None

    async def get(self, account_id: str) -> Account | None:
        """Without the hash of its password."""
        document = await self._accounts.find_one({"_id": account_id}, session=self._session)
        return from_document(document | {"password_hash": ""}, Account) if document else None

    async def list(
        self, role: Role | None, username: str, region: str | None, limit: int, before: str | None
    ) -> builtins.list[Account]:
        """Newest first, without the hashes of their passwords; `username` is how it begins."""
        query: dict[str, Any] = {**within(region)}
        if role is not None:
            query["role"] = role
        if username:
            query["username"] = {"$gte": username, "$lt": username + chr(0x10FFFF)}
        if before is not None:
            query["_id"] = {"$lt": before}
        cursor = self._accounts.find(query, session=self._session).sort("_id", -1).limit(limit)
        return [from_document(document | {"password_hash": ""}, Account) async for document in cursor]

    async def set_active(self, account_id: str, active: bool) -> None:
        await self._accounts.update_one({"_id": account_id}, {"$set": {"active": active}}, session=self._session)

    async def ids_of_provider(self, provider: ProviderRef) -> builtins.list[str]:
        """The active accounts that act as this provider."""
        query = {"provider.id": provider.id, "provider.kind": provider.kind, "active": True}
        return [document["_id"] async for document in self._accounts.find(query, {"_id": 1}, session=self._session)]

    async def overseers_of(self, region: str) -> builtins.list[str]:
        """The active accounts that oversee the smallest region around this one which has any; else the administrators of everything."""
        query: dict[str, Any] = {
            "role": {"$in": sorted(OVERSEER_ROLES)},
            "active": True,
            "region": {"$in": [*ancestry(region), None]},
        }
        found = [document async for document in self._accounts.find(query, {"region": 1, "role": 1}, session=self._session)]
        standing = [each for each in found if each["region"] is not None or each["role"] == Role.ADMIN]
        nearest = max((len(each["region"] or "") for each in standing), default=0)
        return [each["_id"] for each in standing if len(each["region"] or "") == nearest]

    async def quiet_of(self, account_ids: builtins.list[str]) -> dict[str, QuietHours]:
        """By account; who has set none has the usual ones."""
        cursor = self._accounts.find({"_id": {"$in": account_ids}}, {"quiet": 1}, session=self._session)
        return {
            document["_id"]: from_document(document["quiet"], QuietHours) if "quiet" in document else DEFAULT_QUIET
            async for document in cursor
        }

    async def set_quiet(self, account_id: str, quiet: QuietHours) -> None:
        await self._accounts.update_one({"_id": account_id}, {"$set": {"quiet": to_document(quiet)}}, session=self._session)

    async def overseer_of(self, role: Role, region: str | None) -> Account | None:
        """The earliest active account that oversees exactly this region in this role."""
        document = await self._accounts.find_one(
            {"role": role, "region": region, "active": True}, sort=[("_id", 1)], session=self._session
        )
        return from_document(document, Account) if document else None

    async def link_provider(self, account_id: str, provider: ProviderRef) -> None:
        await self._accounts.update_one(
            {"_id": account_id}, {"$set": {"provider": to_document_ref(provider)}}, session=self._session
        )

    async def let_in(self, account_id: str, password_hash: str, at: datetime) -> bool:
        """Whether it is still in use with this password. Written down, so that in a transaction it runs into whoever changes either
        at the same time: of the two one begins again and sees the other."""
        query = {"_id": account_id, "password_hash": password_hash, "active": True}
        result = await self._accounts.update_one(query, {"$set": {"entered_at": at}}, session=self._session)
        return result.matched_count == 1

    async def set_password(self, account_id: str, password_hash: str) -> None:
        await self._accounts.update_one({"_id": account_id}, {"$set": {"password_hash": password_hash}}, session=self._session)

    async def unlink_provider(self, provider: ProviderRef) -> None:
        await self._accounts.update_many({"provider.id": provider.id}, {"$set": {"provider": None}}, session=self._session)


def to_document_ref(provider: ProviderRef) -> dict[str, str]:
    return {"kind": str(provider.kind), "id": provider.id}


class Sessions:
    """Tokens are stored only as their SHA-256: who reads the database cannot sign in with it."""

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._sessions, self._accounts, self._session = database["sessions"], database["accounts"], session

    async def add(self, token_hash: str, account_id: str, expires_at: datetime, created_at: datetime) -> None:
        await self._sessions.insert_one(
            {"_id": token_hash, "account_id": account_id, "expires_at": expires_at, "created_at": created_at},
            session=self._session,
        )

    async def find_principal(self, token_hash: str, at: datetime) -> Principal | None:
        """Two look-ups by key. The account is read each time, so that closing or moving one takes effect at once."""
        valid = {"_id": token_hash, "expires_at": {"$gt": at}}
        document = await self._sessions.find_one(valid, {"account_id": 1}, session=self._session)
        if document is None:
            return None
        standing = {"_id": document["account_id"], "active": True}
        account = await self._accounts.find_one(standing, {"password_hash": 0}, session=self._session)
        if account is None:
            return None
        provider = ProviderRef(**account["provider"]) if account.get("provider") else None
        return from_document(
            {
                "account_id": account["_id"],
                "role": account["role"],
                "name": account["name"],
                "region": account["region"],
                "provider": to_document_ref(provider) if provider else None,
            },
            Principal,
        )

    async def delete(self, token_hash: str) -> None:
        await self._sessions.delete_one({"_id": token_hash}, session=self._session)

    async def delete_of(self, account_id: str) -> None:
        await self._sessions.delete_many({"account_id": account_id}, session=self._session)
