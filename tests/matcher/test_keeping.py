"""What is done to a need as a whole, and what time does to it when nobody does anything."""

from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.dispatch.closing import Judgement
from matcher.dispatch.timers import HANDLERS, fire, put_off, run_due, take_due
from matcher.understanding.understander import Understander
from models.dispatching import Mode
from models.errors import ForbiddenError, InvalidInputError, NotEligibleError, TransitionNotAllowedError
from models.need import Need, NeedStatus
from models.order import DeclineReason, Order, OrderStatus
from models.provider import Provider
from models.store import Store
from models.timer import TimerKind
from models.vocabulary import Role
from tests.make import principal, weights, window
from tests.matcher.city import north
from tests.matcher.office import COMMUNITY, RESIDENT, WELL_DONE, Office, own

NOT_DONE = Judgement(True, False, False, 1, "没修好")


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(location=1))
    return Office(store, understander)


async def served(office: Office, need: Need, one: Provider) -> Order:
    order = await office.offered(need, one)
    desk = office.desk
    await desk.offers.accept(own(one), order.id)
    await desk.progress.start(own(one), order.id)
    office.clock.at += timedelta(minutes=45)
    return await desk.progress.complete(own(one), order.id, "好了")


async def order_of(office: Office, order: Order) -> Order:
    found = await office.store.orders.get(order.id)
    assert found is not None
    return found


