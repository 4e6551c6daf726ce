"""What the workers say of themselves, and how the database is."""

import builtins
import time

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import OperationFailure

from models.roll import DatabaseState, Worker
from models.store.client import Client, Database
from models.store.mapping import from_document, to_document


class Roll:
    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self._workers, self._session = database["workers"], session

    async def answer(self, worker: Worker) -> None:
        document = to_document(worker)
        await self._workers.replace_one({"_id": document["_id"]}, document, upsert=True, session=self._session)

    async def leave(self, worker_id: str) -> None:
        await self._workers.delete_one({"_id": worker_id}, session=self._session)

    async def list(self) -> builtins.list[Worker]:
        """All that have said something within the hour."""
        cursor = self._workers.find({}, session=self._session).sort([("number", 1), ("_id", 1)])
        return [from_document(document, Worker) async for document in cursor]


async def database_state(client: Client) -> DatabaseState:
    """Two small questions, and a third that not every account may ask."""
    started = time.perf_counter()
    hello = await client.admin.command("hello")
    answered_ms = (time.perf_counter() - started) * 1000
    version = str((await client.admin.command("buildInfo"))["version"])
    return DatabaseState(
        version=version, replica_set=str(hello.get("setName", "")), answered_ms=answered_ms, members=await _members(client)
    )


async def _members(client: Client) -> tuple[tuple[str, str], ...]:
    try:
        status = await client.admin.command("replSetGetStatus")
    except OperationFailure:
        return ()
    return tuple((str(each["name"]), str(each["stateStr"])) for each in status["members"])
