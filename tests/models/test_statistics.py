"""What MongoDB counts: each figure by its own definition, on needs and orders made for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from models.clock import Deadline, Stage
from models.need import Evaluation, Need, NeedStatus
from models.order import Order, OrderStatus
from models.statistics import Dimension, Period, Sums
from models.store import Store
from models.store.indexes import ensure_indexes
from models.vocabulary import ProviderKind, Role
from tests.conftest import COMMUNITY, NEIGHBOUR_COMMUNITY
from tests.make import AT, need, order, services, social_worker, understanding, volunteer

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))
AN_HOUR = timedelta(hours=1)


def judged(resolved: bool = True, satisfied: bool = True) -> Evaluation:
    return Evaluation(True, resolved, satisfied, 4, "", "resident-1", Role.RESIDENT, AT)


def clock(*, met_at: datetime | None = None, at: datetime = AT + 5 * AN_HOUR) -> dict[Stage, Deadline]:
    return {Stage.DONE: Deadline(AT, at, at, met_at=met_at)}


async def filled(store: Store, needs: list[Need], orders: Sequence[Order] = ()) -> None:
    await ensure_indexes(store.database)
    for each in needs:
        await store.needs.add(each)
    for placed in orders:
        await store.orders.add(placed)


async def whole(store: Store, region: str | None = None, period: Period = MARCH, at: datetime = AT + 9 * AN_HOUR) -> Sums:
    """Everything in one row: all needs lie in one province."""
    counted = await store.statistics.tallies(region, period, Dimension.PROVINCE, at)
    assert set(counted) <= {"42"}
    return counted.get("42", Sums())


async def test_the_three_rates_are_taken_of_the_needs_that_were_judged(store: Store) -> None:
    await filled(
        store,
        [
            need(status=NeedStatus.EVALUATED, evaluation=judged()),
            need(status=NeedStatus.EVALUATED, evaluation=judged(satisfied=False)),
            need(status=NeedStatus.OPEN, round=2, redone=1, evaluation=judged(resolved=False, satisfied=False)),
            need(status=NeedStatus.CONFIRMED),
            need(),
        ],
    )
    found = await whole(store)
    assert (found.posted, found.finished, found.judged) == (5, 3, 3)
    assert (found.responded, found.resolved, found.satisfied) == (3, 2, 1)
    assert (found.delivered, found.redone) == (4, 1), "what is done again was done once"


async def test_a_need_told_twice_counts_once(store: Store) -> None:
    await filled(store, [need(), need(status=NeedStatus.MERGED)])
    assert (await whole(store)).posted == 1


async def test_on_time_counts_what_kept_its_clock_of_all_whose_clock_is_decided(store: Store) -> None:
    in_time, too_late = AT + 4 * AN_HOUR, AT + 6 * AN_HOUR
    await filled(
        store,
        [
            need(status=NeedStatus.COMPLETED, due=clock(met_at=in_time)),
            need(status=NeedStatus.COMPLETED, due=clock(met_at=AT + 5 * AN_HOUR)),
            need(status=NeedStatus.COMPLETED, due=clock(met_at=too_late)),
            need(status=NeedStatus.IN_PROGRESS, due=clock()),
            need(status=NeedStatus.IN_PROGRESS, due=clock(at=AT + 99 * AN_HOUR)),
            need(status=NeedStatus.SUSPENDED, due=clock()),
            need(status=NeedStatus.CANCELLED, due=clock()),
            need(status=NeedStatus.COMPLETED),
        ],
    )
    found = await whole(store)
    assert (found.kept, found.clocked) == (2, 4), "one is late, one still runs though its time is over"


async def test_returned_orders_are_counted_of_those_accepted_and_service_on_the_day_it_was_done(store: Store) -> None:
    last_month, in_april = AT - timedelta(days=10), AT + timedelta(days=40)
    done = {"status": OrderStatus.CONFIRMED, "service_minutes": 90}
    await filled(
        store,
        [],
        [
            order(status=OrderStatus.HANDED_BACK, accepted_at=AT),
            order(status=OrderStatus.ACCEPTED, accepted_at=AT),
            order(status=OrderStatus.DECLINED),
            order(accepted_at=last_month, completed_at=AT, **done),
            order(accepted_at=AT, completed_at=in_april, **done),
            order(status=OrderStatus.COMPLETED, accepted_at=AT, completed_at=AT),
        ],
    )
    found = await whole(store)
    assert (found.accepted, found.returned) == (4, 1)
    assert (found.served, found.minutes) == (1, 90)


async def test_days_weeks_and_months_are_those_of_shanghai(store: Store) -> None:
    # Sunday 1 March, 23:59 and Monday 2 March, 00:00 in Shanghai.
    sunday, monday = datetime(2026, 3, 1, 15, 59, tzinfo=UTC), datetime(2026, 3, 1, 16, 0, tzinfo=UTC)
    await filled(
        store, [need(posted_at=sunday), need(posted_at=monday), need(posted_at=datetime(2026, 2, 28, 15, 59, tzinfo=UTC))]
    )

    async def keys(by: Dimension) -> dict[str | None, int]:
        return {key: sums.posted for key, sums in (await store.statistics.tallies(None, MARCH, by, AT)).items()}

    assert await keys(Dimension.DAY) == {"2026-03-01": 1, "2026-03-02": 1}
    assert await keys(Dimension.WEEK) == {"2026-02-23": 1, "2026-03-02": 1}
    assert await keys(Dimension.MONTH) == {"2026-03-01": 2}


async def test_a_row_is_a_region_of_the_level_or_the_likeliest_item_of_the_need_also_for_its_orders(store: Store) -> None:
    plumbing, silent = need(), need(understanding=understanding(services=()), region=NEIGHBOUR_COMMUNITY)
    drain = need(understanding=understanding(services=services(drain=0.6, plumbing=0.3)), region=NEIGHBOUR_COMMUNITY + "002")
    accepted = [order(service=item, accepted_at=AT, status=OrderStatus.ACCEPTED) for item in ("plumbing", "drain")]
    await filled(store, [plumbing, silent, drain], accepted)
    by_item = await store.statistics.tallies(None, MARCH, Dimension.SERVICE, AT)
    assert {key: (sums.posted, sums.accepted) for key, sums in by_item.items()} == {
        "plumbing": (1, 1),
        "drain": (1, 1),
        None: (1, 0),
    }
    by_community = await store.statistics.tallies("420106", MARCH, Dimension.COMMUNITY, AT)
    assert {key: sums.posted for key, sums in by_community.items()} == {COMMUNITY: 1, NEIGHBOUR_COMMUNITY: 2}
    assert set(await store.statistics.tallies(COMMUNITY, MARCH, Dimension.GRID, AT)) == {COMMUNITY + "001"}


async def test_a_gap_is_where_nobody_is_eligible_now_with_the_rules_that_kept_them_out(store: Store) -> None:
    nobody = {"status": NeedStatus.UNMATCHED, "unmatched": {"area": 3, "skill": 40}}
    await filled(
        store,
        [
            need(**nobody),
            need(**nobody),
            need(),
            need(status=NeedStatus.BY_HAND, unmatched={}, region=NEIGHBOUR_COMMUNITY),
            need(**nobody | {"status": NeedStatus.CANCELLED}, region=NEIGHBOUR_COMMUNITY),
            need(region=COMMUNITY + "002", understanding=understanding(services=services(drain=0.9))),
        ],
    )
    found = await store.statistics.gaps("420106", MARCH, Dimension.COMMUNITY, ("area", "skill", "away"), 10)
    assert [(gap.service, gap.region, gap.needs, gap.unmatched, dict(gap.excluded)) for gap in found] == [
        ("plumbing", COMMUNITY, 3, 2, {"area": 6, "skill": 80}),
        ("plumbing", NEIGHBOUR_COMMUNITY, 2, 1, {}),
    ]
    assert len(await store.statistics.gaps("420106", MARCH, Dimension.COMMUNITY, ("area",), 1)) == 1


async def test_loads_count_who_took_none_and_who_came_from_elsewhere_but_not_who_has_left(store: Store) -> None:
    busy, idle, gone = volunteer(), volunteer(), replace(volunteer(), active=False)
    visitor, worker = volunteer(region=NEIGHBOUR_COMMUNITY), social_worker()
    await store.providers.add_many([busy, idle, gone, visitor, worker])
    taken = [order(who, accepted_at=AT) for who in (busy, busy, visitor, gone)]
    elsewhere = order(busy, accepted_at=AT, region=NEIGHBOUR_COMMUNITY)
    earlier = order(idle, accepted_at=AT - timedelta(days=30))
    await filled(store, [], [*taken, elsewhere, earlier, order(idle)])
    found = await store.statistics.loads(COMMUNITY, MARCH)
    assert {kind: dict(counts) for kind, counts in found.taken.items()} == {
        ProviderKind.VOLUNTEER: {0: 1, 1: 2, 2: 1},
        ProviderKind.SOCIAL_WORKER: {0: 1},
        ProviderKind.ORGANISATION: {0: 0},
    }


@pytest.mark.parametrize("region", ["420106", COMMUNITY])
async def test_nothing_counted_is_nothing(store: Store, region: str) -> None:
    await ensure_indexes(store.database)
    assert await store.statistics.tallies(region, MARCH, Dimension.DAY, AT) == {}
    assert await store.statistics.gaps(region, MARCH, Dimension.GRID, ("area",), 9) == []
