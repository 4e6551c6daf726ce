"""限时报名: who of those that applied gets a place. Pure."""

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
