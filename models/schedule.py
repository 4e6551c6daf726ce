"""When things are: weekly availability in local minutes, windows in instants. The civil clock is Asia/Shanghai."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Asia/Shanghai")
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES


def now() -> datetime:
    """The present instant, aware UTC, cut to the millisecond that MongoDB keeps."""
    instant = datetime.now(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly stretch of time: `weekday` 1 is Monday; minutes count from local midnight and `end_minute` may be 1440."""

    weekday: int
    start_minute: int
    end_minute: int

    @property
    def week_minutes(self) -> tuple[int, int]:
        base = (self.weekday - 1) * DAY_MINUTES
        return base + self.start_minute, base + self.end_minute


@dataclass(frozen=True, slots=True)
class Window:
    """When the resident can be served; both ends are aware instants, `from_at` before `to_at`."""

    from_at: datetime
    to_at: datetime

    @property
    def minutes(self) -> float:
        return (self.to_at - self.from_at).total_seconds() / 60

    def week_segments(self) -> list[tuple[int, int]]:
        """The window as stretches of local minutes of the week (0 = Monday 00:00); a week or longer covers all of it.

        China keeps one offset all year, so minutes of the local week and elapsed minutes agree. Part of a minute counts as all
        of it: who is free throughout covers the whole window.
        """
        length = ceil(self.minutes)
        if length >= WEEK_MINUTES:
            return [(0, WEEK_MINUTES)]
        local = self.from_at.astimezone(LOCAL)
        start = local.weekday() * DAY_MINUTES + local.hour * 60 + local.minute
        end = start + length
        if end <= WEEK_MINUTES:
            return [(start, end)]
        return [(start, WEEK_MINUTES), (0, end - WEEK_MINUTES)]


def overlap_minutes(slots: tuple[Slot, ...], window: Window) -> int:
    """Minutes of the window that the slots cover; overlapping slots of one provider count once only if the caller merged them."""
    total = 0
    for start, end in window.week_segments():
        for slot in slots:
            slot_start, slot_end = slot.week_minutes
            total += max(0, min(end, slot_end) - max(start, slot_start))
    return total


def merge_slots(slots: list[Slot]) -> tuple[Slot, ...]:
    """Sorted, with overlapping and touching stretches of a day made one."""
    merged: list[Slot] = []
    for slot in sorted(slots, key=lambda slot: (slot.weekday, slot.start_minute)):
        last = merged[-1] if merged else None
        if last is not None and last.weekday == slot.weekday and slot.start_minute <= last.end_minute:
            merged[-1] = Slot(last.weekday, last.start_minute, max(last.end_minute, slot.end_minute))
        else:
            merged.append(slot)
    return tuple(merged)


def day_window(day: datetime, start_hour: float, end_hour: float) -> Window:
    """A window of local hours on the local day of `day`."""
    midnight = day.astimezone(LOCAL).replace(hour=0, minute=0, second=0, microsecond=0)
    return Window(
        (midnight + timedelta(hours=start_hour)).astimezone(UTC), (midnight + timedelta(hours=end_hour)).astimezone(UTC)
    )
