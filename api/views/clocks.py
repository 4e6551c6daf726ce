"""Clocks, counts and the timetable as answers."""

from dataclasses import asdict

from api.views.shared import View, clock_text, point_view
from matcher.dispatch.context import Context
from matcher.dispatch.overview import Overview
from models.clock import STAGE_LABELS, DeadlineRule, Due, Hours, Timetable
from models.need_filter import NeedCounts, RegionCounts


def due_view(due: Due) -> View:
    return {
        str(stage): {
            "label": STAGE_LABELS[stage],
            "near_at": deadline.near_at,
            "at": deadline.at,
            "met_at": deadline.met_at,
            "overdue_at": deadline.overdue_at,
        }
        for stage, deadline in due.items()
    }


def counts_view(counts: NeedCounts) -> View:
    return asdict(counts)


def overview_view(overview: Overview, context: Context) -> View:
    code = overview.region
    return {
        "region": code,
        "name": context.regions.full_name(code) if code else "全部",
        "regions": [region_counts_view(each, context) for each in overview.parts],
    }


def region_counts_view(counts: RegionCounts, context: Context) -> View:
    """A region that has left the list has its code for a name."""
    region = context.regions.get(counts.region)
    return {
        **asdict(counts),
        "name": region.name if region else counts.region,
        "level": region.level if region else None,
        "point": point_view(context.regions.point_of(counts.region)),
    }


def timetable_view(table: Timetable) -> View:
    return {
        "version": table.version,
        "rules": [rule_view(rule) for rule in table.rules],
        "hours": hours_view(table.hours),
        "holidays": table.holidays,
        "workdays": table.workdays,
        "departments": [asdict(rule) for rule in table.departments],
        "stages": {str(stage): label for stage, label in STAGE_LABELS.items()},
        "changed_at": table.changed_at,
        "changed_by": table.changed_by,
        "reason": table.reason,
    }


def rule_view(rule: DeadlineRule) -> View:
    return {
        "stage": rule.stage,
        "minutes": rule.span.minutes or None,
        "days": rule.span.days or None,
        "working": rule.span.working,
        "urgency": rule.urgency,
        "service": rule.service,
        "group": rule.group,
        "region": rule.region,
    }


def hours_view(hours: Hours) -> View:
    return {"from": clock_text(hours.start_minute), "to": clock_text(hours.end_minute)}
