"""Webhooks, and the postings on their way to them."""

from datetime import datetime, timedelta

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from models.store.client import Database
from models.store.mapping import from_document, to_document
from models.webhook import Posting, Webhook


class Webhooks:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._webhooks, self._session = database["webhooks"], session

    async def add(self, webhook: Webhook) -> None:
        await self._webhooks.insert_one(to_document(webhook), session=self._session)

    async def get(self, webhook_id: str) -> Webhook | None:
        document = await self._webhooks.find_one({"_id": webhook_id}, session=self._session)
        return from_document(document, Webhook) if document else None

    async def of_accounts(self, account_ids: list[str]) -> list[Webhook]:
        """Oldest first; the disabled ones too."""
        cursor = self._webhooks.find({"account_id": {"$in": account_ids}}, session=self._session).sort("_id", 1)
        return [from_document(document, Webhook) async for document in cursor]

    async def delete(self, webhook_id: str, account_id: str) -> bool:
        result = await self._webhooks.delete_one({"_id": webhook_id, "account_id": account_id}, session=self._session)
        return result.deleted_count == 1

    async def mark_well(self, webhook_id: str) -> None:
        await self._webhooks.update_one(
            {"_id": webhook_id, "failing_since": {"$ne": None}}, {"$set": {"failing_since": None}}, session=self._session
        )

    async def mark_failing(self, webhook_id: str, at: datetime) -> None:
        """The first failure counts."""
        await self._webhooks.update_one(
            {"_id": webhook_id, "failing_since": None}, {"$set": {"failing_since": at}}, session=self._session
        )

    async def disable(self, webhook_id: str, at: datetime) -> bool:
        """False when it is disabled already, or gone."""
        result = await self._webhooks.update_one(
            {"_id": webhook_id, "disabled_at": None}, {"$set": {"disabled_at": at}}, session=self._session
        )
        return result.modified_count == 1


class Postings:
    """Claimed as the outbox's rows are: by moving `due_at`, which a worker that dies lets run out."""

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._postings, self._session = database["postings"], session

    async def add(self, *postings: Posting) -> None:
        """Nothing for none."""
        if postings:
            await self._postings.insert_many([to_document(posting) for posting in postings], session=self._session)

    async def claim(self, at: datetime, lease: timedelta) -> Posting | None:
        """With this attempt counted."""
        document = await self._postings.find_one_and_update(
            {"due_at": {"$lte": at}},
            {"$set": {"due_at": at + lease}, "$inc": {"attempts": 1}},
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return from_document(document, Posting) if document else None

    async def put_off(self, posting: Posting, until: datetime) -> None:
        await self._postings.update_one({"_id": posting.id}, {"$set": {"due_at": until}}, session=self._session)

    async def delete(self, posting_id: str) -> None:
        await self._postings.delete_one({"_id": posting_id}, session=self._session)

    async def delete_of(self, webhook_id: str) -> None:
        await self._postings.delete_many({"webhook_id": webhook_id}, session=self._session)
