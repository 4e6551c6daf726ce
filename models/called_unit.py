"""被叫的单位: one unit that a whistle calls, with its own clock and its own record."""

from dataclasses import dataclass, replace
from datetime import datetime

from models.errors import TransitionNotAllowedError
from models.provider import ProviderSummary
from models.whistle_states import PRESENT, UNIT_ACTION_LABELS, UNIT_STATUS_LABELS, UNIT_TRANSITIONS, UnitAction, UnitStatus


@dataclass(frozen=True, slots=True)
class SquadName:
    """How a squad is named in a call: kept there, so that the call stays readable when the squad is gone."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Rating:
    """`stars` from 1 to 5."""

    stars: int
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledUnit:
    """`squad` is set for who was called as its member; `due_at` is when this unit's clock runs out."""

    unit: ProviderSummary
    due_at: datetime
    squad: SquadName | None = None
    status: UnitStatus = UnitStatus.CALLED
    reported_at: datetime | None = None
    rating: Rating | None = None

    @property
    def came(self) -> bool:
        return self.status in PRESENT

    def after(self, action: UnitAction) -> "CalledUnit":
        status = UNIT_TRANSITIONS.get((self.status, action))
        if status is None:
            raise TransitionNotAllowedError(self._refusal(action), present_status=self.status)
        return replace(self, status=status)

    def reported(self, at: datetime) -> "CalledUnit":
        """Late from the instant at which the clock runs out, whether or not the timer has said so yet."""
        action = UnitAction.REPORT if at < self.due_at else UnitAction.REPORT_LATE
        return replace(self.after(action), reported_at=at)

    def ended(self, rating: Rating | None) -> "CalledUnit":
        """At the closing: whose clock is still running is excused."""
        ended = self.after(UnitAction.EXCUSE) if self.status == UnitStatus.CALLED else self
        return replace(ended, rating=rating)

    def _refusal(self, action: UnitAction) -> str:
        if action == UnitAction.LEAVE:
            return f"{self.unit.name}“{UNIT_STATUS_LABELS[self.status]}”，吹哨方办结前不能撤离：事不完，人不撤"
        return f"{self.unit.name}目前是“{UNIT_STATUS_LABELS[self.status]}”，不能再{UNIT_ACTION_LABELS[action]}"
