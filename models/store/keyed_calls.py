"""The calls that came with a key, and what was answered."""

from datetime import datetime

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.keyed_call import KeptAnswer, KeyedCall
from models.store.client import Database
from models.store.mapping import from_document, to_document


class KeyedCalls:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._calls, self._session = database["keyed_calls"], session

    async def claim(self, wanted: KeyedCall, at: datetime) -> KeyedCall:
        """The call as it stands; it is the caller's to carry out if it has no answer and the caller's `owner`.

        Never part of a transaction: others must see at once that somebody is at it.
        """
        while True:
            present = await self.get(wanted.id)
            if present is None:
                try:
                    await self._calls.insert_one(to_document(wanted))
                except DuplicateKeyError:
                    continue
                return wanted
            if present.expires_at <= at:
                await self._calls.delete_one({"_id": present.id, "owner": present.owner, "expires_at": {"$lte": at}})
                continue
            if present.answer is not None or present.until > at or present.fingerprint != wanted.fingerprint:
                return present
            document = await self._calls.find_one_and_update(
                {"_id": present.id, "owner": present.owner, "answer": None},
                {"$set": {"owner": wanted.owner, "until": wanted.until}},
                return_document=ReturnDocument.AFTER,
            )
            if document is not None:
                return from_document(document, KeyedCall)

    async def get(self, call_id: str) -> KeyedCall | None:
        document = await self._calls.find_one({"_id": call_id}, session=self._session)
        return from_document(document, KeyedCall) if document else None

    async def finish(self, call: KeyedCall, answer: KeptAnswer) -> bool:
        """Keep the answer; False when the call is no longer `call.owner`'s, whose effect must then not be committed."""
        result = await self._calls.update_one(
            {"_id": call.id, "owner": call.owner, "answer": None},
            {"$set": {"answer": to_document(answer)}},
            session=self._session,
        )
        return result.modified_count == 1

    async def release(self, call: KeyedCall) -> None:
        """Nothing has happened: the next who comes with the key may try."""
        await self._calls.delete_one({"_id": call.id, "owner": call.owner, "answer": None})
