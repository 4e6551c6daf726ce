"""运行情况: what each worker says of itself every few seconds, and what the database says when it is asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# Who has said nothing for so long was killed, or hangs.
SILENT_AFTER = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """`id` is host, port and place there; `number` which of several at one port. `behind_seconds` is how old the newest news of its columns is,
    `snapshot_at` when the file was written that its next start would read, `at` when it said all this."""

    id: str
    number: int | None
    providers: int
    state: str
    current: bool
    behind_seconds: float
    snapshot_at: datetime | None
    started_at: datetime
    at: datetime

    def is_silent(self, now: datetime) -> bool:
        return now - self.at > SILENT_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseState:
    """`members` by address, with MongoDB's word for each (PRIMARY, SECONDARY, …); empty where the service's account may not ask."""

    version: str
    replica_set: str
    answered_ms: float
    members: tuple[tuple[str, str], ...]
