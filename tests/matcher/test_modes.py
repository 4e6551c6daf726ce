"""派单方式: sequence, open, window and team, from the first offer to whoever comes in the end."""

from datetime import timedelta

import pytest

from matcher.dispatch.choosing import Applicant, give_places
from matcher.dispatch.teams import Member, find_team, free_minutes, have_together, together_minutes, why_no_team, within
from matcher.understanding.understander import Understander
from models.account import ProviderRef
from models.dispatching import MOST_REFUSALS, Mode, Place, TeamRole
from models.errors import InvalidInputError, NoTeamError, TransitionNotAllowedError
from models.need import NeedStatus
from models.order import OrderStatus
from models.schedule import Slot
from models.store import Store
from models.vocabulary import Credential, ProviderKind
from tests.make import AT, services, social_worker, weights, window
from tests.matcher.city import north
from tests.matcher.office import COMMUNITY, Office, own


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(location=1))
    return Office(store, understander)


async def statuses(office: Office, need: object) -> list[str]:
    return [str(order.status) for order in await office.orders(need)]  # type: ignore[arg-type]


async def test_in_sequence_the_next_is_asked_when_one_declines_lets_the_offer_expire_or_hands_it_back(office: Office) -> None:
    people = [await office.provider(point=north(km)) for km in (0.5, 1, 1.5, 2)]
    need = await office.need(urgency=3)
    done = await office.dispatch(need, Mode.SEQUENCE)
    assert [order.provider.ref for order in done.orders] == [people[0].ref]
    await office.desk.offers.decline(own(people[0]), done.orders[0].id, "没有时间")
    assert await statuses(office, need) == ["declined", "offered"]
    assert await office.pass_time(minutes=61) == 2, "nearly due, and over"
    assert await statuses(office, need) == ["declined", "expired", "offered"]
    third = (await office.orders(need))[-1]
    await office.desk.offers.accept(own(people[2]), third.id)
    assert await office.load(people[2]) == 1
    await office.desk.offers.hand_back(own(people[2]), third.id, "孩子病了")
    assert await office.load(people[2]) == 0
    orders = await office.orders(need)
    assert [str(order.status) for order in orders] == ["declined", "expired", "handed_back", "offered"]
    assert [order.provider.ref for order in orders] == [each.ref for each in people], "down the ranking, nobody twice"
    assert (await office.read(need)).status == NeedStatus.OFFERED


async def test_when_at_most_so_many_were_asked_a_person_takes_the_need_over(office: Office) -> None:
    for _ in range(4):
        await office.provider()
    need = await office.need()
    await office.dispatch(need, Mode.SEQUENCE, at_most=2)
    await office.pass_time(days=1)
    after = await office.read(need)
    assert (after.status, after.refused, len(await office.orders(need))) == (NeedStatus.BY_HAND, 2, 2)
    assert after.owner is not None
    assert after.owner.region == need.region[:12]


async def test_nobody_eligible_is_told_with_the_rules_that_kept_people_out_and_it_climbs_until_the_administrators_have_it(
    office: Office,
) -> None:
    await office.provider(point=north(30), region="420111001001001")
    need = await office.need()
    done = await office.dispatch(need, Mode.SEQUENCE)
    assert (done.orders, done.need.status, done.need.unmatched) == ((), NeedStatus.UNMATCHED, {"area": 1})
    owners = []
    for _ in range(3):
        await office.pass_time(hours=24)
        owner = (await office.read(need)).owner
        assert owner is not None
        owners.append(owner.region)
    assert owners == [need.region[:12], need.region[:9], ""]
    assert await office.pass_time(days=30) == 0, "with the administrators it stays"


async def test_a_list_is_asked_in_its_own_order_and_nobody_beyond_it(office: Office) -> None:
    near, far, other = await office.provider(), await office.provider(point=north(3)), await office.provider()
    need = await office.need()
    await office.dispatch(need, Mode.SEQUENCE, providers=(far.ref, near.ref))
    await office.pass_time(days=1)
    assert [order.provider.ref for order in await office.orders(need)] == [far.ref, near.ref]
    assert (await office.read(need)).status == NeedStatus.BY_HAND
    assert await office.load(other) == 0


