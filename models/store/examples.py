"""Needs with what people say they mean, for the next model to learn from."""

from pymongo.asynchronous.client_session import AsyncClientSession

from models.labelled_need import LabelledNeed
from models.store.client import Database
from models.store.mapping import from_document, to_document


class Examples:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._examples, self._session = database["examples"], session

    async def put(self, example: LabelledNeed) -> None:
        """The latest word on a need replaces an earlier one."""
        document = to_document(example)
        await self._examples.replace_one({"_id": document["_id"]}, document, upsert=True, session=self._session)

    async def load(self) -> list[LabelledNeed]:
        """All of them, in the order of the needs: read by training, which wants them whole."""
        return [from_document(document, LabelledNeed) async for document in self._examples.find({}).sort("_id", 1)]
