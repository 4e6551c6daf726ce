"""The change streams of what is only ever added: whose inbox has grown, and what has happened."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from types import TracebackType
from typing import Any, ClassVar, Generic, TypeVar

from pymongo.asynchronous.change_stream import AsyncCollectionChangeStream
from pymongo.errors import OperationFailure, PyMongoError

from models.event import Trace
from models.store.changes import NO_SUCH_HISTORY, WAIT_MS, LostHistoryError
from models.store.client import Database
from models.store.mapping import UNREADABLE, from_document

T = TypeVar("T")
Token = Mapping[str, Any]
TRACED = tuple(each.name for each in fields(Trace))


class Arrivals(Generic[T]):
    """Iterate it: each step gives what was added, or None when nothing came for half a second. Errors of LOST end it for good.

    `token` is where to go on after the last step; None where the server has said that it does not know any more.
    """

    LOST: ClassVar[tuple[type[Exception], ...]] = (PyMongoError,)

    def __init__(self, stream: AsyncCollectionChangeStream[dict[str, Any]], read: Callable[[dict[str, Any]], T]) -> None:
        self._stream, self._read = stream, read
        self._lost = False

    @property
    def token(self) -> Token | None:
        return None if self._lost else self._stream.resume_token

    async def __aenter__(self) -> "Arrivals[T]":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stream.close()

    def __aiter__(self) -> "Arrivals[T]":
        return self

    async def __anext__(self) -> T | None:
        try:
            raw = await self._stream.try_next()
        except OperationFailure as error:
            self._lost = error.code in NO_SUCH_HISTORY
            raise
        if raw is None and not self._stream.alive:
            raise StopAsyncIteration
        try:
            return self._read(raw["fullDocument"]) if raw else None
        except UNREADABLE:
            # Written by another hand: nobody waits for it.
            return None


async def watch_notices(database: Database, token: Token | None = None) -> Arrivals[str]:
    """Each step gives an account's id. Open now: what is committed after this call returns is seen; with a token what was committed
    since then. Raises LostHistoryError where the server no longer has it."""
    return await _watch(database, "notices", ("account_id",), lambda document: str(document["account_id"]), token)


async def watch_events(database: Database, token: Token | None = None) -> Arrivals[Trace]:
    """Like `watch_notices`; names and words stay in the database."""
    return await _watch(database, "events", TRACED, lambda document: from_document(document, Trace), token)


async def _watch(
    database: Database, collection: str, names: tuple[str, ...], read: Callable[[dict[str, Any]], T], token: Token | None
) -> Arrivals[T]:
    pipeline: list[dict[str, Any]] = [
        {"$match": {"operationType": "insert"}},
        {"$project": {f"fullDocument.{name}": 1 for name in names}},
    ]
    try:
        stream = await database[collection].watch(pipeline, max_await_time_ms=WAIT_MS, resume_after=token)
    except OperationFailure as error:
        if token is None or error.code not in NO_SUCH_HISTORY:
            raise
        raise LostHistoryError(str(error)[:200]) from error
    return Arrivals(stream, read)
