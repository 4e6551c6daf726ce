"""The change stream of the three provider collections."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, ClassVar

from bson import json_util
from pymongo.asynchronous.change_stream import AsyncDatabaseChangeStream
from pymongo.errors import OperationFailure, PyMongoError

from models.account import ProviderRef
from models.provider import Provider
from models.provider_entities import ENTITIES
from models.store.client import Database
from models.store.mapping import UNREADABLE, from_document
from models.store.providers import COLLECTIONS
from models.vocabulary import ProviderKind

KIND_OF = {collection: kind for kind, collection in COLLECTIONS.items()}
WAIT_MS = 500
# Decoded in one go.
BATCH = 200
# InvalidResumeToken, ChangeStreamFatalError, ChangeStreamHistoryLost; and a token that is none (BadValue, TypeMismatch, FailedToParse).
NO_SUCH_HISTORY = frozenset({260, 280, 286, 2, 14, 9, 50811})


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """`at` is when it was written. `provider` None: it is gone, or, with `readable` False, what is there cannot be read.

    What an update tells is the document as it is found a moment later; `replaced` says that another hand put a whole one there,
    whose version may be lower than what was known.
    """

    ref: ProviderRef
    at: datetime
    provider: Provider | None
    readable: bool = True
    replaced: bool = False


class LostHistoryError(Exception):
    """The server no longer knows what happened since then."""


class ProviderChanges:
    """Iterate it: each step gives a change, or None when none came for half a second. Errors of LOST end it for good.

    `token` is where to go on after the last step.
    """

    LOST: ClassVar[tuple[type[Exception], ...]] = (PyMongoError,)

    def __init__(self, stream: AsyncDatabaseChangeStream[dict[str, Any]]) -> None:
        self._stream = stream
        self._ahead: list[dict[str, Any]] = []

    @property
    def token(self) -> str | None:
        """None until something was heard."""
        token = self._stream.resume_token
        return None if token is None else json_util.dumps(token)

    async def begin(self) -> str | None:
        """Hear once, so that there is a token, of what is written from now on: whoever reads everybody after this and goes on with
        the token has missed nothing."""
        raw = await self._stream.try_next()
        if raw is not None:
            self._ahead.append(raw)
        return self.token

    async def __aenter__(self) -> "ProviderChanges":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stream.close()

    def __aiter__(self) -> "ProviderChanges":
        return self

    async def __anext__(self) -> ProviderChange | None:
        raw = self._ahead.pop() if self._ahead else await self._stream.try_next()
        if raw is None:
            if not self._stream.alive:
                raise StopAsyncIteration
            return None
        kind: ProviderKind = KIND_OF[raw["ns"]["coll"]]
        ref = ProviderRef(kind, str(raw["documentKey"]["_id"]))
        document, at = raw.get("fullDocument"), raw.get("wallTime") or raw["clusterTime"].as_datetime()
        try:
            provider = from_document(document, ENTITIES[kind]) if document else None
            return ProviderChange(ref, at, provider, replaced=raw["operationType"] == "replace")
        except UNREADABLE:
            return ProviderChange(ref, at, None, readable=False)


async def watch_providers(database: Database, token: str | None = None) -> ProviderChanges:
    """Open now: what is written after this call returns is seen; with a token what was written since then. Raises LostHistoryError
    where the server no longer has it, or never had."""
    pipeline = [
        {"$match": {"ns.coll": {"$in": list(KIND_OF)}, "operationType": {"$in": ["insert", "update", "replace", "delete"]}}}
    ]
    resume = None if token is None else json_util.loads(token)
    try:
        stream = await database.watch(
            pipeline, full_document="updateLookup", max_await_time_ms=WAIT_MS, resume_after=resume, batch_size=BATCH
        )
    except OperationFailure as error:
        if token is None or error.code not in NO_SUCH_HISTORY:
            raise
        raise LostHistoryError(str(error)[:200]) from error
    return ProviderChanges(stream)
