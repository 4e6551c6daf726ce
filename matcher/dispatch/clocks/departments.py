"""升级到职能部门: at the last step of escalation the department whose matter it is by rule is called like by a whistle, with a clock
to report in; the need's street answers for the call, follows it up, closes and rates it."""

from datetime import timedelta
from typing import TYPE_CHECKING

from matcher.dispatch.clocks.deadlines import matter_of
from matcher.dispatch.whistle.starting import begin
from models.account import SYSTEM, ProviderRef
from models.called_unit import CalledUnit
from models.clock import DepartmentRule
from models.dispatching import STREET_DIGITS
from models.provider import Provider, ProviderSummary
from models.vocabulary import ProviderKind
from models.whistle import MOST_WHISTLES, Whistle, WhistleFilter

if TYPE_CHECKING:
    from matcher.dispatch.case import Case


async def call_department(case: "Case", why: str) -> None:
    """Nothing where no rule names one, where it is gone or out of use, or while it is called about this need already."""
    rule = case.context.clocks.timetable.department_for(matter_of(case.need, case.context.catalogue))
    department = await case.unit.providers.get(ProviderRef(ProviderKind.ORGANISATION, rule.department)) if rule else None
    if rule is None or department is None or not department.active or await _is_called(case, department):
        return
    whistle = _whistle(case, rule, department, why)
    await begin(case.context, case.unit, SYSTEM, whistle)
    facts = {"department": department.id, "department_name": department.name, "due_at": whistle.units[0].due_at}
    await case.happened(SYSTEM, "need.department_called", why, facts)


async def _is_called(case: "Case", department: Provider) -> bool:
    about = await case.unit.whistles.list(WhistleFilter(need_id=case.need.id), MOST_WHISTLES, None)
    return any(each.is_unfinished and each.find(department.ref) is not None for each in about)


def _whistle(case: "Case", rule: DepartmentRule, department: Provider, why: str) -> Whistle:
    need = case.need
    summary = ProviderSummary(department.kind, department.id, department.name)
    return Whistle(
        id=case.context.store.new_id(),
        region=need.region,
        text=need.text,
        units=(CalledUnit(unit=summary, squad=None, due_at=case.at + timedelta(minutes=rule.minutes)),),
        minutes=rule.minutes,
        called_at=case.at,
        called_by=SYSTEM.account_id,
        caller_name=SYSTEM.name,
        caller_scope=need.region[:STREET_DIGITS],
        changed_at=case.at,
        need_id=need.id,
        note=f"升级督办：{why}",
        private=need.contact.said,
    )
