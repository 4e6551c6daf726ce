"""Each index is there, there are no others, and the query it is for walks it: asked of MongoDB, with the queries as the repositories send them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from bson import SON
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from models.account import Account
from models.event import EventFilter
from models.need import Evaluation, NeedStatus
from models.need_filter import DueState, NeedFilter
from models.need_states import WAITING
from models.order import IN_HAND, OrderFilter, OrderStatus
from models.provider import ProviderFilter
from models.registration import RegistrationFilter
from models.schedule import now
from models.statistics import Dimension, Period
from models.store import Store
from models.store.client import open_database
from models.store.embedded import EmbeddedServer
from models.store.indexes import ACCEPTED_FIELDS, COMPLETED_FIELDS, INDEXES, ensure_indexes
from models.vocabulary import ProviderKind, Role
from models.weights import AppliesTo, scopes_of
from models.whistle import WhistleFilter
from tests.conftest import NEIGHBOUR_COMMUNITY
from tests.make import (
    AT,
    HOME,
    decision,
    event,
    need,
    notice,
    order,
    organisation,
    plan,
    posting,
    registration,
    services,
    social_worker,
    squad,
    volunteer,
    webhook,
    weights,
    whistle,
)

KINDS = {
    "volunteers": ProviderKind.VOLUNTEER,
    "social_workers": ProviderKind.SOCIAL_WORKER,
    "organisations": ProviderKind.ORGANISATION,
}
A_WEEK = Period(AT.date() - timedelta(days=6), AT.date())
VERBS = ("find", "aggregate", "distinct", "update", "delete", "findAndModify")
# What an index holds that no query asks for: MongoDB's own clock removes what has had its time.
WITHOUT_A_QUERY = {
    ("orders", ("need_id", "provider.kind", "provider.id", "round")),
    ("sessions", ("expires_at",)),
    ("outbox", ("done_at",)),
    ("notices", ("at",)),
    ("decisions", ("expires_at",)),
    ("keyed_calls", ("expires_at",)),
    ("workers", ("at",)),
}


class Recorder(CommandListener):
    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def started(self, event: CommandStartedEvent) -> None:
        if event.command_name in VERBS:
            self.sent.append(dict(event.command))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


class Watched:
    """A store on a database with some hundred documents, that can say which indexes a call walks."""

    def __init__(self, store: Store, recorder: Recorder) -> None:
        self.store, self._recorder = store, recorder
        dice = Random("indexes")
        regions = [f"42010600100{place}" for place in range(1, 10)]
        self.providers = [
            make(
                region=dice.choice(regions),
                services=services(**{f"item{dice.randrange(40)}": 1.0}),
                account_id=f"account-{kind}{n}",
            )
            for kind, make in enumerate((volunteer, social_worker, organisation))
            for n in range(200)
        ]
        self.needs = [
            need(
                region=dice.choice(regions),
                posted_by=f"resident-{n % 60}",
                number=f"{10_000_000 + n}",
                status=dice.choice(list(NeedStatus)),
                resident_keys=(f"account:resident-{n % 60}", f"phone:{n % 90}"),
                evaluation=Evaluation(True, True, n % 3 > 0, 5, "", "resident", Role.RESIDENT, AT) if n % 2 else None,
                point=HOME if n % 3 else None,
                near_at=AT - timedelta(minutes=n) if n % 2 else None,
                due_at=AT + timedelta(minutes=300 - n) if n % 2 else None,
                posted_at=AT - timedelta(days=n % 90),
            )
            for n in range(600)
        ]
        self.orders = [
            order(dice.choice(self.providers), need_id=dice.choice(self.needs).id, region=dice.choice(regions),
                  status=dice.choice(list(OrderStatus)))
            for _ in range(600)
        ]  # fmt: skip
        self.orders = list({(each.need_id, each.provider.ref): each for each in self.orders}.values())
        self.events = [event(need_id=each.id, subject=f"need:{each.id}") for each in self.needs]

    async def fill(self) -> None:
        store = self.store
        await ensure_indexes(store.database)
        await store.providers.add_many(list(self.providers))
        for each in self.needs:
            await store.needs.add(each)
        for placed in self.orders:
            await store.orders.add(placed)
        await store.events.add(*self.events)
        for number in range(50):
            await store.timers.set("offer_expires", f"need:{number}", AT + timedelta(minutes=number))
        for number in range(50):
            account = Account(
                f"account-{number}", f"name-{number}", Role.VOLUNTEER, "测试", None, self.providers[number].ref, "", True, AT
            )
            await store.accounts.add(account)
            await store.sessions.add(f"token-{number}", account.id, now(), now())
            await store.weights.add(weights(skill=1)) if number == 0 else None
        for each in self.needs[:200]:
            await store.plans.add(plan(region=each.region))
        for place, each in enumerate(self.needs[:200]):
            units = self.providers[place], self.providers[place + 200]
            await store.whistles.add(whistle(*units, region=each.region, need_id=each.id, called_at=AT - timedelta(days=place)))
            await store.squads.add(squad(*units, region=each.region[:12]))
            await store.registrations.add(registration(units[0], community=each.region[:12]))
        for number in range(200):
            await store.outbox.add(notice())
            await store.webhooks.add(webhook(account_id=f"account-{number}"))
            await store.postings.add(posting(webhook_id=f"webhook-{number}"))
            await store.inboxes.put("account-7" if number % 2 else f"account-{number}", notice(), AT)
        await store.inboxes.mark_read_to("account-7", 90, now())
        for number in range(50):
            await store.decisions.add(decision(region=NEIGHBOUR_COMMUNITY, profile="default" if number % 5 else "other"))
        await store.weights.add(replace(weights(skill=1), name="other", applies_to=AppliesTo("repairs")))

    async def indexes_of(self, call: Awaitable[object]) -> set[tuple[str, tuple[str, ...]]]:
        """The indexes that the queries of one call walk; a scan of a whole collection fails."""
        found = set()
        for collection, stages in await self.plans_of(call):
            assert "COLLSCAN" not in [stage["stage"] for stage in stages], collection
            found |= {
                (collection, tuple(stage["keyPattern"])) for stage in stages if stage["stage"] in ("IXSCAN", "DISTINCT_SCAN")
            }
        return found

    async def plans_of(self, call: Awaitable[object]) -> list[tuple[str, list[dict[str, Any]]]]:
        """The collection and the stages of each query of one call."""
        self._recorder.sent.clear()
        await call
        found = []
        for command in list(self._recorder.sent):
            plan = await self.store.database.command("explain", explainable(command), verbosity="queryPlanner")
            found.append((str(command[next(iter(command))]), list(stages_of(plan))))
        return found


def explainable(command: dict[str, Any]) -> SON[str, Any]:
    kept = {key: value for key, value in command.items() if key not in ("lsid", "$clusterTime", "$db", "txnNumber", "writeConcern",
            "readConcern", "$readPreference", "startTransaction", "autocommit")}  # fmt: skip
    return SON({**kept, "cursor": {}} if "aggregate" in kept else kept)


def stages_of(plan: Any) -> Any:
    """The stages of the winning plan, wherever the server puts them."""
    if isinstance(plan, dict):
        if "stage" in plan and isinstance(plan["stage"], str):
            yield plan
        for key, part in plan.items():
            if key != "rejectedPlans":
                yield from stages_of(part)
    elif isinstance(plan, list):
        for part in plan:
            yield from stages_of(part)


@pytest.fixture(scope="module")
async def watched(mongod: EmbeddedServer) -> AsyncIterator[Watched]:
    recorder = Recorder()
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(mongod.uri, tz_aware=True, event_listeners=[recorder])
    full = Watched(Store(client, open_database(client, "test_indexes")), recorder)
    await full.fill()
    yield full
    await client.drop_database("test_indexes")
    await client.close()


def keys(index: Any) -> tuple[str, ...]:
    return tuple(name for name, _ in index.keys)


Call = Callable[[Watched], Awaitable[object]]


def _calls() -> dict[tuple[str, tuple[str, ...]], Call]:
    """For each index a call of a repository that must walk it."""
    found: dict[tuple[str, tuple[str, ...]], Call] = {}
    for name, kind in KINDS.items():

        def listing(kind: ProviderKind = kind, **wanted: Any) -> Call:
            return lambda at: at.store.providers.list(kind, ProviderFilter(**wanted), 20, None)

        found[name, ("region", "_id")] = listing(region=NEIGHBOUR_COMMUNITY)
        found[name, ("services.code", "_id")] = listing(service="item7")
        found[name, ("account_id",)] = listing(account_id=f"account-{list(KINDS).index(name)}5")
    found["needs", ("region", "_id")] = lambda at: at.store.needs.list(NeedFilter(region=NEIGHBOUR_COMMUNITY), 20, None)
    found["needs", ("region", "status", "_id")] = lambda at: at.store.needs.list(
        NeedFilter(region=NEIGHBOUR_COMMUNITY, status=NeedStatus.OPEN), 20, None
    )
    found["needs", ("understanding.urgency", "_id", "region", "status", "understanding.needs_review")] = lambda at: (
        at.store.needs.list(NeedFilter(region=NEIGHBOUR_COMMUNITY, review=True), 20, f"3:{at.needs[300].id}")
    )
    found["needs", ("understanding.urgency", "_id", "status", "region")] = lambda at: at.store.needs.list(
        NeedFilter(region=NEIGHBOUR_COMMUNITY[:9], statuses=WAITING, urgent=True), 20, f"3:{at.needs[300].id}"
    )
    found["organisations", ("service_regions",)] = lambda at: at.store.providers.organisations_around(
        NEIGHBOUR_COMMUNITY, NEIGHBOUR_COMMUNITY, 20
    )
    found["needs", ("due_at", "_id", "near_at", "region")] = lambda at: at.store.needs.list(
        NeedFilter(due=DueState.OVERDUE, at=AT), 20, at.needs[301].place_in_due
    )
    found["needs", ("point", "status")] = lambda at: at.store.needs.nearby(
        NEIGHBOUR_COMMUNITY, HOME, 0.3, (AT - timedelta(hours=72), AT), 200
    )
    found["needs", ("region", "posted_at")] = lambda at: at.store.statistics.gaps(
        NEIGHBOUR_COMMUNITY, A_WEEK, Dimension.GRID, ("area",), 20
    )
    found["orders", ("region", "accepted_at", *ACCEPTED_FIELDS)] = lambda at: at.store.statistics.loads(
        NEIGHBOUR_COMMUNITY, A_WEEK
    )
    found["orders", ("region", "completed_at", *COMPLETED_FIELDS)] = lambda at: at.store.statistics.tallies(
        NEIGHBOUR_COMMUNITY, A_WEEK, Dimension.SERVICE, AT
    )
    found["needs", ("number",)] = lambda at: at.store.needs.list(
        NeedFilter(region=NEIGHBOUR_COMMUNITY, number=at.needs[300].number), 20, None
    )
    found["needs", ("posted_by", "_id")] = lambda at: at.store.needs.list(NeedFilter(posted_by="resident-7"), 20, None)
    found["needs", ("resident_keys", "_id")] = lambda at: at.store.orders.who_served(
        ("account:resident-7", "phone:37"), NEIGHBOUR_COMMUNITY[:6]
    )
    found["orders", ("need_id", "status")] = lambda at: at.store.orders.open_offers(at.orders[5].need_id)
    found["orders", ("provider.id", "status", "_id")] = lambda at: at.store.orders.list(
        OrderFilter(provider=at.orders[5].provider.ref, status=OrderStatus.OFFERED), 20, None
    )
    found["orders", ("region", "_id")] = lambda at: at.store.orders.list(OrderFilter(region=NEIGHBOUR_COMMUNITY), 20, None)
    found["timers", ("free_at",)] = lambda at: at.store.timers.claim(AT, AT + timedelta(minutes=1))
    found["timers", ("subject",)] = lambda at: at.store.timers.of_subject("need:7")
    found["plans", ("region", "_id")] = lambda at: at.store.plans.list(NEIGHBOUR_COMMUNITY, 20, None)
    found["whistles", ("region", "_id")] = lambda at: at.store.whistles.list(WhistleFilter(NEIGHBOUR_COMMUNITY), 20, None)
    found["whistles", ("units.unit.id", "_id")] = lambda at: at.store.whistles.list(
        WhistleFilter(unit=at.providers[5].ref), 20, None
    )
    found["whistles", ("need_id", "_id")] = lambda at: at.store.whistles.list(WhistleFilter(need_id=at.needs[5].id), 20, None)
    found["whistles", ("region", "called_at")] = lambda at: at.store.whistles.tallies(
        NEIGHBOUR_COMMUNITY, AT - timedelta(days=3), AT
    )
    found["squads", ("region", "_id")] = lambda at: at.store.squads.list(NEIGHBOUR_COMMUNITY, 20, None)
    found["squads", ("members.id",)] = lambda at: at.store.squads.remove_member(at.providers[5].ref)
    found["registrations", ("provider.id", "community", "kind")] = lambda at: at.store.registrations.list(
        RegistrationFilter(provider=at.providers[5].ref), 20, None
    )
    found["registrations", ("community", "_id")] = lambda at: at.store.registrations.list(
        RegistrationFilter(NEIGHBOUR_COMMUNITY), 20, None
    )
    found["events", ("need_id", "_id")] = lambda at: at.store.events.of_need(at.needs[5].id)
    found["events", ("subject", "_id")] = lambda at: at.store.events.of_subject(f"need:{at.needs[5].id}")
    found["events", ("by_name", "_id")] = lambda at: at.store.events.list(EventFilter(by_name="测试甲"), 20, None)
    found["events", ("action", "_id")] = lambda at: at.store.events.list(EventFilter(action="weights.changed"), 20, None)
    found["accounts", ("username",)] = lambda at: at.store.accounts.find_by_username("name-7")
    found["accounts", ("provider.id",)] = lambda at: at.store.accounts.unlink_provider(at.providers[49].ref)
    found["sessions", ("account_id",)] = lambda at: at.store.sessions.delete_of("account-49")
    found["accounts", ("role", "region")] = lambda at: at.store.accounts.overseers_of(NEIGHBOUR_COMMUNITY)
    found["outbox", ("due_at",)] = lambda at: at.store.outbox.claim(AT, timedelta(seconds=9))
    found["webhooks", ("account_id", "_id")] = lambda at: at.store.webhooks.of_accounts(["account-7"])
    found["postings", ("due_at",)] = lambda at: at.store.postings.claim(AT, timedelta(seconds=9))
    found["postings", ("webhook_id",)] = lambda at: at.store.postings.delete_of("webhook-7")
    found["notices", ("account_id", "seq")] = lambda at: at.store.inboxes.since("account-7", 3, 20)
    found["notices", ("account_id", "read_at", "seq")] = lambda at: at.store.inboxes.list("account-7", True, 20, None)
    found["weights", ("name", "version")] = lambda at: at.store.weights.get("default")
    found["decisions", ("profile", "at")] = lambda at: at.store.decisions.list("default", NEIGHBOUR_COMMUNITY, AT, 20)
    return found


CALLS = _calls()


@pytest.mark.parametrize("index", CALLS, ids=lambda index: f"{index[0]}-{'-'.join(index[1])}")
async def test_the_query_that_an_index_is_for_walks_it(watched: Watched, index: tuple[str, tuple[str, ...]]) -> None:
    assert index in await watched.indexes_of(CALLS[index](watched))


OTHER_CALLS: dict[str, Call] = {
    "a provider's orders": lambda at: at.store.orders.list(OrderFilter(provider=at.orders[5].provider.ref), 20, None),
    "what is on a provider's hands": lambda at: at.store.orders.list(
        OrderFilter(provider=at.orders[5].provider.ref, among=IN_HAND), 20, None
    ),
    "what became of a provider's orders": lambda at: at.store.orders.outcomes(at.orders[5].provider.ref),
    "the squads of a member": lambda at: at.store.squads.of_member(at.providers[5].ref, 50),
    "whether one is unfinished": lambda at: at.store.orders.has_open(at.orders[5].provider.ref),
    "the needs they were offered": lambda at: at.store.orders.need_ids_of(at.orders[5].provider.ref),
    "a need's orders": lambda at: at.store.orders.of_need(at.needs[5].id),
    "the orders of some needs": lambda at: at.store.orders.of_needs([at.needs[5].id, at.needs[6].id]),
    "what some have accepted": lambda at: at.store.orders.taken_by({at.providers[5].ref}),
    "a free number": lambda at: at.store.needs.free_number(),
    "the need of a number": lambda at: at.store.needs.numbered(at.needs[300].number),
    "some needs by id": lambda at: at.store.needs.list(NeedFilter(ids=(at.needs[5].id, at.needs[6].id)), 20, None),
    "what is nearly due": lambda at: at.store.needs.list(NeedFilter(due=DueState.NEAR, at=AT), 20, None),
    "the numbers of a whole city": lambda at: at.store.needs.counts(None, AT),
    "what is overdue in a community": lambda at: at.store.needs.list(
        NeedFilter(region=NEIGHBOUR_COMMUNITY, due=DueState.OVERDUE, at=AT), 20, None
    ),
    "a community's numbers": lambda at: at.store.needs.counts(NEIGHBOUR_COMMUNITY, AT),
    "the newest timetable": lambda at: at.store.timetables.latest(after=3),
    "all needs, the next page": lambda at: at.store.needs.list(NeedFilter(), 20, at.needs[300].id),
    "which profile applies": lambda at: at.store.weights.holders(scopes_of(NEIGHBOUR_COMMUNITY, "repairs")),
    "the review queue of the whole city": lambda at: at.store.needs.list(NeedFilter(review=True), 20, None),
    "all weight profiles": lambda at: at.store.weights.latest(),
    "who signed in": lambda at: at.store.sessions.find_principal("token-7", now()),
    "an account's inbox": lambda at: at.store.inboxes.list("account-7", False, 20, 5),
    "reading all up to one": lambda at: at.store.inboxes.mark_read_to("account-7", 2, now()),
    "the owner of a need by hand": lambda at: at.store.accounts.overseer_of(Role.COMMUNITY, NEIGHBOUR_COMMUNITY),
    "how much they took on lately": lambda at: at.store.orders.taken_since(at.orders[5].provider.ref, AT),
    "a whole city's statistics": lambda at: at.store.statistics.tallies(None, A_WEEK, Dimension.DAY, AT),
    "a whistle that keeps a unit": lambda at: at.store.whistles.unfinished_of(at.providers[5].ref),
    "a whole city's assessment": lambda at: at.store.whistles.tallies("4201", AT - timedelta(days=30), AT),
    "how the regions below stand": lambda at: at.store.standing.below(NEIGHBOUR_COMMUNITY[:9], 12, AT),
    "how a whole country stands": lambda at: at.store.standing.below(None, 6, AT),
    "the most urgent of a community": lambda at: at.store.needs.list(
        NeedFilter(region=NEIGHBOUR_COMMUNITY, status=NeedStatus.OPEN, urgent=True), 20, None
    ),
    "one order more": lambda at: at.store.providers.take_load(at.providers[5].ref),
}


@pytest.mark.parametrize("name", OTHER_CALLS)
async def test_no_call_that_people_wait_for_scans_a_collection(watched: Watched, name: str) -> None:
    await watched.indexes_of(OTHER_CALLS[name](watched))


async def test_orders_are_counted_in_their_indexes_alone(watched: Watched) -> None:
    for by in (Dimension.GRID, Dimension.SERVICE, Dimension.DAY):
        for collection, stages in await watched.plans_of(watched.store.statistics.tallies("4201", A_WEEK, by, AT)):
            assert collection == "needs" or "FETCH" not in [stage["stage"] for stage in stages]


def test_every_index_has_its_query_here_and_says_what_it_serves() -> None:
    declared = {(index.collection, keys(index)) for index in INDEXES}
    assert declared == set(CALLS) | WITHOUT_A_QUERY
    assert len(declared) == len(INDEXES)
    assert all(index.serves for index in INDEXES)


async def test_the_database_has_the_declared_indexes_and_no_others(store: Store) -> None:
    await ensure_indexes(store.database)
    await ensure_indexes(store.database)
    there = {}
    for name in await store.database.list_collection_names():
        for index in (await store.database[name].index_information()).values():
            if index["key"] != [("_id", 1)]:
                there[name, tuple(map(tuple, index["key"]))] = bool(index.get("unique")), index.get("expireAfterSeconds")
    assert there == {(index.collection, index.keys): (index.unique, index.options.get("expireAfterSeconds")) for index in INDEXES}
