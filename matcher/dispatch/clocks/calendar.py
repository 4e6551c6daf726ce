"""Working time in China: weekends, statutory holidays and 调休, with a place's own exceptions.

The calendar is the `holidays` package's, which follows the State Council's yearly notices. A year whose notice is not out yet has
its statutory holidays and no swapped days; the package's next release brings them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache

import holidays

from models.clock import Hours, Span, Timetable
from models.schedule import LOCAL

ONE_DAY = timedelta(days=1)


class Calendar:
    """Pure; a year is worked out when it is first asked for (~3 ms). Instants in and out are aware; days are Asia/Shanghai's."""

    def __init__(self, hours: Hours, days_off: Iterable[str] = (), workdays: Iterable[str] = ()) -> None:
        self.hours = hours
        self._own = {date.fromisoformat(day): False for day in days_off} | {date.fromisoformat(day): True for day in workdays}

    def is_working_day(self, day: date) -> bool:
        own = self._own.get(day)
        return _china().is_working_day(day) if own is None else own

    def due(self, start: datetime, span: Span) -> datetime:
        """When the span that begins at `start` is over. Working days end at the hour at which they began."""
        if not span.working:
            return start + timedelta(minutes=span.minutes, days=span.days)
        begun = self._next_moment(start.astimezone(LOCAL))
        return (self._days_on(begun, span.days) if span.days else self._minutes_on(begun, span.minutes)).astimezone(UTC)

    def working_minutes(self, start: datetime, end: datetime) -> float:
        """Minutes of working time between two instants; 0 where `end` is not after `start`."""
        first, last = start.astimezone(LOCAL), end.astimezone(LOCAL)
        total, day = 0.0, first.date()
        while day <= last.date():
            if self.is_working_day(day):
                opens, closes = self._opens(day), self._closes(day)
                total += max(0.0, (min(last, closes) - max(first, opens)).total_seconds() / 60)
            day += ONE_DAY
        return total

    def _next_moment(self, local: datetime) -> datetime:
        """The first working moment not before `local`: after hours that is the next opening."""
        if self.is_working_day(local.date()) and local < self._closes(local.date()):
            return max(local, self._opens(local.date()))
        return self._opens(self._next_day(local.date()))

    def _next_day(self, day: date) -> date:
        day += ONE_DAY
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def _days_on(self, local: datetime, days: int) -> datetime:
        day = local.date()
        for _ in range(days):
            day = self._next_day(day)
        return datetime.combine(day, local.timetz())

    def _minutes_on(self, local: datetime, minutes: float) -> datetime:
        left = timedelta(minutes=minutes)
        while (today := self._closes(local.date()) - local) < left:
            left -= today
            local = self._opens(self._next_day(local.date()))
        return local + left

    def _opens(self, day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), LOCAL) + timedelta(minutes=self.hours.start_minute)

    def _closes(self, day: date) -> datetime:
        return datetime.combine(day, datetime.min.time(), LOCAL) + timedelta(minutes=self.hours.end_minute)


@cache
def _china() -> holidays.HolidayBase:
    return holidays.country_holidays("CN")


def calendar_of(timetable: Timetable) -> Calendar:
    return Calendar(timetable.hours, timetable.holidays, timetable.workdays)
