"""统计: what is counted of needs and orders, by what, and over which days. Sums, so that they can be added up; shares are taken last."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from models.place import CODE_LENGTHS
from models.schedule import LOCAL
from models.vocabulary import ProviderKind, RegionLevel

ONE_DAY = timedelta(days=1)


class Dimension(StrEnum):
    """What a table has a row for: the regions of a level, the kinds of service, or stretches of time."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    GROUP = "group"
    SERVICE = "service"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


DIMENSION_LABELS = {
    Dimension.PROVINCE: "省",
    Dimension.CITY: "市",
    Dimension.DISTRICT: "区县",
    Dimension.STREET: "街道",
    Dimension.COMMUNITY: "社区",
    Dimension.GRID: "网格",
    Dimension.GROUP: "服务类别",
    Dimension.SERVICE: "服务事项",
    Dimension.DAY: "日",
    Dimension.WEEK: "周",
    Dimension.MONTH: "月",
}
TIMES = frozenset({Dimension.DAY, Dimension.WEEK, Dimension.MONTH})
SERVICES = frozenset({Dimension.GROUP, Dimension.SERVICE})
# How many digits of a region's code say which region of this level it lies in.
DIGITS = {Dimension(level): length for length, level in CODE_LENGTHS.items()}


def level_below(region: str | None) -> RegionLevel:
    """The regions that a region consists of; a grid has none below it."""
    length = len(region or "")
    return next((level for digits, level in sorted(CODE_LENGTHS.items()) if digits > length), RegionLevel.GRID)


@dataclass(frozen=True, slots=True)
class Period:
    """Local days, both included."""

    from_on: date
    to_on: date

    @property
    def from_at(self) -> datetime:
        return _midnight(self.from_on)

    @property
    def to_at(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.to_on + ONE_DAY)

    @property
    def days(self) -> int:
        return (self.to_on - self.from_on).days + 1


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Counts of needs by the day of posting, of orders by the day of acceptance, of service by the day of completion.

    `judged` needs have an evaluation, of which the last counts; `clocked` are those whose time for completion was kept or is over,
    `kept` those that kept it; `delivered` were done at least once, `redone` begun anew after that. `returned` of the `accepted`
    orders were handed back; `served` were confirmed, with `minutes` of service.
    """

    posted: int = 0
    finished: int = 0
    judged: int = 0
    responded: int = 0
    resolved: int = 0
    satisfied: int = 0
    clocked: int = 0
    kept: int = 0
    delivered: int = 0
    redone: int = 0
    accepted: int = 0
    returned: int = 0
    served: int = 0
    minutes: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(**{each.name: getattr(self, each.name) + getattr(other, each.name) for each in fields(Sums)})


@dataclass(frozen=True, slots=True)
class Gap:
    """Needs of one service item and region; for `unmatched` of them nobody is eligible at present. `excluded`: how many providers
    each rule kept out, summed over those needs."""

    service: str | None
    region: str
    needs: int
    unmatched: int
    excluded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Loads:
    """For each kind, how many providers took on how many orders: {orders: providers}, those who took none included."""

    taken: Mapping[ProviderKind, Mapping[int, int]]
