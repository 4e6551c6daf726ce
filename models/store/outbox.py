"""The outbox and the inboxes that it is emptied into."""

from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.notice import Claimed, Held, Notice, Received, digest_of
from models.store.client import Database
from models.store.conflict import RevisionConflict
from models.store.ids import new_id
from models.store.mapping import Document, from_document, to_document


class Outbox:
    """A row is due while it has `due_at`. To claim it is to move that instant, so a worker that dies lets go by itself."""

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._outbox, self._session = database["outbox"], session

    async def add(self, *notices: Notice) -> None:
        """Nothing for none."""
        if notices:
            rows = [to_document(notice) | {"due_at": notice.at, "attempts": 0} for notice in notices]
            await self._outbox.insert_many(rows, session=self._session)

    async def claim(self, at: datetime, lease: timedelta) -> Claimed | None:
        """The row that has been due longest, by one conditional update."""
        until = at + lease
        row = await self._outbox.find_one_and_update(
            {"due_at": {"$lte": at}},
            {"$set": {"due_at": until}, "$inc": {"attempts": 1}},
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        if row is None:
            return None
        held = tuple(from_document(each, Held) for each in row.get("held", ()))
        return Claimed(from_document(row, Notice), row["attempts"], until, held)

    async def hold(self, account_id: str, notice: Notice, until: datetime) -> None:
        """In a transaction: add it to the account's digest of that morning, which is a row of the outbox that is due then.

        Should the digest be claimed at the same moment, its closing finds another `due_at`, and it is delivered later, whole.
        """
        digest = digest_of(account_id, until)
        fresh = {key: value for key, value in to_document(digest).items() if key != "_id"}
        try:
            await self._outbox.update_one(
                {"_id": digest.id},
                {
                    "$push": {"held": to_document(Held(notice.at, notice.title, notice.text))},
                    "$set": {"due_at": until},
                    "$unset": {"done_at": ""},
                    "$setOnInsert": {**fresh, "attempts": 0},
                },
                upsert=True,
                session=self._session,
            )
        except DuplicateKeyError as error:
            raise RevisionConflict from error

    async def close(self, claimed: Claimed, at: datetime, told: int) -> bool:
        """Part of delivering; False when another worker has claimed the row meanwhile. `told` counts the accounts."""
        result = await self._outbox.update_one(
            {"_id": claimed.notice.id, "due_at": claimed.until},
            {"$unset": {"due_at": "", "held": ""}, "$set": {"done_at": at, "told": told}},
            session=self._session,
        )
        return result.modified_count == 1

    async def put_off(self, claimed: Claimed, until: datetime) -> None:
        await self._outbox.update_one({"_id": claimed.notice.id, "due_at": claimed.until}, {"$set": {"due_at": until}})


class Inboxes:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._notices, self._inboxes, self._session = database["notices"], database["inboxes"], session

    async def put(self, account_id: str, notice: Notice, at: datetime) -> Received:
        """In a transaction: the counter makes two who write to one account follow each other, so `seq` is the order of commits."""
        try:
            counter: Document | None = await self._inboxes.find_one_and_update(
                {"_id": account_id},
                {"$inc": {"last_seq": 1}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
                session=self._session,
            )
        except DuplicateKeyError as error:
            raise RevisionConflict from error
        assert counter is not None
        received = Received(
            id=new_id(),
            account_id=account_id,
            seq=counter["last_seq"],
            at=at,
            kind=notice.kind,
            title=notice.title,
            text=notice.text,
            need_id=notice.need_id,
            order_id=notice.order_id,
            whistle_id=notice.whistle_id,
            urgency=notice.urgency,
        )
        await self._notices.insert_one(to_document(received), session=self._session)
        return received

    async def since(self, account_id: str, seq: int, limit: int) -> list[Received]:
        """What came after `seq`, oldest first."""
        cursor = self._notices.find({"account_id": account_id, "seq": {"$gt": seq}}).sort("seq", 1).limit(limit)
        return [from_document(document, Received) async for document in cursor]

    async def last_seq(self, account_id: str) -> int:
        """0 for who was never told anything."""
        counter = await self._inboxes.find_one({"_id": account_id})
        return int(counter["last_seq"]) if counter else 0

    async def get(self, account_id: str, notice_id: str) -> Received | None:
        document = await self._notices.find_one({"_id": notice_id, "account_id": account_id}, session=self._session)
        return from_document(document, Received) if document else None

    async def mark_read(self, account_id: str, notice_id: str, at: datetime) -> None:
        await self._mark({"_id": notice_id, "account_id": account_id}, at)

    async def mark_read_of(self, latest: Received, at: datetime) -> None:
        """What its account was told of the same need or whistle, up to this notice."""
        about = "whistle_id" if latest.whistle_id else "need_id"
        if (subject := getattr(latest, about)) is not None:
            await self._mark({"account_id": latest.account_id, about: subject, "seq": {"$lte": latest.seq}}, at)

    async def mark_read_to(self, account_id: str, seq: int, at: datetime) -> int:
        return await self._mark({"account_id": account_id, "seq": {"$lte": seq}}, at)

    async def _mark(self, query: dict[str, Any], at: datetime) -> int:
        """What was read before keeps the time of its reading."""
        result = await self._notices.update_many(query | {"read_at": None}, {"$set": {"read_at": at}}, session=self._session)
        return result.modified_count

    async def count_unread(self, account_id: str, most: int) -> int:
        query = {"account_id": account_id, "read_at": None}
        return await self._notices.count_documents(query, limit=most, session=self._session)

    async def list(self, account_id: str, unread: bool, limit: int, before: int | None) -> list[Received]:
        """Newest first; `before` is a `seq`."""
        query: Document = {"account_id": account_id}
        if unread:
            query["read_at"] = None
        if before is not None:
            query["seq"] = {"$lt": before}
        cursor = self._notices.find(query, session=self._session).sort("seq", -1).limit(limit)
        return [from_document(document, Received) async for document in cursor]
