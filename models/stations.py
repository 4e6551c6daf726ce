"""The way of a need as its resident follows it: seven stations, each passed, present, still ahead, or left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from models.clock import Stage
from models.need import Need
from models.need_states import FINAL, NeedStatus
from models.order import SERVING, Order


class StationState(StrEnum):
    PASSED = "passed"
    PRESENT = "present"
    AHEAD = "ahead"
    SKIPPED = "skipped"


STATION_LABELS = {
    "posted": "点单",
    "received": "受理",
    "offered": "派单",
    "accepted": "接单",
    "started": "上门",
    "completed": "完成",
    "evaluated": "评价",
}


@dataclass(frozen=True, slots=True)
class Station:
    """`at` is None for what is ahead, and for what was left out: the community met the need itself, and nobody was sent."""

    code: str
    state: StationState
    at: datetime | None

    @property
    def label(self) -> str:
        return STATION_LABELS[self.code]


def stations_of(need: Need, orders: Sequence[Order]) -> tuple[Station, ...]:
    """Of the present round: what is done again begins anew after 点单. A need that has ended has no present station."""
    times = _times(need, [order for order in orders if order.round == need.round])
    reached = max(place for place, at in enumerate(times) if at is not None)
    states = [
        StationState.SKIPPED if place < reached and at is None else _state(place, reached, need.status in FINAL)
        for place, at in enumerate(times)
    ]
    return tuple(Station(code, state, at) for code, state, at in zip(STATION_LABELS, states, times, strict=True))


def _state(place: int, reached: int, ended: bool) -> StationState:
    if place <= reached:
        return StationState.PASSED
    return StationState.PRESENT if place == reached + 1 and not ended else StationState.AHEAD


def _times(need: Need, orders: list[Order]) -> list[datetime | None]:
    """One for each station, in their order."""
    offered_at = _earliest(order.offered_at for order in orders)
    responded = need.due.get(Stage.RESPOND)
    looked_at = (responded.met_at if responded else None, need.owner.since_at if need.owner else None, offered_at)
    serving = [order for order in orders if order.status in SERVING]
    return [
        need.posted_at,
        _earliest(looked_at),
        offered_at,
        _earliest(order.accepted_at for order in serving),
        _earliest(order.started_at for order in serving),
        _done_at(need, serving),
        need.evaluation.at if need.evaluation and need.status == NeedStatus.EVALUATED else None,
    ]


def _done_at(need: Need, serving: list[Order]) -> datetime | None:
    """When the last of those who came had finished, or the owner met it."""
    if need.handling:
        return need.handling.at
    times = [order.completed_at for order in serving if order.completed_at]
    return max(times) if need.is_done and times else None


def _earliest(times: Iterable[datetime | None]) -> datetime | None:
    return min((at for at in times if at is not None), default=None)
