"""Weekly hours and windows, against a count minute by minute."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from models.schedule import LOCAL, WEEK_MINUTES, Slot, Window, day_window, merge_slots, now, overlap_minutes

DAY = 1440


def local(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in the week of Monday 2 March 2026, by the clock in Shanghai."""
    return datetime(2026, 3, 1 + day, hour, minute, tzinfo=LOCAL).astimezone(UTC)


SEGMENTS = [
    (Window(local(1, 0), local(1, 1)), [(0, 60)]),
    (Window(local(1, 23), local(2, 1)), [(DAY - 60, DAY + 60)]),  # over midnight
    (Window(local(7, 22), local(8, 0)), [(WEEK_MINUTES - 120, WEEK_MINUTES)]),  # to the end of Sunday
    (Window(local(7, 22), local(8, 2)), [(WEEK_MINUTES - 120, WEEK_MINUTES), (0, 120)]),  # Sunday into Monday
    (Window(local(3, 12), local(10, 11, 59)), [(2 * DAY + 720, WEEK_MINUTES), (0, 2 * DAY + 719)]),  # all but a minute
    (Window(local(3, 12), local(10, 12)), [(0, WEEK_MINUTES)]),  # a week
    (Window(local(3, 12), local(30, 12)), [(0, WEEK_MINUTES)]),  # longer
    (Window(local(1, 0), local(1, 0) + timedelta(seconds=1)), [(0, 1)]),  # part of a minute counts as all of it
]


@pytest.mark.parametrize(("window", "segments"), SEGMENTS)
def test_a_window_is_minutes_of_the_local_week(window: Window, segments: list[tuple[int, int]]) -> None:
    assert window.week_segments() == segments


def random_slots(dice: Random) -> list[Slot]:
    starts = [(dice.randint(1, 7), dice.randrange(0, DAY - 1)) for _ in range(dice.randint(0, 12))]
    return [Slot(day, start, dice.randint(start + 1, min(DAY, start + 400))) for day, start in starts]


def minutes_of(slots: list[Slot] | tuple[Slot, ...]) -> set[int]:
    return {minute for slot in slots for minute in range(*slot.week_minutes)}


@pytest.mark.parametrize("seed", range(30))
def test_merged_slots_cover_the_same_minutes_once_and_overlap_counts_them(seed: int) -> None:
    dice = Random(seed)
    slots = random_slots(dice)
    merged = merge_slots(slots)
    assert minutes_of(merged) == minutes_of(slots)
    assert len(minutes_of(merged)) == sum(slot.end_minute - slot.start_minute for slot in merged)
    assert list(merged) == sorted(merged, key=lambda slot: slot.week_minutes)
    assert merge_slots(dice.sample(slots, len(slots))) == merged == merge_slots(list(merged))

    start = local(1, 0) + timedelta(minutes=dice.randrange(2 * WEEK_MINUTES))
    window = Window(start, start + timedelta(minutes=dice.choice((1, 45, 700, 5_000, 10_079, 10_080, 30_000))))
    free, counted, at = minutes_of(merged), 0, window.from_at.astimezone(LOCAL)
    for _ in range(min(WEEK_MINUTES, int(window.minutes))):
        counted += at.weekday() * DAY + at.hour * 60 + at.minute in free
        at += timedelta(minutes=1)
    assert overlap_minutes(merged, window) == counted


def test_touching_stretches_become_one_but_days_stay_apart() -> None:
    assert merge_slots([Slot(1, 600, 720), Slot(1, 540, 600), Slot(2, 0, 60)]) == (Slot(1, 540, 720), Slot(2, 0, 60))
    assert merge_slots([Slot(1, 1380, 1440), Slot(2, 0, 60)]) == (Slot(1, 1380, 1440), Slot(2, 0, 60))
    assert merge_slots([Slot(1, 0, 600), Slot(1, 60, 120)]) == (Slot(1, 0, 600),)


def test_a_window_of_local_hours_lies_on_the_local_day() -> None:
    # 17:30 in London is the next day already in Shanghai
    late = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert day_window(late, 9, 17.5) == Window(datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, 30, tzinfo=UTC))


def test_the_present_is_aware_and_as_exact_as_what_is_stored() -> None:
    instant = now()
    assert instant.tzinfo is UTC
    assert instant.microsecond % 1000 == 0