async def test_of_those_asked_at_once_the_first_to_accept_has_the_place_and_the_others_are_told(office: Office) -> None:
    people = [await office.provider() for _ in range(4)]
    need = await office.need(people=2)
    done = await office.dispatch(need, Mode.OPEN, best=3)
    assert len(done.orders) == 3
    by_ref = {each.ref: each for each in people}
    for order in done.orders[:2]:
        await office.desk.offers.accept(own(by_ref[order.provider.ref]), order.id)
    orders = await office.orders(need)
    assert [str(order.status) for order in orders] == ["accepted", "accepted", "filled"]
    assert [order.place for order in orders] == [Place.LEAD, Place.ASSISTANT, ""]
    told = [row["kind"] async for row in office.store.database["outbox"].find({})]
    assert told.count("order.filled") == 1


async def test_after_all_asked_at_once_said_no_the_next_are_asked(office: Office) -> None:
    for _ in range(4):
        await office.provider()
    need = await office.need()
    await office.dispatch(need, Mode.OPEN, best=2, at_most=4)
    await office.pass_time(hours=4.5)
    assert await statuses(office, need) == ["expired", "expired", "offered", "offered"]


async def test_applications_are_collected_and_the_places_given_when_they_close(office: Office) -> None:
    near, far, silent = await office.provider(), await office.provider(point=north(2)), await office.provider(point=north(3))
    busy = await office.need()
    order = await office.offered(busy, near)
    await office.desk.offers.accept(own(near), order.id)
    need = await office.need()
    closes_at = office.clock.at + timedelta(hours=2)
    done = await office.dispatch(need, Mode.WINDOW, closes_at=closes_at)
    orders = {order.provider.ref: order for order in done.orders}
    for one in (near, far):
        await office.desk.offers.accept(own(one), orders[one.ref].id)
    assert (await office.read(need)).taken == 0
    await office.pass_time(hours=3)
    found = {order.provider.ref: str(order.status) for order in await office.orders(need)}
    assert found == {near.ref: "filled", far.ref: "accepted", silent.ref: "filled"}, "who had work lately stands back"
    assert (await office.load(far), await office.load(near)) == (1, 1)


async def test_when_nobody_applied_a_person_takes_over_or_the_next_are_asked(office: Office) -> None:
    for _ in range(3):
        await office.provider()
    need = await office.need()
    await office.dispatch(need, Mode.WINDOW, best=2, closes_at=office.clock.at + timedelta(hours=1))
    await office.pass_time(hours=1.5)
    assert await statuses(office, need) == ["expired", "expired", "offered"]


async def test_applications_must_close_later_and_a_running_dispatch_is_not_replaced(office: Office) -> None:
    await office.provider()
    need = await office.need()
    with pytest.raises(InvalidInputError):
        await office.dispatch(need, Mode.WINDOW, closes_at=office.clock.at)
    await office.dispatch(need, Mode.SEQUENCE)
    with pytest.raises(TransitionNotAllowedError):
        await office.dispatch(need, Mode.OPEN)


def applicant(order_id: str, place: int, recent: int = 0) -> Applicant:
    return Applicant(order_id, place, recent, AT)


def test_places_go_by_rank_and_each_order_of_late_costs_two_places() -> None:
    asked = [applicant("a", 1, recent=1), applicant("b", 2), applicant("c", 3), applicant("d", 9)]
    assert [each.order_id for each in give_places(asked)] == ["b", "a", "c", "d"]


ROLES = (
    TeamRole(name="党员志愿者", kind=ProviderKind.VOLUNTEER, party_member=True),
    TeamRole(name="社工", kind=ProviderKind.SOCIAL_WORKER),
    TeamRole(name="心理咨询", service="counselling"),
)


