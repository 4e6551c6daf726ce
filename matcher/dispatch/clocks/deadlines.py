"""From the timetable to instants: when a stage of a need is due, and when it is nearly so."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.calendar import Calendar
from models.clock import Matter, Span, Stage, Timetable
from models.need import Need

# Near due: a quarter of the time or less is left.
NEAR_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Due:
    near_at: datetime
    at: datetime


def matter_of(need: Need, catalogue: Catalogue) -> Matter:
    services = need.understanding.services
    item = catalogue.get(services[0].code) if services else None
    return Matter(need.urgency, item.code if item else None, item.group if item else None, need.region)


def due_of(timetable: Timetable, calendar: Calendar, stage: Stage, matter: Matter, start: datetime) -> Due | None:
    """None where no rule fits: then no clock runs."""
    rule = timetable.rule_for(stage, matter)
    if rule is None:
        return None
    at = calendar.due(start, rule.span)
    return Due(_near(calendar, rule.span, start, at), at)


def _near(calendar: Calendar, span: Span, start: datetime, at: datetime) -> datetime:
    """When three quarters are over, in the time that the span is reckoned in."""
    if not span.working:
        return start + (at - start) * (1 - NEAR_SHARE)
    minutes = calendar.working_minutes(start, at) * (1 - NEAR_SHARE)
    return min(at, calendar.due(start, Span(minutes=int(minutes), working=True)))


def moved(due: Due, by: timedelta) -> Due:
    """After a suspension: the time that was left is left again."""
    return Due(due.near_at + by, due.at + by)
