"""Minutes since the first Monday's local midnight, and what they mean."""

from datetime import datetime, timedelta

from models.schedule import LOCAL

START = datetime(2026, 3, 2, tzinfo=LOCAL)
HOUR, DAY, WEEK = 60.0, 1440.0, 10_080.0
QUIET_FROM, QUIET_TO = 22 * HOUR, 7 * HOUR
# From this urgency on people are asked, and clocks run, at night too.
WAKING_URGENCY = 3
# Until when somebody must have accepted, after the need came in; and how long one offer stands. By urgency.
ACCEPT_WITHIN = {4: 30.0, 3: 4 * HOUR, 2: DAY, 1: 3 * DAY}
OFFER_MINUTES = {4: 5.0, 3: 40.0, 2: 4 * HOUR, 1: 12 * HOUR}


def moment(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def is_quiet(minute: float, urgency: int) -> bool:
    of_day = minute % DAY
    return urgency < WAKING_URGENCY and (of_day >= QUIET_FROM or of_day < QUIET_TO)


def morning_after(minute: float) -> float:
    day = minute // DAY
    return (day + (minute % DAY >= QUIET_TO)) * DAY + QUIET_TO


def waking_minutes(start: float, end: float, urgency: int) -> float:
    """How much of the time between counts."""
    if urgency >= WAKING_URGENCY:
        return max(0.0, end - start)
    return max(0.0, _waking_before(end) - _waking_before(start))


def later(minute: float, by: float, urgency: int) -> float:
    """So many counting minutes later."""
    if urgency >= WAKING_URGENCY:
        return minute + by
    whole, rest = divmod(_waking_before(minute) + by, QUIET_FROM - QUIET_TO)
    return whole * DAY + QUIET_TO + rest


def _waking_before(minute: float) -> float:
    day, of_day = divmod(minute, DAY)
    return day * (QUIET_FROM - QUIET_TO) + min(max(of_day - QUIET_TO, 0.0), QUIET_FROM - QUIET_TO)
