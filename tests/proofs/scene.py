"""A town, two workers that serve it, and callers who know both."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from models.store import Store
from models.store.client import connect, open_database
from tests.proofs.town import Callers, Town, found_town
from tests.proofs.workers import Nursery, Worker

LONG = bool(os.environ.get("SANDAN_LONG"))


@dataclass
class Scene:
    cradle: Nursery
    workers: list[Worker]
    callers: Callers
    town: Town

    @property
    def store(self) -> Store:
        return self.town.store


@asynccontextmanager
async def scene(cradle: Nursery, uri: str, volunteers: int, *, careless: bool = False) -> AsyncIterator[Scene]:
    client, name = connect(uri), f"proof_{secrets.token_hex(6)}"
    workers = [cradle.new(uri, name, careless=careless) for _ in range(2)]
    timeout, connector = aiohttp.ClientTimeout(total=90), aiohttp.TCPConnector(limit=0)
    try:
        await cradle.raise_up(*workers)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            callers = Callers(session, workers)
            town = await found_town(Store(client, open_database(client, name)), callers, volunteers)
            yield Scene(cradle, workers, callers, town)
    finally:
        for worker in workers:
            if worker.pid and worker.is_there():
                worker.kill()
        # A killed worker's transaction would hold the database until it runs out.
        await client.admin.command("killAllSessions", [])
        await client.drop_database(name)
        await client.close()
