"""吹哨报到: one call by an overseer to several units, each with a report-in clock of its own, closed only by the caller's side."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from models.account import Principal, ProviderRef
from models.called_unit import CalledUnit, Rating
from models.errors import InvalidInputError, NotFoundError, TransitionNotAllowedError
from models.provider import ProviderSummary
from models.whistle_states import (
    UNFINISHED_WHISTLES,
    WHISTLE_ACTION_LABELS,
    WHISTLE_STATUS_LABELS,
    WHISTLE_TRANSITIONS,
    UnitAction,
    WhistleAction,
    WhistleStatus,
)

USUAL_MINUTES = 30
LEAST_MINUTES, MOST_MINUTES = 5, 240
MOST_CALLED = 100
# Of one need, as far as anybody looks back.
MOST_WHISTLES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """申请办结: by a unit that has come."""

    unit: ProviderSummary
    summary: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """否决: the proposal that the caller did not agree to, and why."""

    proposal: Proposal
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Whistle:
    """`text` is the need's, unless the caller has put it in words of their own.

    `private` is what the need's contact has said of themselves: a name, a telephone, an address, as they may stand in the words.
    `caller_scope` is the region the caller oversees, empty for an administrator of everything: those who oversee it may close,
    rate and veto.
    """

    id: str
    region: str
    text: str
    units: tuple[CalledUnit, ...]
    minutes: int
    called_at: datetime
    called_by: str
    caller_name: str
    caller_scope: str
    changed_at: datetime
    need_id: str | None = None
    note: str = ""
    private: tuple[str, ...] = ()
    status: WhistleStatus = WhistleStatus.OPEN
    proposal: Proposal | None = None
    vetoes: tuple[Veto, ...] = ()
    summary: str = ""
    closed_at: datetime | None = None
    revision: int = 1

    def find(self, ref: ProviderRef | None) -> CalledUnit | None:
        return next((each for each in self.units if each.unit.ref == ref), None)

    def require(self, ref: ProviderRef) -> CalledUnit:
        found = self.find(ref)
        if found is None:
            raise NotFoundError("这次吹哨没有叫这个单位")
        return found

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED_WHISTLES

    def may_be_closed_by(self, who: Principal) -> bool:
        return who.oversees(self.caller_scope)

    def reported(self, ref: ProviderRef, at: datetime) -> "Whistle":
        self._require_unfinished("报到")
        return self._with_unit(ref, lambda each: each.reported(at), at)

    def ran_out(self, ref: ProviderRef, at: datetime) -> "Whistle":
        return self._with_unit(ref, lambda each: each.after(UnitAction.RUN_OUT), at)

    def require_may_leave(self, ref: ProviderRef) -> None:
        """Raises for a unit of an unfinished whistle: the table has no way for it."""
        if self.is_unfinished:
            self.require(ref).after(UnitAction.LEAVE)

    def proposed(self, ref: ProviderRef, summary: str, at: datetime) -> "Whistle":
        unit = self.require(ref)
        if not unit.came:
            raise TransitionNotAllowedError("报到以后才能申请办结", present_status=unit.status)
        status = self._next(WhistleAction.PROPOSE)
        return self._changed(at, status=status, proposal=Proposal(unit=unit.unit, summary=summary, at=at))

    def vetoed(self, who: Principal, reason: str, at: datetime) -> "Whistle":
        status = self._next(WhistleAction.VETO)
        assert self.proposal is not None
        veto = Veto(proposal=self.proposal, reason=reason, by_name=who.name, at=at)
        return self._changed(at, status=status, proposal=None, vetoes=(*self.vetoes, veto))

    def closed(self, summary: str, ratings: Mapping[ProviderRef, Rating], at: datetime) -> "Whistle":
        """Every unit that came is rated, others may be; whose clock is still running is excused."""
        status = self._next(WhistleAction.CLOSE)
        self._require_rated(ratings)
        units = tuple(each.ended(ratings.get(each.unit.ref)) for each in self.units)
        return self._changed(at, status=status, units=units, summary=summary, closed_at=at)

    def _require_rated(self, ratings: Mapping[ProviderRef, Rating]) -> None:
        missing = [each.unit.name for each in self.units if each.came and each.unit.ref not in ratings]
        if missing:
            raise InvalidInputError("办结前要评价每个到场的单位", {"ratings": [f"还没有评价：{'、'.join(missing)}"]})

    def _require_unfinished(self, what: str) -> None:
        if not self.is_unfinished:
            raise TransitionNotAllowedError(f"这次吹哨已办结，不能再{what}", present_status=self.status)

    def _with_unit(self, ref: ProviderRef, change: Callable[[CalledUnit], CalledUnit], at: datetime) -> "Whistle":
        changed = change(self.require(ref))
        units = tuple(changed if each.unit.ref == ref else each for each in self.units)
        return self._changed(at, units=units)

    def _next(self, action: WhistleAction) -> WhistleStatus:
        status = WHISTLE_TRANSITIONS.get((self.status, action))
        if status is None:
            refusal = f"这次吹哨目前是“{WHISTLE_STATUS_LABELS[self.status]}”，不能{WHISTLE_ACTION_LABELS[action]}"
            raise TransitionNotAllowedError(refusal, present_status=self.status)
        return status

    def _changed(self, at: datetime, **changes: Any) -> "Whistle":
        return replace(self, changed_at=at, revision=self.revision + 1, **changes)


def ratings_of(
    whistle: Whistle, by_unit: Mapping[ProviderRef, Rating], by_squad: Mapping[str, Rating]
) -> dict[ProviderRef, Rating]:
    """A squad's rating is that of its members who came, unless one has a rating of their own. Raises for who was not called."""
    squads = {each.squad.id for each in whistle.units if each.squad}
    strangers = [str(ref) for ref in by_unit if whistle.find(ref) is None] + [id for id in by_squad if id not in squads]
    if strangers:
        raise InvalidInputError("有的单位不在这次吹哨里", {"ratings": [f"没有叫 {each}" for each in strangers]})
    of_members = {each.unit.ref: by_squad[each.squad.id] for each in whistle.units
                  if each.came and each.squad and each.squad.id in by_squad}  # fmt: skip
    return of_members | dict(by_unit)


@dataclass(frozen=True, slots=True)
class WhistleFilter:
    region: str | None = None
    unit: ProviderRef | None = None
    need_id: str | None = None
    status: WhistleStatus | None = None
