"""Which timers a need has follows from where it stands: nothing waits without a timer or an owner."""

from datetime import datetime, timedelta

from matcher.dispatch.ports import UnitPort
from models.dispatching import CONFIRMED_BY_SILENCE, OWNER_MINUTES, Mode, next_owner_region
from models.need import Need, NeedStatus
from models.timer import TimerKind

Watch = tuple[TimerKind, datetime]


async def keep_watch(unit: UnitPort, before: Need | None, after: Need, at: datetime, attended_by: datetime) -> None:
    """A timer runs on while the need stays where it is and in the same hands. `attended_by`: until when somebody must have looked
    after it if it waits now."""
    subject = f"need:{after.id}"
    if before is None or _standing(before) != _standing(after):
        old, new = watch_of(before, at, attended_by) if before else None, watch_of(after, at, attended_by)
        if old is not None and (new is None or new[0] != old[0]):
            await unit.timers.drop(old[0], subject)
        if new is not None:
            await unit.timers.set(new[0], subject, new[1])
    closed_at, closes_at = closing_of(before) if before else None, closing_of(after)
    if closes_at is not None and closes_at != closed_at:
        await unit.timers.set(TimerKind.APPLICATIONS_CLOSE, subject, closes_at)
    elif closes_at is None and closed_at is not None:
        await unit.timers.drop(TimerKind.APPLICATIONS_CLOSE, subject)


def _standing(need: Need) -> tuple[NeedStatus, str | None, int]:
    return need.status, need.owner.region if need.owner else None, need.round


def watch_of(need: Need, at: datetime, attended_by: datetime) -> Watch | None:
    """What is to happen if nobody moves the need before; None where somebody is on it, or nothing is left to do."""
    if need.status in (NeedStatus.OPEN, NeedStatus.UNMATCHED):
        return TimerKind.NEED_UNATTENDED, attended_by
    if need.status == NeedStatus.BY_HAND:
        above = next_owner_region(need.region, need.owner.region if need.owner else None)
        return None if above is None else (TimerKind.NEED_UNATTENDED, at + timedelta(minutes=OWNER_MINUTES[need.urgency]))
    if need.status == NeedStatus.COMPLETED:
        return TimerKind.NEED_CONFIRM, at + CONFIRMED_BY_SILENCE
    if need.suspension is not None and need.status == NeedStatus.SUSPENDED:
        return TimerKind.NEED_RESUME, need.suspension.until
    return None


def closing_of(need: Need) -> datetime | None:
    """When applications close, unless the clock stands still."""
    plan = need.dispatching
    if plan is None or plan.mode != Mode.WINDOW or need.status == NeedStatus.SUSPENDED:
        return None
    return plan.closes_at
