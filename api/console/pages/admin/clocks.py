"""办理时限: how long each stage may take, for which needs, and on which days people work. Each change is a version of the whole."""

from dataclasses import replace
from typing import Any

from marshmallow import pre_load

from api.console.pages.admin.profiles import group_options
from api.console.pages.admin.timetable_words import days_ahead, departments, matter_words, rules_of, span_words
from api.console.picking import PlaceName, Within, meant_region, picker_of
from api.console.routing import PAGES, Page, Redirect, Shown, Visit
from api.routing import ADMINS
from api.views.shared import clock_text
from models.clock import STAGE_LABELS, Timetable, TimetableDraft
from models.schemas.base import Inner, Many, Text, Whole, Wire
from models.schemas.clocks import MOST_RULES, Day, DeadlineRuleShape, HoursShape
from models.vocabulary import URGENCY_LABELS

PATH = "/admin/clocks"


class ClockQuery(Within):
    """`rule`: the one to change, by its place in the list; the place after the last is a new one."""

    rule = Whole(0, MOST_RULES, load_default=None)


class ChangeShape(Wire):
    version = Whole(0, 2**31, required=True)
    reason = Text(500, shortest=1, required=True)


class TypedRule(DeadlineRuleShape):
    """`region` by name or code."""

    region = PlaceName(load_default=None, allow_none=True)


class RuleShape(ChangeShape):
    rule = Inner(TypedRule, required=True)
    place = Whole(0, MOST_RULES, required=True)


class RemovedShape(ChangeShape):
    place = Whole(0, MOST_RULES, required=True)


class DaysShape(ChangeShape):
    """The days are typed one a line, or with spaces between."""

    hours = Inner(HoursShape, required=True)
    holidays = Many(Day(), most=366, load_default=list)
    workdays = Many(Day(), most=366, load_default=list)

    @pre_load
    def each_day(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        said = {name: data[name] for name in ("holidays", "workdays") if isinstance(data.get(name), list)}
        return data | {name: [day for text in texts for day in str(text).split()] for name, texts in said.items()}


@PAGES.add("GET", PATH, access=ADMINS, query=ClockQuery)
async def clocks(visit: Visit) -> Shown:
    table = await visit.desk.timetables.get()
    place = visit.query["rule"]
    rule = table.rules[place] if place is not None and place < len(table.rules) else None
    context = {
        "table": table,
        "stages": [(label, rules_of(table, stage)) for stage, label in STAGE_LABELS.items()],
        "stage_options": list(STAGE_LABELS.items()),
        "place": place,
        "rule": rule,
        "picker": picker_of(
            visit, "rule.region", PATH, present=rule.region if rule else None, asked={} if place is None else {"rule": place}
        ),
        "matter": lambda rule: matter_words(visit, rule),
        "span": span_words,
        "services": [(item.code, item.name) for item in visit.desk.context.catalogue],
        "groups": group_options(visit),
        "urgencies": list(URGENCY_LABELS.items()),
        "hours": (clock_text(table.hours.start_minute), clock_text(table.hours.end_minute)),
        "days": days_ahead(visit, table),
        "departments": departments(visit, table),
        "versions": (await visit.desk.timetables.versions())[:10],
    }
    return Page("admin/clocks.html", context)


@PAGES.add("POST", PATH + "/rules", access=ADMINS, query=ClockQuery, form=RuleShape, again=clocks)
async def save_rule(visit: Visit) -> Shown:
    table, form = await visit.desk.timetables.get(), visit.form
    rule = replace(form["rule"], region=meant_region(visit, form["rule"].region, "rule.region"))
    rules = (*table.rules[: form["place"]], rule, *table.rules[form["place"] + 1 :])
    return await put(visit, replace(draft_of(table, form), rules=rules))


@PAGES.add("POST", PATH + "/rules/remove", access=ADMINS, query=ClockQuery, form=RemovedShape, again=clocks)
async def remove_rule(visit: Visit) -> Shown:
    table, form = await visit.desk.timetables.get(), visit.form
    rules = tuple(rule for place, rule in enumerate(table.rules) if place != form["place"])
    return await put(visit, replace(draft_of(table, form), rules=rules))


@PAGES.add("POST", PATH + "/days", access=ADMINS, query=ClockQuery, form=DaysShape, again=clocks)
async def save_days(visit: Visit) -> Shown:
    table, form = await visit.desk.timetables.get(), visit.form
    days = {"holidays": tuple(form["holidays"]), "workdays": tuple(form["workdays"]), "hours": form["hours"]}
    return await put(visit, replace(draft_of(table, form), **days))


def draft_of(table: Timetable, form: dict[str, Any]) -> TimetableDraft:
    """As it is; the version is the one that was looked at, so that a change made meanwhile is not lost."""
    return TimetableDraft(form["version"], form["reason"], table.rules, table.hours, table.holidays, table.workdays)


async def put(visit: Visit, draft: TimetableDraft) -> Redirect:
    table = await visit.desk.timetables.put(visit.who, draft)
    return Redirect(PATH, said=f"已改，是第 {table.version} 版；已经在走的时限不变")
