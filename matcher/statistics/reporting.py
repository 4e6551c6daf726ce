"""统计 as use cases: for overseers of their own region, for administrators of everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.dispatch.context import Context, narrowed
from matcher.ranking.eligibility import RULES
from matcher.statistics.rows import Row, first_parted, rows_of, total
from matcher.statistics.spread import Spread, spread_of
from models.account import Principal
from models.errors import InvalidInputError
from models.schedule import LOCAL
from models.statistics import DIGITS, Dimension, Gap, Period, Sums, level_below
from models.vocabulary import ProviderKind, RegionLevel

USUAL_DAYS, MOST_DAYS = 30, 366
MOST_GAPS = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """None: the caller's own region; from 30 days before the end; to today."""

    region: str | None = None
    from_on: date | None = None
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """`region` is what the caller may see of what was asked."""

    region: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class Rates:
    scope: Scope
    by: Dimension
    rows: tuple[Row, ...]
    total: Sums


@dataclass(frozen=True, slots=True)
class Gaps:
    """At most MOST_GAPS, those with the most needs first."""

    scope: Scope
    by: Dimension
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class LoadReport:
    scope: Scope
    kinds: Mapping[ProviderKind, Spread]
    all: Spread


class Reporting:
    def __init__(self, context: Context) -> None:
        self._context = context

    async def rates(self, who: Principal, asked: Asked, by: Dimension | None) -> Rates:
        """Three rates 响应/解决/满意, on time, returned, redone, hours; unasked, by the regions that the region consists of; where all
        needs lie in one of those, by what that one consists of, down to streets."""
        context, scope = self._context, self.scope(who, asked)
        below = Dimension(level_below(scope.region))
        is_wide = DIGITS[below] < DIGITS[Dimension.STREET]
        wanted = by or (Dimension.STREET if is_wide else below)
        counted: Mapping[str | None, Sums] = await context.store.statistics.tallies(
            scope.region, scope.period, wanted, context.now()
        )
        if by is None and is_wide:
            wanted, counted = first_parted(counted, below)
        rows = rows_of(counted, wanted, scope.period, context.catalogue, context.regions, scope.region)
        return Rates(scope, wanted, rows, total(rows))

    async def gaps(self, who: Principal, asked: Asked, level: RegionLevel) -> Gaps:
        """供需缺口: service items and regions with needs for which nobody is eligible."""
        scope = self.scope(who, asked)
        found = await self._context.store.statistics.gaps(scope.region, scope.period, Dimension(level), RULES, MOST_GAPS)
        return Gaps(scope, Dimension(level), tuple(found))

    async def loads(self, who: Principal, asked: Asked) -> LoadReport:
        """How the orders of the period are spread over those who could have taken them."""
        scope = self.scope(who, asked)
        loads = await self._context.store.statistics.loads(scope.region, scope.period)
        everybody: dict[int, int] = {}
        for taken in loads.taken.values():
            for orders, people in taken.items():
                everybody[orders] = everybody.get(orders, 0) + people
        return LoadReport(scope, {kind: spread_of(taken) for kind, taken in loads.taken.items()}, spread_of(everybody))

    def scope(self, who: Principal, asked: Asked) -> Scope:
        end = asked.to_on or self._context.now().astimezone(LOCAL).date()
        start = asked.from_on or end - timedelta(days=USUAL_DAYS - 1)
        if start > end:
            raise InvalidInputError("结束日期不能早于开始日期", {"to": ["不能早于开始日期"]})
        period = Period(start, end)
        if period.days > MOST_DAYS:
            raise InvalidInputError("一次最多统计一年", {"from": ["一次最多统计一年"]})
        return Scope(narrowed(who.scope, asked.region), period)
