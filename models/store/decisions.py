"""What the ranking saw at each offer. MongoDB removes a decision when its time is over."""

from datetime import datetime

from pymongo.asynchronous.client_session import AsyncClientSession

from models.decision import Decision
from models.store.client import Database
from models.store.mapping import Document, from_document, to_document, within


class Decisions:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._decisions, self._session = database["decisions"], session

    async def add(self, decision: Decision) -> None:
        await self._decisions.insert_one(to_document(decision), session=self._session)

    async def list(self, profile: str, region: str | None, since: datetime | None, limit: int) -> list[Decision]:
        """Those that a profile ranked, newest first, of a region and all below it."""
        query: Document = {"profile": profile, **within(region)}
        if since is not None:
            query["at"] = {"$gte": since}
        cursor = self._decisions.find(query, session=self._session, batch_size=200).sort("at", -1).limit(limit)
        return [from_document(document, Decision) async for document in cursor]
