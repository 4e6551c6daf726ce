"""Databases that tests use one after the other: a new one with its indexes takes mongod half a second and a hundred open files."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from models.store.client import Client, connect, open_database
from models.store.indexes import ensure_indexes

# The regions are thousands and never change; whoever starts on a database finds them there and loads them no second time.
REGIONS_STAY = frozenset({"regions"})


class Databases:
    """Of one mongod. A database is emptied when it is given back, so a test finds indexes, and what may `stay`, at most."""

    def __init__(self, uri: str, stay: frozenset[str] = frozenset()) -> None:
        self.uri, self._stay = uri, stay
        self._free: list[str] = []

    def take(self) -> str:
        return self._free.pop() if self._free else f"test_{secrets.token_hex(6)}"

    async def give_back(self, *names: str) -> None:
        client = connect(self.uri)
        for name in names:
            await _empty(client, name, self._stay)
        await client.close()
        self._free.extend(names)

    @asynccontextmanager
    async def indexed(self) -> AsyncIterator[str]:
        """An empty database with all indexes and no regions, for who works without a service."""
        name = self.take()
        client = connect(self.uri)
        if not await client[name].list_collection_names():
            await ensure_indexes(open_database(client, name))
        await client.close()
        yield name
        await self.give_back(name)


async def _empty(client: Client, name: str, stay: frozenset[str]) -> None:
    database = client[name]
    async for found in await database.list_collections():
        if "validator" in found["options"]:  # a test has let writes fail
            await database.command("collMod", found["name"], validator={})
        if found["name"] not in stay:
            await database[found["name"]].delete_many({})
