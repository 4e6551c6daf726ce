"""Clocks of needs and orders on a real store: what starts them, what stops them, and who hears of it when nobody does."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from matcher.dispatch.clocks.timetables import Timetables
from matcher.understanding.understander import Understander
from models.account import Account
from models.clock import DeadlineRule, Matter, Span, Stage, TimetableDraft, default_timetable
from models.correction import Correction
from models.dispatching import Mode
from models.errors import InvalidInputError, StaleVersionError, TransitionNotAllowedError
from models.need import Need, NeedStatus
from models.need_filter import DueState, NeedFilter
from models.notice import NoticeKind
from models.quiet import NEVER_QUIET
from models.store import Store
from models.vocabulary import Role
from tests.make import GRID, weights
from tests.matcher.city import CODES, north
from tests.matcher.office import ADMIN, COMMUNITY, RESIDENT, WELL_DONE, Office, own

# A Monday, 10:00 in Shanghai.
MORNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
CALLS = ["need.by_hand", "need.overdue", "need.escalated"]


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(location=1))
    for role, region in ((Role.COMMUNITY, GRID[:12]), (Role.STREET, GRID[:9]), (Role.ADMIN, None)):
        account = Account(store.new_id(), f"{role}", role, f"测试{role}", region, None, "", True, MORNING, NEVER_QUIET)
        await store.accounts.add(account)
    office = Office(store, understander)
    office.clock.at = MORNING
    return office


async def told(office: Office, kind: NoticeKind) -> list[str]:
    """To whom, oldest first."""
    rows = office.store.database["outbox"].find({"kind": kind}).sort("at", 1)
    return [f"{row['recipient']['kind']}:{row['recipient']['key']}" async for row in rows]


async def events(office: Office, need: Need, action: str) -> list[dict[str, object]]:
    return [dict(each.facts) for each in await office.store.events.of_need(need.id) if each.action == action]


async def test_posting_starts_the_clocks_of_response_and_completion_in_working_time(office: Office) -> None:
    need = (await office.posted()).need
    assert set(need.due) == {Stage.RESPOND, Stage.DONE}
    assert need.due[Stage.RESPOND].at == need.posted_at + timedelta(hours=4)
    assert need.due[Stage.RESPOND].near_at == need.posted_at + timedelta(hours=3)
    assert need.due[Stage.DONE].at == need.posted_at + timedelta(hours=24), "water is a lifeline"
    assert need.due_at == need.due[Stage.RESPOND].at
    assert await office.read(need) == need


async def test_an_urgent_matter_never_has_more_time_than_the_same_matter_that_is_not(office: Office) -> None:
    clocks = office.desk.context.clocks
    for service in (None, "plumbing", "deliberation"):
        for stage in Stage:
            ends = [clocks.start(stage, Matter(urgency, service, None, GRID), MORNING) for urgency in (1, 2, 3, 4)]
            moments = [each.at for each in ends if each is not None]
            assert len(moments) == 4
            assert moments[1:] == sorted(moments[1:], reverse=True), (service, stage)


async def test_an_offer_ends_when_the_timetable_says_and_acceptance_starts_the_clock_of_the_contact(office: Office) -> None:
    one, need = await office.provider(), (await office.posted()).need
    order = await office.offered(need, one)
    assert order.expires_at == order.offered_at + timedelta(hours=1)
    assert (await office.read(need)).due[Stage.RESPOND].met_at == order.offered_at
    after = await office.desk.offers.accept(own(one), order.id)
    assert after.due[Stage.SIGN].met_at == after.accepted_at
    assert after.accepted_at is not None
    assert after.due[Stage.CONTACT].at == after.accepted_at + timedelta(hours=24)
    said = await office.desk.clocks.contacted(own(one), order.id)
    assert said.due[Stage.CONTACT].met_at is not None
    assert await office.desk.clocks.contacted(own(one), order.id) == said, "said twice, once on record"
    assert len(await events(office, need, "order.contacted")) == 1
    assert (await office.read(need)).due_at == need.due[Stage.DONE].at


async def test_contact_is_said_only_of_an_order_in_hand_and_work_that_begins_says_it_by_itself(office: Office) -> None:
    one, need = await office.provider(), (await office.posted()).need
    order = await office.offered(need, one)
    with pytest.raises(TransitionNotAllowedError, match="不能登记已联系"):
        await office.desk.clocks.contacted(own(one), order.id)
    await office.desk.offers.accept(own(one), order.id)
    started = await office.desk.progress.start(own(one), order.id)
    assert started.due[Stage.CONTACT].met_at == started.started_at


async def test_nearly_due_is_told_once_and_overdue_climbs_level_by_level_to_the_top(office: Office) -> None:
    need = (await office.posted()).need
    await office.pass_time(hours=3, minutes=5)
    assert await told(office, NoticeKind.NEAR_DUE) == [f"overseers:{GRID}"]
    assert await events(office, need, "need.overdue") == []
    await office.pass_time(hours=1)
    assert len(await events(office, need, "need.overdue")) == 1
    assert await told(office, NoticeKind.ESCALATED) == [f"overseers:{GRID[:9]}"], "the community itself was responsible already"
    assert (await office.read(need)).escalated_to == GRID[:9]
    await office.pass_time(hours=2)
    assert [each["region"] for each in await events(office, need, "need.escalated")] == [GRID[:9], ""]
    await office.pass_time(days=2)
    assert len(await told(office, NoticeKind.NEAR_DUE)) == 2, "once of each clock"
    assert len(await events(office, need, "need.escalated")) == 2, "above the administrators is nobody"


async def test_an_offer_about_to_end_tells_its_provider_no_number_that_stands_in_the_words(office: Office) -> None:
    one, need = await office.provider(), (await office.posted(urgency=3, text="3栋502室水管漏水，电话 027-88886666")).need
    order = await office.offered(need, one)
    await office.pass_time(minutes=50)
    notice = await office.store.database["outbox"].find_one({"kind": NoticeKind.NEAR_DUE})
    assert notice is not None
    assert (notice["recipient"]["key"], notice["order_id"]) == (str(one.ref), order.id)
    assert "水管漏水" in notice["text"]
    assert [hidden for hidden in ("88886666", "502", "3栋") if hidden in notice["text"]] == []


async def test_what_the_provider_forgets_is_told_to_them_and_then_to_those_above(office: Office) -> None:
    one, need = await office.provider(), (await office.posted(urgency=3)).need
    order = await office.offered(need, one)
    await office.pass_time(minutes=50)
    assert await told(office, NoticeKind.NEAR_DUE) == [f"provider:{one.ref}"], "an offer about to end is the provider's matter"
    await office.desk.offers.accept(own(one), order.id)
    await office.pass_time(hours=25)
    assert [each["stage"] for each in await events(office, need, "order.overdue")] == ["contact"]
    assert f"provider:{one.ref}" in await told(office, NoticeKind.OVERDUE)
    assert "contact" in [each["stage"] for each in await events(office, need, "need.escalated")]


async def test_nobody_eligible_calls_those_above_once(office: Office) -> None:
    await office.provider(point=north(30), region="420111001001001")
    need = (await office.posted()).need
    for _ in range(2):
        done = await office.dispatch(need, Mode.SEQUENCE)
        assert done.need.status == NeedStatus.UNMATCHED
    assert [each["region"] for each in await events(office, need, "need.escalated")] == [GRID[:9]]


async def test_while_suspended_no_clock_runs_and_afterwards_as_much_time_is_left_as_before(office: Office) -> None:
    one, need = await office.provider(), (await office.posted(urgency=3)).need
    order = await office.offered(need, one)
    accepted = await office.desk.offers.accept(own(one), order.id)
    pause = await office.desk.keeping.suspend(COMMUNITY, need.id, "等配件", office.clock.at + timedelta(days=3))
    assert (pause.near_at, pause.due_at) == (None, None)
    before = await office.store.timers.of_subject(f"need:{need.id}")
    assert [timer.kind for timer in before] == ["need_resume"]
    await office.pass_time(days=3, minutes=1)
    again = await office.read(need)
    assert pause.suspension is not None
    stood = again.changed_at - pause.suspension.at
    assert again.due[Stage.DONE].at == need.due[Stage.DONE].at + stood
    assert (await office.orders(need))[0].due[Stage.CONTACT].at == accepted.due[Stage.CONTACT].at + stood
    assert await events(office, need, "need.overdue") == []


async def test_what_is_done_again_has_new_clocks_and_what_is_cancelled_none(office: Office) -> None:
    one, need = await office.provider(), (await office.posted(urgency=3)).need
    order = await office.offered(need, one)
    await office.desk.offers.accept(own(one), order.id)
    await office.desk.progress.start(own(one), order.id)
    await office.desk.progress.complete(own(one), order.id, "好了")
    done = await office.read(need)
    assert (done.due[Stage.DONE].met_at, done.due_at) == (done.changed_at, None)
    again = await office.desk.closing.reopen(RESIDENT, need.id, "又漏了")
    assert again.due[Stage.DONE].from_at == again.changed_at
    assert again.due_at == again.due[Stage.RESPOND].at
    gone = await office.desk.keeping.cancel(RESIDENT, need.id, "不用了")
    assert (gone.near_at, gone.due_at) == (None, None)
    assert await office.store.timers.of_subject(f"need:{need.id}") == []


async def test_a_need_that_turns_out_to_be_urgent_has_the_time_of_an_urgent_one_from_its_posting(office: Office) -> None:
    need = (await office.posted()).need
    after = await office.desk.correcting.correct(COMMUNITY, need.id, Correction(urgency=4, reason="有人被困"))
    assert after.due[Stage.RESPOND].at == need.posted_at + timedelta(minutes=5)


async def test_lists_and_counts_tell_what_is_nearly_due_and_what_is_overdue(office: Office) -> None:
    early, late = (await office.posted()).need, (await office.posted(urgency=1)).need
    await office.pass_time(hours=3, minutes=30)
    counted = await office.desk.clocks.counts(COMMUNITY, None)
    assert (counted.new, counted.near_due, counted.overdue) == (2, 1, 0)
    await office.pass_time(hours=20)
    wanted = {due: NeedFilter(due=due, at=office.clock.at) for due in DueState}
    found = {due: await office.store.needs.list(each, 20, None) for due, each in wanted.items()}
    assert [each.id for each in found[DueState.NEAR]] == [late.id]
    assert [each.id for each in found[DueState.OVERDUE]] == [early.id]
    await office.pass_time(days=3)
    page = await office.store.needs.list(NeedFilter(due=DueState.OVERDUE, at=office.clock.at), 1, None)
    assert [each.id for each in page] == [early.id], "the one that is due longest comes first"
    rest = await office.store.needs.list(NeedFilter(due=DueState.OVERDUE, at=office.clock.at), 5, page[0].place_in_due)
    assert [each.id for each in rest] == [late.id]
    assert (await office.desk.clocks.counts(COMMUNITY, "420106002")).overdue == 0, "another street's"


def draft(version: int = 0, *more: DeadlineRule) -> TimetableDraft:
    table = default_timetable(CODES)
    return TimetableDraft(version, "试一试", (*table.rules, *more), table.hours)


async def test_a_new_version_of_the_timetable_counts_for_what_begins_after_it(office: Office) -> None:
    before = (await office.posted()).need
    rule = DeadlineRule(Stage.RESPOND, Span(minutes=90), urgency=2, region=GRID[:9])
    table = await office.desk.timetables.put(ADMIN, draft(0, rule))
    assert (table.version, (await office.desk.timetables.get()).rules[-1]) == (1, rule)
    after = (await office.posted()).need
    assert after.due[Stage.RESPOND].at == after.posted_at + timedelta(minutes=90)
    assert (await office.read(before)).due == before.due
    with pytest.raises(StaleVersionError):
        await office.desk.timetables.put(ADMIN, draft(0))


async def test_another_worker_uses_the_newest_timetable_when_it_looks(office: Office, understander: Understander) -> None:
    other = Office(office.store, understander)
    tables: Timetables = other.desk.timetables
    assert not await tables.refresh()
    await office.desk.timetables.put(ADMIN, draft(0))
    assert await tables.refresh()
    assert other.desk.context.clocks.timetable.version == 1
    assert not await tables.refresh()


async def test_a_table_that_cannot_be_is_refused_rule_by_rule_in_words(office: Office) -> None:
    wrong = (
        DeadlineRule(Stage.SIGN, Span(minutes=9), service="nothing"),
        DeadlineRule(Stage.SIGN, Span(minutes=9), region="999"),
        DeadlineRule(Stage.SIGN, Span(minutes=9), group="nobody"),
        DeadlineRule(Stage.RESPOND, Span(minutes=9), urgency=4),
    )
    table = default_timetable(CODES)
    first = len(table.rules)
    with pytest.raises(InvalidInputError) as refused:
        await office.desk.timetables.put(ADMIN, draft(0, *wrong))
    known = {name for name in refused.value.fields if int(name.split(".")[1]) >= first}
    assert known == {f"rules.{first}.service", f"rules.{first + 1}.region", f"rules.{first + 2}.group", f"rules.{first + 3}"}
    few = TimetableDraft(0, "", table.rules[:1], table.hours, ("2026-05-01",), ("2026-05-01",))
    with pytest.raises(InvalidInputError) as refused:
        await office.desk.timetables.put(ADMIN, few)
    assert refused.value.fields == {
        "rules": ["缺少适用于所有需求的一条：首次响应、接单、联系居民、办结"],
        "workdays": ["这几天既写成放假又写成上班：2026-05-01"],
    }
    assert await office.store.timetables.latest() is None


async def test_a_satisfied_need_leaves_no_timer(office: Office) -> None:
    one, need = await office.provider(), (await office.posted()).need
    order = await office.offered(need, one)
    await office.desk.offers.accept(own(one), order.id)
    await office.desk.progress.start(own(one), order.id)
    await office.desk.progress.complete(own(one), order.id, "好了")
    await office.desk.closing.evaluate(RESIDENT, need.id, WELL_DONE)
    assert await office.store.database["timers"].count_documents({}) == 0


async def people_told(office: Office) -> Counter[tuple[str, str]]:
    """How often each account was asked to see to something, and by what; the digits of its region stand for it."""
    rows = office.store.database["outbox"].find({"recipient.kind": "overseers", "kind": {"$in": CALLS}})
    found = [(row["kind"], await office.store.accounts.overseers_of(row["recipient"]["key"])) async for row in rows]
    return Counter((kind, account) for kind, accounts in found for account in accounts)


async def test_nobody_is_told_twice_of_an_offer_that_nobody_answered(store: Store, understander: Understander) -> None:
    await store.weights.add(weights(location=1))
    await store.accounts.add(Account("all", "all", Role.ADMIN, "测试", None, None, "", True, MORNING, NEVER_QUIET))
    office = Office(store, understander)
    office.clock.at = MORNING
    await office.provider()
    need = (await office.posted()).need
    await office.dispatch(need, Mode.SEQUENCE)
    await office.pass_time(hours=5)
    assert (await office.read(need)).status == NeedStatus.BY_HAND
    assert await people_told(office) == {("need.by_hand", "all"): 1}
    assert {each["region"] for each in await events(office, need, "need.escalated")} == {""}, "it is on record all the same"


async def test_who_must_see_to_a_need_that_nobody_dispatched_is_told_once_and_the_level_above_too(office: Office) -> None:
    need = (await office.posted()).need
    await office.pass_time(hours=4, minutes=10)
    assert (await office.read(need)).status == NeedStatus.BY_HAND
    assert len(await events(office, need, "need.overdue")) == len(await events(office, need, "need.taken_over")) == 1
    assert sorted(await people_told(office)) == sorted(
        [("need.by_hand", await one_of(office, GRID[:12])), ("need.escalated", await one_of(office, GRID[:9]))]
    )
    assert set((await people_told(office)).values()) == {1}


async def one_of(office: Office, region: str) -> str:
    [account] = await office.store.accounts.overseers_of(region)
    return account


async def test_a_new_round_that_runs_late_climbs_from_the_bottom_again(office: Office) -> None:
    need, one = (await office.posted(urgency=3)).need, await office.provider()
    await office.pass_time(minutes=40)
    assert (await office.read(need)).escalated_to == GRID[:9]
    order = await office.offered(need, one)
    await office.desk.offers.accept(own(one), order.id)
    await office.desk.progress.start(own(one), order.id)
    await office.desk.progress.complete(own(one), order.id, "好了")
    assert (await office.desk.closing.reopen(RESIDENT, need.id, "又漏了")).escalated_to is None
    await office.pass_time(minutes=40)
    assert [each["region"] for each in await events(office, need, "need.escalated")] == [GRID[:9]] * 2
