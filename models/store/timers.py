"""Timers in MongoDB: set and dropped in the transaction of the change they belong to, taken by one worker at a time."""

from datetime import datetime

from pymongo import ReturnDocument
from pymongo.asynchronous.client_session import AsyncClientSession

from models.store.client import Database
from models.store.mapping import from_document, to_document
from models.timer import Timer, new_timer, timer_id


class Timers:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._timers, self._session = database["timers"], session

    async def set(self, kind: str, subject: str, due_at: datetime) -> None:
        """Replaces the timer of that kind and subject, also one that a worker has just taken: that worker will find it gone."""
        document = to_document(new_timer(kind, subject, due_at))
        await self._timers.replace_one({"_id": document["_id"]}, document, upsert=True, session=self._session)

    async def drop(self, kind: str, *subjects: str) -> None:
        """One write, however many."""
        ids = [timer_id(kind, subject) for subject in subjects]
        await self._timers.delete_many({"_id": {"$in": ids}}, session=self._session)

    async def claim(self, at: datetime, until: datetime) -> Timer | None:
        """Take the timer that is longest due, for this worker alone until `until`; one conditional update decides."""
        document = await self._timers.find_one_and_update(
            {"free_at": {"$lte": at}},
            {"$set": {"free_at": until}, "$inc": {"attempts": 1}},
            sort=[("free_at", 1)],
            return_document=ReturnDocument.AFTER,
            session=self._session,
        )
        return from_document(document, Timer) if document else None

    async def finish(self, timer: Timer) -> bool:
        """Remove a taken timer as part of its effect; False when it was replaced, dropped or taken by another meanwhile."""
        result = await self._timers.delete_one(
            {"_id": timer.id, "due_at": timer.due_at, "attempts": timer.attempts}, session=self._session
        )
        return result.deleted_count == 1

    async def postpone(self, timer: Timer, until: datetime) -> None:
        """Leave a taken timer alone until then."""
        await self._timers.update_one(
            {"_id": timer.id, "attempts": timer.attempts}, {"$set": {"free_at": until}}, session=self._session
        )

    async def of_subject(self, subject: str) -> list[Timer]:
        """The next due first."""
        cursor = self._timers.find({"subject": subject}, session=self._session).sort("due_at", 1)
        return [from_document(document, Timer) async for document in cursor]
