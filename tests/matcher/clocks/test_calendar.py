"""Working time agrees with cases reckoned by hand on the State Council's calendar of 2026."""

import csv
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from matcher.dispatch.clocks.calendar import Calendar
from models.clock import DEFAULT_HOURS, Span
from models.schedule import LOCAL

CASES = list(csv.DictReader((Path(__file__).parent / "cases.tsv").read_text("utf-8").splitlines(), delimiter="\t"))
CALENDAR = Calendar(DEFAULT_HOURS)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def span(text: str) -> Span:
    count, *words = text.split()
    return Span(minutes=int(count) * ("minute" in words[-1]), days=int(count) * ("day" in words[-1]), working="working" in words)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['start']} + {case['span']}")
def test_what_is_due_when(case: dict[str, str]) -> None:
    assert CALENDAR.due(local(case["start"]), span(case["span"])) == local(case["due"]), case["why"]


def test_the_table_has_forty_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("case", [case for case in CASES if "working minute" in case["span"]], ids=lambda case: case["start"])
def test_as_many_working_minutes_pass_as_were_given(case: dict[str, str]) -> None:
    assert CALENDAR.working_minutes(local(case["start"]), local(case["due"])) == span(case["span"]).minutes


def test_a_place_may_close_on_a_day_of_its_own_and_work_on_another() -> None:
    own = Calendar(DEFAULT_HOURS, days_off=("2026-03-03",), workdays=("2026-03-07",))
    assert own.due(local("2026-03-02 10:00"), Span(days=1, working=True)) == local("2026-03-04 10:00")
    assert own.due(local("2026-03-06 10:00"), Span(days=1, working=True)) == local("2026-03-07 10:00")


def test_every_deadline_lies_within_working_hours() -> None:
    start = local("2026-01-01 00:07")
    for hour in range(0, 24 * 365, 7):
        due = CALENDAR.due(start + timedelta(hours=hour), Span(minutes=200, working=True)).astimezone(LOCAL)
        assert CALENDAR.is_working_day(due.date())
        assert DEFAULT_HOURS.start_minute <= due.hour * 60 + due.minute <= DEFAULT_HOURS.end_minute


def test_a_year_without_a_notice_still_has_its_statutory_holidays() -> None:
    assert not CALENDAR.is_working_day(date(2027, 10, 1))
    assert CALENDAR.is_working_day(date(2027, 10, 8))
