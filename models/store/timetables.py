"""Versions of the timetable: inserted, never changed; the version is the key, so of two writers one wins."""

from typing import Any

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError

from models.clock import Timetable
from models.errors import StaleVersionError
from models.store.client import Database
from models.store.mapping import Document, from_document, to_document


class Timetables:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._timetables, self._session = database["timetables"], session

    async def latest(self, after: int = 0) -> Timetable | None:
        """None where there is no version above `after`."""
        document = await self._timetables.find_one({"_id": {"$gt": after}}, sort=[("_id", -1)], session=self._session)
        return _table(document) if document else None

    async def versions(self) -> list[Timetable]:
        cursor = self._timetables.find({}, session=self._session).sort("_id", -1)
        return [_table(document) async for document in cursor]

    async def add(self, timetable: Timetable) -> None:
        document: Document = to_document(timetable)
        document["_id"] = document.pop("version")
        try:
            await self._timetables.insert_one(document, session=self._session)
        except DuplicateKeyError as error:
            raise StaleVersionError("办理时限已被别人修改，请重新读取后再改", present_version=timetable.version) from error


def _table(document: dict[str, Any]) -> Timetable:
    return from_document({**document, "version": document["_id"]}, Timetable)
