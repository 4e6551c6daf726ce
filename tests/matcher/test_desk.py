"""The desk without HTTP: built by hand on a real store, called by several at once, and all or nothing when something fails."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from pymongo.errors import PyMongoError

from matcher.dispatch.desk import Desk
from matcher.dispatch.ranking_desk import RankingRequest
from matcher.understanding.understander import Understander
from models.errors import CapacityReachedError, DuplicateError, NotEligibleError, StillInUseError, TransitionNotAllowedError
from models.need import NeedPosting, NeedStatus
from models.order import Order, OrderStatus
from models.store import Store
from models.vocabulary import Channel, ProviderKind
from models.weights import WeightsDraft
from tests.make import GRID, volunteer, weights
from tests.matcher.office import ADMIN, COMMUNITY, RESIDENT, WELL_DONE, Office, own


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(skill=1, location=1))
    return Office(store, understander)


async def test_two_who_accept_the_last_place_at_once_cannot_both_have_it(office: Office) -> None:
    people = [await office.provider() for _ in range(5)]
    need = await office.need(people=2)
    orders = [await office.offered(need, one) for one in people]
    accepts = [office.desk.offers.accept(own(one), order.id) for one, order in zip(people, orders, strict=True)]
    outcomes = await asyncio.gather(*accepts, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["Order"] * 2 + ["PlacesTakenError"] * 3
    left = await office.store.orders.of_need(need.id)
    assert sorted(order.status for order in left) == [OrderStatus.ACCEPTED] * 2 + [OrderStatus.FILLED] * 3
    after = await office.store.needs.get(need.id)
    assert after is not None
    assert (after.status, after.taken, after.offers_open) == (NeedStatus.ACCEPTED, 2, 0)
    loads = [(await office.store.providers.get(one.ref)).load for one in people]  # type: ignore[union-attr]
    assert sum(loads) == 2


async def test_one_provider_who_accepts_several_needs_at_once_keeps_to_their_capacity(office: Office) -> None:
    one = await office.provider(capacity=2, daily_offers=9)
    orders = [await office.offered(await office.need(), one) for _ in range(4)]
    accepts = [office.desk.offers.accept(own(one), order.id) for order in orders]
    outcomes = await asyncio.gather(*accepts, return_exceptions=True)
    assert sum(isinstance(each, CapacityReachedError) for each in outcomes) == 2
    needs = [await office.store.needs.get(order.need_id) for order in orders]
    assert sorted(need.status for need in needs if need) == [NeedStatus.ACCEPTED] * 2 + [NeedStatus.OFFERED] * 2


async def test_the_same_offer_made_twice_at_once_is_made_once(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    outcomes = await asyncio.gather(*(office.offered(need, one) for _ in range(4)), return_exceptions=True)
    assert sum(isinstance(each, Order) for each in outcomes) == 1
    assert sum(isinstance(each, DuplicateError) for each in outcomes) == 3


async def test_tasks_that_post_and_rank_at_once_do_not_mix_their_needs(office: Office) -> None:
    await office.provider()

    async def post(number: int) -> str:
        file = await office.desk.intake.post_need(
            RESIDENT, NeedPosting(text=f"水管漏了 {number}", region=GRID, channel=Channel.RESIDENT)
        )
        _, found = await office.desk.ranking.rank_text(RankingRequest("水龙头漏水", GRID, 5))
        assert len(found.candidates) == 1
        return file.need.text

    assert await asyncio.gather(*(post(number) for number in range(10))) == [f"水管漏了 {number}" for number in range(10)]


async def test_the_rules_are_asked_again_of_the_database_and_not_of_the_columns(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    await office.store.providers.replace(replace(one, active=False, version=2), 1)
    found = await office.desk.ranking.candidates_of(COMMUNITY, need.id, 5, "default")
    assert [each.ref for each in found.candidates] == [one.ref], "the columns are behind"
    with pytest.raises(NotEligibleError) as refused:
        await office.offered(need, one)
    assert refused.value.facts["rule"] == "active"


async def test_who_declined_is_not_ranked_or_asked_again(office: Office) -> None:
    one, other, need = await office.provider(), await office.provider(), await office.need()
    order = await office.offered(need, one)
    await office.desk.offers.decline(own(one), order.id, "出差")
    found = await office.desk.ranking.candidates_of(COMMUNITY, need.id, 5, "default")
    assert [each.ref for each in found.candidates] == [other.ref]
    assert dict(found.excluded) == {"declined": 1}
    with pytest.raises(DuplicateError):
        await office.offered(need, one)


async def test_a_provider_with_an_unfinished_order_stays(office: Office) -> None:
    one = await office.provider()
    await office.offered(await office.need(), one)
    with pytest.raises(StillInUseError):
        await office.desk.roster.delete(ADMIN, one.ref)


Act = Callable[[Desk, Order], Awaitable[object]]
# What leads up to a change, in order; each writes the event beside it.
ROUND: list[tuple[str, Act]] = [
    ("order.accepted", lambda desk, order: desk.offers.accept(COMMUNITY, order.id)),
    ("order.started", lambda desk, order: desk.progress.start(COMMUNITY, order.id)),
    ("order.completed", lambda desk, order: desk.progress.complete(COMMUNITY, order.id, "好了")),
    ("need.evaluated", lambda desk, order: desk.closing.evaluate(RESIDENT, order.need_id, WELL_DONE)),
]
POSTING = NeedPosting(text="水管漏了", region=GRID, channel=Channel.RESIDENT)
PROFILE = {"name": "测试乙", "skills": ("修水管",), "bio": "", "region": GRID, "point": None, "capacity": 1}
ALONE: dict[str, Act] = {
    "order.declined": lambda desk, order: desk.offers.decline(COMMUNITY, order.id, "忙"),
    "need.posted": lambda desk, _: desk.intake.post_need(RESIDENT, POSTING),
    "weights.changed": lambda desk, _: desk.weights.put(ADMIN, "default", WeightsDraft({"skill": 1.0}, 1)),
    "provider.changed": lambda desk, order: desk.roster.change(ADMIN, order.provider.ref, 1, {"bio": "新的"}),
    "provider.created": lambda desk, _: desk.roster.register(
        ADMIN, ProviderKind.VOLUNTEER, PROFILE | {"availability": (), "contact": volunteer().contact}
    ),
}


@dataclass
class Failing:
    action: str
    before: list[Act]
    act: Act


FAILING = [Failing(action, [act for _, act in ROUND[:at]], act) for at, (action, act) in enumerate(ROUND)]
FAILING += [Failing(action, [], act) for action, act in ALONE.items()]


async def refuse_events(store: Store, action: str) -> None:
    """From now on the database takes no event of this action."""
    await store.database.command("collMod", "events", validator={"action": {"$ne": action}})


@pytest.mark.parametrize("case", FAILING, ids=lambda case: case.action)
async def test_when_the_event_cannot_be_written_nothing_has_changed(office: Office, case: Failing) -> None:
    order = await office.offered(await office.need(), await office.provider())
    for act in case.before:
        await act(office.desk, order)
    await refuse_events(office.store, case.action)
    before, known = await office.everything(), len(office.desk.context.columns)
    with pytest.raises(PyMongoError):
        await case.act(office.desk, order)
    assert await office.everything() == before
    assert len(office.desk.context.columns) == known
    await office.store.database.command("collMod", "events", validator={})
    await case.act(office.desk, order)
    after = await office.everything()
    assert [each["action"] for each in after["events"]].count(case.action) == 1
    changed = {name for name in after if after[name] != before[name]}
    assert len(changed) > 1, "the event told of a change"


async def test_when_the_event_of_an_offer_cannot_be_written_there_is_no_offer(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    await refuse_events(office.store, "order.offered")
    before = await office.everything()
    with pytest.raises(PyMongoError):
        await office.offered(need, one)
    assert await office.everything() == before


async def test_when_closing_the_other_offers_fails_the_place_is_not_taken(office: Office) -> None:
    one, other, need = await office.provider(), await office.provider(), await office.need()
    first = await office.offered(need, one)
    await office.offered(need, other)
    await refuse_events(office.store, "order.filled")
    before = await office.everything()
    with pytest.raises(PyMongoError):
        await office.desk.offers.accept(own(one), first.id)
    assert await office.everything() == before


async def test_a_round_moves_need_order_and_provider_together(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    order = await office.offered(need, one)
    seen = []
    for _, act in ROUND:
        await act(office.desk, order)
        now_need, now_order, now_one = (
            await office.store.needs.get(need.id),
            await office.store.orders.get(order.id),
            await office.store.providers.get(one.ref),
        )
        assert now_need
        assert now_order
        assert now_one
        seen.append((str(now_need.status), str(now_order.status), now_one.load, now_one.rating_count))
    assert seen == [
        ("accepted", "accepted", 1, 0), ("in_progress", "started", 1, 0), ("completed", "completed", 0, 0),
        ("evaluated", "confirmed", 0, 1),
    ]  # fmt: skip
    with pytest.raises(TransitionNotAllowedError):
        await office.desk.offers.accept(own(one), order.id)
