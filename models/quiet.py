"""静默时段: the hours of the night in which an account is told nothing that can wait."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from models.schedule import DAY_MINUTES, LOCAL


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local minutes from midnight; they may pass midnight. Equal ends mean: never."""

    from_minute: int = 22 * 60
    to_minute: int = 7 * 60

    def end_after(self, at: datetime) -> datetime | None:
        """When the quiet that holds at `at` ends, or None outside of it. China keeps one offset all year."""
        local = at.astimezone(LOCAL)
        minute = local.hour * 60 + local.minute
        since_start = (minute - self.from_minute) % DAY_MINUTES
        length = (self.to_minute - self.from_minute) % DAY_MINUTES
        if since_start >= length:
            return None
        return (local.replace(second=0, microsecond=0) + timedelta(minutes=length - since_start)).astimezone(UTC)


DEFAULT_QUIET = QuietHours()
NEVER_QUIET = QuietHours(0, 0)
