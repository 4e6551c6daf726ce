"""What is kept of the ranking at an offer."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from matcher.dispatch.context import Context
from matcher.dispatch.desk import Desk
from matcher.ranking.criteria import CRITERIA
from matcher.ranking.ranker import rank
from matcher.tuning.decisions import KEPT_BEST
from matcher.understanding.understander import Understander
from models.account import ProviderRef
from models.decision import Decision
from models.need import Need
from models.provider import Provider
from models.store import Store
from models.vocabulary import ProviderKind, Role
from models.weights import AppliesTo, Weights
from tests.make import AT, GRID, need, principal, services, understanding, volunteer, weights
from tests.matcher.city import CATALOGUE, REGIONS, asking, loaded, north

COMMUNITY = principal(Role.COMMUNITY, GRID[:12])
PRESENT = weights(skill=0.5, location=0.2, capacity=0.1, availability=0.1, rating=0.1)


class Town:
    def __init__(self, store: Store, understander: Understander, people: list[Provider]) -> None:
        self.store, self.people, self.columns = store, people, loaded(*people)
        self.context = Context(store, understander, CATALOGUE, REGIONS, self.columns, lambda: AT, decision_days=30)
        self.desk = Desk(self.context)

    async def offered(self, ref: ProviderRef, of: Need | None = None) -> Decision:
        one = of or need(understanding=understanding(services=services(plumbing=1.0), urgency=3))
        if of is None:
            await self.store.needs.add(one)
        order = await self.desk.offers.offer(COMMUNITY, one.id, ref, "")
        return next(each for each in await self.decisions() if order.id in each.order_ids)

    async def decisions(self) -> list[Decision]:
        return await self.store.decisions.list("default", None, None, 100)


@pytest.fixture
async def town(store: Store, understander: Understander) -> Town:
    """Sixty plumbers who differ in everything that is ranked."""
    await store.weights.add(PRESENT)
    dice = np.random.default_rng(7)
    people: list[Provider] = [
        volunteer(
            services=services(plumbing=float(dice.uniform(0.1, 1))),
            point=north(float(dice.uniform(0, 6))),
            capacity=5,
            load=int(dice.integers(0, 5)),
            rating_count=5,
            rating_sum=float(dice.uniform(0, 5)),
        )
        for _ in range(60)
    ]
    await store.providers.add_many(people)
    return Town(store, understander, people)


def values_of(decision: Decision) -> Any:
    return np.frombuffer(decision.values, "<u2").reshape(len(decision.refs), len(decision.codes)) / 10_000


async def test_an_offer_keeps_the_best_by_the_weights_and_the_best_by_each_criterion(town: Town) -> None:
    asked = asking(point=REGIONS.point_of(GRID))
    decision = await town.offered(town.people[3].ref)
    everyone = rank(asked, town.columns, CATALOGUE, PRESENT, 100).candidates
    assert decision.eligible == len(everyone) == 60
    assert {str(each.ref) for each in everyone[:KEPT_BEST]} <= set(decision.refs)
    for code in CRITERIA:
        most = sorted((each.contributions[code].value for each in everyone), reverse=True)[:5]
        at = decision.codes.index(code)
        assert sorted(values_of(decision)[:, at], reverse=True)[:5] == pytest.approx(most, abs=1e-4)
    by_ref = {str(each.ref): each for each in everyone}
    distances, loads = np.frombuffer(decision.distances, "<i4"), np.frombuffer(decision.loads, "<u2")
    for row, ref in enumerate(decision.refs):
        parts = by_ref[ref].contributions
        assert values_of(decision)[row] == pytest.approx([parts[code].value for code in decision.codes], abs=1e-4)
        assert distances[row] / 1000 == pytest.approx(by_ref[ref].distance_km, abs=0.001)
        assert loads[row] == by_ref[ref].load
    places = [str(each.ref) for each in everyone]
    assert decision.places == (places.index(str(town.people[3].ref)) + 1,)
    assert decision.chosen == (str(town.people[3].ref),)
    assert (decision.profile, decision.version, decision.urgency, decision.region) == ("default", 1, 3, GRID)
    assert decision.group == "g"
    assert decision.expires_at == AT + timedelta(days=30)


async def test_nobody_left_out_of_it_was_better_than_it_says(town: Town) -> None:
    decision = await town.offered(town.people[3].ref)
    everyone = rank(asking(point=REGIONS.point_of(GRID)), town.columns, CATALOGUE, PRESENT, 100).candidates
    left = [each for each in everyone if str(each.ref) not in decision.refs]
    assert left
    assert max(each.score for each in left) == pytest.approx(decision.floor, abs=1e-4)
    for code, cap in zip(decision.codes, decision.caps, strict=True):
        assert max(each.contributions[code].value for each in left) == pytest.approx(cap, abs=1e-4)


async def test_a_provider_whom_the_columns_do_not_know_yet_can_be_offered_a_need(town: Town) -> None:
    new = volunteer()
    await town.store.providers.add(new)
    decision = await town.offered(new.ref)
    assert (decision.chosen, decision.places) == ((str(new.ref),), (0,))
    assert str(new.ref) not in decision.refs


async def test_where_the_columns_are_empty_a_decision_is_kept_all_the_same(store: Store, understander: Understander) -> None:
    await store.weights.add(PRESENT)
    one = volunteer()
    await store.providers.add(one)
    empty = Town(store, understander, [])
    decision = await empty.offered(one.ref)
    assert (decision.eligible, decision.refs, decision.values) == (0, (), b"")


async def test_the_second_offer_saw_a_ranking_without_the_first_asked(town: Town) -> None:
    first = await town.offered(town.people[0].ref)
    one = await town.store.needs.get(first.need_id)
    second = await town.offered(town.people[1].ref, one)
    assert second.eligible == 59
    assert str(town.people[0].ref) not in second.refs


async def test_a_decision_stands_as_it_was_when_the_provider_changes(town: Town) -> None:
    before = await town.offered(town.people[0].ref)
    town.columns.fixed["load"][:] = 0
    town.columns.fixed["rating_count"][:] = 0
    assert (await town.decisions())[0] == before


async def test_an_offer_that_is_refused_leaves_no_decision(town: Town) -> None:
    first = await town.offered(town.people[0].ref)
    with pytest.raises(Exception, match="已经派给过"):
        await town.offered(town.people[0].ref, await town.store.needs.get(first.need_id))
    assert len(await town.decisions()) == 1


async def test_a_decision_is_small_and_its_time_is_set(town: Town) -> None:
    decision = await town.offered(town.people[3].ref)
    sizes = town.store.database["decisions"].aggregate([{"$project": {"size": {"$bsonSize": "$$ROOT"}}}])
    size = (await (await sizes).to_list())[0]["size"]
    assert size < 6_000
    assert decision.order_ids


async def test_the_profile_that_ranked_is_named(town: Town) -> None:
    street = Weights("street", 1, {"location": 1.0}, AT, "系统", "", AppliesTo(None, GRID[:9]))
    await town.store.weights.add(street)
    one = need(understanding=understanding(services=services(plumbing=1.0)))
    await town.store.needs.add(one)
    await town.desk.offers.offer(COMMUNITY, one.id, ProviderRef(ProviderKind.VOLUNTEER, town.people[5].id), "")
    assert await town.decisions() == []
    assert [each.profile for each in await town.store.decisions.list("street", GRID[:6], AT, 5)] == ["street"]
    assert await town.store.decisions.list("street", "330203", None, 5) == []
    assert await town.store.decisions.list("street", None, AT + timedelta(seconds=1), 5) == []
