"""Loading is safe to repeat, and what an administrator has changed since stays changed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.catalogue import Catalogue
from matcher.dispatch.context import Context
from matcher.ranking.columns import Columns
from matcher.ranking.criteria import default_criteria
from matcher.statistics.figures import values
from matcher.tuning.outcomes import ACCEPTED, answered_of, counted, outcomes_of
from matcher.tuning.proposal import MINIMUM
from matcher.tuning.replay import scene_of
from matcher.tuning.trials import Span, Trials
from matcher.understanding.understander import Understander
from models.account import Principal
from models.place import Regions
from models.schedule import now
from models.statistics import Dimension, Period
from models.store import Store
from models.vocabulary import ProviderKind, Role, label
from seed.load import load_base, load_demo
from seed.people import ORGANISATIONS, SOCIAL_WORKERS, VOLUNTEERS
from seed.sources import catalogue_items, pairs, regions
from tests.make import weights


async def test_the_base_is_loaded_once_and_what_was_edited_stays(store: Store) -> None:
    await load_base(store)
    assert await store.regions.count() == len(regions())
    assert [item.code for item in await store.catalogue.load()] == [item.code for item in catalogue_items()]
    default = await store.weights.get("default")
    assert default is not None
    assert (default.version, dict(default.criteria)) == (1, default_criteria())

    await store.database["catalogue"].update_one({"_id": "plumbing"}, {"$set": {"name": "改过的名字"}})
    await store.database["catalogue"].delete_one({"_id": "drain"})
    await store.weights.add(replace(weights(skill=1), version=2))
    await load_base(store)
    names = {item.code: item.name for item in await store.catalogue.load()}
    assert names["plumbing"] == "改过的名字"
    assert "drain" in names
    assert (await store.weights.get("default")).version == 2  # type: ignore[union-attr]
    assert [item.code for item in await store.catalogue.load()] == [item.code for item in catalogue_items()]


@pytest.mark.timeout(300)
async def test_the_demo_city_is_loaded_once_and_completed_when_something_is_missing(
    store: Store, understander: Understander
) -> None:
    await load_base(store)
    all_regions = Regions(await store.regions.load())
    said: list[str] = []
    counts = await load_demo(store, understander, all_regions, said.append)
    needs = len(pairs("demo/needs.tsv"))
    assert sorted(counts.values()) == sorted([VOLUNTEERS, SOCIAL_WORKERS, ORGANISATIONS, needs])
    assert set(counts) == {label(kind) for kind in ProviderKind} | {"需求"}
    assert said
    events = store.database["events"]
    assert await events.count_documents({"action": "need.posted"}) == needs

    said.clear()
    assert await load_demo(store, understander, all_regions, said.append) == counts
    assert said == [], "nothing is left to do"

    await _each_stands_where_it_says(store)
    await _the_past_can_be_tried_and_learned_from(store, understander, all_regions)
    await store.database["needs"].delete_many({"status": "evaluated", "people": 1, "region": {"$regex": "^420106"}})
    await store.database["orders"].delete_many({})
    await store.database["events"].delete_many({})
    await store.database["volunteers"].delete_many({"party_member": True})
    assert await load_demo(store, understander, all_regions, said.append) == counts
    one = await store.database["volunteers"].find_one({"services.0": {"$exists": True}})
    assert one is not None
    assert one["model_version"] == understander.version


async def _each_stands_where_it_says(store: Store) -> None:
    """The past, what is in hand and what waits: with the clocks and the timers that it would have."""
    counts = await store.needs.counts(None, now())
    assert (counts.in_hand, counts.overdue) == (14, 1)
    assert counts.near_due >= 5
    in_sight = await store.needs.counts("420106001001", now())
    assert (in_sight.overdue, in_sight.near_due) == (1, 2), "the demo's own desk has something that presses"
    assert await store.database["needs"].count_documents({"status": "evaluated"}) > 250
    sixty_days = Period(now().date() - timedelta(days=64), now().date())
    figures = values((await store.statistics.tallies(None, sixty_days, Dimension.CITY, now()))["4201"])
    assert [name for name, value in figures.items() if not value] == [], "every figure has something to show"
    assert [name for name, value in figures.items() if value == 1] == [], "and is not plain sailing"
    waiting = [need async for need in store.database["needs"].find({"status": {"$in": ["open", "accepted", "completed"]}})]
    timers = {timer["subject"] async for timer in store.database["timers"].find({})}
    assert {f"need:{need['_id']}" for need in waiting} <= timers
    orders = {order["need_id"] async for order in store.database["orders"].find({})}
    assert orders.isdisjoint(need["_id"] for need in waiting if need["status"] == "open")
    assert len(orders) > 300
    rated = [each.rating_count async for each in store.providers.every()]
    assert sum(rated) <= await store.database["events"].count_documents({"action": "need.evaluated"}), "a rating has its order"


async def _the_past_can_be_tried_and_learned_from(store: Store, understander: Understander, all_regions: Regions) -> None:
    """Each offer of the past has its decision, ranked by what was known then; enough of each answer, and the profiles know of them."""
    offered = await store.database["orders"].count_documents({})
    decisions = await store.decisions.list("default", None, None, 10_000)
    assert len({id for each in decisions for id in each.order_ids}) == len(decisions) == offered
    assert sum(each.places == (1,) for each in decisions) > offered / 2
    assert sum(each.places[0] > 1 for each in decisions) > offered / 5
    people = [person async for person in store.providers.every()]
    loads = {str(each.ref): each for each in people}
    answered = [each for each in decisions if loads[each.chosen[0]].answered]
    assert len(answered) > offered - 20, "those who were asked and have answered are known by it"
    assert sum(each.load for each in people) == 14

    catalogue = Catalogue(await store.catalogue.load())
    context = Context(store, understander, catalogue, all_regions, Columns(catalogue, all_regions), now)
    everywhere = Principal("admin-1", Role.ADMIN, "测试", None, None)
    trials, span = Trials(context), Span(None, 5_000)
    report = await trials.preview(everywhere, "default", default_criteria() | {"location": 0.5}, span)
    assert report.preview.decisions > 400
    assert report.preview.changed > 20
    past, outcomes = decisions, outcomes_of(await store.orders.of_needs(sorted({each.need_id for each in decisions})), {})
    counts = counted(answered_of([scene_of(each) for each in past], outcomes)[1])
    assert counts[ACCEPTED] > MINIMUM["answered"]
    assert sum(counts.values()) - counts[ACCEPTED] > 2 * MINIMUM["not_accepted"]
    assert min(counts.values()) > 5, "some declined, some were silent, some handed back"
