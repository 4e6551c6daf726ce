"""最后转给哪个部门: whom the last step of escalation calls, for which needs. By name: nobody knows a department's number."""

from dataclasses import replace
from typing import Any

from marshmallow import post_load

from api.console.pages.admin.clocks import PATH, ChangeShape, ClockQuery, RemovedShape, clocks, draft_of, put
from api.console.picking import PlaceName, meant_region
from api.console.routing import PAGES, Shown, Visit
from api.routing import ADMINS
from models.clock import DepartmentRule, TimetableDraft
from models.errors import InvalidInputError
from models.organisation import Organisation
from models.provider import ProviderFilter
from models.schemas.base import Code, Inner, Text, Whole, Wire
from models.schemas.clocks import MOST_DEPARTMENTS
from models.vocabulary import OrganisationType, ProviderKind
from models.whistle import LEAST_MINUTES, MOST_MINUTES, USUAL_MINUTES

MOST_LOOKED_AT, MOST_NAMED = 200, 3


class NamedRuleShape(Wire):
    """As the API's, but that `department` is a name, or as much of one as only one department has."""

    department = Text(60, shortest=1, required=True)
    minutes = Whole(LEAST_MINUTES, MOST_MINUTES, load_default=USUAL_MINUTES)
    service = Code(load_default=None)
    group = Code(load_default=None)
    region = PlaceName(load_default="")

    @post_load
    def make(self, data: dict[str, Any], **_: Any) -> DepartmentRule:
        return DepartmentRule(**data)


class DepartmentShape(ChangeShape):
    department = Inner(NamedRuleShape, required=True)
    place = Whole(0, MOST_DEPARTMENTS, required=True)


@PAGES.add("POST", PATH + "/departments", access=ADMINS, query=ClockQuery, form=DepartmentShape, again=clocks)
async def save_department(visit: Visit) -> Shown:
    form, rule = visit.form, visit.form["department"]
    region = meant_region(visit, rule.region, "department.region")
    called = replace(rule, department=await meant_department(visit, rule.department), region=region)
    before = await rules(visit)
    return await put(visit, await changed(visit, (*before[: form["place"]], called, *before[form["place"] + 1 :])))


@PAGES.add("POST", PATH + "/departments/remove", access=ADMINS, query=ClockQuery, form=RemovedShape, again=clocks)
async def remove_department(visit: Visit) -> Shown:
    left = tuple(rule for place, rule in enumerate(await rules(visit)) if place != visit.form["place"])
    return await put(visit, await changed(visit, left))


async def rules(visit: Visit) -> tuple[DepartmentRule, ...]:
    return (await visit.desk.timetables.get()).departments


async def changed(visit: Visit, departments: tuple[DepartmentRule, ...]) -> TimetableDraft:
    table = await visit.desk.timetables.get()
    return replace(draft_of(table, visit.form), departments=departments)


async def meant_department(visit: Visit, name: str) -> str:
    """The id. Raises InvalidInputError with some of those that it could be."""
    wanted = ProviderFilter(text=name)
    found = await visit.desk.roster.list(visit.who, ProviderKind.ORGANISATION, wanted, MOST_LOOKED_AT, None)
    fitting = [
        each for each in found if isinstance(each, Organisation) and each.type == OrganisationType.DEPARTMENT and each.active
    ]
    named = [each for each in fitting if each.name == name] or [each for each in fitting if name in each.name]
    if len(named) == 1:
        return named[0].id
    some = "、".join(each.name for each in named[:MOST_NAMED])
    told = f"有 {len(named)} 家，请写全：{some}" if named else "没有叫这个名字的职能部门"
    raise InvalidInputError("填写的内容有误", {"department.department": [told]})
