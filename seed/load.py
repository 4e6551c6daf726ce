"""Puts the base into an empty database: regions, catalogue, default weights. Safe to run again: what is there stays."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.deadlines import Clocks
from matcher.dispatch.clocks.standing import acts_at, running
from matcher.dispatch.context import Context, weights_named
from matcher.dispatch.watching import keep_watch
from matcher.ranking.columns import Columns
from matcher.ranking.criteria import default_criteria
from matcher.understanding.understander import Understander
from models.account import SYSTEM
from models.clock import Stage, default_timetable
from models.errors import StaleVersionError
from models.event import event_of
from models.order import IN_HAND
from models.place import Regions
from models.schedule import now
from models.service_item import ServiceItem
from models.store import Store, Unit
from models.store.indexes import ensure_indexes
from models.timer import TimerKind
from models.vocabulary import ProviderKind, label
from models.weights import Weights
from seed.city import City
from seed.demo_needs import DemoNeeds
from seed.lives import Life
from seed.people import ORGANISATIONS, SOCIAL_WORKERS, VOLUNTEERS, demo_people
from seed.sources import catalogue_items, pairs, regions

Progress = Callable[[str], None]
BATCH = 500


async def load_base(store: Store, items: Sequence[ServiceItem] | None = None) -> None:
    """`items` instead of the service items that come with the source."""
    await ensure_indexes(store.database)
    all_regions = regions()
    if await store.regions.count() < len(all_regions):
        await store.regions.replace_all(all_regions)
    items = catalogue_items() if items is None else items
    await store.catalogue.add_missing(list(items))
    if await store.weights.get("default") is None:
        await _add_default_weights(store)
    if await store.timetables.latest() is None:
        await _add_default_timetable(store, {item.code for item in items})


async def _add_default_weights(store: Store) -> None:
    at = now()
    weights = Weights("default", 1, default_criteria(), at, SYSTEM.name, "初始方案")
    event = event_of(SYSTEM, "weights.changed", at, "weights:default", id=store.new_id(), why="初始方案", facts={"version": 1})

    async def work(unit: Unit) -> None:
        await unit.weights.add(weights)
        await unit.events.add(event)

    try:
        await store.transact(work)
    except StaleVersionError:
        return  # another worker was quicker: the profile is there


async def _add_default_timetable(store: Store, services: set[str]) -> None:
    try:
        await store.timetables.add(default_timetable(services, 1, now(), SYSTEM.name))
    except StaleVersionError:
        return  # another worker was quicker: the table is there


async def load_demo(store: Store, understander: Understander, all_regions: Regions, say: Progress) -> dict[str, int]:
    """The demo city's people and needs, all invented. What is there already stays; returns how many there are of each."""
    counts = await _counts(store)
    if sum(counts.values()) < VOLUNTEERS + SOCIAL_WORKERS + ORGANISATIONS:
        await _load_people(store, understander, all_regions, say)
    if await store.needs.count() < len(pairs("demo/needs.tsv")):
        say("装入演示需求")
        await _load_needs(store, understander, all_regions)
    return {**await _counts(store), "需求": await store.needs.count()}


async def _counts(store: Store) -> dict[str, int]:
    return {label(kind): await store.providers.count(kind) for kind in ProviderKind}


async def _load_people(store: Store, understander: Understander, all_regions: Regions, say: Progress) -> None:
    known = await store.providers.ids()
    # Whatever a resident thought of somebody must have an order that it is about: the lives bring both.
    missing = [replace(each, rating_sum=0.0, rating_count=0) for each in demo_people(all_regions) if each.id not in known]
    for start in range(0, len(missing), BATCH):
        say(f"装入演示承接方 {start}/{len(missing)}（均为虚构）")
        await store.providers.add_many([understander.mapped(person) for person in missing[start : start + BATCH]])


async def _load_needs(store: Store, understander: Understander, all_regions: Regions) -> None:
    """Each with its orders, events, clocks and timers, as if it had been posted and lived here; nobody is told of any of it."""
    catalogue = Catalogue(await store.catalogue.load())
    weights = await weights_named(store, "default")
    clocks = Clocks(await store.timetables.latest() or default_timetable(catalogue.codes))
    # In columns of their own, which end as the city stands now.
    context = Context(store, understander, catalogue, all_regions, Columns(catalogue, all_regions), now)
    # By id, so that dice fall alike.
    people = sorted([each async for each in store.providers.every()], key=lambda each: each.id)
    lives = DemoNeeds(understander, catalogue, clocks, all_regions, now()).lives(City(context, weights, people))

    async def work(unit: Unit) -> None:
        for life in lives:
            if await unit.needs.get(life.need.id) is None:
                await _add(unit, life)

    await store.transact(work)


async def _add(unit: Unit, life: Life) -> None:
    need = replace(life.stored(), number=await unit.needs.free_number())
    await unit.needs.add(need)
    await unit.events.add(*life.events)
    for order in life.orders:
        await unit.orders.add(order)
        if order.status in IN_HAND:
            await unit.providers.take_load(order.provider.ref)
    for decision in life.decisions:
        await unit.decisions.add(decision)
    for move in life.moves:
        if move.answer is not None:
            await unit.providers.record_answer(move.ref, move.answer, move.at)
        if move.rating is not None:
            await unit.providers.add_rating(move.ref, move.rating)
    respond = need.due.get(Stage.RESPOND)
    await keep_watch(unit, None, need, need.changed_at, respond.at if respond else need.changed_at)
    next_at = acts_at(running(need, life.orders))
    if next_at is not None:
        await unit.timers.set(TimerKind.NEED_CLOCK, f"need:{need.id}", next_at)
