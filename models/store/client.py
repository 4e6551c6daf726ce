"""The one way to reach MongoDB."""

from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from pymongo import AsyncMongoClient, ReadPreference
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    ConfigurationError,
    ConnectionFailure,
    ExecutionTimeout,
    InvalidURI,
    NetworkTimeout,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

Client = AsyncMongoClient[dict[str, Any]]
Database = AsyncDatabase[dict[str, Any]]

# What the driver raises when the server is away or too slow: nothing is known to have changed, and trying again is right.
UNAVAILABLE = (ConnectionFailure, ServerSelectionTimeoutError, NetworkTimeout, ExecutionTimeout, WTimeoutError)

# A write is acknowledged only when a majority has it in its journal: with less, a killed server loses acknowledged writes.
DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)


class StoreMisconfiguredError(Exception):
    """The database is not one that the service can work with; the message says why."""


def connect(uri: str) -> Client:
    """A client for one event loop; nothing is sent before the first use. Raises StoreMisconfiguredError for a URI that is none."""
    try:
        return _connect(uri)
    except (InvalidURI, ConfigurationError, ValueError) as error:
        raise StoreMisconfiguredError(f"SANDAN_MONGODB_URI 不正确：{error}") from error


async def require_replica_set(client: Client) -> None:
    """Transactions and change streams need one; a sharded cluster's router will do."""
    try:
        hello = await client.admin.command("hello")
    except OperationFailure as error:
        raise StoreMisconfiguredError(f"MongoDB 拒绝了连接：{error.details.get('errmsg') if error.details else error}") from error
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise StoreMisconfiguredError("这个 MongoDB 不是副本集，没有事务和变更流。请用 --replSet 启动并初始化副本集。")


def _connect(uri: str) -> Client:
    return AsyncMongoClient(
        uri,
        tz_aware=True,
        tzinfo=UTC,
        # Longer than a replica set with MongoDB's own settings takes to elect another primary (10 s and a little): a call waits.
        serverSelectionTimeoutMS=15_000,
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
