"""Puts the base into an empty database: regions, catalogue, default weights. Safe to run again: what is there stays."""

import random
from collections.abc import Callable, Sequence
from datetime import timedelta

from matcher.ranking.criteria import default_criteria
from matcher.understanding.understander import Stated, Understander
from models.account import SYSTEM
from models.clock import default_timetable
from models.errors import StaleVersionError
from models.event import Event, event_of
from models.need import Need
from models.place import Regions
from models.provider import Contact
from models.schedule import now
from models.service_item import ServiceItem
from models.store import Store, Unit
from models.store.indexes import ensure_indexes
from models.vocabulary import Channel, ProviderKind, RegionLevel, label
from models.weights import Weights
from seed.people import MADE_AT, ORGANISATIONS, SOCIAL_WORKERS, VOLUNTEERS, demo_id, demo_people
from seed.sources import DEMO_DISTRICTS, catalogue_items, pairs, regions

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
    missing = [person for person in demo_people(all_regions) if person.id not in known]
    for start in range(0, len(missing), BATCH):
        say(f"装入演示承接方 {start}/{len(missing)}（均为虚构）")
        await store.providers.add_many([understander.mapped(person) for person in missing[start : start + BATCH]])


async def _load_needs(store: Store, understander: Understander, all_regions: Regions) -> None:
    dice = random.Random("sandan demo needs")  # noqa: S311 - invented needs, not secrets
    homes = [region for region in all_regions if region.level == RegionLevel.COMMUNITY and region.code[:6] in DEMO_DISTRICTS]
    needs: list[Need] = []
    events: list[Event] = []
    for number, row in enumerate(pairs("demo/needs.tsv")):
        posted_at = MADE_AT + timedelta(minutes=47 * number)
        understanding = understander.understand(row[4], Stated(), posted_at)
        need = Need(
            id=demo_id(f"need-{number}", posted_at),
            text=row[4],
            region=dice.choice(homes).code,
            point=None,
            contact=Contact(),
            channel=dice.choice((Channel.RESIDENT, Channel.COMMUNITY, Channel.HOTLINE, Channel.PATROL)),
            posted_by=SYSTEM.account_id,
            understanding=understanding,
            people=understanding.people,
            posted_at=posted_at,
            changed_at=posted_at,
        )
        needs.append(need)
        events.append(
            event_of(
                SYSTEM,
                "need.posted",
                posted_at,
                f"need:{need.id}",
                id=demo_id(f"need-event-{number}", posted_at),
                need_id=need.id,
                why="演示数据",
            )
        )

    async def work(unit: Unit) -> None:
        for need, event in zip(needs, events, strict=True):
            if await unit.needs.get(need.id) is None:
                await unit.needs.add(need)
                await unit.events.add(event)

    await store.transact(work)
