"""The one way to reach MongoDB."""

from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import ConnectionFailure, ExecutionTimeout, NetworkTimeout, ServerSelectionTimeoutError, WTimeoutError
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Client = AsyncMongoClient[dict[str, Any]]
Database = AsyncDatabase[dict[str, Any]]

# What the driver raises when the server is away or too slow: nothing is known to have changed, and trying again is right.
UNAVAILABLE = (ConnectionFailure, ServerSelectionTimeoutError, NetworkTimeout, ExecutionTimeout, WTimeoutError)

# A write is acknowledged only when a majority has it in its journal: with less, a killed server loses acknowledged writes.
DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)


def connect(uri: str) -> Client:
    """A client for one event loop; nothing is sent before the first use."""
    return AsyncMongoClient(
        uri,
        tz_aware=True,
        tzinfo=UTC,
        serverSelectionTimeoutMS=8_000,
        socketTimeoutMS=30_000,
        maxPoolSize=60,
        appname="sandan",
    )


def open_database(client: Client, name: str) -> Database:
    return client.get_database(
        name,
        codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
        read_preference=ReadPreference.PRIMARY,
        write_concern=DURABLE,
        read_concern=ReadConcern("majority"),
    )
