"""Providers as flat documents, for reading millions: scalars and short arrays, drawn up by the server, undecoded until asked for."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC
from typing import Any, cast

import bson
import numpy as np
from bson.codec_options import CodecOptions
from numpy.typing import NDArray
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.command_cursor import AsyncRawBatchCommandCursor

from models.store.mapping import Document
from models.vocabulary import ProviderKind

# Decoded in some four milliseconds, during which nothing else runs in the process.
BATCH = 500
AS_THEY_ARE = (
    "name", "region", "active", "version", "capacity", "load", "rating_sum", "rating_count", "answered", "accepted_count",
    "recent_work", "away_from", "away_to", "daily_offers", "weekly_offers", "asked_day", "asked_today", "asked_week", "gender",
    "languages", "languages_read", "party_member", "credential", "type", "service_regions",
)  # fmt: skip
DRAWN_UP = {
    "lng": "point.lng",
    "lat": "point.lat",
    "phone": "contact.phone",
    "codes": "services.code",
    "confidences": "services.confidence",
    "words": "terms.word",
    "weights": "terms.weight",
    "weekdays": "availability.weekday",
    "starts": "availability.start_minute",
    "ends": "availability.end_minute",
}
# What a document of our form has and columns do not need: one without it is read singly, and told if it cannot be read.
FORM = {
    "kind": "string", "name": "string", "bio": "string", "region": "string", "skills": "array", "contact": "object",
    "availability": "array", "created_at": "date", "changed_at": "date",
}  # fmt: skip
ODD: Document = {"$ne": [[{"$type": f"${name}"} for name in FORM], list(FORM.values())]}
PROJECT: Document = dict.fromkeys(AS_THEY_ARE, 1) | {name: f"${path}" for name, path in DRAWN_UP.items()} | {"odd": ODD}
OPTIONS: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True, tzinfo=UTC)


VERSIONS: Document = {"version": 1}
# A document of an id and a version, where both have the usual form: always the same bytes but for the two.
PLAIN = np.dtype(
    [
        ("length", "<i4"), ("id_type", "u1"), ("id_name", "S4"), ("id_length", "<i4"), ("id", "S24"), ("id_end", "u1"),
        ("version_type", "u1"), ("version_name", "S8"), ("version", "<i4"), ("end", "u1"),
    ]
)  # fmt: skip
AS_USUAL = {"length": PLAIN.itemsize, "id_type": 2, "id_name": b"_id", "id_length": 25, "id_end": 0} | {
    "version_type": 16, "version_name": b"version", "end": 0
}  # fmt: skip


async def flat_batches(
    collection: AsyncCollection[dict[str, Any]], condition: Document, project: Document = PROJECT
) -> AsyncIterator[bytes]:
    """Everybody of a collection who meets the condition, in no order, as the server sent them; `decoded` reads a batch."""
    pipeline = [{"$match": condition}, {"$project": project}] if condition else [{"$project": project}]
    cursor = cast("AsyncRawBatchCommandCursor[Any]", await collection.aggregate_raw_batches(pipeline, batchSize=BATCH))
    async with cursor:
        async for batch in cursor:
            yield cast(bytes, batch)


def decoded(batch: bytes) -> list[Document]:
    return bson.decode_all(batch, OPTIONS)


def versions(batch: bytes) -> tuple[bytes, NDArray[np.int32], list[Document]]:
    """Ids, 24 bytes each, with their versions; and the documents of a batch in which not all have the usual form."""
    if len(batch) % PLAIN.itemsize == 0:
        found = np.frombuffer(batch, PLAIN)
        if all((found[name] == usual).all() for name, usual in AS_USUAL.items()):
            return found["id"].tobytes(), found["version"], []
    return b"", np.zeros(0, np.int32), decoded(batch)


def within_any(regions: Iterable[str], kind: ProviderKind) -> Document:
    """The condition for whose area lies in one of these regions: who lives there, and organisations that serve there."""
    codes = tuple(regions)
    if not codes:
        return {}
    ways: list[Document] = [{"region": {"$gte": code, "$lt": code + ":"}} for code in codes]
    if kind == ProviderKind.ORGANISATION:
        ways += [{"service_regions": {"$elemMatch": {"$gte": code, "$lt": code + ":"}}} for code in codes]
        ways.append({"service_regions": {"$in": [code[:length] for code in codes for length in range(2, len(code))]}})
    return {"$or": ways}
