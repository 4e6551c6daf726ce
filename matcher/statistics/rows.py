"""From what was counted to rows in an order that people read: names for codes, no holes in time, a sum at the end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import add

from matcher.catalogue import Catalogue
from models.place import Regions, ancestry
from models.statistics import DIGITS, ONE_DAY, SERVICES, TIMES, Dimension, Period, Sums

NOT_UNDERSTOOD = "未识别事项"


@dataclass(frozen=True, slots=True)
class Row:
    """`key` is a region's, group's or item's code or the first day of a stretch; empty for needs whose matter was not understood."""

    key: str
    label: str
    sums: Sums


def rows_of(
    counted: Mapping[str | None, Sums], by: Dimension, period: Period, catalogue: Catalogue, regions: Regions, scope: str | None
) -> tuple[Row, ...]:
    """Stretches of time in their order, those without needs too; regions by code; services by how many needs they had."""
    if by in TIMES:
        return tuple(
            Row(day.isoformat(), _stretch(day, by, period), counted.get(day.isoformat(), Sums())) for day in _days(period, by)
        )
    if by in SERVICES:
        named = _by_group(counted, catalogue) if by == Dimension.GROUP else _by_item(counted, catalogue)
        return tuple(sorted(named, key=lambda row: (-row.sums.posted, row.key)))
    codes = sorted(filter(None, counted))
    around = common_region(codes) or scope
    return tuple(Row(code, region_name(code, regions, around), counted[code]) for code in codes)


def total(rows: Iterable[Row]) -> Sums:
    return reduce(add, (row.sums for row in rows), Sums())


def common_region(codes: Iterable[str]) -> str | None:
    """The smallest region that is larger than each of these and holds them all."""
    held = list(codes)
    if not held:
        return None
    shortest, last = min(map(len, held)), max(held)
    return next((above for above in ancestry(min(held)) if len(above) < shortest and last.startswith(above)), None)


def first_parted(counted: Mapping[str | None, Sums], largest: Dimension) -> tuple[Dimension, Mapping[str | None, Sums]]:
    """From what was counted by street the first level, from `largest` down, that has more than one row; without any, `largest`."""
    codes = set(filter(None, counted))
    levels = [level for level in DIGITS if DIGITS[largest] <= DIGITS[level] <= DIGITS[Dimension.STREET]]
    if not codes:
        return largest, {}
    parted = next((level for level in levels if len({code[: DIGITS[level]] for code in codes}) > 1), Dimension.STREET)
    added: dict[str | None, Sums] = {}
    for code in codes:
        above = code[: DIGITS[parted]]
        added[above] = added.get(above, Sums()) + counted[code]
    return parted, added


def region_name(code: str, regions: Regions, scope: str | None) -> str:
    """As much of the full name as tells the region apart within `scope`."""
    name = regions.full_name(code)
    above = regions.full_name(scope) if scope and scope != code else ""
    return name.removeprefix(above) or code


def _by_item(counted: Mapping[str | None, Sums], catalogue: Catalogue) -> Iterator[Row]:
    for code, sums in counted.items():
        yield Row(code or "", catalogue.name_of(code) if code else NOT_UNDERSTOOD, sums)


def _by_group(counted: Mapping[str | None, Sums], catalogue: Catalogue) -> Iterator[Row]:
    """An item that has left the catalogue stands for itself."""
    groups: dict[str, tuple[str, Sums]] = {}
    for code, sums in counted.items():
        item = catalogue.get(code) if code else None
        key, label = (item.group, item.group_name) if item else (code or "", code or NOT_UNDERSTOOD)
        groups[key] = (label, groups.get(key, (label, Sums()))[1] + sums)
    return (Row(key, label, sums) for key, (label, sums) in groups.items())


def _days(period: Period, by: Dimension) -> Iterator[date]:
    """The first day of each stretch that the period touches."""
    day = first_of(period.from_on, by)
    while day <= period.to_on:
        yield day
        day = (
            first_of(day + timedelta(days=31), by)
            if by == Dimension.MONTH
            else day + (7 if by == Dimension.WEEK else 1) * ONE_DAY
        )


def first_of(day: date, by: Dimension) -> date:
    if by == Dimension.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if by == Dimension.WEEK else day


def _stretch(day: date, by: Dimension, period: Period) -> str:
    """Of a week that the period cuts, the days that were counted."""
    if by == Dimension.MONTH:
        return f"{day.year}年{day.month}月"
    if by == Dimension.DAY:
        return f"{day.month}月{day.day}日"
    first, last = max(day, period.from_on), min(day + 6 * ONE_DAY, period.to_on)
    told = f"{first.month}月{first.day}日"
    return told if first == last else f"{told}—{last.month}月{last.day}日"
