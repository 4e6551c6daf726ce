"""吹哨报到 with the clock turned by hand: who is late, who is absent, who hears of it, and what the record says."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from matcher.dispatch.timers import run_due
from matcher.dispatch.whistle.blowing import Blow
from matcher.understanding.understander import Understander
from models.account import Principal
from models.called_unit import Rating
from models.dispatching import Mode
from models.errors import InvalidInputError, TransitionNotAllowedError
from models.organisation import Organisation
from models.store import Store
from models.vocabulary import OrganisationType, Role
from models.whistle import Whistle
from models.whistle_states import UnitStatus
from tests.make import GRID, organisation, principal, weights
from tests.make import squad as made_squad
from tests.matcher.office import COMMUNITY, Office, own

STREET = principal(Role.STREET, GRID[:9])


@pytest.fixture
async def office(store: Store, understander: Understander) -> Office:
    await store.weights.add(weights(location=1))
    return Office(store, understander)


async def unit_of(office: Office, name: str, **changes: Any) -> Organisation:
    one = organisation(name=name, type=OrganisationType.DEPARTMENT, **changes)
    await office.store.providers.add(one)
    return one


async def blown(office: Office, *units: Organisation, who: Principal = COMMUNITY, **changes: Any) -> Whistle:
    told = {"region": GRID, "text": "河堤有险情", "units": tuple(each.ref for each in units)}
    return await office.desk.whistles.blow(who, Blow(**(told | changes)))


async def read(office: Office, whistle: Whistle) -> Whistle:
    found = await office.store.whistles.get(whistle.id)
    assert found is not None
    return found


async def statuses(office: Office, whistle: Whistle) -> list[UnitStatus]:
    return [each.status for each in (await read(office, whistle)).units]


async def told(office: Office) -> list[tuple[str, str]]:
    rows = [document async for document in office.store.database["outbox"].find({"kind": "whistle.absent"}).sort("_id", 1)]
    return [(row["recipient"]["kind"], row["recipient"]["key"]) for row in rows]


async def test_who_does_not_come_in_half_an_hour_is_on_record_and_told_to_the_level_above(office: Office) -> None:
    power, water = await unit_of(office, "测试供电所"), await unit_of(office, "测试水务所")
    whistle = await blown(office, power, water)
    await office.pass_time(minutes=10)
    await office.desk.whistles.report_in(own(power), whistle.id, None)
    assert await office.pass_time(minutes=15) == 0
    assert await office.pass_time(minutes=10) == 1
    assert await statuses(office, whistle) == [UnitStatus.REPORTED, UnitStatus.ABSENT]
    assert await told(office) == [
        ("provider", str(water.ref)),
        ("account", COMMUNITY.account_id),
        ("overseers", GRID[:9]),
    ]
    await office.desk.whistles.report_in(own(water), whistle.id, None)
    assert await statuses(office, whistle) == [UnitStatus.REPORTED, UnitStatus.LATE]
    actions = [event.action for event in await office.store.events.of_subject(f"whistle:{whistle.id}")]
    assert actions == ["whistle.called", "whistle.reported", "whistle.absent", "whistle.late"]


async def test_who_comes_after_the_clock_and_before_the_timer_is_late_and_never_absent(office: Office) -> None:
    power = await unit_of(office, "测试供电所")
    whistle = await blown(office, power, minutes=5)
    office.clock.at += timedelta(minutes=5)
    await office.desk.whistles.report_in(own(power), whistle.id, None)
    assert await statuses(office, whistle) == [UnitStatus.LATE]
    assert await office.pass_time(hours=1) == 0


async def test_a_closed_whistle_has_no_clocks_and_a_streets_absence_goes_to_the_administrators(office: Office) -> None:
    power = await unit_of(office, "测试供电所")
    whistle = await blown(office, power)
    await office.desk.whistles.close(COMMUNITY, whistle.id, "误吹", {}, {})
    assert await office.pass_time(hours=1) == 0
    assert await statuses(office, whistle) == [UnitStatus.EXCUSED]
    await blown(office, power, who=STREET)
    await office.pass_time(hours=1)
    assert (await told(office))[-1] == ("overseers", "")


async def test_who_called_is_told_when_the_street_has_closed_it(office: Office) -> None:
    whistle = await blown(office, await unit_of(office, "测试供电所"))
    await office.desk.whistles.close(STREET, whistle.id, "街道已处置", {}, {})
    rows = [each async for each in office.store.database["outbox"].find({"kind": "whistle.closed"}).sort("_id", 1)]
    assert [row["recipient"]["kind"] for row in rows] == ["provider", "account"]
    assert "街道已处置" in rows[1]["text"]


async def test_only_who_has_come_proposes_and_an_absent_one_keeps_nobody_from_closing(office: Office) -> None:
    power, water = await unit_of(office, "测试供电所"), await unit_of(office, "测试水务所")
    whistle = await blown(office, power, water)
    await office.desk.whistles.report_in(own(power), whistle.id, None)
    await office.pass_time(hours=1)
    with pytest.raises(TransitionNotAllowedError):
        await office.desk.whistles.propose(own(water), whistle.id, None, "好了")
    await office.desk.whistles.propose(own(power), whistle.id, None, "已抢通")
    closed = await office.desk.whistles.close(COMMUNITY, whistle.id, "已排除", {power.ref: Rating(5, "好")}, {})
    assert [each.status for each in closed.units] == [UnitStatus.REPORTED, UnitStatus.ABSENT]


async def test_thirty_who_report_in_at_once_while_their_clocks_run_out_are_each_on_record_once(office: Office) -> None:
    units = [await unit_of(office, f"测试单位{number}") for number in range(30)]
    whistle = await blown(office, *units, minutes=5)
    due = whistle.units[0].due_at
    office.clock.at = due

    async def report(one: Organisation) -> None:
        await office.desk.whistles.report_in(own(one), whistle.id, None)

    fired = await asyncio.gather(*map(report, units), run_due(office.desk.context, due), run_due(office.desk.context, due))
    assert set(await statuses(office, whistle)) == {UnitStatus.LATE}
    events = await office.store.events.of_subject(f"whistle:{whistle.id}")
    counts = Counter(event.action for event in events)
    assert counts["whistle.late"] == 30
    assert counts["whistle.absent"] == sum(each for each in fired if each is not None)
    assert len({(event.action, event.on_behalf_of) for event in events}) == len(events)
    assert await office.store.database["timers"].count_documents({}) == 0


async def test_a_squad_is_asked_like_the_list_of_its_members(office: Office) -> None:
    members = [await office.provider(), await office.provider()]
    await office.provider()
    squad = made_squad(*members)
    await office.store.squads.add(squad)
    done = await office.dispatch(await office.need(), Mode.OPEN, squad=squad.id)
    assert {order.provider.ref for order in done.orders} == {member.ref for member in members}
    with pytest.raises(InvalidInputError):
        await office.dispatch(await office.need(), Mode.OPEN, squad="7")


async def test_the_assessment_of_a_period_sums_each_unit_and_each_community(office: Office) -> None:
    power, water = await unit_of(office, "测试供电所"), await unit_of(office, "测试水务所")
    start = office.clock.at
    # Three looks at the clock lie between, a minute each: 10 and 20 minutes.
    for stars, wait in ((5, 7), (3, 17)):
        whistle = await blown(office, power, water)
        await office.pass_time(minutes=wait)
        await office.desk.whistles.report_in(own(power), whistle.id, None)
        await office.pass_time(hours=1)
        await office.desk.whistles.close(COMMUNITY, whistle.id, "已排除", {power.ref: Rating(stars)}, {})
    end = office.clock.at
    await office.pass_time(days=1)
    late = await blown(office, water)
    await office.pass_time(hours=1)
    await office.desk.whistles.report_in(own(water), late.id, None)

    found = await office.desk.assessing.assess(COMMUNITY, GRID[:12], start, end)
    counts = {unit.name: each for unit, each in found.by_unit.items()}
    assert (counts["测试供电所"].called, counts["测试供电所"].on_time, counts["测试供电所"].absent) == (2, 2, 0)
    assert (counts["测试供电所"].mean_minutes, counts["测试供电所"].mean_rating) == (15.0, 4.0)
    assert (counts["测试水务所"].absent, counts["测试水务所"].mean_minutes, counts["测试水务所"].mean_rating) == (2, None, None)
    whole = await office.desk.assessing.assess(STREET, None, start, None)
    assert [(code, each.called, each.on_time, each.late, each.absent) for code, each in whole.by_community.items()] == [
        (GRID[:12], 5, 2, 1, 2)
    ]
    elsewhere = await office.desk.assessing.assess(principal(Role.COMMUNITY, "330203001001"), GRID[:12], start, None)
    assert elsewhere.tallies == ()
