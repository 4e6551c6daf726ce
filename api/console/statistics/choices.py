"""What may be asked next: which regions, by what, over which days."""

from dataclasses import replace
from datetime import date, timedelta

from api.console.statistics.parts import PATH, address
from matcher.dispatch.context import Context
from matcher.statistics.reporting import Rates, Scope
from models.account import Principal
from models.place import ancestry, lies_within
from models.schedule import LOCAL
from models.statistics import DIGITS, DIMENSION_LABELS, SERVICES, Dimension, Period, level_below
from models.vocabulary import RegionLevel

EVERYWHERE = "全部辖区"
# Up to so many days a trend has a bar a day, then a week, then a month.
DAILY, WEEKLY = 31, 120


def place_name(region: str | None, context: Context) -> str:
    return (context.regions.full_name(region) or "不在您的辖区") if region else EVERYWHERE


def regions(who: Principal, region: str | None, context: Context) -> list[tuple[str, str]]:
    """The way up to the caller's own region, the region itself, and those below it."""
    above = [code for code in reversed(ancestry(region or "")) if lies_within(code, who.scope) and context.regions.get(code)]
    found = [(code, context.regions.full_name(code)) for code in above]
    found += [(below.code, f"　{below.name}") for below in context.regions.children(region)]
    return [("", EVERYWHERE), *found] if who.scope is None else found


def ways(region: str | None) -> list[tuple[str, str]]:
    """The levels below the region, then what is not a place."""
    levels = [Dimension(level) for level in RegionLevel]
    lower = levels[levels.index(Dimension(level_below(region))) :]
    found = [*lower, *sorted(SERVICES), Dimension.DAY, Dimension.WEEK, Dimension.MONTH]
    return [(way.value, f"按{DIMENSION_LABELS[way]}") for way in found]


def gap_level(rates: Rates) -> RegionLevel:
    """The level that was asked for, else communities, inside a community its grids."""
    if rates.by in DIGITS:
        return RegionLevel(rates.by)
    return RegionLevel.GRID if level_below(rates.scope.region) == RegionLevel.GRID else RegionLevel.COMMUNITY


def pace(period: Period) -> Dimension:
    if period.days <= DAILY:
        return Dimension.DAY
    return Dimension.WEEK if period.days <= WEEKLY else Dimension.MONTH


def periods(scope: Scope, by: Dimension | None, context: Context) -> list[dict[str, object]]:
    today = context.now().astimezone(LOCAL).date()
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return [
        _period("近 7 天", today - timedelta(days=6), today, scope, by),
        _period("近 30 天", today - timedelta(days=29), today, scope, by),
        _period("本月", first, today, scope, by),
        _period("上月", before.replace(day=1), before, scope, by),
        _period("近一年", today - timedelta(days=364), today, scope, by),
    ]


def _period(words: str, start: date, end: date, scope: Scope, by: Dimension | None) -> dict[str, object]:
    period = Period(start, end)
    link = address(PATH, replace(scope, period=period), by)
    return {"words": words, "link": link, "present": period == scope.period}
