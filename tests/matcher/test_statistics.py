"""Rows, shares and the measure of how evenly work is spread."""

from datetime import date

from matcher.catalogue import Catalogue
from matcher.statistics.figures import values
from matcher.statistics.rows import first_parted, rows_of, total
from matcher.statistics.spread import gini, spread_of
from models.place import Regions
from models.statistics import Dimension, Period, Sums, level_below
from seed.sources import catalogue_items, regions

CATALOGUE, REGIONS = Catalogue(catalogue_items()), Regions(regions())
FEBRUARY = Period(date(2026, 2, 26), date(2026, 3, 10))


def labels(counted: dict[str | None, Sums], by: Dimension, scope: str | None = None) -> list[tuple[str, int]]:
    return [(row.label, row.sums.posted) for row in rows_of(counted, by, FEBRUARY, CATALOGUE, REGIONS, scope)]


def test_time_has_no_holes() -> None:
    week = {"2026-03-02": Sums(posted=3)}
    assert labels(dict(week), Dimension.WEEK) == [("2月26日—3月1日", 0), ("3月2日—3月8日", 3), ("3月9日—3月10日", 0)]
    assert labels({"2026-03-01": Sums(posted=2)}, Dimension.MONTH) == [("2026年2月", 0), ("2026年3月", 2)]
    assert len(labels({}, Dimension.DAY)) == FEBRUARY.days == 13


def test_items_are_named_the_most_asked_for_first_and_groups_add_them_up() -> None:
    counted = {"plumbing": Sums(posted=2), "electrical": Sums(posted=3), None: Sums(posted=1), "gone": Sums(posted=1)}
    plumbing, electrical = CATALOGUE.require("plumbing"), CATALOGUE.require("electrical")
    by_item = labels(counted, Dimension.SERVICE)
    assert by_item[:2] == [(electrical.name, 3), (plumbing.name, 2)]
    assert set(by_item[2:]) == {("未识别事项", 1), ("gone", 1)}
    assert plumbing.group == electrical.group
    assert labels(counted, Dimension.GROUP)[0] == (plumbing.group_name, 5)
    rows = rows_of(counted, Dimension.GROUP, FEBRUARY, CATALOGUE, REGIONS, None)
    assert total(rows).posted == 7


def test_a_region_is_named_as_far_as_it_must_be_told_apart() -> None:
    one, elsewhere = "420106001001", "420102002001"

    def named(by: Dimension, *codes: str) -> list[str]:
        return [name for name, _ in labels({code: Sums() for code in codes}, by)]

    street = REGIONS.full_name(one[:9])
    assert street + named(Dimension.COMMUNITY, one)[0] == REGIONS.full_name(one)
    assert named(Dimension.COMMUNITY, elsewhere, one)[1] == REGIONS.full_name(one).removeprefix("武汉市")
    assert named(Dimension.PROVINCE, "42") == ["湖北省"]
    assert named(Dimension.DISTRICT, "330203", "420106") == ["宁波市海曙区", "武汉市武昌区"]


def test_without_a_level_the_first_counts_that_has_more_than_one_region() -> None:
    here, beside, far = Sums(posted=1), Sums(posted=2), Sums(posted=4)
    one = {"420106001": here, "420106002": beside, None: Sums(posted=9)}
    assert first_parted(one, Dimension.PROVINCE) == (Dimension.STREET, {"420106001": here, "420106002": beside})
    assert first_parted(one | {"330203001": far}, Dimension.PROVINCE) == (Dimension.PROVINCE, {"42": Sums(posted=3), "33": far})
    assert first_parted({"420106001": here}, Dimension.CITY) == (Dimension.STREET, {"420106001": here})
    assert first_parted({}, Dimension.CITY) == (Dimension.CITY, {})


def test_the_region_s_own_levels_are_told_apart() -> None:
    assert level_below(None) == "province"
    assert level_below("420106") == "street"
    assert level_below("420106001001001") == "grid"


def test_a_share_of_nothing_is_not_nought() -> None:
    empty = values(Sums(posted=4))
    assert [empty[name] for name in ("responded_rate", "on_time_rate", "returned_rate", "redone_rate")] == [None] * 4
    some = values(Sums(judged=3, resolved=2, accepted=4, returned=1, minutes=100, clocked=2, kept=2, delivered=8, redone=1))
    assert (some["resolved_rate"], some["responded_rate"], some["returned_rate"]) == (0.6667, 0.0, 0.25)
    assert (some["on_time_rate"], some["redone_rate"], some["service_hours"]) == (1.0, 0.125, 1.7)


def test_gini_is_nought_where_all_took_the_same_and_near_one_where_one_took_all() -> None:
    assert gini({3: 10}) == 0
    assert gini({0: 99, 7: 1}) == 0.99
    # By the definition, half the mean difference over the mean: (0, 1, 3) differ by 1, 2 and 3.
    assert gini({0: 1, 1: 1, 3: 1}) == round((2 * (1 + 2 + 3) / 9) / (2 * 4 / 3), 2)
    assert gini({0: 5}) is gini({}) is None


def test_every_provider_stands_in_one_bin() -> None:
    spread = spread_of({0: 4, 1: 3, 4: 2, 5: 1, 60: 1})
    assert spread.bins == (4, 3, 0, 2, 1, 0, 0, 1)
    assert (spread.people, spread.idle, spread.orders, spread.most, spread.mean) == (11, 4, 76, 60, 6.91)
    nobody = spread_of({})
    assert (nobody.people, nobody.mean, nobody.most, sum(nobody.bins)) == (0, None, 0, 0)
