"""A whole collection read without an event loop, for a process of its own: batches are passed on as they come, nothing is decoded."""

from collections.abc import Iterator
from struct import Struct
from typing import Any

from bson import Int64
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient, ReadPreference

from models.store.batches import within_any
from models.store.lockstep import FIXED, LENGTH, TOLD
from models.store.providers import COLLECTIONS
from models.vocabulary import ProviderKind

# The driver's raw batches make an object of every document, which takes as long as the server takes to find it; a reply that is left
# as it is takes a third.
RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument)
# Some six megabytes.
BATCH = 4_000
NUMBER = Struct("<q")
# Of the names in a reply.
LONGEST_NAME = 64


def arrays_of(uri: str, database: str, kind: ProviderKind, regions: tuple[str, ...]) -> Iterator[memoryview]:
    """Everybody of a kind, of those whose area lies in these regions where there are any: BSON arrays of documents."""
    client: MongoClient[Any] = MongoClient(uri, serverSelectionTimeoutMS=15_000, socketTimeoutMS=60_000, appname="sandan")
    with client, client.start_session(causal_consistency=False) as session:
        command: dict[str, Any] = {
            "find": COLLECTIONS[kind],
            "filter": within_any(regions, kind),
            "batchSize": BATCH,
            "readConcern": {"level": "majority"},
        }
        while command:
            reply = client[database].command(command, codec_options=RAW, read_preference=ReadPreference.PRIMARY, session=session)
            cursor, array = _batch_of(memoryview(reply.raw))
            yield array
            command = {"getMore": Int64(cursor), "collection": COLLECTIONS[kind], "batchSize": BATCH} if cursor else {}


def _batch_of(reply: memoryview) -> tuple[int, memoryview]:
    """The cursor's number, nought at the end, and the array of documents."""
    values = _values(reply, _values(reply, 0)["cursor"])
    first = values.get("firstBatch") or values["nextBatch"]
    return NUMBER.unpack_from(reply, values["id"])[0], reply[first : first + LENGTH.unpack_from(reply, first)[0]]


def _values(raw: memoryview, document: int) -> dict[str, int]:
    """Where the values of a document begin, by name."""
    found, at = {}, document + 4
    while kind := raw[at]:
        name = bytes(raw[at + 1 : at + LONGEST_NAME]).partition(b"\0")[0]
        found[name.decode()] = value = at + 2 + len(name)
        at = value + int(FIXED[kind] if TOLD[kind] < 0 else TOLD[kind] + LENGTH.unpack_from(raw, value)[0])
    return found
