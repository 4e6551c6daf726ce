"""Everything that is kept. `Store` is the whole; `Unit` is the part that takes part in a transaction."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.read_concern import ReadConcern

from models.event import Trace
from models.roll import DatabaseState
from models.store.arrivals import Arrivals, Token, watch_events, watch_notices
from models.store.base import CatalogueStore, RegionStore, WeightsStore
from models.store.changes import ProviderChanges, watch_providers
from models.store.client import DURABLE, UNAVAILABLE, Client, Database
from models.store.decisions import Decisions
from models.store.examples import Examples
from models.store.ids import new_id
from models.store.joining import Joined, joined_to, joining
from models.store.keyed_calls import KeyedCalls
from models.store.models import Models
from models.store.outbox import Inboxes, Outbox
from models.store.people import Accounts, Sessions
from models.store.plans import Plans
from models.store.providers import COLLECTIONS, Providers
from models.store.roll import Roll, database_state
from models.store.squads import Registrations, Squads
from models.store.standing import Standing
from models.store.statistics import Statistics
from models.store.timers import Timers
from models.store.timetables import Timetables
from models.store.webhooks import Postings, Webhooks
from models.store.whistles import Whistles
from models.store.work import Events, Needs, Orders

__all__ = ["UNAVAILABLE", "Store", "Unit", "new_id"]

T = TypeVar("T")
# Of one worker, first come, first served. Were all let in at once, a thousand who want the same document would run into each other,
# and the one who has it could not get on among their attempts.
TRANSACTIONS_AT_ONCE = 20


class Unit:
    """The repositories of one transaction, or of none when `session` is None."""

    def __init__(self, database: Database, session: AsyncClientSession | None = None) -> None:
        self.accounts = Accounts(database, session)
        self.sessions = Sessions(database, session)
        self.providers = Providers(database, session)
        self.needs = Needs(database, session)
        self.standing = Standing(database, session)
        self.orders = Orders(database, session)
        self.events = Events(database, session)
        self.weights = WeightsStore(database, session)
        self.outbox = Outbox(database, session)
        self.inboxes = Inboxes(database, session)
        self.plans = Plans(database, session)
        self.webhooks = Webhooks(database, session)
        self.postings = Postings(database, session)
        self.keyed_calls = KeyedCalls(database, session)
        self.decisions = Decisions(database, session)
        self.examples = Examples(database, session)
        self.models = Models(database, session)
        self.timers = Timers(database, session)
        self.whistles = Whistles(database, session)
        self.squads = Squads(database, session)
        self.registrations = Registrations(database, session)
        self.timetables = Timetables(database, session)
        self.catalogue = CatalogueStore(database, session)
        self.statistics = Statistics(database, session)
        self.roll = Roll(database, session)


class Store(Unit):
    """Its repositories are a Unit's: without a transaction, or those of the transaction that `as_one` has put the caller into."""

    def __init__(self, client: Client, database: Database, uri: str | None = None) -> None:
        """`uri` is where another process would reach the same server; None: nobody else is to."""
        self._client, self.uri = client, uri
        self._outside = Unit(database)
        self._turns = asyncio.Semaphore(TRANSACTIONS_AT_ONCE)
        self.database = database
        self.regions = RegionStore(database)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(name)
            joined = joined_to(self)
            return getattr(self._outside if joined is None else joined.unit, name)

    def new_id(self) -> str:
        return new_id()

    async def transact(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Run `work` in one transaction and commit it durably. It is run again from the start after a transient error or a
        conflict, so it must do nothing but read and write through the unit it is given. Inside `as_one` it joins that transaction."""
        joined = joined_to(self)
        if joined is not None:
            return await cast("Joined[Unit]", joined).run(work)
        async with self._turns, self._client.start_session() as session:
            return await session.with_transaction(
                lambda inner: work(Unit(self.database, inner)), read_concern=ReadConcern("snapshot"), write_concern=DURABLE
            )

    async def as_one(self, work: Callable[[Unit], Awaitable[T]]) -> T:
        """Like `transact`; and all that `work` calls takes part too, though it asks this store rather than the unit.

        Not for what reads in several tasks at once: a transaction is one conversation.
        """

        async def inside(unit: Unit) -> T:
            with joining(Joined(self, unit)):
                return await work(unit)

        return await self.transact(inside)

    async def watch_providers(self, token: str | None = None) -> ProviderChanges:
        """From now on, or from where a token was taken. Raises LostHistoryError."""
        return await watch_providers(self.database, token)

    async def identity(self) -> str:
        """Tells these collections of providers from others of the same name, after a restore or in another database."""
        cursor = await self.database.list_collections(filter={"name": {"$in": sorted(COLLECTIONS.values())}})
        return " ".join(sorted([f"{each['name']}:{each['info'].get('uuid')}" async for each in cursor]))

    async def watch_notices(self, token: Token | None = None) -> Arrivals[str]:
        """Like `watch_providers`: whose inbox has grown."""
        return await watch_notices(self.database, token)

    async def watch_events(self, token: Token | None = None) -> Arrivals[Trace]:
        """Like `watch_providers`: what has happened."""
        return await watch_events(self.database, token)

    async def database_state(self) -> DatabaseState:
        return await database_state(self._client)

    async def ping(self) -> None:
        await self.database.command("ping")
