"""The change stream of the inboxes: whose has grown."""

from types import TracebackType
from typing import Any, ClassVar

from pymongo.asynchronous.change_stream import AsyncCollectionChangeStream
from pymongo.errors import PyMongoError

from models.store.changes import WAIT_MS
from models.store.client import Database


class NoticeArrivals:
    """Iterate it: each step gives an account's id, or None when nothing came for half a second. Errors of LOST end it for good."""

    LOST: ClassVar[tuple[type[Exception], ...]] = (PyMongoError,)

    def __init__(self, stream: AsyncCollectionChangeStream[dict[str, Any]]) -> None:
        self._stream = stream

    async def __aenter__(self) -> "NoticeArrivals":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stream.close()

    def __aiter__(self) -> "NoticeArrivals":
        return self

    async def __anext__(self) -> str | None:
        raw = await self._stream.try_next()
        if raw is None and not self._stream.alive:
            raise StopAsyncIteration
        return str(raw["fullDocument"]["account_id"]) if raw else None


async def watch_notices(database: Database) -> NoticeArrivals:
    """Open now: what is committed after this call returns is seen."""
    pipeline: list[dict[str, Any]] = [
        {"$match": {"operationType": "insert"}},
        {"$project": {"fullDocument.account_id": 1}},
    ]
    stream = await database["notices"].watch(pipeline, max_await_time_ms=WAIT_MS)
    await stream.__aenter__()
    return NoticeArrivals(stream)