async def test_three_days_of_silence_confirm_what_was_done_and_count_the_hours(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    order = await served(office, need, one)
    assert (await order_of(office, order)).service_minutes is None
    await office.pass_time(days=2, hours=23)
    assert (await office.read(need)).status == NeedStatus.COMPLETED
    await office.pass_time(hours=2)
    after = await order_of(office, order)
    assert (await office.read(need)).status == NeedStatus.CONFIRMED
    assert after.started_at is not None
    assert after.completed_at is not None
    minutes = int((after.completed_at - after.started_at).total_seconds() / 60)
    assert (after.status, after.service_minutes) == (OrderStatus.CONFIRMED, minutes)
    assert minutes >= 45


async def test_who_served_does_not_confirm_their_own_work(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    await served(office, need, one)
    with pytest.raises(ForbiddenError):
        await office.desk.closing.confirm(own(one), need.id)
    assert (await office.desk.closing.confirm(RESIDENT, need.id)).status == NeedStatus.CONFIRMED


async def test_what_was_not_resolved_begins_anew_with_somebody_else_and_no_hours_are_counted(office: Office) -> None:
    near, far = await office.provider(), await office.provider(point=north(2))
    need = await office.need()
    done = await office.dispatch(need, Mode.SEQUENCE)
    order = done.orders[0]
    assert order.provider.ref == near.ref
    await office.desk.offers.accept(own(near), order.id)
    await office.desk.progress.start(own(near), order.id)
    await office.desk.progress.complete(own(near), order.id, "好了")
    again = await office.desk.closing.evaluate(RESIDENT, need.id, NOT_DONE)
    assert (again.status, again.round, again.redone) == (NeedStatus.OFFERED, 2, 1)
    orders = await office.orders(need)
    assert [(each.provider.ref, each.round, str(each.status)) for each in orders] == [
        (near.ref, 1, "completed"),
        (far.ref, 2, "offered"),
    ]
    assert orders[0].service_minutes is None
    await office.desk.offers.decline(own(far), orders[1].id, "忙")
    assert (await office.orders(need))[-1].provider.ref == near.ref, "who served before comes when nobody else is left"


async def test_a_satisfied_resident_cannot_have_it_done_again_and_the_third_time_a_person_answers_for_it(office: Office) -> None:
    need = await office.need()
    closing = office.desk.closing
    for number in range(3):
        await served(office, need, await office.provider())
        if number:
            await closing.confirm(RESIDENT, need.id)
        again = await closing.reopen(RESIDENT, need.id, "又漏了")
        assert again.status == (NeedStatus.BY_HAND if number == 2 else NeedStatus.OPEN)
    await served(office, need, await office.provider())
    await closing.evaluate(RESIDENT, need.id, WELL_DONE)
    with pytest.raises(TransitionNotAllowedError):
        await closing.reopen(RESIDENT, need.id, "再来一次")


async def test_a_cancelled_need_releases_everybody_and_nothing_of_it_is_due_any_more(office: Office) -> None:
    on_it, asked = await office.provider(), await office.provider()
    need = await office.need(people=2)
    order = await office.offered(need, on_it)
    await office.offered(need, asked)
    await office.desk.offers.accept(own(on_it), order.id)
    after = await office.desk.keeping.cancel(RESIDENT, need.id, "自己修好了")
    assert (after.status, after.taken, after.offers_open, after.closing_reason) == (NeedStatus.CANCELLED, 0, 0, "自己修好了")
    assert {each.status for each in await office.orders(need)} == {OrderStatus.WITHDRAWN}
    assert await office.load(on_it) == 0
    assert await office.store.database["timers"].count_documents({}) == 0
    with pytest.raises(TransitionNotAllowedError):
        await office.desk.keeping.cancel(RESIDENT, need.id, "再撤一次")


async def test_while_a_need_is_suspended_its_clocks_stand_still_and_it_goes_on_by_itself(office: Office) -> None:
    one, need = await office.provider(), await office.need(urgency=3)
    order = await office.offered(need, one)
    keeping = office.desk.keeping
    with pytest.raises(InvalidInputError):
        await keeping.suspend(COMMUNITY, need.id, "等配件", office.clock.at - timedelta(hours=1))
    await keeping.suspend(COMMUNITY, need.id, "等配件", office.clock.at + timedelta(hours=10))
    with pytest.raises(TransitionNotAllowedError):
        await office.desk.offers.accept(own(one), order.id)
    await office.pass_time(hours=9)
    assert (await office.read(need)).status == NeedStatus.SUSPENDED
    await office.pass_time(hours=1.5)
    assert (await office.read(need)).status == NeedStatus.OFFERED
    await office.pass_time(minutes=20)
    assert (await order_of(office, order)).status == OrderStatus.OFFERED, "the whole hour anew"
    await office.pass_time(minutes=60)
    assert (await order_of(office, order)).status == OrderStatus.EXPIRED


async def test_an_owner_who_met_the_need_themself_closes_it_and_the_resident_judges(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    order = await office.offered(need, one)
    keeping = office.desk.keeping
    taken = await keeping.take(COMMUNITY, need.id, "我来办")
    assert (taken.status, taken.owner and taken.owner.account_id) == (NeedStatus.BY_HAND, COMMUNITY.account_id)
    assert (await order_of(office, order)).status == OrderStatus.WITHDRAWN
    done = await keeping.handle(COMMUNITY, need.id, "请物业修好了")
    assert (done.status, done.handling and done.handling.summary) == (NeedStatus.COMPLETED, "请物业修好了")
    assert (await office.desk.closing.evaluate(RESIDENT, need.id, WELL_DONE)).status == NeedStatus.EVALUATED


async def test_the_community_takes_an_order_back_and_a_provider_cannot(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    order = await office.offered(need, one)
    await office.desk.offers.accept(own(one), order.id)
    with pytest.raises(ForbiddenError):
        await office.desk.offers.withdraw(own(one), order.id, "")
    await office.desk.offers.withdraw(COMMUNITY, order.id, "换人")
    assert (await office.read(need)).status == NeedStatus.OPEN
    assert await office.load(one) == 0


async def test_a_need_that_nobody_dispatches_gets_an_owner_in_the_community_by_name(office: Office) -> None:
    need = (await office.posted()).need
    await office.pass_time(days=1, hours=1)
    after = await office.read(need)
    assert after.status == NeedStatus.BY_HAND
    assert after.owner is not None
    assert after.owner.why == "到时仍没有派单"


async def test_the_reason_of_a_refusal_is_kept_by_its_code_and_in_words(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    order = await office.offered(need, one)
    await office.desk.offers.decline(own(one), order.id, "太远了", DeclineReason.TOO_FAR)
    after = await order_of(office, order)
    assert (after.decline_reason, after.reason) == (DeclineReason.TOO_FAR, "太远了")


async def test_for_who_is_away_their_substitute_is_asked(office: Office) -> None:
    substitute = await office.provider()
    away_to = office.clock.at + timedelta(days=3)
    away = await office.provider(away_to=away_to, substitute=substitute.ref)
    order = await office.offered(await office.need(), away)
    assert (order.provider.ref, order.stands_in_for) == (substitute.ref, str(away.ref))
    alone = await office.provider(away_to=away_to)
    with pytest.raises(NotEligibleError) as refused:
        await office.offered(await office.need(), alone)
    assert refused.value.facts["rule"] == "away"
    later = await office.need(window=window(2, start=away_to + timedelta(days=1)))
    assert (await office.offered(later, alone)).provider.ref == alone.ref, "back by then"


async def test_in_every_given_list_the_substitute_stands_where_the_absent_one_was_named(office: Office) -> None:
    substitute, second = await office.provider(daily_offers=9), await office.provider(daily_offers=9)
    away = await office.provider(away_to=office.clock.at + timedelta(days=3), substitute=substitute.ref)
    closes_at = office.clock.at + timedelta(hours=6)
    for mode, best in ((Mode.SEQUENCE, 1), (Mode.OPEN, 2), (Mode.WINDOW, 2)):
        request = {"providers": (away.ref, second.ref), "closes_at": closes_at if mode == Mode.WINDOW else None}
        orders = (await office.dispatch(await office.need(), mode, **request)).orders
        assert [each.provider.ref for each in orders] == [substitute.ref, second.ref][:best]
        assert [each.stands_in_for for each in orders] == [str(away.ref), None][:best]
    both = await office.dispatch(await office.need(people=2), Mode.OPEN, providers=(away.ref, substitute.ref, second.ref))
    assert [each.provider.ref for each in both.orders] == [substitute.ref, second.ref], "nobody is asked twice"


async def test_nobody_is_asked_oftener_than_they_like_unless_life_is_at_stake(office: Office) -> None:
    one = await office.provider(daily_offers=2, weekly_offers=3)
    for _ in range(2):
        await office.offered(await office.need(), one)
    with pytest.raises(NotEligibleError) as refused:
        await office.offered(await office.need(), one)
    assert refused.value.facts["rule"] == "budget"
    await office.offered(await office.need(urgency=4), one)
    office.clock.at += timedelta(days=1)
    with pytest.raises(NotEligibleError):
        await office.offered(await office.need(), one)
    office.clock.at += timedelta(days=7)
    await office.offered(await office.need(), one)


async def test_a_timer_fires_once_however_many_workers_run(office: Office) -> None:
    one, need = await office.provider(), await office.need()
    await office.offered(need, one)
    later = office.clock.at + timedelta(hours=5)
    timer = await take_due(office.desk.context, later)
    assert timer is not None
    # The need's own clock has told the provider before that the offer is about to end.
    assert timer.kind == TimerKind.NEED_CLOCK
    assert await fire(office.desk.context, timer, later)
    timer = await take_due(office.desk.context, later)
    assert timer is not None
    assert timer.kind == TimerKind.OFFER_EXPIRES
    stolen = await take_due(office.desk.context, later + timedelta(minutes=1))
    assert stolen is not None
    assert not await fire(office.desk.context, timer, later), "the lease was over and another has it"
    assert await fire(office.desk.context, stolen, later)
    assert not await fire(office.desk.context, stolen, later)
    assert (await office.read(need)).refused == 1


async def test_a_timer_that_fails_changes_nothing_and_lets_the_others_pass(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, need = await office.provider(), await office.need()
    await office.offered(need, one)

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(HANDLERS, "broken", broken)
    await office.store.timers.set("broken", "need:0", office.clock.at)
    later = office.clock.at + timedelta(hours=5)
    bad = await take_due(office.desk.context, later)
    assert bad is not None
    with pytest.raises(ZeroDivisionError):
        await fire(office.desk.context, bad, later)
    await put_off(office.desk.context, bad, later)
    assert await run_due(office.desk.context, later) == 2, "the offer's end, and the need's own clock"
    assert (await office.read(need)).refused == 1
    assert [timer.attempts for timer in await office.store.timers.of_subject("need:0")] == [1]


def test_every_kind_of_timer_has_what_it_does() -> None:
    assert set(TimerKind) <= set(HANDLERS)


async def test_a_resident_of_another_need_finds_nothing_to_cancel(office: Office) -> None:
    need = await office.need()
    stranger = replace(principal(Role.RESIDENT), account_id="somebody-else")
    with pytest.raises(Exception, match="没有这条需求"):
        await office.desk.keeping.cancel(stranger, need.id, "捣乱")
