"""办理时限 as administrators read and change it: always the whole table, each change a new version."""

from collections.abc import Mapping

from matcher.dispatch.clocks.deadlines import Clocks
from matcher.dispatch.context import Context, require_everywhere
from matcher.dispatch.ports import UnitPort
from models.account import Principal, ProviderRef
from models.clock import STAGE_LABELS, DeadlineRule, DepartmentRule, Stage, Timetable, TimetableDraft
from models.errors import InvalidInputError, StaleVersionError
from models.event import event_of
from models.organisation import Organisation
from models.vocabulary import OrganisationType, ProviderKind

Problems = dict[str, list[str]]


class Timetables:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def get(self) -> Timetable:
        """The newest; where the database has none, the one that the program begins with."""
        return await self._context.store.timetables.latest() or self._context.clocks.timetable

    async def versions(self) -> list[Timetable]:
        """Newest first."""
        return await self._context.store.timetables.versions()

    async def refresh(self) -> bool:
        """Use the newest version if it is newer than the one in use; whether it was."""
        latest = await self._context.store.timetables.latest(after=self._context.clocks.timetable.version)
        if latest is not None:
            self._context.clocks = Clocks(latest)
        return latest is not None

    async def put(self, who: Principal, draft: TimetableDraft) -> Timetable:
        """Clocks that run already keep their instants."""
        require_everywhere(who, "办理时限")
        await self._require_sensible(draft)
        present = await self.get()
        if draft.version != present.version:
            raise StaleVersionError("办理时限已被别人修改，请重新读取后再改", present_version=present.version)
        at = self._context.now()
        table = Timetable(
            version=present.version + 1,
            rules=draft.rules,
            hours=draft.hours,
            holidays=draft.holidays,
            workdays=draft.workdays,
            departments=present.departments if draft.departments is None else draft.departments,
            changed_at=at,
            changed_by=who.name,
            reason=draft.reason,
        )
        facts = {"version": table.version, "rules": len(table.rules), "departments": len(table.departments)}
        subject, id = f"timetable:{table.version}", self._context.store.new_id()
        event = event_of(who, "timetable.changed", at, subject, id=id, why=draft.reason, facts=facts)

        async def work(unit: UnitPort) -> None:
            await unit.timetables.add(table)
            await unit.events.add(event)

        await self._context.store.transact(work)
        await self.refresh()
        return table

    async def _require_sensible(self, draft: TimetableDraft) -> None:
        problems: Problems = {}
        seen: dict[tuple[object, ...], int] = {}
        for place, rule in enumerate(draft.rules):
            self._look_at(rule, f"rules.{place}", problems)
            key = (rule.stage, rule.urgency, rule.service, rule.group, rule.region)
            if key in seen:
                problems.setdefault(f"rules.{place}", []).append(f"与第 {seen[key] + 1} 条适用于同样的需求")
            seen.setdefault(key, place)
        lacking = [STAGE_LABELS[stage] for stage in Stage if (stage, None, None, None, None) not in seen]
        if lacking:
            problems.setdefault("rules", []).append(f"缺少适用于所有需求的一条：{'、'.join(lacking)}")
        await self._look_at_departments(draft.departments or (), problems)
        both = sorted(set(draft.holidays) & set(draft.workdays))
        if both:
            problems.setdefault("workdays", []).append(f"这几天既写成放假又写成上班：{'、'.join(both)}")
        if problems:
            raise InvalidInputError("办理时限有误", problems)

    async def _look_at_departments(self, rules: tuple[DepartmentRule, ...], problems: Problems) -> None:
        seen: dict[tuple[object, ...], int] = {}
        for place, rule in enumerate(rules):
            self._look_at(rule, f"departments.{place}", problems)
            ref = ProviderRef(ProviderKind.ORGANISATION, rule.department)
            found = await self._context.store.providers.get(ref)
            if not isinstance(found, Organisation) or found.type != OrganisationType.DEPARTMENT or not found.active:
                problem = f"没有编号为 {rule.department} 的职能部门，或已停用"
                problems.setdefault(f"departments.{place}.department", []).append(problem)
            key = (rule.service, rule.group, rule.region)
            if key in seen:
                problems.setdefault(f"departments.{place}", []).append(f"与第 {seen[key] + 1} 条适用于同样的需求")
            seen.setdefault(key, place)

    def _look_at(self, rule: DeadlineRule | DepartmentRule, named: str, problems: Problems) -> None:
        catalogue, regions = self._context.catalogue, self._context.regions
        wrong: Mapping[str, bool] = {
            f"事项清单里没有服务事项 {rule.service}": rule.service is not None and catalogue.get(rule.service) is None,
            f"事项清单里没有服务组 {rule.group}": rule.group is not None and rule.group not in catalogue.groups,
            f"没有这个区划 {rule.region}": rule.region is not None and regions.get(rule.region) is None,
        }
        for field, (problem, is_so) in zip(("service", "group", "region"), wrong.items(), strict=True):
            if is_so:
                problems.setdefault(f"{named}.{field}", []).append(problem)