async def team_of(office: Office, **hours: tuple[Slot, ...]) -> list[ProviderRef]:
    party = await office.provider(party_member=True, availability=hours.get("party", ()))
    worker = social_worker(availability=hours.get("worker", ()))
    counsellor = social_worker(
        credential=Credential.SENIOR, services=services(counselling=1.0), availability=hours.get("counsellor", ())
    )
    for each in (worker, counsellor):
        await office.store.providers.add(each)
        office.desk.context.columns.put(each)
    return [party.ref, worker.ref, counsellor.ref]


async def test_a_team_is_found_as_a_whole_and_each_role_has_its_place(office: Office) -> None:
    refs = await team_of(office)
    await office.provider()
    need = await office.need()
    done = await office.dispatch(need, Mode.TEAM, roles=ROLES)
    assert [(order.place, order.provider.ref) for order in done.orders] == list(
        zip((role.name for role in ROLES), refs, strict=True)
    )
    assert done.need.people == 3


async def test_who_leaves_a_team_is_replaced_in_the_same_role(office: Office) -> None:
    await team_of(office)
    need = await office.need()
    done = await office.dispatch(need, Mode.TEAM, roles=ROLES)
    other = await office.provider(party_member=True)
    await office.desk.offers.decline(COMMUNITY, done.orders[0].id, "外出")
    last = (await office.orders(need))[-1]
    assert (last.place, last.provider.ref) == ("党员志愿者", other.ref)


async def test_when_there_is_no_team_the_missing_role_or_the_time_is_named_and_nothing_changes(office: Office) -> None:
    need = await office.need()
    await office.provider(party_member=True)
    before = await office.everything()
    with pytest.raises(NoTeamError, match="社工、心理咨询"):
        await office.dispatch(need, Mode.TEAM, roles=ROLES)
    assert await office.everything() == before
    await team_of(office, worker=(Slot(1, 480, 600),), counsellor=(Slot(2, 480, 600),))
    with pytest.raises(NoTeamError, match="共同的时间"):
        await office.dispatch(need, Mode.TEAM, roles=ROLES)


def member(id: str, score: float, *slots: Slot) -> Member:
    return Member(ProviderRef(ProviderKind.VOLUNTEER, id), score, free_minutes(slots))


def test_the_best_team_with_time_together_wins_not_the_best_of_each_role() -> None:
    morning, evening = Slot(1, 480, 720), Slot(1, 1080, 1260)
    members = [
        [member("a", 0.9, morning), member("b", 0.8, evening)],
        [member("c", 0.9, evening), member("a", 0.95)],
        [member("d", 0.5)],
    ]
    team = find_team(ROLES, members, None)
    assert team is not None
    assert [ref.id for ref in team.members] == ["b", "a", "d"]
    assert find_team(ROLES, [*members[:2], []], None) is None
    assert "心理咨询" in why_no_team(ROLES, [*members[:2], []])


@pytest.mark.parametrize(("least", "enough"), [(59, True), (60, True), (61, False)])
def test_time_together_is_one_stretch_of_minutes(least: int, enough: bool) -> None:
    free = free_minutes((Slot(1, 480, 540), Slot(1, 600, 659)))
    assert have_together(free, least) is enough


def test_a_team_needs_an_hour_or_all_of_a_shorter_window() -> None:
    assert (together_minutes(None), together_minutes(window(2)), together_minutes(window(0.5))) == (60, 60, 30)
    assert within(window(0.5)).bit_count() == 30


async def test_five_refusals_of_one_asked_after_the_other_by_hand_bring_an_owner_too(office: Office) -> None:
    need = await office.need()
    for number in range(MOST_REFUSALS):
        one = await office.provider()
        order = await office.offered(need, one)
        await office.desk.offers.decline(own(one), order.id, "没有时间")
        status = (await office.read(need)).status
        assert status == (NeedStatus.BY_HAND if number == MOST_REFUSALS - 1 else NeedStatus.OPEN)
    assert {order.status for order in await office.orders(need)} == {OrderStatus.DECLINED}
