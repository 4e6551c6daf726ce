"""From the timetable to instants: when a stage of a need is due, and when it is nearly so. Pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from matcher.catalogue import Catalogue
from matcher.dispatch.clocks.calendar import Calendar, calendar_of
from models.clock import Deadline, Matter, Span, Stage, Timetable
from models.need import Need

# Near due: a quarter of the time or less is left.
NEAR_SHARE = 0.25


def matter_of(need: Need, catalogue: Catalogue) -> Matter:
    services = need.understanding.services
    item = catalogue.get(services[0].code) if services else None
    return Matter(need.urgency, item.code if item else None, item.group if item else None, need.region)


class Clocks:
    """One version of the timetable with its calendar."""

    def __init__(self, timetable: Timetable) -> None:
        self.timetable = timetable
        self.calendar: Calendar = calendar_of(timetable)

    def start(self, stage: Stage, matter: Matter, at: datetime) -> Deadline | None:
        """None where no rule fits: then no clock runs."""
        rule = self.timetable.rule_for(stage, matter)
        return self.spanning(rule.span, at) if rule else None

    def spanning(self, span: Span, start: datetime) -> Deadline:
        at = _whole(self.calendar.due(start, span))
        return Deadline(start, self._near(start, at, span.working), at, span.working)

    def until(self, start: datetime, at: datetime) -> Deadline:
        """A clock whose end somebody named."""
        return Deadline(start, self._near(start, at, False), at)

    def moved(self, deadline: Deadline, stopped_at: datetime, at: datetime) -> Deadline:
        """After standing still: as much time as was left is left again. What was over when it stopped stays over."""

        def later(moment: datetime) -> datetime:
            return (
                moment if moment <= stopped_at else self._after(at, self._between(stopped_at, moment, deadline.working), deadline)
            )

        return replace(
            deadline,
            from_at=deadline.from_at + (at - stopped_at),
            near_at=later(deadline.near_at),
            at=later(deadline.at),
            next_at=later(deadline.next_at) if deadline.next_at else None,
        )

    def half_again(self, deadline: Deadline, at: datetime) -> datetime:
        """When half of the clock's whole time has passed once more."""
        return self._after(at, self._between(deadline.from_at, deadline.at, deadline.working) / 2, deadline)

    def _between(self, start: datetime, end: datetime, working: bool) -> timedelta:
        return timedelta(minutes=self.calendar.working_minutes(start, end)) if working else end - start

    def _after(self, at: datetime, time: timedelta, deadline: Deadline) -> datetime:
        if not deadline.working:
            return _whole(at + time)
        return _whole(self.calendar.due(at, Span(minutes=max(1, round(time.total_seconds() / 60)), working=True)))

    def _near(self, start: datetime, at: datetime, working: bool) -> datetime:
        """When three quarters are over, in the time that the clock runs in."""
        if not working:
            return _whole(start + (at - start) * (1 - NEAR_SHARE))
        minutes = self.calendar.working_minutes(start, at) * (1 - NEAR_SHARE)
        return min(at, _whole(self.calendar.due(start, Span(minutes=int(minutes), working=True))))


def _whole(moment: datetime) -> datetime:
    """Cut to the millisecond that the database keeps."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
