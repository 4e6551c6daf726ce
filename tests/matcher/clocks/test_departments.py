"""The last step of the ladder: by rule a department is called, and the need's street sees to it that it comes."""

import pytest

from models.called_unit import Rating
from models.clock import DepartmentRule, Matter, TimetableDraft, default_timetable
from models.dispatching import Mode
from models.errors import InvalidInputError
from models.notice import NoticeKind
from models.organisation import Organisation
from models.vocabulary import OrganisationType, Role
from models.whistle import WhistleFilter
from models.whistle_states import UnitStatus
from tests.make import GRID, organisation, principal
from tests.matcher.city import CATALOGUE, CODES
from tests.matcher.clocks.test_running import events, office, told
from tests.matcher.office import ADMIN, Office, own

__all__ = ["office"]
STREET = principal(Role.STREET, GRID[:9])
PLUMBING = Matter(2, "plumbing", CATALOGUE.require("plumbing").group, GRID)


async def department(office: Office, name: str = "测试住建局", **changes: object) -> Organisation:
    one = organisation(name=name, **{"type": OrganisationType.DEPARTMENT, **changes})
    await office.store.providers.add(one)
    return one


async def ruled(office: Office, *rules: DepartmentRule) -> None:
    table = default_timetable(CODES)
    present = await office.desk.timetables.get()
    draft = TimetableDraft(present.version, "谁的事谁来办", table.rules, table.hours, departments=rules)
    await office.desk.timetables.put(ADMIN, draft)


async def test_what_street_and_community_could_not_settle_is_given_to_the_department_whose_matter_it_is(office: Office) -> None:
    housing = await department(office)
    await ruled(office, DepartmentRule(housing.id, minutes=60, group=PLUMBING.group))
    need = (await office.posted()).need
    await office.pass_time(hours=4, minutes=5)
    assert (await office.read(need)).escalated_to == GRID[:9]
    about = WhistleFilter(need_id=need.id)
    assert await office.store.whistles.list(about, 9, None) == [], "the street has its turn first"
    await office.pass_time(hours=2)
    [whistle] = await office.store.whistles.list(about, 9, None)
    assert [each.unit.ref for each in whistle.units] == [housing.ref]
    assert whistle.note == "升级督办：首次响应超时后仍未处理"
    assert [each["department_name"] for each in await events(office, need, "need.department_called")] == ["测试住建局"]
    await office.pass_time(hours=1, minutes=1)
    rows = office.store.database["outbox"].find({"kind": "whistle.absent"})
    assert {row["recipient"]["key"] async for row in rows} == {str(housing.ref), GRID[:9], ""}, (
        "it, its street and the administrators"
    )
    await office.pass_time(days=3)
    assert len(await office.store.whistles.list(about, 9, None)) == 1, "it is called once"
    await office.desk.whistles.report_in(own(housing), whistle.id, None)
    closed = await office.desk.whistles.close(STREET, whistle.id, "已派抢修队", {housing.ref: Rating(stars=2)}, {})
    assert closed.units[0].status == UnitStatus.LATE
    assert await told(office, NoticeKind.WHISTLE_CLOSED) == [f"provider:{housing.ref}", f"overseers:{GRID[:9]}"]


async def test_nobody_on_any_level_brings_a_need_into_a_department_s_hands_too(office: Office) -> None:
    housing = await department(office)
    await ruled(office, DepartmentRule(housing.id))
    need = (await office.posted(urgency=4)).need
    await office.dispatch(need, Mode.SEQUENCE)
    await office.pass_time(hours=1)
    assert len(await events(office, need, "need.department_called")) == 1


async def test_the_nearest_region_s_rule_names_the_department_then_the_item_s_then_the_group_s(office: Office) -> None:
    names = [(await department(office, name)).id for name in ("市", "街", "事项", "组")]
    rules = (
        DepartmentRule(names[0]),
        DepartmentRule(names[3], group=PLUMBING.group),
        DepartmentRule(names[2], service="plumbing"),
        DepartmentRule(names[1], region=GRID[:9]),
    )
    await ruled(office, *rules)
    table = office.desk.context.clocks.timetable
    chosen = [table.department_for(matter) for matter in (PLUMBING, Matter(2, "plumbing", PLUMBING.group, "33"))]
    chosen += [table.department_for(Matter(2, None, group, "33")) for group in (PLUMBING.group, None)]
    assert [each.department for each in chosen if each] == [names[1], names[2], names[3], names[0]]


async def test_a_department_that_is_none_is_refused_in_words(office: Office) -> None:
    charity, gone = await department(office, type=OrganisationType.CHARITY), await department(office, active=False)
    housing = await department(office)
    wrong = (DepartmentRule("nobody"), DepartmentRule(charity.id, service="nothing"), DepartmentRule(gone.id, region="999"))
    with pytest.raises(InvalidInputError) as refused:
        await ruled(office, *wrong, DepartmentRule(housing.id), DepartmentRule(housing.id, region=GRID))
    assert set(refused.value.fields) == {
        "departments.0.department",
        "departments.1.department",
        "departments.1.service",
        "departments.2.department",
        "departments.2.region",
        "departments.3",
    }
    assert (await office.desk.timetables.get()).version == 0


async def test_who_changes_time_limits_alone_leaves_the_departments_as_they_were(office: Office) -> None:
    rule = DepartmentRule((await department(office)).id)
    await ruled(office, rule)
    table = default_timetable(CODES)
    await office.desk.timetables.put(ADMIN, TimetableDraft(1, "只改时限", table.rules, table.hours))
    assert office.desk.context.clocks.timetable.departments == (rule,)


async def test_a_department_in_use_no_more_is_passed_over_and_the_administrators_are_called_all_the_same(office: Office) -> None:
    housing = await department(office)
    await ruled(office, DepartmentRule(housing.id))
    await office.store.database["organisations"].update_one({"_id": housing.id}, {"$set": {"active": False}})
    need = (await office.posted(urgency=3)).need
    await office.pass_time(hours=9)
    assert [each["region"] for each in await events(office, need, "need.escalated")] == [GRID[:9], ""]
    assert await events(office, need, "need.department_called") == []
