"""定时: something that is due at an instant. Kept in MongoDB, so that it outlives every worker."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class TimerKind(StrEnum):
    OFFER_EXPIRES = "offer_expires"
    APPLICATIONS_CLOSE = "applications_close"
    NEED_UNATTENDED = "need_unattended"
    NEED_CONFIRM = "need_confirm"
    NEED_RESUME = "need_resume"
    REPORT_IN = "report_in"
    NEED_CLOCK = "need_clock"


@dataclass(frozen=True, slots=True)
class Timer:
    """One of a kind for a subject. `free_at` is when a worker may take it: `due_at` at first, later the end of the lease
    of the worker who has it; `attempts` counts how often it was taken."""

    id: str
    kind: str
    subject: str
    due_at: datetime
    free_at: datetime
    attempts: int = 0


def timer_id(kind: str, subject: str) -> str:
    return f"{kind}:{subject}"


def new_timer(kind: str, subject: str, due_at: datetime) -> Timer:
    return Timer(timer_id(kind, subject), kind, subject, due_at, due_at)
