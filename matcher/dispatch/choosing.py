"""限时报名: who of those that applied gets a place; and in which order a ranking is asked so that work is shared. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

# What somebody took on in this time counts; each order costs them so many places in the ranking.
FAIR_DAYS = timedelta(days=14)
PLACES_AN_ORDER = 2


@dataclass(frozen=True, slots=True)
class Applicant:
    """`place` counts from 1 in the ranking of this need; `recent` the orders accepted in FAIR_DAYS."""

    order_id: str
    place: int
    recent: int
    applied_at: datetime

    @property
    def fair_place(self) -> int:
        return self.place + PLACES_AN_ORDER * self.recent


def give_places(applicants: list[Applicant]) -> list[Applicant]:
    """All applicants, the first to be given a place first.

    By their place in the ranking, put back by two for each order of the last fourteen days: of two who are nearly as good the
    one goes who had less to do lately, but nobody unfit goes because they were idle. Then by rank, then by who applied first.
    """
    return sorted(applicants, key=lambda each: (each.fair_place, each.place, each.applied_at, each.order_id))


def fair_order(recent: Sequence[float], places_an_order: float = PLACES_AN_ORDER) -> list[int]:
    """The places of a ranking, from 0, in the order in which to ask: each put back by so many places for each recent order.

    `recent` goes down the ranking; decayed counts do. What it costs in offers and brings in shared work: `make simulate`.
    """
    return sorted(range(len(recent)), key=lambda place: (place + places_an_order * recent[place], place))
