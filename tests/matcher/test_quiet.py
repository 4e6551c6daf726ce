"""静默时段: what can wait is held and comes as one digest in the morning; what is urgent passes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from matcher.dispatch.context import Context
from matcher.dispatch.delivery import LEASE, Delivery
from matcher.understanding.understander import Understander
from models.account import Account
from models.dispatching import Mode
from models.notice import Notice, Recipient, RecipientKind
from models.order import OrderStatus
from models.provider import Provider
from models.quiet import DEFAULT_QUIET, NEVER_QUIET, QuietHours
from models.schedule import LOCAL
from models.store import Store
from models.vocabulary import Role
from tests.make import notice, weights
from tests.matcher.office import COMMUNITY, Office, own


def local(hour: int, minute: int = 0, day: int = 2) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


@pytest.mark.parametrize(
    ("at", "end"),
    [
        (local(21, 59), None),
        (local(22), local(7, day=3)),
        (local(23, 30), local(7, day=3)),
        (local(0), local(7)),
        (local(6, 59), local(7)),
        (local(7), None),
        (local(12), None),
    ],
)
def test_the_night_is_quiet_from_ten_to_seven(at: datetime, end: datetime | None) -> None:
    assert DEFAULT_QUIET.end_after(at) == end
    assert NEVER_QUIET.end_after(at) is None


def test_quiet_hours_may_lie_within_one_day() -> None:
    noon = QuietHours(12 * 60, 14 * 60)
    assert [noon.end_after(local(hour)) for hour in (11, 12, 13, 14)] == [None, local(14), local(14), None]


class Night:
    """One account, told things at night, on a clock that the test drives."""

    def __init__(self, store: Store) -> None:
        self.store, self.at = store, local(23)
        unused: list[None] = [None] * 4
        self.delivery = Delivery(Context(store, *unused, lambda: self.at))  # type: ignore[arg-type]

    async def tell(self, *notices: Notice) -> None:
        await self.store.outbox.add(*notices)
        await self.deliver()

    async def deliver(self) -> None:
        while await self.delivery.deliver_next():
            pass

    async def inbox(self) -> list[str]:
        return [each.text for each in await self.store.inboxes.list("account-7", False, 50, None)]


@pytest.fixture
async def night(store: Store) -> Night:
    await store.accounts.add(Account("account-7", "甲", Role.VOLUNTEER, "甲", None, None, "", True, local(9)))
    return Night(store)


async def test_what_can_wait_comes_as_one_digest_in_the_morning(night: Night) -> None:
    await night.tell(notice(text="第一条", at=night.at), notice(text="第二条", at=night.at))
    night.at = local(2, day=3)
    await night.tell(notice(text="第三条", at=night.at))
    assert await night.inbox() == []
    night.at = local(7, day=3)
    await night.deliver()
    [digest] = await night.inbox()
    assert digest == "静默时段里有 3 条通知：\n1. 第一条\n2. 第二条\n3. 第三条"
    night.at = local(12, day=4)
    await night.deliver()
    assert await night.inbox() == [digest]


async def test_what_is_urgent_comes_at_once(night: Night) -> None:
    await night.tell(notice(text="着火", at=night.at, urgency=4))
    assert await night.inbox() == ["着火"]


async def test_each_morning_has_a_digest_of_its_own(night: Night) -> None:
    await night.tell(notice(text="今晚", at=night.at))
    night.at = local(7, 1, day=3)
    await night.tell(notice(text="白天", at=night.at))
    night.at = local(22, 30, day=3)
    await night.tell(notice(text="明晚", at=night.at))
    night.at = local(8, day=4)
    await night.deliver()
    told = await night.inbox()
    assert len(told) == 3
    assert ["明晚" in told[0], "今晚" in "".join(told[1:]), "白天" in told[1:]] == [True, True, True]


async def test_what_comes_to_a_digest_while_it_is_being_delivered_is_not_lost(night: Night) -> None:
    await night.tell(notice(text="早的", at=night.at))
    morning = local(7, day=3)
    claimed = await night.store.outbox.claim(morning, timedelta(seconds=30))
    assert claimed is not None
    late = notice(text="晚的")
    await night.store.transact(lambda unit: unit.outbox.hold("account-7", late, morning))
    assert not await night.store.outbox.close(claimed, morning, 1)
    night.at = morning
    await night.deliver()
    [digest] = await night.inbox()
    assert "早的" in digest
    assert "晚的" in digest


async def test_a_row_whose_worker_died_is_delivered_once_its_claim_has_run_out(night: Night) -> None:
    night.at = local(12)
    await night.store.outbox.add(notice(text="白天", at=night.at))
    claimed = await night.store.outbox.claim(night.at, timedelta(seconds=30))
    assert claimed is not None
    await night.deliver()
    assert await night.inbox() == []
    night.at += timedelta(seconds=31)
    await night.deliver()
    assert await night.inbox() == ["白天"]
    assert not await night.store.outbox.close(claimed, night.at, 1)


async def test_a_row_that_cannot_be_delivered_comes_later_each_time_and_keeps_no_other_waiting(night: Night) -> None:
    night.at = local(12)
    broken = notice(text="坏的", at=night.at, recipient=Recipient(RecipientKind.PROVIDER, "nobody:1"))
    await night.store.outbox.add(broken, notice(text="好的", at=night.at + timedelta(seconds=1)))
    waits = []
    for _ in range(3):
        with pytest.raises(ValueError):
            await night.delivery.deliver_next()
        row = await night.store.database["outbox"].find_one({"_id": broken.id})
        assert row is not None
        waits.append(row["due_at"] - night.at)
        night.at = row["due_at"]
        await night.store.database["outbox"].update_many({"_id": {"$ne": broken.id}}, {"$set": {"due_at": night.at + LEASE}})
    assert waits == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    night.at += LEASE
    await night.store.database["outbox"].update_one({"_id": broken.id}, {"$set": {"due_at": night.at + LEASE}})
    await night.deliver()
    assert await night.inbox() == ["好的"]


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(location=1))
    office = Office(store, understander)
    office.clock.at = local(23)
    return office


async def asleep(office: Office, **changes: Any) -> Provider:
    """Somebody who is told nothing from ten to seven."""
    one = await office.provider(**changes)
    name = f"account of {one.id}"
    await office.store.accounts.add(Account(name, name, Role.VOLUNTEER, "测试", None, one.ref, "", True, local(9)))
    return one


async def test_an_offer_made_at_night_stands_from_the_morning_in_which_it_is_told(office: Office) -> None:
    first, second = await asleep(office), await asleep(office, region=COMMUNITY.region)
    need = (await office.posted(urgency=3)).need
    done = await office.dispatch(need, Mode.SEQUENCE, offer_minutes=30)
    assert done.orders[0].expires_at == local(7, 30, day=3)
    await office.pass_time(hours=8)
    assert [each.status for each in await office.orders(need)] == [OrderStatus.OFFERED], "nobody was passed over in their sleep"
    await office.pass_time(minutes=40)
    assert [each.status for each in await office.orders(need)] == [OrderStatus.EXPIRED, OrderStatus.OFFERED]
    assert {each.provider.ref for each in await office.orders(need)} == {first.ref, second.ref}


async def test_what_passes_the_quiet_hours_and_who_has_none_is_on_the_clock_at_once(office: Office) -> None:
    sleeper, waker = await asleep(office), await office.provider()
    urgent, other = (await office.posted(urgency=4)).need, (await office.posted(urgency=3)).need
    orders = [await office.offered(need, who) for need, who in ((urgent, sleeper), (other, waker), (other, sleeper))]
    stands = [order.expires_at - order.offered_at for order in orders if order.expires_at]
    assert stands[:2] == [timedelta(minutes=5), timedelta(hours=1)]
    assert orders[2].expires_at == local(8, day=3)


@pytest.mark.parametrize(("hour", "hours", "closes_at"), [(22, 2, local(9, day=3)), (20, 3, local(7, day=3)), (18, 2, local(20))])
async def test_applications_stay_open_for_who_hears_of_them_last_and_close_in_nobodys_sleep(
    office: Office, hour: int, hours: int, closes_at: datetime
) -> None:
    sleeper, waker = await asleep(office), await office.provider()
    need = (await office.posted(urgency=3)).need
    office.clock.at = local(hour) - timedelta(minutes=1)
    done = await office.dispatch(need, Mode.WINDOW, closes_at=local(hour) + timedelta(hours=hours))
    assert done.need.dispatching is not None
    assert done.need.dispatching.closes_at == closes_at
    assert {order.provider.ref: order.expires_at for order in await office.orders(need)} == {
        sleeper.ref: closes_at,
        waker.ref: closes_at,
    }
    chosen = next(order for order in done.orders if order.provider.ref == sleeper.ref)
    office.clock.at = closes_at - timedelta(minutes=5)
    await office.pass_time(minutes=1)
    await office.desk.offers.accept(own(sleeper), chosen.id)
    await office.pass_time(minutes=10)
    assert {order.provider.ref: str(order.status) for order in await office.orders(need)}[sleeper.ref] == "accepted"


async def test_urgent_applications_close_when_they_were_to(office: Office) -> None:
    await asleep(office)
    closes_at = office.clock.at + timedelta(hours=1)
    done = await office.dispatch((await office.posted(urgency=4)).need, Mode.WINDOW, closes_at=closes_at)
    assert done.orders[0].expires_at == closes_at
