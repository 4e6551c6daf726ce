"""The change stream of the three provider collections."""

from dataclasses import dataclass
from types import TracebackType
from typing import Any, ClassVar

from pymongo.asynchronous.change_stream import AsyncDatabaseChangeStream
from pymongo.errors import PyMongoError

from models.account import ProviderRef
from models.provider import Provider
from models.provider_entities import ENTITIES
from models.store.client import Database
from models.store.mapping import UNREADABLE, from_document
from models.store.providers import COLLECTIONS
from models.vocabulary import ProviderKind

KIND_OF = {collection: kind for kind, collection in COLLECTIONS.items()}
WAIT_MS = 500


@dataclass(frozen=True, slots=True)
class ProviderChange:
    """`provider` None: it is gone, or, with `readable` False, what is there cannot be read.

    What an update tells is the document as it is found a moment later; `replaced` says that another hand put a whole one there,
    whose version may be lower than what was known.
    """

    ref: ProviderRef
    provider: Provider | None
    readable: bool = True
    replaced: bool = False


class ProviderChanges:
    """Iterate it: each step gives a change, or None when none came for half a second. Errors of LOST end it for good."""

    LOST: ClassVar[tuple[type[Exception], ...]] = (PyMongoError,)

    def __init__(self, stream: AsyncDatabaseChangeStream[dict[str, Any]]) -> None:
        self._stream = stream

    async def __aenter__(self) -> "ProviderChanges":
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stream.close()

    def __aiter__(self) -> "ProviderChanges":
        return self

    async def __anext__(self) -> ProviderChange | None:
        raw = await self._stream.try_next()
        if raw is None:
            if not self._stream.alive:
                raise StopAsyncIteration
            return None
        kind: ProviderKind = KIND_OF[raw["ns"]["coll"]]
        ref = ProviderRef(kind, str(raw["documentKey"]["_id"]))
        document = raw.get("fullDocument")
        try:
            provider = from_document(document, ENTITIES[kind]) if document else None
            return ProviderChange(ref, provider, replaced=raw["operationType"] == "replace")
        except UNREADABLE:
            return ProviderChange(ref, None, readable=False)


async def watch_providers(database: Database) -> ProviderChanges:
    """Open now: what is written after this call returns is seen."""
    pipeline = [
        {"$match": {"ns.coll": {"$in": list(KIND_OF)}, "operationType": {"$in": ["insert", "update", "replace", "delete"]}}}
    ]
    stream = await database.watch(pipeline, full_document="updateLookup", max_await_time_ms=WAIT_MS)
    await stream.__aenter__()
    return ProviderChanges(stream)
