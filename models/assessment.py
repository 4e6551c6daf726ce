"""考核: how units answered whistles in a period, summed up for each unit and for each community that called."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from models.provider import ProviderSummary

K = TypeVar("K")


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """`called` holds those who still have time and those excused too. Minutes are from the call to the report-in of those who
    came, late or not; sums, so that they can be added up."""

    called: int = 0
    on_time: int = 0
    late: int = 0
    absent: int = 0
    minutes: float = 0.0
    rated: int = 0
    stars: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            called=self.called + other.called,
            on_time=self.on_time + other.on_time,
            late=self.late + other.late,
            absent=self.absent + other.absent,
            minutes=self.minutes + other.minutes,
            rated=self.rated + other.rated,
            stars=self.stars + other.stars,
        )

    @property
    def mean_minutes(self) -> float | None:
        came = self.on_time + self.late
        return round(self.minutes / came, 1) if came else None

    @property
    def mean_rating(self) -> float | None:
        return round(self.stars / self.rated, 2) if self.rated else None


@dataclass(frozen=True, slots=True)
class Tally:
    """One unit as called by one community; a street's own calls stand under the street's code."""

    community: str
    unit: ProviderSummary
    counts: Counts


@dataclass(frozen=True, slots=True)
class Assessment:
    region: str | None
    from_at: datetime
    to_at: datetime
    tallies: tuple[Tally, ...] = field(default=())

    @property
    def by_unit(self) -> dict[ProviderSummary, Counts]:
        """Most called first. A unit that was renamed stands under its latest name."""
        names = {each.unit.ref: each.unit for each in self.tallies}
        return _summed((names[each.unit.ref], each.counts) for each in self.tallies)

    @property
    def by_community(self) -> dict[str, Counts]:
        return _summed((each.community, each.counts) for each in self.tallies)


def _summed(pairs: Iterable[tuple[K, Counts]]) -> dict[K, Counts]:
    found: dict[K, Counts] = {}
    for key, counts in pairs:
        found[key] = found.get(key, Counts()) + counts
    return dict(sorted(found.items(), key=lambda pair: (-pair[1].called, str(pair[0]))))
