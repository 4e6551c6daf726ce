"""A timetable as people say it: for which needs, how long, on which days."""

from datetime import timedelta

from api.console.pages.admin.profiles import group_options
from api.console.routing import Visit
from api.views.shared import clock_text
from matcher.dispatch.clocks.calendar import calendar_of
from models.account import ProviderRef
from models.clock import STAGE_LABELS, DeadlineRule, DepartmentRule, Span, Stage, Timetable
from models.schedule import LOCAL
from models.vocabulary import URGENCY_LABELS, ProviderKind

SHOWN_DAYS = 28


def rules_of(table: Timetable, stage: Stage) -> list[tuple[int, DeadlineRule]]:
    """With their places in the whole list; the most urgent first, and last what counts for the rest."""
    found = [(place, rule) for place, rule in enumerate(table.rules) if rule.stage == stage]
    return sorted(found, key=lambda each: (is_general(each[1]), -(each[1].urgency or 0)))


def is_general(rule: DeadlineRule) -> bool:
    """For all needs that no other rule is for: each stage must have one."""
    return rule == DeadlineRule(rule.stage, rule.span)


def matter_words(visit: Visit, rule: DeadlineRule | DepartmentRule) -> str:
    context = visit.desk.context
    parts = [
        URGENCY_LABELS[rule.urgency] if isinstance(rule, DeadlineRule) and rule.urgency else "",
        context.catalogue.name_of(rule.service) if rule.service else "",
        dict(group_options(visit)).get(rule.group, rule.group) if rule.group else "",
        context.regions.full_name(rule.region) if rule.region else "",
    ]
    return "、".join(part for part in parts if part) or "其余的需求"


def departments(visit: Visit, table: Timetable) -> list[tuple[str, str, int]]:
    """For which needs, who is called, and within how many minutes they report in."""
    columns = visit.desk.context.columns
    rows = [columns.row_of.get(ProviderRef(ProviderKind.ORGANISATION, each.department)) for each in table.departments]
    names = ["（已不在册）" if row is None else columns.name_at(row) for row in rows]
    told = zip(table.departments, names, strict=True)
    return [(matter_words(visit, each), name, each.minutes) for each, name in told]


def span_words(span: Span) -> str:
    """4 小时（工作时间）, 7 个工作日."""
    if span.days:
        return f"{span.days} 个工作日" if span.working else f"{span.days} 天"
    hours, minutes = divmod(span.minutes, 60)
    length = f"{span.minutes} 分钟" if minutes or not hours else f"{hours} 小时"
    return f"{length}（工作时间）" if span.working else length


def changes(visit: Visit, before: Timetable, after: Timetable) -> list[str]:
    """What a version changed, a line each."""

    def told(table: Timetable) -> set[str]:
        rules = {f"{STAGE_LABELS[rule.stage]}，{matter_words(visit, rule)}：{span_words(rule.span)}" for rule in table.rules}
        called = {f"转给部门，{matter}：{name}，{minutes} 分钟内报到" for matter, name, minutes in departments(visit, table)}
        days = {f"放假 {day}" for day in table.holidays} | {f"上班 {day}" for day in table.workdays}
        hours = f"工作日 {clock_text(table.hours.start_minute)} 到 {clock_text(table.hours.end_minute)}"
        return rules | called | days | {hours}

    was, new = told(before), told(after)
    return [f"去掉：{line}" for line in sorted(was - new)] + [f"加上：{line}" for line in sorted(new - was)]


def days_ahead(visit: Visit, table: Timetable) -> list[tuple[str, str, bool]]:
    """Whole weeks, from the Monday of this one."""
    calendar, today = calendar_of(table), visit.desk.context.now().astimezone(LOCAL).date()
    monday = today - timedelta(days=today.weekday())
    days = [monday + timedelta(days=ahead) for ahead in range(SHOWN_DAYS)]
    return [(f"{day.month}月{day.day}日", "一二三四五六日"[day.weekday()], calendar.is_working_day(day)) for day in days]
