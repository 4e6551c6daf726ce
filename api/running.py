"""运行情况 as the API and the page tell it."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from api.keys import ROLL, SETTINGS, STORE
from models.roll import DatabaseState, Worker
from models.schedule import now


@dataclass(frozen=True, slots=True)
class Running:
    """`embedded`: MongoDB is the one that comes with the service, for demo and tests."""

    workers: tuple[Worker, ...]
    database: DatabaseState
    embedded: bool
    at: datetime


async def how_it_runs(app: web.Application) -> Running:
    """This worker by how it is now, the others by what they said last."""
    store, mine = app[STORE], await app[ROLL].state()
    others = [each for each in await store.roll.list() if each.id != mine.id]
    workers = sorted((mine, *others), key=lambda each: (each.number or 0, each.id))
    return Running(tuple(workers), await store.database_state(), app[SETTINGS].is_embedded, now())
